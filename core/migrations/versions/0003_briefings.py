"""The briefings that were made."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "briefings",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(300), nullable=False),
        sa.Column("key", sa.String(200)),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("label", sa.Integer, nullable=False),
        sa.Column("documents", sa.JSON, nullable=False),
        sa.Column("quoted", sa.JSON, nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("briefing", sa.JSON, nullable=False),
        sa.UniqueConstraint("owner", "key", name="uq_briefings_owner_key"),
    )
    op.create_index("ix_briefings_tenant_made_at", "briefings", ["tenant", "made_at"])


def downgrade() -> None:
    op.drop_table("briefings")
