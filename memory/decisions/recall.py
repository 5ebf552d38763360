"""What the ledger says: why did we, was this rejected before and does the reason still hold, timeline, what is due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.identity import Principal
from memory.decisions.history import Kept
from memory.decisions.model import Alternative
from memory.decisions.search import DecisionSearch, Found
from memory.decisions.store import Ledger
from memory.decisions.wires import Measures, Reading, Standing, read_wires

NEAR_ENOUGH = 0.3
"""The least cosine of a passage at which its decision is taken to be about the question."""
ENOUGH_TOGETHER = 0.975
"""The least sum of that cosine and of the share of the question, by rarity of its words, that the decision says too. Both
were chosen with all questions of the evals' sets in view: no cosine alone tells what was proposed from what resembles it, and a
question in other words ("offer", "again") is near enough without them."""
FEW = 5


class Verdict(StrEnum):
    """Whether something was rejected before, and whether the reason still holds."""

    NEVER_PROPOSED = "never_proposed"
    HOLDS = "holds"
    STALE = "stale"
    UNKNOWN = "unknown"
    UNWATCHED = "unwatched"


@dataclass(frozen=True, slots=True)
class Rejected:
    """What was rejected, by which decision, and what its trip-wires say now.

    STALE: a wire is crossed or the decision was superseded. UNKNOWN: a wire could not be measured. UNWATCHED: no wire
    watches the reason, and nothing has taken the decision's place.
    """

    verdict: Verdict
    found: Kept | None = None
    alternative: Alternative | None = None
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the ledger says to a question: the decisions that it is about, nearest first, and what was rejected in them."""

    decisions: tuple[Found, ...] = ()
    rejected: Rejected | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A decision to look at again: its review is due, or trip-wires are crossed."""

    kept: Kept
    review_due: bool
    crossed: tuple[Reading, ...]


class Recall:
    """Asks the ledger. `today` is the company's day."""

    def __init__(self, ledger: Ledger, search: DecisionSearch, measures: Measures, today: Callable[[], date]) -> None:
        self._ledger, self._search, self._measures, self._today = ledger, search, measures, today

    async def search(self, question: str, principal: Principal, *, limit: int = FEW) -> list[Found]:
        """The decisions nearest to the question, whether or not they are near."""
        among = await self._ledger.all(principal)
        return await self._search.find(question, among, tenant=principal.tenant, limit=limit)

    async def why(self, question: str, principal: Principal, *, limit: int = FEW) -> list[Found]:
        """The decisions that answer "why did we ...", nearest first; none where nothing is near enough."""
        return [one for one in await self.search(question, principal, limit=limit) if is_about(one)]

    async def rejected(self, idea: str, principal: Principal) -> Rejected:
        """Whether the idea was rejected before, and whether its reason still holds."""
        among = await self._ledger.all(principal)
        found = await self._search.find(idea, among, tenant=principal.tenant, limit=1, rejected=True)
        if not found or not is_about(found[0]):
            return Rejected(Verdict.NEVER_PROPOSED)
        [nearest] = found
        assert nearest.alternative is not None
        return await self._standing(nearest.kept, nearest.kept.decision.alternatives[nearest.alternative], principal)

    async def recalled(self, question: str, principal: Principal) -> Recalled:
        """What the ledger says to any question; nothing where it says nothing about it."""
        found, rejected = await self.why(question, principal), await self.rejected(question, principal)
        return Recalled(tuple(found), None if rejected.found is None else rejected)

    async def timeline(self, principal: Principal, *, about: str | None = None) -> list[Kept]:
        """The decisions by day: all, or those a question is about with what they superseded and what superseded them."""
        everything = await self._ledger.all(principal)
        if about is None:
            return everything
        linked = {one.kept.id for one in await self.why(about, principal)}
        while more := {one.id for one in everything if _beside(one, everything) & linked} - linked:
            linked |= more
        return [one for one in everything if one.id in linked]

    async def due(self, principal: Principal) -> list[Due]:
        """The decisions in force whose review is due or whose trip-wires are crossed, by day."""
        today = self._today()
        found = []
        for kept in await self._ledger.as_of(today, principal):
            readings = await read_wires(kept.decision.wires, self._measures, principal, today)
            crossed = tuple(one for one in readings if one.standing is Standing.CROSSED)
            review = kept.decision.review_on
            review_due = review is not None and review <= today and kept.outcome is None
            if review_due or crossed:
                found.append(Due(kept, review_due, crossed))
        return found

    async def _standing(self, kept: Kept, alternative: Alternative, principal: Principal) -> Rejected:
        today = self._today()
        readings = await read_wires(kept.decision.wires_of(alternative.name), self._measures, principal, today)
        standings = {reading.standing for reading in readings}
        if (kept.ended_on is not None and kept.ended_on <= today) or Standing.CROSSED in standings:
            verdict = Verdict.STALE
        elif Standing.UNKNOWN in standings:
            verdict = Verdict.UNKNOWN
        else:
            verdict = Verdict.HOLDS if readings else Verdict.UNWATCHED
        return Rejected(verdict, kept, alternative, readings)


def is_about(found: Found) -> bool:
    """Whether the decision is near enough to the question, and says enough of it, to be told as an answer to it."""
    return found.nearness >= NEAR_ENOUGH and found.nearness + found.covered >= ENOUGH_TOGETHER


def _beside(one: Kept, everything: list[Kept]) -> set[str]:
    after = {one.superseded_by} if one.superseded_by else set()
    return after | {other.id for other in everything if other.superseded_by == one.id}
