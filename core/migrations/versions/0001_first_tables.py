"""Documents, threads, runs with their event log, and API keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("held", sa.String(40)),
        sa.Column("account", sa.Text),
        sa.Column("label", sa.Integer, nullable=False),
        sa.Column("readers", sa.JSON, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("transcript", sa.JSON, nullable=False),
        sa.Column("ingested_at", sa.String(40), nullable=False),
    )
    op.create_index(
        "uq_documents_live", "documents", ["tenant", "id"], unique=True, sqlite_where=sa.text("state = 'live'"), postgresql_where=sa.text("state = 'live'")
    )
    op.create_table(
        "threads",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
    )
    op.create_index("ix_threads_tenant_owner_created_at", "threads", ["tenant", "owner", "created_at"])
    op.create_table(
        "runs",
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
        sa.UniqueConstraint("thread", "position", name="uq_runs_thread_position"),
    )
    op.create_index("ix_runs_status", "runs", ["status"])
    op.create_table(
        "run_events",
        sa.Column("run", sa.String(64), sa.ForeignKey("runs.id", name="fk_run_events_run"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_table(
        "api_keys",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("user", sa.String(200), nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("groups", sa.JSON, nullable=False),
        sa.Column("clearance", sa.Integer, nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("revoked_at", sa.String(40)),
    )
    op.create_index("ix_api_keys_tenant_user", "api_keys", ["tenant", "user"])


def downgrade() -> None:
    for table in ("api_keys", "run_events", "runs", "threads", "documents"):
        op.drop_table(table)
