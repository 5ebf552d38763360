import pytest

from api.briefings.forms import Form, accepted

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
