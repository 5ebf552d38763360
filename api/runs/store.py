"""Threads, runs and events in the database. The `runs` row is the truth: whoever holds its fence may write."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from api.runs.events import Payload, RunAccepted, RunCancelled, RunFailed, RunStarted
from api.runs.lines import close_log, last_line, write_lines
from api.runs.run import UNFINISHED, EndedError, Event, Log, Run, Status, Thread, WhenBusy, Worker, row_of, run_of
from api.runs.statements import HELD, LINES, OF_TENANT, OVERDUE, STATUS, WAITING
from api.runs.tables import run_events, runs, threads
from api.security.keys import ADMIN
from core.clock import Clock, NewId
from core.database import Database, reading, transaction
from core.errors import (
    BusyError,
    ConflictError,
    DeadlineError,
    FencedError,
    NotFoundError,
    RateLimitedError,
    RunCancelledError,
    UnavailableError,
)
from core.identity import Principal
from graphs.checkpoints import delete_checkpoints

TITLE_LENGTH = 80
MOST_ATTEMPTS = 10

FULL_RETRY_S = 2.0
"""When somebody who has as many unfinished runs as he may is told to try again."""


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
        within: timedelta | None = None,
        at_once: int | None = None,
    ) -> Run:
        """Stores the question; once this returns it will be answered, by this process or the next.

        A run that need not wait in line is claimed for `worker` in the same transaction. NotFoundError for a thread that
        is unknown or someone else's; BusyError if the thread has an unfinished run and the caller asked not to wait;
        RateLimitedError if the principal has `at_once` unfinished runs. The answer is wanted `within` that time.
        """
        now = self._clock()
        if at_once is not None:
            _check_room(connection, principal, at_once)
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
            traceparent=traceparent, deadline=now + within if within else None,
        )  # fmt: skip
        events: list[Payload] = [RunAccepted(run=run.id, thread=thread, position=position)]
        held: dict[str, Any] = {}
        if worker and not busy:
            run = replace(run, status=Status.RUNNING, fence=1)
            held = {"owner": worker.name, "lease_until": (now + worker.lease).isoformat()}
            events.append(RunStarted(attempt=1))
        connection.execute(sa.insert(runs).values(**row_of(run), **held))
        return replace(run, opening=write_lines(connection, run.id, events, now, after=0))

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

    async def claim(self, worker: Worker) -> Run | None:
        """Takes the oldest run that waits, or whose worker's lease ran out, on a thread where none is running."""
        return await self._take(worker) if await self._any_waits() else None

    @reading
    def _any_waits(self, connection: Connection) -> bool:
        """Whether it is worth taking the write lock, which those who ask questions wait for."""
        return connection.execute(WAITING, {"now": self._clock().isoformat()}).first() is not None

    @transaction
    def _take(self, connection: Connection, worker: Worker) -> Run | None:
        now = self._clock()
        row = connection.execute(WAITING, {"now": now.isoformat()}).one_or_none()
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
        write_lines(connection, row.id, [RunStarted(attempt=fence)], now, after=last_line(connection, row.id))
        return run_of(row, status=Status.RUNNING, fence=fence)

    @transaction
    def renew(self, connection: Connection, run: Run, *, lease: timedelta) -> None:
        """Keeps the run for another lease; FencedError once another worker has taken it."""
        until = (self._clock() + lease).isoformat()
        _hold(connection, run)
        connection.execute(sa.update(runs).where(runs.c.id == run.id).values(lease_until=until))

    async def append(self, run: Run, events: Sequence[Payload]) -> None:
        """Adds lines to the run's log; FencedError once another worker has taken the run.

        They are not synced: a run that a power cut interrupts is begun again, and its log says so.
        """

        def append(connection: Connection) -> None:
            write_lines(connection, run.id, events, self._clock(), after=_hold(connection, run))

        await self.database.write(append, synced=False)

    @transaction
    def finish(
        self, connection: Connection, run: Run, status: Status, last: Sequence[Payload], *, error: str | None = None
    ) -> None:
        """Ends the run and closes its log with `last` in one transaction; FencedError once another worker has taken it."""
        now = self._clock()
        write_lines(connection, run.id, last, now, after=_hold(connection, run))
        connection.execute(
            sa.update(runs)
            .where(runs.c.id == run.id)
            .values(status=status, ended_at=now.isoformat(), error=error, lease_until=None)
        )

    @transaction
    def cancel(self, connection: Connection, run: str, *, principal: Principal) -> Run:
        """Ends one of the principal's runs, or for an admin one of the tenant, wherever it stands; its worker can write nothing more.

        The run as it then is, also where it was cancelled before; NotFoundError if it is unknown or somebody else's,
        EndedError if it has ended otherwise.
        """
        row = connection.execute(OF_TENANT, {"run": run, "tenant": principal.tenant}).one_or_none()
        if row is None or (row.principal != principal.id and ADMIN not in principal.roles):
            raise NotFoundError(f"No run {run!r}: see 'sophia threads list' or GET /v1/threads for yours")
        if row.status == Status.CANCELLED:
            return run_of(row)
        if row.status not in UNFINISHED:
            raise EndedError(run, Status(row.status))
        now, code = self._clock(), RunCancelledError.code
        close_log(connection, run, Status.CANCELLED, RunCancelled(by=principal.id), now, error=code)
        return run_of(row, status=Status.CANCELLED, ended_at=now, error=code)

    async def expire(self) -> Sequence[str]:
        """Ends the runs that still wait though their deadline has passed; their ids."""
        return await self._expire() if await self._any_overdue() else ()

    @reading
    def _any_overdue(self, connection: Connection) -> bool:
        return connection.execute(OVERDUE, {"now": self._clock().isoformat()}).first() is not None

    @transaction
    def _expire(self, connection: Connection) -> Sequence[str]:
        now = self._clock()
        overdue = connection.scalars(OVERDUE, {"now": now.isoformat()}).all()
        failed = RunFailed(code=DeadlineError.code, message="The deadline passed while the question waited in line")
        for run in overdue:
            close_log(connection, run, Status.FAILED, failed, now, error=DeadlineError.code)
        return overdue

    @transaction
    def delete_thread(self, connection: Connection, thread: str, *, principal: Principal) -> None:
        """Deletes a conversation with its runs, their logs and checkpoints. NotFoundError if it is unknown or someone else's,
        ConflictError while a run of it has not ended.
        """
        _own_thread(connection, thread, principal)
        if _end_of_line(connection, thread)[1]:
            raise ConflictError(f"Thread {thread!r} has a run that has not ended: wait for it, or cancel it")
        delete_checkpoints(connection, thread)
        its_runs = sa.select(runs.c.id).where(runs.c.thread == thread)
        connection.execute(sa.delete(run_events).where(run_events.c.run.in_(its_runs)))
        connection.execute(sa.delete(runs).where(runs.c.thread == thread))
        connection.execute(sa.delete(threads).where(threads.c.id == thread))

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
            raise NotFoundError(f"No run {run!r}: see 'sophia threads list' or GET /v1/threads for yours")
        return run_of(row)

    @reading
    def log(self, connection: Connection, run: str, *, after: int = 0, most: int | None = None) -> Log:
        """The lines behind `after` as they stand now, the first `most` of them. The caller has checked whose run it is."""
        status = connection.scalar(STATUS, {"run": run})
        rows = connection.execute(LINES, {"run": run, "after": after, "most": -1 if most is None else most}).all()
        whole = most is None or len(rows) < most
        events = [Event(row.seq, row.type, row.payload, row.at) for row in rows]
        return Log(events, whole and status not in UNFINISHED)

    async def events(self, run: str, *, after: int = 0) -> Sequence[Event]:
        """The log's lines behind `after`, in order. The caller has checked whose run it is."""
        return (await self.log(run, after=after)).events

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
        latest = {row.id: (run_of(row), row.payload) for row in rows}
        return list(latest.values())


def _give_up(connection: Connection, run: str, now: datetime) -> None:
    """Ends a run that has taken too many workers with it."""
    message = f"The run was begun {MOST_ATTEMPTS} times and never ended: ask again, and see the server's log"
    failed = RunFailed(code=UnavailableError.code, message=message)
    close_log(connection, run, Status.FAILED, failed, now, error=UnavailableError.code)


def _check_room(connection: Connection, principal: Principal, at_once: int) -> None:
    mine = sa.select(sa.func.count()).where(runs.c.status.in_(UNFINISHED), runs.c.principal == principal.id)
    if connection.scalars(mine).one() >= at_once:
        raise RateLimitedError(
            f"You have {at_once} questions that are not answered yet: wait for one, or cancel one (SOPHIA_RUNS_AT_ONCE)",
            retry_after=FULL_RETRY_S,
        )


def _own_thread(connection: Connection, thread: str, principal: Principal) -> None:
    mine = sa.select(threads.c.id).where(threads.c.id == thread, threads.c.owner == principal.id)
    if connection.execute(mine).one_or_none() is None:
        raise NotFoundError(
            f"No thread {thread!r}: leave it out to open a new one, or see 'sophia threads list' or GET /v1/threads for yours"
        )


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


def _hold(connection: Connection, run: Run) -> int:
    """The number of the run's last line; FencedError once the run is another worker's."""
    last: int | None = connection.scalar(HELD, {"run": run.id, "fence": run.fence})
    if last is None:
        raise FencedError(f"Run {run.id!r} is no longer this worker's (fence {run.fence})")
    return last


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"
