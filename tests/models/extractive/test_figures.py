"""Figures as sentences: what is written stands, whatever the figures are."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.citations import check
from models.evidence import Change, Direction, Figure
from models.extractive.figures import change_line, figure_lines, series_line
from models.extractive.written import amount
from models.language import Brief, Form
from tests.models.bound.figures import CASTELLAN, CHURN, DEALS, FIGURES, MARCH, REVENUE, WIN_RATE

MONTHS = ("October 2025", "November 2025", "December 2025", "January 2026", "February 2026", "March 2026")
UNITS = ("USD", "EUR", "CHF", "%", "deals", "days", "")


def _all_stand(figures: tuple[Figure, ...]) -> list[str]:
    """The lines, each of which the check must let pass."""
    brief = Brief(Form.ANSWER, "How did it go?", (), figures)
    lines = figure_lines(figures)
    for line in lines:
        assert check(line, brief) is None, line.text
    return [line.text for line in lines]


def test_a_value_with_its_change_a_series_a_breakdown_and_a_share_are_told() -> None:
    lines = _all_stand(FIGURES)
    assert lines[:2] == [
        "Of the five months, revenue was highest in November 2025 at $1.31M and lowest in January 2026 at $912k.",
        "Revenue increased 4.2 % to $1.2M in March 2026, from $1.15M in February 2026.",
    ]
    assert (
        "EMEA led won deals in March 2026 with 12 deals, followed by APAC with 9 deals and AMER with 7 deals." in lines
    )
    assert "EMEA accounted for 43 % of won deals in March 2026." in lines
    assert "Pipeline value in March 2026: Castellan Foods $90k and Marrowfield $40k." in lines


def test_a_rate_changes_in_points_and_what_stays_is_flat() -> None:
    assert " 3 points to 43 % in March 2026, from 40 % in February 2026." in change_line(WIN_RATE).text
    assert change_line(CHURN).text == (
        "Churned accounts were flat at 41 accounts in March 2026, compared with 41 accounts in February 2026."
    )


def test_without_a_single_highest_and_lowest_there_is_no_series() -> None:
    assert series_line([REVENUE[0], replace(REVENUE[1], value=REVENUE[0].value), REVENUE[2]]) is None
    assert series_line(REVENUE[:2]) is None


def test_the_same_figure_is_always_told_alike() -> None:
    assert change_line(CASTELLAN) == change_line(replace(CASTELLAN))


def test_a_figure_without_a_period_keeps_its_line() -> None:
    assert _all_stand((replace(DEALS[1], period=None, change=None),)) == [
        "Won deals, EMEA: 12 deals (as of 2026-03-31)."
    ]


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (1_150_400, "USD", "$1.15M"),
        (-912_345, "EUR", "-€912k"),
        (1_204, "USD", "$1,204"),
        (999.5, "CHF", "CHF 999.5"),
        (999_999, "USD", "$1M"),
        (43.25, "%", "43.2 %"),
        (1, "deals", "1 deal"),
        (1_204, "calls", "1,204 calls"),
        (12.345, "days", "12.3 days"),
        (0, "deals", "0 deals"),
    ],
)
def test_numbers_are_written_with_three_digits_that_count(value: float, unit: str, told: str) -> None:
    assert amount(value, unit) == told


@st.composite
def _figures(draw: st.DrawFn) -> tuple[Figure, ...]:
    unit = draw(st.sampled_from(UNITS))
    top = 99 if unit == "%" else 50_000_000
    whole = unit not in ("USD", "EUR", "CHF", "%")
    values = st.integers(-top, top) if whole else st.floats(-top, top).map(lambda value: round(value, 2))
    title = draw(
        st.sampled_from(["revenue", "won deals", "average cost per lead", "net growth rate", "open pipeline value"])
    )
    subjects = draw(
        st.lists(st.sampled_from(["", "EMEA", "North America", "South America", "Dana Wolf"]), min_size=1, unique=True)
    )
    months = draw(st.lists(st.sampled_from(range(len(MONTHS))), min_size=1, unique=True).map(sorted))
    figures = []
    for subject in subjects:
        before: tuple[float, str] | None = None
        for month in months:
            value = draw(values)
            change = _change(value, *before) if before else None
            figures.append(
                Figure(title.replace(" ", "_"), value, unit, amount(value, unit), subject, "SELECT 1", "2026-03-31",
                       period=MONTHS[month], title=title, change=change)
            )  # fmt: skip
            before = (value, MONTHS[month])
    return tuple(figures)


def _change(value: float, was: float, against: str) -> Change:
    delta = value - was
    direction = Direction.UP if delta > 0 else Direction.DOWN if delta < 0 else Direction.FLAT
    return Change(was, delta, delta / abs(was) if was else None, direction, "", against)


@settings(deadline=None, max_examples=30)
@given(_figures())
def test_every_sentence_stands_whatever_the_figures_are(figures: tuple[Figure, ...]) -> None:
    assert _all_stand(figures)


def test_a_month_is_told_as_it_is_named() -> None:
    assert MARCH in change_line(REVENUE[-1]).text
