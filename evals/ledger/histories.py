"""Random histories: the ledger and the model are told the same, and asked the same about days and moments."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from core.clock import new_id
from core.database import Database
from core.errors import RejectedError
from core.identity import Label, Principal
from evals.ledger.model import Believed, Model, Told
from memory.decisions.history import Kept
from memory.decisions.model import Decision, Outcome
from memory.decisions.store import Ledger
from memory.transcripts.model import Transcript

EPOCH, FIRST = datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)
DAYS, STEPS = 8, 12
Roll: TypeAlias = Callable[[int], int]
"""Returns a whole number from 0 to below its argument."""


class NoCalls:
    """A shelf that is never asked, because the histories quote nothing."""

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript:
        """Nothing is quoted."""
        raise AssertionError(document)

    async def readable(self, ids: object, principal: Principal) -> dict[str, set[str]]:
        """Nothing is quoted."""
        raise AssertionError(ids)


@dataclass(slots=True)
class History:
    """One history under way: a ledger's tenant beside a model."""

    database: Database
    tenant: str
    model: Model = field(default_factory=Model)
    ids: list[str] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    now: int = 0

    @property
    def ledger(self) -> Ledger:
        """The ledger at this history's present moment."""
        return Ledger(self.database, NoCalls(), lambda: EPOCH + timedelta(seconds=self.now), new_id)

    @property
    def principal(self) -> Principal:
        """Whoever keeps this history."""
        return Principal(self.tenant, "keeper", clearance=Label.RESTRICTED)

    async def step(self, roll: Roll) -> str | None:
        """Tells both one thing; what they disagree about, or None."""
        self.now += 1
        kind = roll(4) if self.ids else 0
        if kind == 0:
            return await self._decide(roll)
        act = (self._correct, self._supersede, self._conclude)[kind - 1]
        return await act(roll)

    async def _decide(self, roll: Roll) -> str | None:
        day, old = roll(DAYS), roll(len(self.ids) + 1) - 1
        superseded = old if old >= 0 else None
        allowed = self.model.may_decide(superseded, day)
        try:
            supersedes = self.ids[superseded] if superseded is not None else None
            self.ids.append(await self.ledger.record(self._decision(day), self.principal, supersedes=supersedes))
        except RejectedError as error:
            return f"refused: {error}" if allowed else None
        mine = len(self.ids) - 1
        self._told(mine, "content", self._choice(), day)
        if superseded is not None:
            self._told(superseded, "successor", mine, day)
        return None if allowed else "an impossible succession was recorded"

    async def _correct(self, roll: Roll) -> str | None:
        which, day = roll(len(self.ids)), roll(DAYS)
        allowed = self.model.may_correct(which, day)
        try:
            await self.ledger.correct(self.ids[which], self._decision(day), self.principal)
        except RejectedError as error:
            return f"refused: {error}" if allowed else None
        self._told(which, "content", self._choice(), day)
        return None if allowed else "an impossible correction was recorded"

    async def _supersede(self, roll: Roll) -> str | None:
        old, new = roll(len(self.ids)), roll(len(self.ids))
        allowed = self.model.may_supersede(old, new)
        try:
            await self.ledger.supersede(self.ids[old], self.ids[new], self.principal)
        except RejectedError as error:
            return f"refused: {error}" if allowed else None
        self._told(old, "successor", new, 0)
        return None if allowed else "an impossible succession was recorded"

    async def _conclude(self, roll: Roll) -> str | None:
        which, day, succeeded = roll(len(self.ids)), roll(DAYS), bool(roll(2))
        begun = self.model.believed(which, known=len(self.model.told), day=None)
        assert begun
        try:
            outcome = Outcome(succeeded, "so it went", FIRST + timedelta(days=day))
            await self.ledger.note_outcome(self.ids[which], outcome, self.principal)
        except RejectedError as error:
            return f"refused: {error}" if day >= begun.begun else None
        self._told(which, "outcome", succeeded, day)
        return None if day >= begun.begun else "an outcome before its decision was recorded"

    async def differs(self, day: int, known: int) -> str | None:
        """What ledger and model say otherwise about a day, as of the first `known` records; None if nothing."""
        moment = self.moments[known - 1] if known else EPOCH
        found = await self.ledger.as_of(FIRST + timedelta(days=day), self.principal, known=moment)
        said = {self.ids.index(one.id): self._believed(one) for one in found}
        holds = self.model.in_force(day, known)
        return None if said == holds else f"day {day}, {known} records: {said} is not {holds}"

    def _believed(self, one: Kept) -> Believed:
        begun = (one.decision.decided_on - FIRST).days
        successor = self.ids.index(one.superseded_by) if one.superseded_by else None
        return Believed(one.decision.choice, begun, successor, one.outcome.succeeded if one.outcome else None)

    def _told(self, decision: int, what: str, value: str | int | bool, day: int) -> None:
        self.model.told.append(Told(self.now, decision, what, value, day))
        self.moments.append(EPOCH + timedelta(seconds=self.now, microseconds=999))

    def _choice(self) -> str:
        return f"choice {self.now}"

    def _decision(self, day: int) -> Decision:
        return Decision(
            question="What now?", choice=self._choice(), owner="Ada", decided_on=FIRST + timedelta(days=day)
        )


async def played(database: Database, tenant: str, roll: Roll) -> str | None:
    """Plays one history; the first difference between ledger and model, or None."""
    history = History(database, tenant)
    for _ in range(1 + roll(STEPS)):
        if found := await history.step(roll):
            return found
    points = sorted({len(history.model.told), *_whole(history.moments)})
    for _ in range(4):
        if found := await history.differs(roll(DAYS + 2), points[roll(len(points))]):
            return found
    return None


def dice(seed: int) -> Roll:
    """Numbers that come again for the same seed."""
    return random.Random(seed).randrange  # noqa: S311


def _whole(moments: list[datetime]) -> set[int]:
    """After how many records a moment was over: a decision and its succession are told in one."""
    return {place for place in range(len(moments)) if place == 0 or moments[place] != moments[place - 1]}
