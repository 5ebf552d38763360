"""A value is an anomaly when the values before it led one to expect another, and too few values lead nobody to anything."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.periods import months_after
from models.evidence import Direction
from tools.metrics.anomalies import FEWEST, Judged, Point, anomalies

FIRST = date(2022, 1, 1)
NUMBERS = st.lists(st.integers(0, 100).map(float) | st.none(), max_size=40)


def _judged(values: Sequence[float | None], least: float | None = None) -> Judged:
    return anomalies([Point(_day(place), value) for place, value in enumerate(values)], cycle=12, least=least)


def _day(place: int) -> date:
    return months_after(FIRST, place)


def _noise(count: int, seed: int = 1) -> list[float]:
    return [float(value) for value in np.random.default_rng(seed).uniform(-2, 2, count)]


def test_a_month_far_off_the_level_is_told_with_what_was_expected() -> None:
    values = [100 + noise for noise in _noise(24)]
    values[20] = 60.0
    (found,) = _judged(values).anomalies
    assert (found.day, found.value, found.direction) == (_day(20), 60.0, Direction.DOWN)
    assert found.low < found.expected < found.high
    assert found.expected == pytest.approx(100, abs=2)
    assert found.value < found.low
    assert found.score > 0.9
    assert "as far from the recent level as usual" in found.reason


def test_growth_that_goes_on_is_no_anomaly_and_growth_that_stops_is() -> None:
    values = [100 + 20 * place + noise for place, noise in enumerate(_noise(30))]
    assert _judged(values).anomalies == ()
    assert [found.day for found in _judged([*values, values[-1] - 40]).anomalies] == [_day(30)]


def test_a_december_like_every_december_is_no_anomaly() -> None:
    years = [100 + noise + (80 if place % 12 == 11 else 0) for place, noise in enumerate(_noise(60))]
    assert [found.day for found in _judged(years).anomalies if found.day.year > 2023] == []
    years[47] -= 80
    assert [found.day for found in _judged(years).anomalies if found.day.year > 2023] == [_day(47)]


def test_a_change_of_what_never_changed_says_so() -> None:
    (found,) = _judged([5.0] * 20 + [6.0]).anomalies
    assert (found.score, found.low, found.high) == (1.0, 5.0, 5.0)
    assert "had not been off" in found.reason


def test_with_too_few_values_nothing_is_judged_and_it_is_said() -> None:
    judged = _judged([1.0, 50.0] * (FEWEST // 2))
    assert (judged.anomalies, judged.judged) == ((), 0)
    assert "12 values are too few" in (judged.reason or "")


def test_months_without_a_value_are_passed_over() -> None:
    values: list[float | None] = [100 + noise for noise in _noise(30)]
    values[7] = values[15] = None
    values[25] = 150.0
    judged = _judged(values)
    assert [found.day for found in judged.anomalies] == [_day(25)]
    assert judged.judged == 28 - FEWEST


def test_amounts_are_not_expected_below_zero() -> None:
    values = [abs(noise) for noise in _noise(24)]
    (found,) = _judged([*values, 50.0], least=0.0).anomalies
    assert found.low == 0.0


def test_noise_alone_rarely_alarms() -> None:
    judged = [_judged([float(value) for value in np.random.default_rng(seed).normal(0, 1, 48)]) for seed in range(40)]
    assert sum(len(one.anomalies) for one in judged) / sum(one.judged for one in judged) < 0.02


@settings(max_examples=40, deadline=None)
@given(NUMBERS, st.integers(0, 40))
def test_what_comes_later_changes_no_judgement(values: list[float | None], cut: int) -> None:
    known = _judged(values[:cut]).anomalies
    assert known == tuple(found for found in _judged(values).anomalies if found.day < _day(cut))


@settings(max_examples=40, deadline=None)
@given(NUMBERS, st.integers(-3, 8), st.integers(-100, 100))
def test_unit_and_zero_change_no_judgement(values: list[float | None], power: int, shift: int) -> None:
    changed = [None if value is None else (value + shift) * 2.0**power for value in values]
    assert [found.day for found in _judged(changed).anomalies] == [found.day for found in _judged(values).anomalies]


def test_points_out_of_order_or_without_a_number_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="order"):
        anomalies([Point(_day(1), 1.0), Point(_day(0), 1.0)], cycle=12)
    with pytest.raises(InvalidInputError, match="nan"):
        anomalies([Point(_day(1), math.nan)], cycle=12)
