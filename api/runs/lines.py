"""Writing the lines of a run's log, and ending a run with its last, within a transaction of the caller."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from api.runs.events import Payload
from api.runs.run import Event, Status
from api.runs.tables import run_events, runs

LAST_LINE = (
    sa.select(sa.func.coalesce(sa.func.max(run_events.c.seq), 0))
    .where(run_events.c.run == sa.bindparam("run"))
    .scalar_subquery()
)


def last_line(connection: Connection, run: str) -> int:
    """The number of the last line of the run's log; 0 where there is none."""
    last: int = connection.scalars(sa.select(LAST_LINE), {"run": run}).one()
    return last


def write_lines(
    connection: Connection, run: str, events: Sequence[Payload], now: datetime, *, after: int
) -> tuple[Event, ...]:
    """Writes the events behind line `after` of the run's log; the lines as they stand there."""
    at = now.isoformat()
    lines = tuple(
        Event(seq, event.type, event.model_dump(mode="json"), at) for seq, event in enumerate(events, after + 1)
    )
    rows = [{"run": run, "seq": one.seq, "type": one.type, "payload": one.payload, "at": one.at} for one in lines]
    connection.execute(sa.insert(run_events), rows)
    return lines


def close_log(connection: Connection, run: str, status: Status, last: Payload, now: datetime, *, error: str) -> None:
    """Ends a run with its last line, whoever carries it out: from then on its worker can write nothing more."""
    write_lines(connection, run, [last], now, after=last_line(connection, run))
    ended = {"status": status, "ended_at": now.isoformat(), "error": error, "lease_until": None}
    connection.execute(sa.update(runs).where(runs.c.id == run).values(**ended))
