"""Platforms: what is wanted and found, what needs what, and what happened."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "platform_states",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("platform", sa.String(100), primary_key=True),
        sa.Column("desired", sa.JSON, nullable=False),
        sa.Column("actual", sa.JSON, nullable=False),
        sa.Column("health", sa.String(16), nullable=False),
        sa.Column("observed_at", sa.String(40)),
    )
    op.create_table(
        "platform_dependencies",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("platform", sa.String(100), primary_key=True),
        sa.Column("needs", sa.String(100), primary_key=True),
    )
    op.create_table(
        "platform_changes",
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
    )
    op.create_index("ix_platform_changes_tenant_platform_n", "platform_changes", ["tenant", "platform", "n"])


def downgrade() -> None:
    for table in ("platform_changes", "platform_dependencies", "platform_states"):
        op.drop_table(table)
