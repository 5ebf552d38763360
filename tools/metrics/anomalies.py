"""Anomalies in short series, a value a month or a week: what the values before did not lead one to expect.

Long series with a value every few minutes are the business of stream.py.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import fmean, median

from core.errors import InvalidInputError
from models.evidence import Direction
from tools.metrics.expectations import EXPECTATIONS, Values

FEWEST = 12
"""A value with fewer values before it is not judged."""
FEWEST_ERRORS, RECENT_ERRORS = 6, 24
LIMIT = 3.5
"""So many robust deviations from what was expected are an anomaly (Iglewicz and Hoaglin 1993)."""
SMALL_SAMPLE = 4.0
"""The limit is raised by this over the number of errors: of six errors the median is a poor guide to how large they are."""
MAD = 1.4826
"""The median absolute error of a normal distribution times this is its standard deviation."""


@dataclass(frozen=True, slots=True)
class Point:
    """The value of the month or week that begins on the day; None where there is none."""

    day: date
    value: float | None


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A value outside of what was expected. `low` to `high` would have been ordinary.

    `score` is 1 - 1 / (1 + z²) with z the robust deviations from `expected`: 1 where there never was one before.
    """

    day: date
    value: float
    expected: float
    low: float
    high: float
    score: float
    direction: Direction
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The anomalies of a series in order of time, and how many of its values were judged; `reason` says why not all."""

    anomalies: tuple[Anomaly, ...]
    judged: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Expected:
    """What one value was expected to be: the expectation that has erred least until then, and how much it erred."""

    by: str
    value: float
    deviation: float
    errors: int

    @property
    def allowed(self) -> float:
        """How far off is ordinary still."""
        return LIMIT * (1 + SMALL_SAMPLE / self.errors) * self.deviation


def anomalies(points: Sequence[Point], *, cycle: int, least: float | None = None) -> Judged:
    """The values that those before them did not lead one to expect; each is judged by nothing that came after it.

    `points` are every step of the series in order, the last one complete; `cycle` is how many steps a year has (12 or
    52); `least` is the smallest value there can be (0 for amounts). The expectation is the level, the trend or the season
    (expectations.py), whichever was off least over its last 24 predictions of what was no anomaly; how far off is
    ordinary is the median of those errors. Raises InvalidInputError for points out of order or that are no numbers.
    """
    _check(points)
    errors: dict[str, list[float]] = {kind.name: [] for kind in EXPECTATIONS}
    values = [point.value for point in points]
    calm = list(values)
    found: list[Anomaly] = []
    judged = 0
    for place, point in enumerate(points):
        if point.value is None:
            continue
        expected = _predictions(values[:place], calm[:place], cycle)
        best = _best(expected, errors, point.value)
        if best is not None and _known(values[:place]) >= FEWEST:
            judged += 1
            if anomaly := _judge(point.day, point.value, best, least):
                found.append(anomaly)
                calm[place] = best.value
                continue
        for name, (value, _) in expected.items():
            errors[name].append(abs(point.value - value))
    return Judged(tuple(found), judged, _unjudged(_known(values), judged))


def _predictions(before: Values, calm: Values, cycle: int) -> dict[str, tuple[float, float]]:
    """What each expectation gives from the values before, and from the same with earlier anomalies taken out.

    Both are ordinary: last year's exception may return, as a season does, or not.
    """
    pairs = {kind.name: (kind.of(before, cycle), kind.of(calm, cycle)) for kind in EXPECTATIONS}
    return {name: (raw, clean) for name, (raw, clean) in pairs.items() if raw is not None and clean is not None}


def _best(
    expected: Mapping[str, tuple[float, float]], errors: Mapping[str, Sequence[float]], value: float
) -> _Expected | None:
    """The expectation with the smallest mean error, the simpler of equal ones, and which of its two is nearer."""
    ready = [name for name in expected if len(errors[name]) >= FEWEST_ERRORS]
    if not ready:
        return None
    name = min(ready, key=lambda one: fmean(errors[one][-RECENT_ERRORS:]))
    recent = errors[name][-RECENT_ERRORS:]
    nearer = min(expected[name], key=lambda one: abs(value - one))
    return _Expected(name, nearer, MAD * median(recent), len(recent))


def _judge(day: date, value: float, expected: _Expected, least: float | None) -> Anomaly | None:
    off = value - expected.value
    if abs(off) <= expected.allowed or math.isclose(value, expected.value, rel_tol=1e-9):
        return None
    deviations = abs(off) / expected.deviation if expected.deviation else math.inf
    low, high = expected.value - expected.allowed, expected.value + expected.allowed
    return Anomaly(
        day,
        value,
        expected.value,
        low if least is None else max(least, low),
        high,
        1 - 1 / (1 + deviations * deviations),
        Direction.UP if off > 0 else Direction.DOWN,
        _reason(deviations, expected),
    )


def _reason(deviations: float, expected: _Expected) -> str:
    if math.isinf(deviations):
        return f"{expected.by} had not been off in the {expected.errors} values before"
    return f"{deviations:.1f} times as far from {expected.by} as usual over the {expected.errors} values before"


def _unjudged(known: int, judged: int) -> str | None:
    if known <= FEWEST:
        return f"{known} values are too few: a value is judged when {FEWEST} came before it"
    if judged < known:
        return f"the first {known - judged} values are the history of the others and were not judged"
    return None


def _known(values: Sequence[float | None]) -> int:
    return sum(value is not None for value in values)


def _check(points: Sequence[Point]) -> None:
    for point in points:
        if point.value is not None and not math.isfinite(point.value):
            raise InvalidInputError(f"The value of {point.day} is {point.value!r}: give None for one that is missing")
    for before, after in pairwise(points):
        if before.day >= after.day:
            raise InvalidInputError(f"The points are not in order: {after.day} comes after {before.day}")
