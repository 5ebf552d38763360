"""NAB's own scoring of a detector, standard profile, as its paper and documentation define it.

Lavin and Ahmad 2015, "Evaluating Real-time Anomaly Detection Algorithms: the Numenta Anomaly Benchmark", section III, and
the NAB 1.x documentation. Written from the definition:

- A row at or above the threshold is a detection; rows of the probationary beginning count for nothing.
- The first detection inside a window earns A_TP × σ(y) / σ(-1), where y runs from -1 at the window's first row to just
  under 0 at its last, and σ(y) = 2 / (1 + e^5y) - 1. Later detections in that window earn nothing.
- A window without a detection costs A_FN.
- A detection outside costs A_FP × |σ(y)|, where y is its distance from the end of the window before it in widths of that
  window; without one, or three widths away and more, the whole A_FP.
- One threshold holds for the whole corpus: the one at which the sum is highest.
- The sum is put on a scale where a detector that detects nothing has 0 and one that detects the first row of every
  window, and nothing else, has 100.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

PROBATION = 0.15
PROBATION_AT_MOST = 750
STEEPNESS = 5.0
FAR = 3.0
"""This many window widths behind a window a false detection costs its whole weight."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a window found, a window missed and a false detection weigh; the defaults are NAB's standard profile."""

    found: float = 1.0
    missed: float = 1.0
    false: float = 0.11


STANDARD = Weights()


@dataclass(frozen=True, slots=True)
class Scored:
    """What a detector said of one series: a score a row, and the first and last row of each labelled window, in order."""

    scores: Sequence[float]
    windows: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The score from 0 to 100 (below 0: worse than silence), at its threshold; infinite where nothing pays.

    `found` and `false` are the windows and the rows outside windows that are detected at it.
    """

    score: float
    threshold: float
    found: int
    false: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that counts: what it is worth if it is detected, and the window it is in."""

    score: float
    worth: float
    window: tuple[int, int] | None


def verdict(corpus: Sequence[Scored], weights: Weights = STANDARD) -> Verdict:
    """The corpus at the one threshold that is best for it. Needs a window somewhere."""
    windows = sum(len(scored.windows) for scored in corpus)
    rows = [row for number, scored in enumerate(corpus) for row in _rows(number, scored, weights)]
    silent, perfect = -weights.missed * windows, weights.found * windows
    total, threshold, found, false = max(_sweep(rows, silent, weights), key=lambda reached: reached[0])
    return Verdict(100 * (total - silent) / (perfect - silent), threshold, found, false)


def position_worth(position: float) -> float:
    """σ(y): 0.987 at a window's first row (-1), 0 at its end, toward -1 behind it; -1 from three widths on."""
    return -1.0 if position >= FAR else 2.0 / (1.0 + math.exp(STEEPNESS * position)) - 1.0


def probationary(rows: int) -> int:
    """How many rows at the beginning of a series are for learning only."""
    return min(math.floor(PROBATION * rows), PROBATION_AT_MOST)


def _sweep(rows: Iterable[_Row], silent: float, weights: Weights) -> Iterator[tuple[float, float, int, int]]:
    """Sum, threshold, windows found and false detections, at each threshold from above every score down to the lowest."""
    total, false = silent, 0
    best: dict[tuple[int, int], float] = {}
    yield total, math.inf, 0, 0
    for threshold, detected in groupby(sorted(rows, key=lambda row: -row.score), key=lambda row: row.score):
        for row in detected:
            if row.window is None:
                total, false = total + row.worth, false + 1
            else:
                before = best.get(row.window, -weights.missed)
                best[row.window] = max(before, row.worth)
                total += best[row.window] - before
        yield total, threshold, len(best), false


def _rows(number: int, scored: Scored, weights: Weights) -> Iterator[_Row]:
    windows = list(scored.windows)
    current, past = 0, None
    for place, score in enumerate(scored.scores):
        while current < len(windows) and place > windows[current][1]:
            past, current = windows[current], current + 1
        inside = current < len(windows) and place >= windows[current][0]
        if place < probationary(len(scored.scores)):
            continue
        if inside:
            yield _Row(score, _worth_inside(place, windows[current], weights), (number, current))
        else:
            yield _Row(score, weights.false * position_worth(_widths_behind(place, past)), None)


def _worth_inside(place: int, window: tuple[int, int], weights: Weights) -> float:
    first, last = window
    position = -(last - place + 1) / (last - first + 1)
    return weights.found * position_worth(position) / position_worth(-1.0)


def _widths_behind(place: int, window: tuple[int, int] | None) -> float:
    """How many widths behind its last window a row is; a window of one row has no width, so that all is far."""
    if window is None or window[0] == window[1]:
        return FAR
    first, last = window
    return (place - last) / (last - first)
