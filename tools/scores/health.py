"""The health of a customer: a scorecard of weighted signals that anybody can check by hand. Nothing is fitted.

Each signal earns its whole weight at `best`, nothing at `worst`, and in between its share along a straight line. Health
is 100 x what the known signals earn / their weight. The weights are a documented start, not a finding: they come from
no data. Where outcomes are known, fit `uses.CHURN` instead.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import InvalidInputError

FEWEST_SIGNALS = 3
LEAST_WEIGHT = 0.5
"""Of the whole weight; with less known there is no score."""


class Band(StrEnum):
    """What a health says: from 70 points, from 40, below."""

    HEALTHY = "healthy"
    WATCH = "to be watched"
    AT_RISK = "at risk"


@dataclass(frozen=True, slots=True)
class Signal:
    """One line of the scorecard. `words` has a place for the number: `{} days since the last contact`."""

    name: str
    words: str
    weight: float
    worst: float
    best: float


SIGNALS = (
    Signal("usage_change", "usage changed by {} % against the period before", 25, worst=-30, best=0),
    Signal("days_since_contact", "{} days since the last contact", 20, worst=60, best=14),
    Signal("broken_promises", "promises overdue: {}", 20, worst=2, best=0),
    Signal("open_objections", "objections open: {}", 15, worst=3, best=0),
    Signal("calls_held", "calls held in the last 90 days: {}", 10, worst=0, best=3),
    Signal("people_spoken_with", "people spoken with in the last 90 days: {}", 10, worst=0, best=3),
)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one known signal did: of the `possible` points it earned `earned`; all possible ones sum to 100."""

    signal: Signal
    value: float
    earned: float
    possible: float

    @property
    def lost(self) -> float:
        """The points that the signal costs."""
        return self.possible - self.earned

    @property
    def text(self) -> str:
        """`45 days since the last contact: 7 of 20 points (all up to 14, none from 60)`."""
        signal = self.signal
        all_at, none_at = ("up to", "from") if signal.best < signal.worst else ("from", "down at")
        said = signal.words.format(f"{self.value:g}")
        points = f"{self.earned:.0f} of {self.possible:.0f} points"
        return f"{said}: {points} (all {all_at} {signal.best:g}, none {none_at} {signal.worst:g})"


@dataclass(frozen=True, slots=True)
class Health:
    """A customer's health in points of 100; never a bare number. Where `withheld` says why not, there is no `value`.

    `interval` is from where every missing signal would be at its worst to where it would be at its best.
    `contributions` are all known signals, the costliest first.
    """

    subject: str
    value: float | None
    interval: tuple[float, float] | None
    contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]
    withheld: str | None = None

    @property
    def band(self) -> Band | None:
        """What the value says."""
        return None if self.value is None else _band(self.value)

    @property
    def sure(self) -> bool:
        """Whether the band would be the same whatever the missing signals are."""
        return self.interval is not None and _band(self.interval[0]) is _band(self.interval[1])

    @property
    def text(self) -> str:
        """`62 of 100 points, to be watched (50 to 70 with what is missing: usage_change)`."""
        if self.value is None or self.interval is None:
            return f"No health score: {self.withheld}"
        low, high = self.interval
        unknown = f" ({low:.0f} to {high:.0f} with what is missing: {', '.join(self.missing)})" if self.missing else ""
        return f"{self.value:.0f} of 100 points, {self.band}{unknown}"


def health(subject: str, signals: Mapping[str, float | None], scorecard: Sequence[Signal] = SIGNALS) -> Health:
    """The subject's health from the signals that are known.

    Withheld below three signals or half of the weight. Raises InvalidInputError for a signal that the scorecard does not
    have or whose value is not finite.
    """
    _check(signals, scorecard)
    known = {signal: value for signal in scorecard if (value := signals.get(signal.name)) is not None}
    missing = tuple(signal.name for signal in scorecard if signal not in known)
    weight, whole = sum(signal.weight for signal in known), sum(signal.weight for signal in scorecard)
    contributions = tuple(
        sorted((_contribution(signal, value, weight) for signal, value in known.items()), key=lambda one: -one.lost)
    )
    if len(known) < FEWEST_SIGNALS or weight < LEAST_WEIGHT * whole:
        reason = (
            f"{len(known)} of {len(scorecard)} signals are known with {100 * weight / whole:.0f} % of the weight; "
            f"at least {FEWEST_SIGNALS} with half of the weight are needed. Missing: {', '.join(missing)}"
        )
        return Health(subject, None, None, contributions, missing, reason)
    value = math.fsum(one.earned for one in contributions)
    low = value * weight / whole
    return Health(subject, value, (low, low + 100 * (whole - weight) / whole), contributions, missing)


def _check(signals: Mapping[str, float | None], scorecard: Sequence[Signal]) -> None:
    names = [signal.name for signal in scorecard]
    for name, value in signals.items():
        if name not in names:
            raise InvalidInputError(f"The scorecard has no signal {name!r}: it has {', '.join(names)}")
        if value is not None and not math.isfinite(value):
            raise InvalidInputError(
                f"The signal {name!r} is {value!r}: give a finite number, or None if it is not known"
            )


def _contribution(signal: Signal, value: float, weight: float) -> Contribution:
    share = (value - signal.worst) / (signal.best - signal.worst)
    possible = 100 * signal.weight / weight
    return Contribution(signal, value, possible * min(1.0, max(0.0, share)), possible)


def _band(value: float) -> Band:
    if value >= 70:
        return Band.HEALTHY
    return Band.WATCH if value >= 40 else Band.AT_RISK
