"""Calls that are being forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forgettings",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("document", sa.String(200), primary_key=True),
        sa.Column("principal", sa.String(300), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("forgettings")
