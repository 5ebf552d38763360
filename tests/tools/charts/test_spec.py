from datetime import date, timedelta
from typing import Any

import pytest

from core.errors import InvalidInputError
from tools.charts.palette import LINE, QUIET
from tools.charts.plot import Amount, Bars, Expected, Line, Value
from tools.charts.spec import spec, written

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def layers(shown: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    return [layer for layer in shown["layer"] if layer["mark"]["type"] == mark]


def rows(layer: dict[str, Any]) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = layer["data"]["values"]
    return values


def test_a_line_has_its_values_and_gaps_in_order() -> None:
    shown = spec(Line("USD", [Value(JAN, 3), Value(FEB, None), Value(MAR, 5)]), width=400)
    [line] = layers(shown, "line")
    assert [row["value"] for row in rows(line)] == [3, None, 5]
    assert "title" not in shown
    assert shown["background"] == "transparent"


def test_the_forecast_goes_on_from_the_last_value_with_a_band_that_opens_there() -> None:
    shown = spec(Line("USD", [Value(JAN, 3)], [Expected(FEB, 4, 3, 5)]), width=400)
    [band] = layers(shown, "area")
    assert [(row["low"], row["high"]) for row in rows(band)] == [(3, 3), (3, 5)]
    dashed = [layer for layer in layers(shown, "line") if "strokeDash" in layer["mark"]]
    assert [row["value"] for row in rows(dashed[0])] == [3, 4]


def test_what_stands_out_has_another_shape_than_the_line_and_its_value_beside_it() -> None:
    shown = spec(Line("calls", [Value(JAN, 1), Value(FEB, 9, marked=True), Value(MAR, 2)]), width=400)
    [diamond] = layers(shown, "point")
    assert diamond["mark"]["shape"] == "diamond"
    assert [row["day"] for row in rows(diamond)] == ["2026-02-01"]
    assert sorted(row["label"] for layer in layers(shown, "text") for row in rows(layer)) == ["2", "9"]


def test_a_period_under_way_is_not_part_of_the_line() -> None:
    shown = spec(Line("USD", [Value(JAN, 3), Value(FEB, 1, partial=True)]), width=400)
    assert [row["value"] for row in rows(layers(shown, "line")[0])] == [3]
    assert [row["value"] for row in rows(layers(shown, "point")[0])] == [1]


def test_bars_stand_in_the_order_given_and_a_marked_one_stands_out() -> None:
    shown = spec(Bars("calls", [Amount("b", 1), Amount("a", 2, marked=True)]), width=400)
    [bars] = layers(shown, "bar")
    assert [(row["name"], row["color"]) for row in rows(bars)] == [("b", QUIET), ("a", LINE)]


def test_without_a_marked_bar_all_are_alike() -> None:
    shown = spec(Bars("calls", [Amount("b", 1), Amount("a", 2)]), width=400)
    assert {row["color"] for row in rows(layers(shown, "bar")[0])} == {LINE}


def test_months_are_named_and_weeks_have_their_day() -> None:
    weeks = [Value(JAN + timedelta(days=7 * n), n) for n in range(8)]
    monthly: Any = spec(Line("USD", [Value(JAN, 3), Value(FEB, 4), Value(MAR, 5)]), width=400)
    weekly: Any = spec(Line("USD", weeks), width=400)
    assert monthly["encoding"]["x"]["axis"]["tickCount"] == {"interval": "month", "step": 1}
    assert "%-d %b" in weekly["encoding"]["x"]["axis"]["labelExpr"]


def test_a_unit_that_comes_from_data_is_in_no_expression() -> None:
    assert "evil" not in str(spec(Line("' + evil + '", [Value(JAN, 3), Value(FEB, 4)]), width=400))


@pytest.mark.parametrize("plot", [Line("USD", []), Line("USD", [Value(JAN, None)]), Bars("USD", [])])
def test_nothing_to_draw_is_refused(plot: Line | Bars) -> None:
    with pytest.raises(InvalidInputError):
        spec(plot, width=400)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (502_584, "USD", "$503k"),
        (1_408_326, "EUR", "€1.41M"),
        (-3_515, "USD", "-$3.52k"),
        (31, "percent", "31 %"),
        (0.61, "ratio", "0.61"),
        (214, "tickets", "214"),
        (2.5e9, "CHF", "2.5B"),
        (999_600, "USD", "$1M"),
        (0, "USD", "$0"),
    ],
)
def test_amounts_are_written_short(value: float, unit: str, text: str) -> None:
    assert written(value, unit) == text
