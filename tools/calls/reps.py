"""A rep's statistics over several calls, and how they compare with other reps' calls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from memory.transcripts.model import Speaker, Transcript
from tools.calls import speech, statistics
from tools.calls.speech import BUYER, SELLER, Basis
from tools.calls.statistics import Statistic

FEWEST_CALLS = 3
"""Fewer calls than this describe the calls, not the person: figures are shown, comparisons are not made."""

LONGEST = frozenset({"longest_monologue", "longest_customer_story"})
"""Maxima grow with the number of calls, so they are not compared."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A rep's value beside that of the sellers who led the calls the rep was not on."""

    name: str
    unit: str
    value: float
    others: float
    others_calls: int

    @property
    def difference(self) -> float:
        """How much more the rep has, in `unit`."""
        return self.value - self.others


@dataclass(frozen=True, slots=True)
class RepStatistics:
    """What a rep's calls show. `calls` are those counted; `comparison` is empty for the reason given."""

    rep: str
    calls: tuple[str, ...]
    statistics: tuple[Statistic, ...]
    comparison: tuple[Comparison, ...] = ()
    not_compared: str | None = None


def seller_called(call: Transcript, rep: str) -> Speaker | None:
    """The seller who speaks on the call and whose id, user id or name this is, in any case."""
    wanted = rep.strip().casefold()
    for speaker in speech.spoke(call):
        known = (speaker.id, speaker.user or "", speaker.name)
        if speaker.role == SELLER and wanted in {name.casefold() for name in known if name}:
            return speaker
    return None


def with_buyers(calls: Iterable[Transcript]) -> list[Transcript]:
    """The calls on which a known buyer speaks: a review among colleagues says nothing about how somebody sells."""
    return [call for call in calls if speech.side(call, BUYER).speakers]


def rep_statistics(rep: str, calls: Sequence[Transcript]) -> RepStatistics:
    """The rep's statistics over those of the calls on which the rep speaks with buyers, and the comparison with the rest.

    Shares, rates and waits are added up over the calls before dividing, so that a long call weighs more than a short
    one; longest stretches are the longest of all. Calls without times are left out of a statistic where others have
    times. `calls` is everything that may be compared with.
    """
    sold = with_buyers(calls)
    mine = [(call, speaker) for call in sold if (speaker := seller_called(call, rep)) is not None]
    others = [(call, leader) for call in sold if seller_called(call, rep) is None and (leader := leader_of(call))]
    name = mine[0][1].name if mine else rep
    own = _pool(mine, name)
    reason = _too_few(len(mine), len(others), name)
    return RepStatistics(
        name,
        tuple(call.id for call, _ in mine),
        own,
        () if reason else _compared(own, _pool(others, "others"), len(others)),
        reason,
    )


def _pool(calls: Sequence[tuple[Transcript, Speaker]], name: str) -> tuple[Statistic, ...]:
    """Every statistic over the calls, as the part that each speaker had in theirs."""
    per_call = [_of_one(call, speaker) for call, speaker in calls]
    return tuple(added_up(measured, name) for measured in zip(*per_call, strict=True))


def _of_one(call: Transcript, speaker: Speaker) -> list[Statistic]:
    own = [measure(call, speech.person(speaker)) for measure in statistics.PERSONAL]
    return [*own, statistics.longest_customer_story(call), statistics.interactivity(call)]


def added_up(measured: Sequence[Statistic], name: str) -> Statistic:
    """One statistic of several calls over all of them, as that of `name`; calls of another basis are left out."""
    known = [statistic for statistic in measured if statistic.value is not None]
    if not known:
        return replace(measured[0], subject=name)
    basis = Basis.TIME if any(statistic.basis is Basis.TIME for statistic in known) else known[0].basis
    alike = [statistic for statistic in known if statistic.basis is basis]
    note = f"over {len(alike)} of {len(measured)} calls" if len(alike) < len(measured) else None
    longest = max(alike, key=lambda statistic: statistic.value or 0.0)
    if longest.name in LONGEST:
        return replace(longest, count=len(alike), note=note)
    part, whole = sum(s.part for s in alike), sum(s.whole for s in alike)
    unit = "questions a call" if longest.unit == "questions" else longest.unit
    count = sum(s.count for s in alike)
    return replace(alike[0], subject=name, unit=unit, part=part, whole=whole, count=count, note=note)


def _compared(own: Sequence[Statistic], others: Sequence[Statistic], calls: int) -> tuple[Comparison, ...]:
    theirs = {statistic.name: statistic for statistic in others}
    return tuple(
        Comparison(mine.name, mine.unit, mine.value, their.value, calls)
        for mine in own
        if mine.value is not None
        and (their := theirs[mine.name]).value is not None
        and their.unit == mine.unit
        and mine.name not in LONGEST
    )


def leader_of(call: Transcript) -> Speaker | None:
    """The seller who speaks most."""
    basis = speech.basis_of(call)
    sellers = [speaker for speaker in speech.spoke(call) if speaker.role == SELLER]
    return max(sellers, key=lambda speaker: speech.spoken(call, [speaker.id], basis), default=None)


def _too_few(mine: int, others: int, name: str) -> str | None:
    if mine < FEWEST_CALLS:
        return f"{name} speaks with buyers on {mine} of these calls: a comparison needs {FEWEST_CALLS}"
    if others < FEWEST_CALLS:
        return f"other reps lead {others} of these calls: a comparison needs {FEWEST_CALLS}"
    return None
