"""Drift is told by the population stability index, and only where so few rows could not have it by chance."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from tools.scores.drift import Drift, Shift, drift, reference
from tools.scores.encoding import learn
from tools.scores.rows import Value


def moved(then: Sequence[Value], now: Sequence[Value]) -> Drift:
    encoding = learn({"feature": then})
    number = "feature" in encoding.numbers
    [found] = drift({"feature": reference(then, number=number)}, encoding, [{"feature": value} for value in now])
    return found


def test_the_index_is_the_sum_over_bins() -> None:
    found = moved(["a"] * 50 + ["b"] * 50, ["a"] * 80 + ["b"] * 20)
    assert found.index == pytest.approx(0.3 * math.log(0.8 / 0.5) - 0.3 * math.log(0.2 / 0.5))
    assert found.shift is Shift.SHIFTED


def test_the_same_rows_are_steady() -> None:
    then: list[Value] = [float(number % 97) for number in range(3000)]
    assert moved(then, then).index == 0
    assert moved(then, then).shift is Shift.STEADY


@pytest.mark.parametrize(("by", "shift"), [(0.05, Shift.STEADY), (0.4, Shift.WATCHED), (1.0, Shift.SHIFTED)])
def test_a_number_that_moves_is_told_by_how_far(by: float, shift: Shift) -> None:
    then = np.random.default_rng(2).normal(size=5000)
    assert moved(then.tolist(), (then + by).tolist()).shift is shift


def test_what_goes_missing_and_what_was_never_seen_are_shifts() -> None:
    then: list[Value] = ["a", "b"] * 500
    missing, new = moved(then, ["a", "b", None] * 300), moved(then, ["a", "b", "c", "d"] * 300)
    assert missing.shift is new.shift is Shift.SHIFTED
    assert moved([1.0, 2.0] * 500, [None, 2.0] * 500).shift is Shift.SHIFTED


def test_few_rows_that_differ_by_chance_are_not_called_a_shift() -> None:
    then = np.random.default_rng(2).normal(size=5000).tolist()
    few = moved(then, np.random.default_rng(3).normal(size=30).tolist())
    assert few.index > 0.1
    assert few.shift is Shift.UNKNOWN


def test_the_feature_that_moved_most_comes_first() -> None:
    rows = [{"calm": float(number % 10), "wild": float(number % 7)} for number in range(700)]
    columns = {name: [row[name] for row in rows] for name in ("calm", "wild")}
    references = {name: reference(values, number=True) for name, values in columns.items()}
    now = [{**row, "wild": 6.0} for row in rows]
    assert [one.feature for one in drift(references, learn(columns), now)] == ["wild", "calm"]
