"""The plain forecasts and the errors of a backtest are those of their formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.metrics.backtest import errors, first_origin, half_width, origins
from tools.metrics.candidates import drift, seasonal_naive

SERIES = st.lists(st.integers(-100, 100).map(float), min_size=12, max_size=40)


def test_seasonal_naive_repeats_the_last_cycle() -> None:
    assert seasonal_naive([9, 9, 9, 1, 2, 3], 5, 3) == [1, 2, 3, 1, 2]
    assert seasonal_naive([9, 4], 3, 1) == [4, 4, 4]


def test_drift_goes_on_along_first_and_last() -> None:
    assert drift([1, 9, 5], 2, 1) == [7, 9]


def test_an_origin_knows_a_cycle_and_one_and_ten_at_least() -> None:
    assert (first_origin(1), first_origin(12)) == (10, 13)
    assert origins(16, 2, cycle=12, most=24) == [13, 14, 15]
    assert origins(60, 2, cycle=12, most=3) == [56, 57, 58, 59]


def test_errors_by_hand() -> None:
    values = [1.0, 3.0, 2.0, 6.0, 4.0]
    found = errors("any", values, {3: [4.0, 4.0], 4: [6.0, 9.0]}, cycle=1)
    assert found.mean_absolute == pytest.approx((2 + 0 + 2) / 3)
    assert found.mase == pytest.approx((2 / 1.5 + 0 / 1.5 + 2 / (7 / 3)) / 3)
    assert found.smape == pytest.approx((200 * 2 / 10 + 0 + 200 * 2 / 10) / 3)
    assert (found.intervals, found.coverage) == (0, None)


def test_a_series_that_never_changed_has_no_scale() -> None:
    assert errors("any", [5.0] * 6, {3: [4.0], 4: [4.0]}, cycle=1).mase is None


def test_an_interval_is_made_of_five_errors_at_least_and_of_none_that_came_later() -> None:
    values = [0.0] * 10 + [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 100.0]
    forecasts = {origin: [0.0] for origin in range(10, 17)}
    assert half_width(values, forecasts, 0, known=14) is None
    assert half_width(values, forecasts, 0, known=15) == 5.0
    assert half_width(values, forecasts, 0, known=17) == 100.0
    found = errors("any", values, forecasts, cycle=1)
    assert (found.covered, found.intervals) == (0, 2)


def test_four_in_five_errors_are_within_the_interval() -> None:
    values = [0.0] * 10 + [float(step) for step in range(1, 20)]
    assert half_width(values, {origin: [0.0] for origin in range(10, 29)}, 0, known=29) == 16.0


@given(SERIES, st.integers(-5, 5), st.integers(-50, 50))
def test_the_scaled_error_knows_no_unit_and_no_zero(values: list[float], power: int, shift: int) -> None:
    def mase(series: list[float]) -> float | None:
        known = origins(len(series), 2, cycle=1, most=24)
        return errors("naive", series, {one: seasonal_naive(series[:one], 2, 1) for one in known}, cycle=1).mase

    changed = mase([(value + shift) * 2.0**power for value in values])
    assert changed == (None if mase(values) is None else pytest.approx(mase(values)))
