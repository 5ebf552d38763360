"""What is known of a run, its log and its thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from core.errors import ConflictError


class Status(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (Status.QUEUED, Status.RUNNING)


class WhenBusy(StrEnum):
    """What a new question does when its thread has an unfinished run."""

    ENQUEUE = "enqueue"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Worker:
    """Who carries runs out, and how long a run stays with it without a sign of life."""

    name: str
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a run's log; `seq` counts from 1 without gaps."""

    seq: int
    type: str
    payload: dict[str, Any]
    at: str


@dataclass(frozen=True, slots=True)
class Run:
    """One execution on a thread. `opening` is what its log begins with, where it was just accepted; after its `deadline`
    nobody wants the answer any more.
    """

    id: str
    thread: str
    principal: str
    question: str
    calls: tuple[str, ...]
    position: int
    status: Status
    fence: int
    accepted_at: datetime
    ended_at: datetime | None = None
    error: str | None = None
    traceparent: str | None = None
    deadline: datetime | None = None
    opening: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Log:
    """Lines of a run's log. There are none behind them, and never will be, once it has `ended`."""

    events: Sequence[Event]
    ended: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation: a line of runs that belongs to one principal."""

    id: str
    title: str
    created_at: datetime


def row_of(run: Run) -> dict[str, Any]:
    """The run as the columns of its table."""
    return {
        "id": run.id,
        "thread": run.thread,
        "principal": run.principal,
        "question": run.question,
        "calls": list(run.calls),
        "position": run.position,
        "status": run.status,
        "fence": run.fence,
        "accepted_at": run.accepted_at.isoformat(),
        "traceparent": run.traceparent,
        "deadline": run.deadline.isoformat() if run.deadline else None,
    }


def run_of(row: Any, **changed: Any) -> Run:
    """The run of a row of its table, with what has changed since it was read."""
    found: dict[str, Any] = {
        "id": row.id,
        "thread": row.thread,
        "principal": row.principal,
        "question": row.question,
        "calls": tuple(row.calls),
        "position": row.position,
        "status": Status(row.status),
        "fence": row.fence,
        "accepted_at": datetime.fromisoformat(row.accepted_at),
        "ended_at": datetime.fromisoformat(row.ended_at) if row.ended_at else None,
        "error": row.error,
        "traceparent": row.traceparent,
        "deadline": datetime.fromisoformat(row.deadline) if row.deadline else None,
    }
    return Run(**{**found, **changed})


class EndedError(ConflictError):
    """The run has ended already; `status` says how."""

    def __init__(self, run: str, status: Status) -> None:
        super().__init__(f"Run {run!r} has ended already ({status}): there is nothing to cancel")
        self.run = run
        self.status = status
