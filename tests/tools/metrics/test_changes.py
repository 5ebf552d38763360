"""A change is told as it is, and not at all where it says nothing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from models.evidence import Direction
from tools.metrics.changes import FEWEST_CASES, change

AMOUNTS = st.integers(1, 10**9).map(float)


def test_a_change_is_absolute_and_relative() -> None:
    down = change(60.0, 80.0)
    assert (down.absolute, down.relative, down.direction, down.trend) == (-20.0, -0.25, Direction.DOWN, True)
    assert change(5.0, 5.0).direction is Direction.FLAT


def test_from_zero_there_is_no_percentage() -> None:
    grown = change(7.0, 0.0)
    assert (grown.absolute, grown.relative, grown.direction) == (7.0, None, Direction.UP)
    assert "zero" in (grown.reason or "")
    assert change(0.0, 0.0).relative == 0.0


def test_to_zero_all_is_gone() -> None:
    assert change(0.0, 40.0).relative == -1.0


def test_over_a_change_of_sign_there_is_no_percentage() -> None:
    turned = change(10.0, -5.0)
    assert (turned.absolute, turned.relative) == (15.0, None)
    assert "sign" in (turned.reason or "")


def test_a_loss_that_grows_goes_down() -> None:
    worse = change(-15.0, -10.0)
    assert (worse.relative, worse.direction) == (-0.5, Direction.DOWN)


@pytest.mark.parametrize(
    ("now", "before", "which"), [(None, 1.0, "later"), (1.0, None, "earlier"), (None, None, "either")]
)
def test_what_is_missing_is_said_and_nothing_reckoned(now: float | None, before: float | None, which: str) -> None:
    missing = change(now, before)
    assert (missing.absolute, missing.relative, missing.direction, missing.trend) == (None, None, None, False)
    assert which in (missing.reason or "")


def test_three_deals_are_no_trend() -> None:
    few = change(0.66, 0.33, cases=(3, 3))
    assert not few.trend
    assert few.relative == pytest.approx(1.0)
    assert "3 cases" in (few.reason or "")
    assert change(0.66, 0.33, cases=(FEWEST_CASES, FEWEST_CASES)).trend


@pytest.mark.parametrize("value", [math.nan, -math.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(InvalidInputError, match="None"):
        change(value, 1.0)


@given(AMOUNTS, AMOUNTS, st.integers(-8, 8))
def test_the_percentage_knows_no_unit(now: float, before: float, power: int) -> None:
    unit = 2.0**power
    assert change(now * unit, before * unit).relative == change(now, before).relative
