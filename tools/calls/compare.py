"""Calls side by side: the statistics that differ by more than they vary within the calls, and what came up on one alone.

Rates and shares differ where |a - b| >= 2 * sqrt(se(a)^2 + se(b)^2), with the delete-one jackknife's standard errors over
eight pieces of each call (Cochran, Sampling Techniques, 1977, section 6.17); longest stretches where one is 1.5 times the
other; numbers of objections and of dated next steps where |a - b| >= 2 * sqrt(a + b), as counts of independent events do.
Of several calls the two that are farthest apart decide.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from statistics import fmean

from memory.transcripts.model import Transcript, Turn
from tools.calls import speech, statistics
from tools.calls.moment import Kind, Moment
from tools.calls.reps import LONGEST, seller_called
from tools.calls.speech import SELLER, Party
from tools.calls.statistics import Statistic

PIECES = 8
"""A call is cut into so many pieces of as many turns each, to see how much a statistic varies within it."""
APART = 2.0
"""A difference of fewer standard errors is no difference: about the 5 % level of a normal one."""
LONGER = 1.5
"""Longest stretches have no standard error: one counts as longer from so many times the other on."""
SURE = 0.5
MOST_OF_A_KIND = 3
_ONE_TOPIC = frozenset({Kind.PRICING, Kind.NEXT_STEP})


@dataclass(frozen=True, slots=True)
class OnlyOn:
    """What came up on this call alone; `moment` is where it shows most surely."""

    call: str
    moment: Moment


@dataclass(frozen=True, slots=True)
class CallComparison:
    """Calls side by side, in the order given.

    `different` has one row a statistic that differs, a value a call, `alike` one a statistic that does not; `incomparable`
    are the names of those that not every call gives in the same unit. `only` is in the order of the calls.
    """

    calls: tuple[str, ...]
    different: tuple[tuple[Statistic, ...], ...]
    alike: tuple[tuple[Statistic, ...], ...]
    incomparable: tuple[str, ...]
    only: tuple[OnlyOn, ...]


def compare_calls(
    calls: Sequence[Transcript], found: Sequence[Sequence[Moment]], *, rep: str | None = None
) -> CallComparison:
    """Compares two calls or more; `found` are the moments of each. Of our side, or of `rep` where they speak on each."""
    different, alike, incomparable = [], [], []
    for measured in _measured(calls, found, rep):
        row = tuple(one.of for one in measured)
        if len({one.unit for one in row}) > 1 or any(one.value is None for one in row):
            incomparable.append(row[0].name)
        elif any(_differ(a, b) for a, b in combinations(measured, 2)):
            different.append(row)
        else:
            alike.append(row)
    ids = tuple(call.id for call in calls)
    return CallComparison(ids, tuple(different), tuple(alike), tuple(incomparable), tuple(_only(ids, found)))


@dataclass(frozen=True, slots=True)
class _Measured:
    """A statistic of one call; `error` is its standard error, None for a longest stretch."""

    of: Statistic
    error: float | None


Measure = Callable[[Transcript, Party], Statistic]
_RATES: tuple[Measure, ...] = (
    statistics.talk_ratio,
    statistics.question_rate,
    statistics.patience,
    lambda call, _: statistics.interactivity(call),
)
_STRETCHES: tuple[Measure, ...] = (
    statistics.longest_monologue,
    lambda call, _: statistics.longest_customer_story(call),
)
_COUNTED: Mapping[str, Kind] = {"objections": Kind.OBJECTION, "dated_next_steps": Kind.NEXT_STEP}


def _measured(
    calls: Sequence[Transcript], found: Sequence[Sequence[Moment]], rep: str | None
) -> Iterator[list[_Measured]]:
    """Each statistic over all the calls."""
    parties = _parties(calls, rep)
    for rate in _RATES:
        yield [_rate(rate, call, of) for call, of in zip(calls, parties, strict=True)]
    for stretch in _STRETCHES:
        yield [_Measured(stretch(call, of), None) for call, of in zip(calls, parties, strict=True)]
    for name, kind in _COUNTED.items():
        yield [_count(name, kind, call, having) for call, having in zip(calls, found, strict=True)]


def _parties(calls: Sequence[Transcript], rep: str | None) -> list[Party]:
    sellers = [seller_called(call, rep) if rep else None for call in calls]
    people = [speech.person(seller) for seller in sellers if seller is not None]
    return people if len(people) == len(calls) else [speech.side(call, SELLER) for call in calls]


def _rate(measure: Measure, call: Transcript, of: Party) -> _Measured:
    pieces = [measure(replace(call, turns=turns), of) for turns in _pieces(call)]
    known = [(one.part, one.whole) for one in pieces if one.whole]
    return _Measured(measure(call, of), _standard_error(known))


def _pieces(call: Transcript) -> Iterator[tuple[Turn, ...]]:
    bounds = [len(call.turns) * place // PIECES for place in range(PIECES + 1)]
    for start, end in pairwise(bounds):
        if end > start:
            yield call.turns[start:end]


def _standard_error(pieces: Sequence[tuple[float, float]]) -> float:
    """Of sum(part) / sum(whole), by leaving each piece out in turn; infinite where there are fewer than two."""
    if len(pieces) < 2:
        return math.inf
    part, whole = sum(p for p, _ in pieces), sum(w for _, w in pieces)
    left = [(part - p) / (whole - w) for p, w in pieces if whole - w]
    mean = fmean(left)
    return math.sqrt((len(left) - 1) / len(left) * sum((one - mean) ** 2 for one in left))


def _count(name: str, kind: Kind, call: Transcript, found: Sequence[Moment]) -> _Measured:
    counted = [one for one in found if one.kind is kind and _counts(one)]
    unit = name.replace("_", " ")
    of = Statistic(name, "", "Call", unit, speech.basis_of(call), len(counted), 1, len(counted))
    return _Measured(of, math.sqrt(len(counted)))


def _counts(one: Moment) -> bool:
    return one.confidence >= SURE and (one.kind is not Kind.NEXT_STEP or one.due is not None)


def _differ(a: _Measured, b: _Measured) -> bool:
    assert a.of.value is not None
    assert b.of.value is not None
    if a.of.name in LONGEST or a.error is None or b.error is None:
        low, high = sorted((a.of.value, b.of.value))
        return high >= LONGER * low and high > low
    return abs(a.of.value - b.of.value) >= APART * math.hypot(a.error, b.error) and a.of.value != b.of.value


def _only(calls: Sequence[str], found: Sequence[Sequence[Moment]]) -> Iterator[OnlyOn]:
    """Objections by topic, competitors by name and prices that one call has; a next step is of its call in any case."""
    where: defaultdict[tuple[Kind, str], set[str]] = defaultdict(set)
    for call, having in zip(calls, found, strict=True):
        for one in having:
            where[_topic(one)].add(call)
    for call, having in zip(calls, found, strict=True):
        for kind in (Kind.OBJECTION, Kind.COMPETITOR, Kind.PRICING, Kind.NEXT_STEP):
            alone = [one for one in having if one.kind is kind and _tells(one)]
            if kind is not Kind.NEXT_STEP:
                alone = [one for one in alone if where[_topic(one)] == {call}]
            yield from (OnlyOn(call, one) for one in _surest(alone))


def _topic(one: Moment) -> tuple[Kind, str]:
    return one.kind, "" if one.kind in _ONE_TOPIC else one.detail


def _tells(one: Moment) -> bool:
    """Whether the moment is sure enough, and a price or a next step has the figure or the day that makes it one."""
    if one.kind is Kind.PRICING and not any(character.isdigit() for character in one.text):
        return False
    return _counts(one)


def _surest(moments: Sequence[Moment]) -> list[Moment]:
    """The surest of each topic, at most a few, in the order of the call; next steps have no topics."""
    best: dict[tuple[Kind, str, int], Moment] = {}
    for one in sorted(moments, key=lambda one: -one.confidence):
        kind, topic = _topic(one)
        best.setdefault((kind, topic, one.turn if kind is Kind.NEXT_STEP else 0), one)
    return sorted(list(best.values())[:MOST_OF_A_KIND], key=lambda one: one.span)
