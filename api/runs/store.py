"""Threads, runs and events in the database. The `runs` row is the truth: whoever holds its fence may write."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from api.runs.events import Payload, RunAccepted, RunFailed, RunStarted
from api.runs.run import UNFINISHED, Event, Log, Run, Status, Thread, WhenBusy, Worker, row_of, run_of
from api.runs.tables import run_events, runs, threads
from core.clock import Clock, NewId
from core.database import Database, reading, transaction
from core.errors import BusyError, FencedError, NotFoundError, UnavailableError
from core.identity import Principal

TITLE_LENGTH = 80
MOST_ATTEMPTS = 10

_OTHER = runs.alias("other")
WAITING = (
    sa.select(runs)
    .where(
        sa.or_(
            runs.c.status == Status.QUEUED,
            sa.and_(runs.c.status == Status.RUNNING, runs.c.lease_until < sa.bindparam("now")),
        ),
        ~sa.exists().where(
            _OTHER.c.thread == runs.c.thread, _OTHER.c.position < runs.c.position, _OTHER.c.status.in_(UNFINISHED)
        ),
    )
    .order_by(runs.c.accepted_at, runs.c.id)
    .limit(1)
)
LAST_LINE = (
    sa.select(sa.func.coalesce(sa.func.max(run_events.c.seq), 0))
    .where(run_events.c.run == sa.bindparam("run"))
    .scalar_subquery()
)
#: The last line of a run that the worker holds, and no row of one that it does not.
HELD = (
    sa.select(LAST_LINE)
    .select_from(runs)
    .where(
        runs.c.id == sa.bindparam("run"), runs.c.fence == sa.bindparam("fence"), runs.c.status == Status.RUNNING.value
    )
)
STATUS = sa.select(runs.c.status).where(runs.c.id == sa.bindparam("run"))
LINES = (
    sa.select(run_events)
    .where(run_events.c.run == sa.bindparam("run"), run_events.c.seq > sa.bindparam("after"))
    .order_by(run_events.c.seq)
)


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
        connection.execute(sa.insert(runs).values(**row_of(run), **held))
        return replace(run, opening=_write_events(connection, run.id, events, now, after=0))

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
        _write_events(connection, row.id, [RunStarted(attempt=fence)], now, after=_last_line(connection, row.id))
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
            _write_events(connection, run.id, events, self._clock(), after=_hold(connection, run))

        await self.database.write(append, synced=False)

    @transaction
    def finish(
        self, connection: Connection, run: Run, status: Status, last: Sequence[Payload], *, error: str | None = None
    ) -> None:
        """Ends the run and closes its log with `last` in one transaction; FencedError once another worker has taken it."""
        now = self._clock()
        _write_events(connection, run.id, last, now, after=_hold(connection, run))
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
        return run_of(row)

    @reading
    def log(self, connection: Connection, run: str, *, after: int = 0) -> Log:
        """The lines behind `after` as they stand now. The caller has checked whose run it is."""
        status = connection.scalar(STATUS, {"run": run})
        rows = connection.execute(LINES, {"run": run, "after": after})
        return Log([Event(row.seq, row.type, row.payload, row.at) for row in rows], status not in UNFINISHED)

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
    _write_events(connection, run, [failed], now, after=_last_line(connection, run))
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


def _hold(connection: Connection, run: Run) -> int:
    """The number of the run's last line; FencedError once the run is another worker's."""
    last: int | None = connection.scalar(HELD, {"run": run.id, "fence": run.fence})
    if last is None:
        raise FencedError(f"Run {run.id!r} is no longer this worker's (fence {run.fence})")
    return last


def _last_line(connection: Connection, run: str) -> int:
    last: int = connection.scalars(sa.select(LAST_LINE), {"run": run}).one()
    return last


def _write_events(
    connection: Connection, run: str, events: Sequence[Payload], now: datetime, *, after: int
) -> tuple[Event, ...]:
    at = now.isoformat()
    lines = tuple(
        Event(seq, event.type, event.model_dump(mode="json"), at) for seq, event in enumerate(events, after + 1)
    )
    rows = [{"run": run, "seq": one.seq, "type": one.type, "payload": one.payload, "at": one.at} for one in lines]
    connection.execute(sa.insert(run_events), rows)
    return lines


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"
