"""The online detector looks back only, knows no unit, and tells what is new once."""

import math
from statistics import fmean, pstdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInputError
from tools.metrics.stream import FLOOR, LEARNING, QUIET, OnlineDetector, scores

NUMBERS = st.lists(st.integers(-1000, 1000).map(float), max_size=150)


def _days(count: int) -> list[float]:
    """So many days of 48 values, each like the others but for a little noise."""
    noise = np.random.default_rng(7).normal(0, 0.1, count * 48)
    return [math.sin(place * math.tau / 48) * 10 + float(noise[place]) for place in range(count * 48)]


def _by_definition(values: list[float]) -> list[float]:
    """The scores from the definition, each reckoned afresh from all values before it."""
    raw: list[float] = []
    for now in range(len(values)):
        surprise = sum(
            _deviations([_nearest(values[: end + 1], span) for end in range(now + 1)]) for span in (4, 12, 36)
        )
        raw.append(1 - 1 / (1 + (surprise / 3) ** 2) if surprise > 0 else 0.0)
    return [score if score > max(raw[max(0, now - QUIET) : now], default=-1) else 0.0 for now, score in enumerate(raw)]


def _nearest(values: list[float], span: int) -> float | None:
    newest = values[-span:]
    ended = range(span, len(values) - span + 1)
    return min((math.dist(newest, values[end - span : end]) / math.sqrt(span) for end in ended), default=None)


def _deviations(distances: list[float | None]) -> float:
    known = [distance for distance in distances if distance is not None]
    if len(known) <= LEARNING:
        return 0.0
    *before, now = known
    return (now - fmean(before)) / max(pstdev(before), FLOOR * max(before))


def test_the_scores_are_those_of_the_definition() -> None:
    drawn = np.random.default_rng(3).normal(0, 1, 140)
    values = [float(value) + (6 if place in (90, 91, 120) else 0) for place, value in enumerate(drawn)]
    found = scores(values)
    assert found == pytest.approx(_by_definition(values))
    assert max(found) > 0.5


@settings(max_examples=25, deadline=None)
@given(NUMBERS, st.integers(0, 150))
def test_what_comes_later_changes_no_score(values: list[float], cut: int) -> None:
    assert scores(values[:cut]) == scores(values)[:cut]


@settings(max_examples=25, deadline=None)
@given(NUMBERS, st.integers(-10, 10), st.integers(-5, 5))
def test_unit_and_zero_change_no_score(values: list[float], power: int, shift: int) -> None:
    changed = [(value + shift) * 2.0**power for value in values]
    assert scores(changed) == pytest.approx(scores(values), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-1e150, 1e150), max_size=150))
def test_every_score_is_between_0_and_1(values: list[float]) -> None:
    assert all(0 <= score <= 1 for score in scores(values))


def test_a_day_without_its_peak_is_noticed_though_each_value_is_usual() -> None:
    values = _days(30)
    values[25 * 48 : 25 * 48 + 24] = [0.0] * 24
    found = scores(values)
    assert max(found[25 * 48 : 25 * 48 + 24]) > 0.99
    assert max(found[12 * 48 : 25 * 48]) < 0.95


def test_a_spike_is_noticed_at_once() -> None:
    values = _days(20)
    values[700] = 60.0
    found = scores(values)
    assert found[700] == max(found) > 0.99


def test_a_first_change_of_what_never_changed_has_1() -> None:
    found = scores([5.0] * 300 + [6.0])
    assert found[:300] == [0.0] * 300
    assert found[300] == 1.0


def test_what_goes_on_is_told_once_and_what_is_stronger_again() -> None:
    values = _days(30)
    values[700] = 60.0
    values[705] = 59.0
    values[750] = 600.0
    found = scores(values)
    assert [place for place in range(700, 700 + QUIET) if found[place] > 0.9] == [700, 750]


def test_the_past_is_bounded_and_the_detector_goes_on() -> None:
    detector = OnlineDetector(history=300)
    told = [detector.score(float(place % 50)) for place in range(1500)]
    assert max(told[200:]) == 0.0
    assert detector.score(500.0) > 0.99


def test_what_was_longer_ago_than_the_history_is_new_again() -> None:
    values = [float(place % 7) for place in range(100)] + [9.0, 2.0, 8.0, 1.0] * 3
    again = values + [float(place % 7) for place in range(400)] + [9.0, 2.0, 8.0, 1.0] * 3
    forgetful, mindful = OnlineDetector(history=200), OnlineDetector()
    told = [(forgetful.score(value), mindful.score(value)) for value in again]
    assert max(short for short, _ in told[-12:]) > max(long for _, long in told[-12:])


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(InvalidInputError, match="missing"):
        OnlineDetector().score(value)
