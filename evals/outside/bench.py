"""Outside writes as bootstrap builds them, over a remote and a clock of the test's."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.approvals.approval import Approval, Terms
from api.approvals.carrying import Carrying
from api.approvals.opening import Outside
from api.approvals.rules import Rules
from api.approvals.store import Approvals
from api.security.keys import APPROVE
from core.anchors import Anchors, audit_key
from core.audit import Audit
from core.clock import NewId, new_id
from core.database import Database, open_database, sqlite_url
from core.effects import Effects, Reached
from core.errors import UnauthenticatedError
from core.identity import Label, Principal
from core.plans import Inverse, Plan, Step
from core.remotes import Remote

ROLES = frozenset({"ask", APPROVE})
ANN = Principal("acme", "ann", ROLES, clearance=Label.CONFIDENTIAL)
BEN = Principal("acme", "ben", ROLES, clearance=Label.CONFIDENTIAL)
ASKER = Principal("acme", "asker", frozenset({"ask"}), clearance=Label.CONFIDENTIAL)
STRANGER = Principal("other", "ann", ROLES, clearance=Label.RESTRICTED)
PEOPLE = {one.id: one for one in (ANN, BEN, ASKER, STRANGER)}
TERMS = Terms(APPROVE)


@dataclass
class Time:
    """A clock that stands still until it is moved; sleeping moves it."""

    now: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Bench:
    """What a test opens; `people` may lose rights."""

    outside: Outside
    effects: Effects
    time: Time
    people: dict[str, Principal]

    async def approve(self, approval: Approval, by: Principal = ANN) -> Approval:
        approved = await self.outside.approvals.approve(approval.id, approval.plan_hash, principal=by)
        return await self.outside.carrying.carry(approved)

    async def ask(self, plan: Plan, terms: Terms = TERMS, by: Principal = ASKER) -> Approval:
        return await self.outside.ask(plan, terms, principal=by)


@asynccontextmanager
async def open_bench(
    folder: Path,
    remotes: Mapping[str, Remote],
    *,
    reached: Callable[[Reached], None] = lambda _point: None,
    time: Time | None = None,
    ids: NewId = new_id,
    timeout_s: float = 5,
) -> AsyncIterator[Bench]:
    time = time or Time()
    async with open_database(sqlite_url(folder / "sophia.db")) as database:
        bench = _built(database, folder, remotes, reached, time, ids, timeout_s)
        async with bench.outside.carrying:
            yield bench


def _built(
    database: Database,
    folder: Path,
    remotes: Mapping[str, Remote],
    reached: Callable[[Reached], None],
    time: Time,
    ids: NewId,
    timeout_s: float,
) -> Bench:
    audit = Audit(database, Anchors(folder / "audit.anchor.json"), key=audit_key(folder / "audit.key"), clock=time)
    approvals = Approvals(audit, clock=time, new_id=ids)
    effects = Effects(audit, clock=time, timeout_s=timeout_s, sleep=time.sleep, reached=reached)
    people = dict(PEOPLE)

    async def resolve(principal_id: str) -> Principal:
        if principal_id not in people:
            raise UnauthenticatedError(f"The rights of {principal_id!r} were revoked")
        return people[principal_id]

    carrying = Carrying(approvals, effects, remotes, resolve, timeout_s=timeout_s)
    outside = Outside(audit, approvals, Rules(approvals, resolve, clock=time, new_id=ids), carrying)
    return Bench(outside, effects, time, people)


def write(target: str, value: int, before: int | None = None, *, system: str = "pool", action: str = "set") -> Step:
    """A step that sets the target's size, and back."""
    return Step(
        system,
        action,
        target,
        {"size": value},
        {} if before is None else {"size": before},
        {"size": value},
        Inverse("set", {"size": before or 0}),
    )


def plan(*steps: Step, label: Label = Label.INTERNAL) -> Plan:
    return Plan("acme", "Set the sizes", steps, because=("Use is above 80 %",), label=label)
