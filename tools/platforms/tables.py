"""The tables of platforms: what is wanted and found, what needs what, and what happened."""

import sqlalchemy as sa

from core.database import metadata

states = sa.Table(
    "platform_states",
    metadata,
    sa.Column("tenant", sa.String(64), primary_key=True),
    sa.Column("platform", sa.String(100), primary_key=True),
    sa.Column("desired", sa.JSON, nullable=False),
    sa.Column("actual", sa.JSON, nullable=False),
    sa.Column("health", sa.String(16), nullable=False),
    sa.Column("observed_at", sa.String(40)),
)
dependencies = sa.Table(
    "platform_dependencies",
    metadata,
    sa.Column("tenant", sa.String(64), primary_key=True),
    sa.Column("platform", sa.String(100), primary_key=True),
    sa.Column("needs", sa.String(100), primary_key=True),
)
changes = sa.Table(
    "platform_changes",
    metadata,
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("platform", sa.String(100), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("before", sa.JSON, nullable=False),
    sa.Column("after", sa.JSON, nullable=False),
    sa.Column("by", sa.String(300), nullable=False),
    sa.Column("plan", sa.String(64)),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("ix_platform_changes_tenant_platform_n", "tenant", "platform", "n"),
)
