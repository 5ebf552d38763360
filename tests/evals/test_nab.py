"""NAB's scoring gives what its definition gives by hand, and Sophia's detector is above the baseline."""

import math
import os
from itertools import pairwise
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from evals.datasets.nab import series
from evals.run import Materials
from evals.suites import nab, windowed_gaussian
from evals.suites.nab_scoring import STANDARD, Scored, Weights, position_worth, probationary, verdict


def _detecting(*rows: int, of: int = 100, window: tuple[int, int] = (40, 49)) -> Scored:
    return Scored([1.0 if row in rows else 0.0 for row in range(of)], [window])


def _points(scored: Scored, weights: Weights = STANDARD) -> float:
    """The sum behind the score of a corpus with one window: from -missed to +found."""
    return verdict([scored], weights).score / 100 * (weights.found + weights.missed) - weights.missed


def test_a_detector_that_says_nothing_has_0() -> None:
    assert verdict([Scored([0.5] * 1000, [(400, 449)])]).score == 0.0


def test_the_first_row_of_every_window_alone_has_100() -> None:
    corpus = [_detecting(40), _detecting(70, window=(70, 89)), Scored([0.0] * 50, [])]
    found = verdict(corpus)
    assert found.score == pytest.approx(100)
    assert (found.threshold, found.found, found.false) == (1.0, 2, 0)


def test_a_window_found_late_is_worth_what_the_sigmoid_says() -> None:
    half = (2 / (1 + math.exp(-2.5)) - 1) / (2 / (1 + math.exp(-5)) - 1)
    assert _points(_detecting(45)) == pytest.approx(half)


def test_a_second_detection_in_a_window_earns_nothing() -> None:
    assert _points(_detecting(45, 46, 49)) == _points(_detecting(45))


def test_a_false_detection_costs_more_the_farther_it_is_behind_a_window() -> None:
    near = 0.11 * (1 - 2 / (1 + math.exp(5 * 3 / 9)))
    assert _points(_detecting(40, 52)) == pytest.approx(1 - near)
    assert _points(_detecting(40, 90)) == pytest.approx(1 - 0.11)


def test_a_false_detection_before_any_window_costs_its_whole_weight() -> None:
    assert _points(_detecting(20, 40)) == pytest.approx(1 - 0.11)
    assert _points(_detecting(20, 40), Weights(false=0.5)) == pytest.approx(0.5)


def test_the_beginning_is_for_learning() -> None:
    assert (probationary(100), probationary(4032), probationary(22695)) == (15, 604, 750)
    assert _points(_detecting(3, 14, 40)) == pytest.approx(1)


def test_one_threshold_holds_for_the_whole_corpus() -> None:
    quiet = Scored([0.4 if row == 40 else 0.0 for row in range(100)], [(40, 49)])
    loud = Scored([0.9 if row in range(60, 90, 2) else 0.0 for row in range(100)], [])
    both = verdict([quiet, loud])
    assert verdict([quiet]).score == pytest.approx(100)
    assert both.score == pytest.approx(100 * (2 - 15 * 0.11) / 2)
    assert both.threshold == 0.4


def test_what_is_detected_falls_away_from_the_beginning_of_a_window_on() -> None:
    worth = [position_worth(position / 10) for position in range(-10, 31)]
    assert all(before > after for before, after in pairwise(worth))
    assert (position_worth(0), position_worth(3), position_worth(50)) == (0, -1, -1)


def test_the_baseline_gives_the_tail_of_the_normal_distribution() -> None:
    assert windowed_gaussian.scores([1.0, 3.0, 4.0]) == pytest.approx([0.0, 1.0, 0.97725], abs=1e-5)


def test_the_baseline_learns_from_the_last_6400_and_moves_on_by_a_hundred() -> None:
    values = [float(number % 7) for number in range(6400)] + [100.0] * 200
    scored = windowed_gaussian.scores(values)
    assert len({*scored[6400:6500]}) == 1
    assert scored[6500] < scored[6499]


async def test_a_set_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"windows\.json"):
        await nab.run(Materials(tmp_path, tmp_path))


def test_a_window_that_begins_on_no_row_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("timestamp,value\n2026-01-01 00:00:00,1\n2026-01-01 01:00:00,2\n")
    (tmp_path / "windows.json").write_text('{"a.csv": [["2026-01-01 00:30:00", "2026-01-01 01:00:00"]]}')
    with pytest.raises(InvalidInputError, match="00:30"):
        series(tmp_path)


@pytest.mark.skipif("SOPHIA_EVAL_DATA" not in os.environ, reason="SOPHIA_EVAL_DATA does not point at nab")
def test_the_detector_is_above_the_baseline_on_a_part_of_the_set() -> None:
    corpus = [one for one in series(Path(os.environ["SOPHIA_EVAL_DATA"]) / "nab") if len(one.values) < 5000]
    measures = nab.measure(corpus[::3])
    assert measures["windows"] > 0
    assert measures["over_windowed_gaussian"] > 0
