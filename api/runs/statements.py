"""The statements of the store of runs, built once."""

import sqlalchemy as sa

from api.runs.lines import LAST_LINE
from api.runs.run import UNFINISHED, Status
from api.runs.tables import run_events, runs, threads

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
#: The last line of a run that the worker holds, and no row of one that it does not.
HELD = (
    sa.select(LAST_LINE)
    .select_from(runs)
    .where(
        runs.c.id == sa.bindparam("run"), runs.c.fence == sa.bindparam("fence"), runs.c.status == Status.RUNNING.value
    )
)
OVERDUE = sa.select(runs.c.id).where(runs.c.status == Status.QUEUED, runs.c.deadline <= sa.bindparam("now"))
OF_TENANT = (
    sa.select(runs)
    .join(threads, threads.c.id == runs.c.thread)
    .where(runs.c.id == sa.bindparam("run"), threads.c.tenant == sa.bindparam("tenant"))
)
STATUS = sa.select(runs.c.status).where(runs.c.id == sa.bindparam("run"))
#: A negative `most` is no limit.
LINES = (
    sa.select(run_events)
    .where(run_events.c.run == sa.bindparam("run"), run_events.c.seq > sa.bindparam("after"))
    .order_by(run_events.c.seq)
    .limit(sa.bindparam("most"))
)
