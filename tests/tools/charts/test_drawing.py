"""The charts drawn by the extra `charts`, in its process."""

import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.errors import InvalidInputError, UnsupportedError
from tests.interpreters import interpreter_without
from tools.charts.drawing import png, svg
from tools.charts.palette import LINE, MARK
from tools.charts.plot import Amount, Bars, Expected, Line, Value
from tools.charts.spec import Spec, spec

MONTHS = [Value(date(2025, n, 1), 100 + n, marked=n == 6) for n in range(1, 13)]
LINES = Line("USD", MONTHS, [Expected(date(2026, 1, 1), 114, 109, 118)])
BARS = Bars("calls", [Amount("Slotwright <b>&", 5, marked=True), Amount("Berthly", 3)])


async def test_a_line_is_drawn_with_its_marks_its_forecast_and_its_labels() -> None:
    [drawn] = await svg([spec(LINES, width=600)])
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert root.get("width") == "600"
    assert f'fill="{MARK}"' in drawn
    assert f'stroke="{LINE}"' in drawn
    assert "stroke-dasharray" in drawn
    said = {"".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"$106", "$112", "$114", "Jan 2025"} <= said


async def test_bars_are_drawn_with_names_that_stay_words() -> None:
    [drawn] = await svg([spec(BARS, width=300, title="Calls <i>")])
    said = {"".join(text.itertext()) for text in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")}
    assert {"Slotwright <b>&", "Berthly", "5", "3", "Calls <i>"} <= said


async def test_several_are_drawn_in_the_order_given_and_none_needs_no_process() -> None:
    drawn = await svg([spec(BARS, width=300), spec(LINES, width=600)])
    assert [ElementTree.fromstring(one).get("width") for one in drawn] == ["300", "600"]
    assert await svg([]) == []


async def test_a_picture_has_two_pixels_a_point() -> None:
    [drawn] = await png([spec(BARS, width=300, title="Calls")])
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(drawn[16:20], "big") == 600


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:9/data.json"])
async def test_a_spec_fetches_nothing(address: str) -> None:
    reaching: Spec = {**spec(BARS, width=300), "layer": [{"data": {"url": address}, "mark": "bar"}]}
    with pytest.raises(InvalidInputError, match="url"):
        await svg([reaching])


async def test_without_the_extra_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(interpreter_without("vl_convert", tmp_path / "python")))
    with pytest.raises(UnsupportedError, match=r"pip install 'sophia-orchestrator\[charts\]'"):
        await svg([spec(BARS, width=300)])
