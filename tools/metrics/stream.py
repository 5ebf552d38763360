"""Anomalies in long series, value by value as they come: a stretch unlike every stretch before it.

The distance of the last few values to the nearest stretch of as many values in the past is small as long as things repeat
themselves, in whatever rhythm, and large when they do not (the left matrix profile: Yeh et al. 2016, "Matrix Profile I";
Lu et al. 2022, "DAMP"). It is reckoned at three lengths and held against what it has lately been.
"""

import math
from collections import deque
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInputError

Distances = NDArray[np.float64]

SHORTEST, FACTOR, LEVELS = 4, 3, 3
"""Stretches of 4, 12 and 36 values: each is three of the one before, so that its distances are sums of three."""
HISTORY = 8000
"""How many values back the nearest stretch is looked for."""
RECENT = 1000
"""Over how many distances it is learned how large they usually are."""
LEARNING = 50
"""Fewer distances than this say nothing: the score is 0."""
FLOOR = 0.01
"""A distance's deviation counts as at least this part of the largest distance so far: a still series alarms at no ripple."""
QUIET = 200
"""What goes on is told once: within so many values only a higher score is told."""


class OnlineDetector:
    """Scores each value of one series by how unlike the past the series has become, in [0, 1].

    Looks at nothing that comes later; memory and work a value are bounded. Scores do not depend on the unit or the zero
    of the values.
    """

    def __init__(self, *, history: int = HISTORY) -> None:
        self._history = history
        self._values: Distances = np.empty(2 * history)
        self._kept = 0
        self._nearest = _Nearest(history)
        self._usual = _Usual()
        self._told = _ToldOnce()

    def score(self, value: float) -> float:
        """The score of the next value: 0 is nothing new, and 1 a change where there never was any.

        From the mean m over the three lengths of (distance - its mean) / its deviation: 1 - 1 / (1 + m²), which by
        Cantelli's inequality is the least share of values that lie nearer, whatever their distribution. 0 where m is
        negative, and where a higher score was told less than 200 values ago.
        """
        if not math.isfinite(value):
            raise InvalidInputError(f"A series has numbers only, not {value!r}: leave missing values out")
        distances = self._nearest.distances(value, self._past())
        self._keep(value)
        surprise = self._usual.surprise(distances)
        return self._told.only_rises(1.0 - 1.0 / (1.0 + surprise * surprise) if surprise > 0 else 0.0)

    def _past(self) -> Distances:
        """The values before, at most `history`, newest first."""
        return self._values[max(0, self._kept - self._history) : self._kept][::-1]

    def _keep(self, value: float) -> None:
        if self._kept == len(self._values):
            self._values[: self._history] = self._values[-self._history :]
            self._kept = self._history
        self._values[self._kept] = value
        self._kept += 1


def scores(values: Iterable[float]) -> list[float]:
    """The scores of a series' values in order of time."""
    detector = OnlineDetector()
    return [detector.score(value) for value in values]


class _Nearest:
    """The distances from the newest stretch of each length to the one nearest to it that ended before it began.

    By lag: row r of a level holds, at column l - 1, the sum of squared differences between the stretch that ended r
    values ago and the one l values before that.
    """

    def __init__(self, history: int) -> None:
        spans = [SHORTEST * FACTOR**level for level in range(LEVELS)]
        self._squares = [np.zeros((rows, history)) for rows in (SHORTEST, *(span * 2 + 1 for span in spans[:-1]))]
        self._spans = spans
        self._seen = 0

    def distances(self, value: float, past: Distances) -> list[float | None]:
        """The root of the mean squared difference, by length; None where the past is shorter than such a stretch."""
        newest = (past - value) ** 2
        found: list[float | None] = []
        step, terms = 1, SHORTEST
        for squares, span in zip(self._squares, self._spans, strict=True):
            squares[self._seen % len(squares), : len(past)] = newest
            for term in range(1, terms):
                newest = newest + squares[(self._seen - step * term) % len(squares), : len(past)]
            found.append(self._least(newest, span))
            step, terms = span, FACTOR
        self._seen += 1
        return found

    def _least(self, sums: Distances, span: int) -> float | None:
        if self._seen + 1 < 2 * span:
            return None
        return math.sqrt(float(sums[span - 1 : self._seen + 1 - span].min()) / span)


class _Usual:
    """What the distances have been: their mean and deviation over the last RECENT, and the largest of all."""

    def __init__(self) -> None:
        self._recent = np.zeros((LEVELS, RECENT))
        self._counts = [0] * LEVELS
        self._largest = [0.0] * LEVELS

    def surprise(self, distances: Iterable[float | None]) -> float:
        """The mean over the lengths of how many deviations each distance is above its mean; then learns them."""
        return sum(self._one(level, distance) for level, distance in enumerate(distances)) / LEVELS

    def _one(self, level: int, distance: float | None) -> float:
        if distance is None:
            return 0.0
        count, surprise = self._counts[level], 0.0
        if count >= LEARNING:
            known = self._recent[level, : min(count, RECENT)]
            mean = float(known.sum()) / len(known)
            deviation = max(_deviation(known, mean), FLOOR * self._largest[level])
            surprise = _ratio(distance - mean, deviation)
        self._recent[level, count % RECENT] = distance
        self._counts[level] = count + 1
        self._largest[level] = max(self._largest[level], distance)
        return surprise


class _ToldOnce:
    """Lets a score through only if it is higher than each of the last QUIET."""

    def __init__(self) -> None:
        self._falling: deque[tuple[int, float]] = deque()
        self._seen = 0

    def only_rises(self, score: float) -> float:
        """The score, or 0 where one as high came shortly before."""
        while self._falling and self._falling[0][0] < self._seen - QUIET:
            self._falling.popleft()
        told = score if not self._falling or score > self._falling[0][1] else 0.0
        while self._falling and self._falling[-1][1] <= score:
            self._falling.pop()
        self._falling.append((self._seen, score))
        self._seen += 1
        return told


def _deviation(known: Distances, mean: float) -> float:
    apart = known - mean
    return math.sqrt(float(apart @ apart) / len(known))


def _ratio(above: float, deviation: float) -> float:
    if deviation:
        return above / deviation
    return math.inf if above > 0 else 0.0
