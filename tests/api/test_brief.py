"""`sophia brief` on a directory that has the sample's calls, and no CRM data yet."""

import json
import shutil
from pathlib import Path

import pytest

from agents.executive_briefing.document import BRIEFING
from tests.api.children import Place


@pytest.fixture(scope="module")
def place(light_directory: Path, light_weights: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Place:
    directory = tmp_path_factory.mktemp("brief") / "data"
    shutil.copytree(light_directory, directory)
    return Place(directory, light_weights)


def test_a_briefing_is_written_for_the_companys_last_week(place: Place) -> None:
    done = place.run_here("brief", "--for", "CEO", "--period", "last-week")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("# Tallowby, 9–15 March 2026: briefing for the CEO\n")
    assert "## What this rests on" in done.out


def test_a_file_gets_the_page_and_the_terminal_where_it_is(place: Place) -> None:
    file = place.directory.parent / "february.html"
    done = place.run_here("brief", "--period", "2026-02", "--format", "html", "--output", str(file))
    assert (done.status, done.out, done.err) == (0, "", f"Written to {file}\n")
    assert file.read_text(encoding="utf-8").startswith('<!doctype html>\n<html lang="en">')


def test_json_is_the_briefing_as_data(place: Place) -> None:
    briefing = BRIEFING.validate_python(json.loads(place.run_here("brief", "--format", "json").out))
    assert (briefing.audience, str(briefing.first)) == ("ceo", "2026-03-09")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--period", "soon"), "E_INVALID_INPUT"),
        (("--period", "2026-04"), "E_INVALID_INPUT"),
        (("--for", "nobody"), "E_NOT_FOUND"),
    ],
)
def test_what_cannot_be_written_is_refused_in_a_line(place: Place, arguments: tuple[str, ...], code: str) -> None:
    assert place.run_here("brief", *arguments).complaint().endswith(f"[{code}]")
