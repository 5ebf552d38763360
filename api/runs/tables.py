"""Threads, runs and the event log."""

import sqlalchemy as sa

from core.database import metadata

threads = sa.Table(
    "threads",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("owner", sa.String(200), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Index("ix_threads_tenant_owner_created_at", "tenant", "owner", "created_at"),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("thread", sa.String(64), sa.ForeignKey("threads.id", name="fk_runs_thread"), nullable=False),
    sa.Column("principal", sa.String(300), nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("calls", sa.JSON, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("owner", sa.String(64)),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("lease_until", sa.String(40)),
    sa.Column("traceparent", sa.String(64)),
    sa.Column("accepted_at", sa.String(40), nullable=False),
    sa.Column("ended_at", sa.String(40)),
    sa.Column("error", sa.String(64)),
    sa.Column("deadline", sa.String(40)),
    sa.UniqueConstraint("thread", "position", name="uq_runs_thread_position"),
    sa.Index("ix_runs_status", "status"),
)

run_events = sa.Table(
    "run_events",
    metadata,
    sa.Column("run", sa.String(64), sa.ForeignKey("runs.id", name="fk_run_events_run"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("type", sa.String(40), nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)
