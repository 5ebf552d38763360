"""What accounts for a change: which parts of a total, which part of a ratio, and what happened about that time."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import InvalidInputError
from core.periods import Period

LEAD = timedelta(days=14)
"""An event so long before a change may still be behind it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a total (an account, a rep, a segment): its value before and after; 0 where it was not there."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a part adds to the change, in the total's unit, and the share of the change that this is.

    Shares add up to 1, and those of parts that went the other way are negative, so that one may be above 1. `share` is
    None where nothing changed in all.
    """

    name: str
    change: float
    share: float | None


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A change and what adds up to it: `parts`, largest first, and the `rest` that no part has."""

    change: float
    parts: tuple[Contribution, ...]
    rest: Contribution


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a ratio: its numerator and denominator before and after, such as deals won of deals decided."""

    name: str
    before: tuple[float, float]
    after: tuple[float, float]


@dataclass(frozen=True, slots=True)
class RatioContribution:
    """What a segment adds to a ratio's change: by its own ratio (`rate`) and by its weight among the others (`mix`)."""

    name: str
    rate: float
    mix: float
    share: float | None

    @property
    def change(self) -> float:
        """Both together, in the ratio's unit."""
        return self.rate + self.mix


@dataclass(frozen=True, slots=True)
class RatioDecomposition:
    """A ratio's change, the segments that add up to it, largest first, and how much is rates and how much is mix."""

    change: float
    rate: float
    mix: float
    segments: tuple[RatioContribution, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day, in words; `subject` is the part it concerns, where it concerns one."""

    day: date
    text: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Probable:
    """An event that is probably connected with a change: it came with it or shortly before. Never said to be its cause.

    `days_before` the period began it happened; 0 when it was within. `share` is its subject's share of the change.
    """

    event: Event
    days_before: int
    share: float | None

    @property
    def text(self) -> str:
        """One sentence that says no more than is known."""
        when = f"{self.days_before} days before" if self.days_before else "in the same period"
        share = "" if self.share is None else f"; {self.event.subject} is {self.share:.0%} of the change"
        return f"Probably connected: {self.event.text} ({self.event.day}, {when}{share})"


def contributions(before: float, after: float, parts: Sequence[Part]) -> Decomposition:
    """The additive decomposition of a total's change over its parts: change_i = after_i - before_i.

    What the parts leave over, because some are not listed, is the rest. Raises InvalidInputError for a part that comes
    twice, and for what is no number.
    """
    _named_once(part.name for part in parts)
    _numbers([before, after, *(value for part in parts for value in (part.before, part.after))])
    total = after - before
    found = [
        Contribution(part.name, part.after - part.before, _share(part.after - part.before, total)) for part in parts
    ]
    left = total - sum(part.change for part in found)
    rest = 0.0 if abs(left) <= 1e-9 * _size(before, after, parts) else left
    ordered = tuple(sorted(found, key=lambda part: (-abs(part.change), part.name)))
    return Decomposition(total, ordered, Contribution("rest", rest, _share(rest, total)))


def ratio_contributions(segments: Sequence[Segment]) -> RatioDecomposition:
    """The change of Σ numerators / Σ denominators by segment, in rate and mix effects.

    With w the segment's share of the denominators, r its own ratio, R the whole's, and m(.) the mean of before and after:
    rate_i = m(w_i) (r_i' - r_i) and mix_i = (m(r_i) - m(R)) (w_i' - w_i). These add up to R' - R without a rest (Bennet
    1920, "The Theory of Measurement of Changes in Cost of Living"). A segment that is new or gone has no change of its
    own ratio: all that it adds is mix. Raises InvalidInputError where a whole denominator is zero, one is negative, or a numerator
    has none.
    """
    _named_once(segment.name for segment in segments)
    _numbers([value for segment in segments for value in (*segment.before, *segment.after)])
    for segment in segments:
        _refuse_no_ratio(segment)
    numerators = sum(s.before[0] for s in segments), sum(s.after[0] for s in segments)
    denominators = sum(s.before[1] for s in segments), sum(s.after[1] for s in segments)
    if not all(denominators):
        raise InvalidInputError("A ratio needs a denominator above zero in both periods")
    whole = numerators[0] / denominators[0], numerators[1] / denominators[1]
    found = [_effects(segment, denominators, sum(whole) / 2, whole[1] - whole[0]) for segment in segments]
    ordered = tuple(sorted(found, key=lambda segment: (-abs(segment.change), segment.name)))
    rate, mix = sum(segment.rate for segment in ordered), sum(segment.mix for segment in ordered)
    return RatioDecomposition(whole[1] - whole[0], rate, mix, ordered)


def probably(
    period: Period, parts: Sequence[Contribution | RatioContribution], events: Iterable[Event]
) -> tuple[Probable, ...]:
    """The events in the period or up to 14 days before it: those of the parts that pull most first, then the nearest.

    An event about a part that went the other way, or about none that is listed, has nothing but its day for it.
    """
    shares = {part.name: part.share for part in parts if part.share is not None and part.share > 0}
    near = [event for event in events if period.start - LEAD <= event.day < period.until]
    found = [
        Probable(event, max(0, (period.start - event.day).days), shares.get(event.subject or "")) for event in near
    ]
    return tuple(sorted(found, key=lambda one: (-(one.share or 0.0), one.days_before, one.event.day, one.event.text)))


def _refuse_no_ratio(segment: Segment) -> None:
    for numerator, denominator in (segment.before, segment.after):
        if denominator < 0 or (numerator and not denominator):
            raise InvalidInputError(
                f"The part {segment.name!r} has {numerator:g} of {denominator:g}, which is no ratio"
            )


def _effects(
    segment: Segment, denominators: tuple[float, float], mean_ratio: float, change: float
) -> RatioContribution:
    weights = segment.before[1] / denominators[0], segment.after[1] / denominators[1]
    own = [part / whole for part, whole in (segment.before, segment.after) if whole]
    first, last = (own[0], own[-1]) if own else (mean_ratio, mean_ratio)
    rate = (weights[0] + weights[1]) / 2 * (last - first)
    mix = ((first + last) / 2 - mean_ratio) * (weights[1] - weights[0])
    return RatioContribution(segment.name, rate, mix, _share(rate + mix, change))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _size(before: float, after: float, parts: Sequence[Part]) -> float:
    return max(abs(before), abs(after), *(abs(value) for part in parts for value in (part.before, part.after)), 0.0)


def _named_once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidInputError(f"The part {name!r} is given twice: add its values up first")
        seen.add(name)


def _numbers(values: Iterable[float]) -> None:
    for value in values:
        if not math.isfinite(value):
            raise InvalidInputError(f"A part of a change is a number, not {value!r}")
