"""Threads, runs and events in the database. The `runs` row is the truth: whoever holds its fence may write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from api.runs.events import Payload, RunAccepted, RunFailed, RunStarted
from api.runs.tables import run_events, runs, threads
from core.clock import Clock, NewId
from core.database import Database, reading, transaction
from core.errors import BusyError, FencedError, NotFoundError, UnavailableError
from core.identity import Principal

TITLE_LENGTH = 80
MOST_ATTEMPTS = 10


class Status(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


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
class Run:
    """One execution on a thread."""

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


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a run's log; `seq` counts from 1 without gaps."""

    seq: int
    type: str
    payload: dict[str, Any]
    at: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation: a line of runs that belongs to one principal."""

    id: str
    title: str
    created_at: datetime


class Runs:
    """The one place that reads and writes runs. Every write of a run's worker checks the fence in its transaction."""

    def __init__(self, database: Database, *, clock: Clock, new_id: NewId) -> None:
        self.database = database
        self._clock = clock
        self._new_id = new_id

    @transaction
    def accept(
        self,
        connection: Connection,
        question: str,
        *,
        principal: Principal,
        thread: str | None = None,
        calls: Sequence[str] = (),
        when_busy: WhenBusy = WhenBusy.ENQUEUE,
        traceparent: str | None = None,
        worker: Worker | None = None,
    ) -> Run:
        """Stores the question; once this returns it will be answered, by this process or the next.

        A run that need not wait in line is claimed for `worker` in the same transaction. NotFoundError for a thread that
        is unknown or someone else's; BusyError if the thread has an unfinished run and the caller asked not to wait.
        """
        now = self._clock()
        if thread is None:
            thread, position, busy = self._open_thread(connection, question, principal, now), 1, False
        else:
            _own_thread(connection, thread, principal)
            position, busy = _end_of_line(connection, thread)
        if busy and when_busy is WhenBusy.REJECT:
            raise BusyError(
                f"Thread {thread!r} is answering another question: wait for it, or send when_busy='enqueue'"
            )
        run = Run(
            self._new_id("run"), thread, principal.id, question, tuple(calls), position, Status.QUEUED, 0, now,
            traceparent=traceparent,
        )  # fmt: skip
        events: list[Payload] = [RunAccepted(run=run.id, thread=thread, position=position)]
        held: dict[str, Any] = {}
        if worker and not busy:
            run = replace(run, status=Status.RUNNING, fence=1)
            held = {"owner": worker.name, "lease_until": (now + worker.lease).isoformat()}
            events.append(RunStarted(attempt=1))
        connection.execute(sa.insert(runs).values(**_row(run), **held))
        _write_events(connection, run.id, events, now, after=0)
        return run

    def _open_thread(self, connection: Connection, question: str, principal: Principal, now: datetime) -> str:
        thread = self._new_id("thread")
        connection.execute(
            sa.insert(threads).values(
                id=thread,
                tenant=principal.tenant,
                owner=principal.id,
                title=_title(question),
                created_at=now.isoformat(),
            )
        )
        return thread

    @transaction
    def claim(self, connection: Connection, worker: Worker) -> Run | None:
        """Takes the oldest run that waits, or whose worker's lease ran out, on a thread where none is running."""
        now = self._clock()
        other = runs.alias("other")
        blocked = sa.exists().where(
            other.c.thread == runs.c.thread, other.c.position < runs.c.position, other.c.status.in_(UNFINISHED)
        )
        free = sa.or_(
            runs.c.status == Status.QUEUED,
            sa.and_(runs.c.status == Status.RUNNING, runs.c.lease_until < now.isoformat()),
        )
        waiting = sa.select(runs).where(free, ~blocked).order_by(runs.c.accepted_at, runs.c.id).limit(1)
        row = connection.execute(waiting).one_or_none()
        if row is None:
            return None
        if row.fence >= MOST_ATTEMPTS:
            _give_up(connection, row.id, now)
            return None
        fence = row.fence + 1
        connection.execute(
            sa.update(runs)
            .where(runs.c.id == row.id)
            .values(status=Status.RUNNING, owner=worker.name, fence=fence, lease_until=(now + worker.lease).isoformat())
        )
        _write_events(connection, row.id, [RunStarted(attempt=fence)], now)
        return _run(row, status=Status.RUNNING, fence=fence)

    @transaction
    def renew(self, connection: Connection, run: Run, *, lease: timedelta) -> None:
        """Keeps the run for another lease; FencedError once another worker has taken it."""
        until = (self._clock() + lease).isoformat()
        _hold(connection, run)
        connection.execute(sa.update(runs).where(runs.c.id == run.id).values(lease_until=until))

    @transaction
    def append(self, connection: Connection, run: Run, events: Sequence[Payload]) -> None:
        """Adds lines to the run's log; FencedError once another worker has taken the run."""
        _hold(connection, run)
        _write_events(connection, run.id, events, self._clock())

    @transaction
    def finish(
        self, connection: Connection, run: Run, status: Status, last: Sequence[Payload], *, error: str | None = None
    ) -> None:
        """Ends the run and closes its log with `last` in one transaction; FencedError once another worker has taken it."""
        now = self._clock()
        _hold(connection, run)
        _write_events(connection, run.id, last, now)
        connection.execute(
            sa.update(runs)
            .where(runs.c.id == run.id)
            .values(status=status, ended_at=now.isoformat(), error=error, lease_until=None)
        )

    @transaction
    def release(
        self,
        connection: Connection,
    ) -> int:
        """Lets go of every lease. For the data directory's one owner at its start: earlier workers are dead."""
        released = connection.execute(sa.update(runs).where(runs.c.status == Status.RUNNING).values(lease_until=""))
        return released.rowcount

    @reading
    def run(self, connection: Connection, run: str, *, principal: Principal) -> Run:
        """One run; NotFoundError if it is unknown or someone else's."""
        row = (
            connection.execute(sa.select(runs).where(runs.c.id == run, runs.c.principal == principal.id))
        ).one_or_none()
        if row is None:
            raise NotFoundError(f"No run {run!r}: see GET /v1/threads for yours")
        return _run(row)

    @reading
    def ended(self, connection: Connection, run: str) -> bool:
        """Whether the run's log is closed; nothing is written behind what it holds now."""
        status = connection.scalar(sa.select(runs.c.status).where(runs.c.id == run))
        return status not in UNFINISHED

    @reading
    def events(self, connection: Connection, run: str, *, after: int = 0) -> list[Event]:
        """The log's lines behind `after`, in order. The caller has checked whose run it is."""
        statement = (
            sa.select(run_events).where(run_events.c.run == run, run_events.c.seq > after).order_by(run_events.c.seq)
        )
        return [Event(row.seq, row.type, row.payload, row.at) for row in connection.execute(statement)]

    @reading
    def threads(self, connection: Connection, *, principal: Principal, limit: int = 100) -> list[Thread]:
        """The principal's conversations, newest first."""
        statement = (
            sa.select(threads).where(threads.c.owner == principal.id).order_by(threads.c.created_at.desc()).limit(limit)
        )
        rows = connection.execute(statement).all()
        return [Thread(row.id, row.title, datetime.fromisoformat(row.created_at)) for row in rows]

    @reading
    def history(
        self, connection: Connection, thread: str, *, principal: Principal
    ) -> list[tuple[Run, dict[str, Any] | None]]:
        """A thread's runs in order, each with the payload of its answer; NotFoundError if unknown or someone else's."""
        answers = sa.and_(run_events.c.run == runs.c.id, run_events.c.type == "answer")
        statement = (
            sa.select(runs, run_events.c.payload, run_events.c.seq)
            .outerjoin(run_events, answers)
            .where(runs.c.thread == thread)
            .order_by(runs.c.position, run_events.c.seq)
        )
        _own_thread(connection, thread, principal)
        rows = connection.execute(statement).all()
        latest = {row.id: (_run(row), row.payload) for row in rows}
        return list(latest.values())


def _give_up(connection: Connection, run: str, now: datetime) -> None:
    """Ends a run that has taken too many workers with it."""
    message = f"The run was begun {MOST_ATTEMPTS} times and never ended: ask again, and see the server's log"
    _write_events(connection, run, [RunFailed(code=UnavailableError.code, message=message)], now)
    ended = {"status": Status.FAILED, "ended_at": now.isoformat(), "error": UnavailableError.code, "lease_until": None}
    connection.execute(sa.update(runs).where(runs.c.id == run).values(**ended))


def _own_thread(connection: Connection, thread: str, principal: Principal) -> None:
    mine = sa.select(threads.c.id).where(threads.c.id == thread, threads.c.owner == principal.id)
    if connection.execute(mine).one_or_none() is None:
        raise NotFoundError(f"No thread {thread!r}: leave it out to open a new one, or see GET /v1/threads for yours")


def _end_of_line(connection: Connection, thread: str) -> tuple[int, bool]:
    """The next free position on the thread, and whether a run on it is unfinished."""
    line = (
        connection.execute(
            sa.select(
                sa.func.coalesce(sa.func.max(runs.c.position), 0),
                sa.func.count(sa.case((runs.c.status.in_(UNFINISHED), 1))),
            ).where(runs.c.thread == thread)
        )
    ).one()
    return line[0] + 1, line[1] > 0


def _hold(connection: Connection, run: Run) -> None:
    held = sa.select(runs.c.id).where(runs.c.id == run.id, runs.c.fence == run.fence, runs.c.status == Status.RUNNING)
    if connection.execute(held).one_or_none() is None:
        raise FencedError(f"Run {run.id!r} is no longer this worker's (fence {run.fence})")


def _write_events(
    connection: Connection, run: str, events: Sequence[Payload], now: datetime, *, after: int | None = None
) -> None:
    if after is None:
        last = sa.select(sa.func.coalesce(sa.func.max(run_events.c.seq), 0)).where(run_events.c.run == run)
        after = connection.scalar(last) or 0
    rows = [
        {"run": run, "seq": seq, "type": event.type, "payload": event.model_dump(mode="json"), "at": now.isoformat()}
        for seq, event in enumerate(events, after + 1)
    ]
    connection.execute(sa.insert(run_events), rows)


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def _row(run: Run) -> dict[str, Any]:
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
    }


def _run(row: Any, **changed: Any) -> Run:
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
    }
    return Run(**{**found, **changed})
