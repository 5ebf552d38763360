import logging
import sys
from pathlib import Path

import pytest

from api.briefings.forms import Form, Forms, accepted
from tests.agents.executive_briefing.briefings import tallowby
from tests.interpreters import interpreter_without

ALL = list(Form)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("*/*", Form.JSON),
        ("text/markdown", Form.MARKDOWN),
        ("TEXT/HTML; charset=utf-8", Form.HTML),
        ("text/*", Form.MARKDOWN),
        (BROWSER, Form.HTML),
        ("application/json;q=0.2, text/markdown;q=0.9", Form.MARKDOWN),
        ("*/*, application/json;q=0", Form.MARKDOWN),
        ("application/vnd.slack.blocks+json, */*;q=0.1", Form.SLACK),
        ("image/png", None),
        ("application/json;q=0", None),
        ("application/json;q=often", None),
        ("", None),
    ],
)
def test_the_form_is_the_one_liked_best(header: str, form: Form | None) -> None:
    assert accepted(header, ALL) == form


async def test_without_the_extra_the_page_tells_its_charts_as_numbers_and_the_log_says_why(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(interpreter_without("vl_convert", tmp_path / "python")))
    with caplog.at_level(logging.WARNING):
        page = await Forms().render(tallowby(), Form.HTML)
    assert 'class="marks"' not in page
    assert '<th scope="row">Slotwright' in page
    assert "sophia-orchestrator[charts]" in caplog.text


async def test_charts_are_drawn_once_for_a_briefing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forms = Forms()
    first = await forms.render(tallowby(), Form.HTML)
    monkeypatch.setattr(sys, "executable", str(interpreter_without("vl_convert", tmp_path / "python")))
    assert await forms.render(tallowby(), Form.HTML) == first
