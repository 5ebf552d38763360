"""Edits of CRM records by their keys, and the fields that they wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crm_edits",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_table(
        "crm_synced",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("record", sa.String(200), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("principal", sa.String(300), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_index("ix_crm_synced_tenant_kind_record", "crm_synced", ["tenant", "kind", "record"])


def downgrade() -> None:
    op.drop_table("crm_synced")
    op.drop_table("crm_edits")
