"""Whether the rows that are scored now are still like those that the score was fitted on."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tools.scores.arrays import Numbers
from tools.scores.encoding import Encoding
from tools.scores.rows import Row, Value, columns_of

WATCHED, SHIFTED = 0.1, 0.25
"""The customary thresholds of the population stability index (Siddiqi 2006, "Credit Risk Scorecards")."""
_FLOOR = 1e-4
_MISSING = "(missing)"
_OTHER = "(never seen)"


class Shift(StrEnum):
    """What an index says: below 0.1, to 0.25, above; or that so few rows may differ as much by chance."""

    STEADY = "steady"
    WATCHED = "watched"
    SHIFTED = "shifted"
    UNKNOWN = "too few rows to tell"


@dataclass(frozen=True, slots=True)
class Drift:
    """One feature between then and now. `chance` is the index that rows drawn from the old ones stay below in 95 of 100
    cases.
    """

    feature: str
    index: float
    chance: float
    rows: int

    @property
    def shift(self) -> Shift:
        """What the index says."""
        if self.index < WATCHED:
            return Shift.STEADY if self.chance < WATCHED else Shift.UNKNOWN
        if self.index <= self.chance:
            return Shift.UNKNOWN
        return Shift.WATCHED if self.index < SHIFTED else Shift.SHIFTED


@dataclass(frozen=True, slots=True)
class Reference:
    """How a feature was spread when it was fitted on: rows by bin. A number's bins lie between its `edges`."""

    counts: tuple[tuple[str, int], ...]
    edges: tuple[float, ...] = ()


def reference(values: Sequence[Value], *, number: bool) -> Reference:
    """The spread of a column: a number's tenths, a category's levels, and what is missing."""
    known = [float(value) for value in values if value is not None] if number else []
    edges = tuple(np.unique(np.quantile(known, np.linspace(0, 1, 11)[1:-1])).tolist()) if known else ()
    return Reference(tuple(sorted(Counter(_bins(values, edges, number=number)).items())), edges)


def drift(references: dict[str, Reference], encoding: Encoding, now: Sequence[Row]) -> list[Drift]:
    """The index of every feature between the rows fitted on and those of now, the largest first.

    PSI = Σ (now - then) · ln(now / then) over the bins' shares, each at least 0.0001. Its size by chance is
    χ²(bins - 1) · (1/rows then + 1/rows now) (Yurdakul & Naranjo 2020).
    """
    columns = columns_of(now)
    found = [
        _drift(name, then, columns.get(name, [None] * len(now)), number=name in encoding.numbers)
        for name, then in references.items()
    ]
    return sorted(found, key=lambda drift: -drift.index)


def _drift(name: str, then: Reference, values: Sequence[Value], *, number: bool) -> Drift:
    before, after = dict(then.counts), Counter(_bins(values, then.edges, number=number))
    if not number:
        after = Counter({(level if level in before else _OTHER): 0 for level in after}) + _merged(after, before)
    bins = sorted(before.keys() | after.keys())
    old = np.array([before.get(one, 0) for one in bins], dtype=float)
    new = np.array([after.get(one, 0) for one in bins], dtype=float)
    chance = _chi_squared(len(bins) - 1) * (1 / float(old.sum()) + 1 / len(values))
    return Drift(name, _index(old / old.sum(), new / new.sum()), chance, len(values))


def _merged(after: Counter[str], before: dict[str, int]) -> Counter[str]:
    merged: Counter[str] = Counter()
    for level, count in after.items():
        merged[level if level in before else _OTHER] += count
    return merged


def _index(then: Numbers, now: Numbers) -> float:
    then, now = np.maximum(then, _FLOOR), np.maximum(now, _FLOOR)
    return float(np.sum((now - then) * np.log(now / then)))


def _bins(values: Sequence[Value], edges: Sequence[float], *, number: bool) -> list[str]:
    if not number:
        return [_MISSING if value is None else str(value) for value in values]
    return [
        _MISSING if value is None else f"{int(np.searchsorted(edges, float(value), side='right')):02d}"
        for value in values
    ]


def _chi_squared(freedom: int) -> float:
    """The 95th percentile of chi-squared (Wilson & Hilferty 1931)."""
    if not freedom:
        return 0.0
    part = 2 / (9 * freedom)
    return freedom * (1 - part + 1.645 * math.sqrt(part)) ** 3
