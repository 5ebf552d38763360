"""An approval: an exact plan, who may let it run and until when, and where it stands.

waiting -> running     approved, by a person or under a standing rule: once
        -> rejected, replaced (by an edited plan), and past its time: expired
running -> done        each step was made and verified
        -> undoing     a step failed: what was done before it is being undone
        -> parked      nobody can tell whether a step was made; a person settles it, and it runs on
undoing -> undone      everything that was done is undone
        -> failed      nothing was done, or some of it cannot be undone; the note says which
        -> stale       nothing was done: the data changed since the plan was made
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from core.identity import Label
from core.plans import Plan, read_plan


class State(StrEnum):
    """Where an approval stands."""

    WAITING = "waiting"
    EXPIRED = "expired"
    REJECTED = "rejected"
    REPLACED = "replaced"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    STALE = "stale"
    PARKED = "parked"


TRANSITIONS = {
    State.WAITING: frozenset({State.RUNNING, State.REJECTED, State.REPLACED}),
    State.RUNNING: frozenset({State.DONE, State.UNDOING, State.PARKED}),
    State.UNDOING: frozenset({State.UNDONE, State.FAILED, State.STALE, State.PARKED}),
    State.PARKED: frozenset({State.RUNNING, State.UNDOING}),
}
"""What is not in the table has ended. `expired` is how a waiting one reads after its time."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may approve, and for how long. With `four_eyes` nobody approves what he asked for or edited himself."""

    role: str
    four_eyes: bool = False
    lasts: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval as it is stored; `authors` asked for the plan or edited it, `decided_by` let it run or rejected it."""

    id: str
    plan: Plan
    plan_hash: str
    role: str
    four_eyes: bool
    authors: tuple[str, ...]
    asked_at: datetime
    expires_at: datetime
    state: State
    decided_by: str | None = None
    decided_at: datetime | None = None
    rule: str | None = None
    replaced_by: str | None = None
    note: str | None = None

    @property
    def tenant(self) -> str:
        return self.plan.tenant

    @property
    def label(self) -> Label:
        return self.plan.label


def read_approval(row: Any, now: datetime) -> Approval:
    """The approval in a row, as it reads at `now`."""
    plan = read_plan(json.loads(row.plan))
    state, expires_at = State(row.state), datetime.fromisoformat(row.expires_at)
    return Approval(
        id=row.id,
        plan=plan,
        plan_hash=row.plan_hash,
        role=row.role,
        four_eyes=row.four_eyes,
        authors=tuple(row.authors),
        asked_at=datetime.fromisoformat(row.asked_at),
        expires_at=expires_at,
        state=State.EXPIRED if state is State.WAITING and now >= expires_at else state,
        decided_by=row.decided_by,
        decided_at=datetime.fromisoformat(row.decided_at) if row.decided_at else None,
        rule=row.rule,
        replaced_by=row.replaced_by,
        note=row.note,
    )
