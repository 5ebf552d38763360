"""The records of the CRM."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _create(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(200), primary_key=True),
        *columns,
        sa.Column("label", sa.Integer, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def upgrade() -> None:
    _create(
        "crm_reps",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("manager", sa.Text),
        sa.Column("region", sa.Text),
    )
    _create(
        "crm_products",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("family", sa.Text),
        sa.Column("price", sa.String(40)),
        sa.Column("currency", sa.Text),
    )
    _create(
        "crm_accounts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("domain", sa.Text),
        sa.Column("industry", sa.Text),
        sa.Column("segment", sa.Text),
        sa.Column("region", sa.Text),
        sa.Column("country", sa.Text),
        sa.Column("owner", sa.Text),
        sa.Column("parent", sa.Text),
        sa.Column("employees", sa.Integer),
        sa.Column("founded", sa.Integer),
        sa.Column("revenue", sa.String(40)),
        sa.Column("currency", sa.Text),
        sa.Column("created", sa.Date),
        sa.Column("modified", sa.String(40)),
    )
    _create(
        "crm_contacts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("account", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("owner", sa.Text),
        sa.Column("created", sa.Date),
        sa.Column("modified", sa.String(40)),
    )
    _create(
        "crm_deals",
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("account", sa.Text),
        sa.Column("owner", sa.Text),
        sa.Column("pipeline", sa.Text),
        sa.Column("amount", sa.String(40)),
        sa.Column("currency", sa.Text),
        sa.Column("created", sa.Date),
        sa.Column("engaged", sa.Date),
        sa.Column("closed", sa.Date),
        sa.Column("expected", sa.Date),
        sa.Column("product", sa.Text),
        sa.Column("region", sa.Text),
        sa.Column("segment", sa.Text),
        sa.Column("lost_reason", sa.Text),
        sa.Column("competitor", sa.Text),
        sa.Column("next_step", sa.Text),
        sa.Column("modified", sa.String(40)),
    )
    _create(
        "crm_stage_changes",
        sa.Column("deal", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("entered", sa.Date, nullable=False),
        sa.Column("previous", sa.Text),
        sa.Column("observed", sa.Boolean, nullable=False),
    )
    _create(
        "crm_activities",
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("owner", sa.Text),
        sa.Column("account", sa.Text),
        sa.Column("contact", sa.Text),
        sa.Column("deal", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("minutes", sa.String(40)),
    )
    _create(
        "crm_figures",
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("grain", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("currency", sa.Text),
        sa.Column("segment", sa.Text),
        sa.Column("account", sa.Text),
        sa.Column("partial", sa.Boolean, nullable=False),
    )
    op.create_index("ix_crm_stage_changes_tenant_deal", "crm_stage_changes", ["tenant", "deal"])


def downgrade() -> None:
    for name in ("figures", "activities", "stage_changes", "deals", "contacts", "accounts", "products", "reps"):
        op.drop_table(f"crm_{name}")
