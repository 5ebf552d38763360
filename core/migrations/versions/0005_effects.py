"""Outside writes, the approvals and standing rules under which they run, and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "effects",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("plan_hash", sa.String(64), nullable=False),
        sa.Column("system", sa.String(100), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("target", sa.String(300), nullable=False),
        sa.Column("arguments", sa.Text, nullable=False),
        sa.Column("principal", sa.String(300), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("called_at", sa.String(40), nullable=False),
        sa.Column("outcome", sa.Text),
    )
    op.create_index("ix_effects_tenant_state", "effects", ["tenant", "state"])
    op.create_table(
        "audit",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(300), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_table(
        "audit_heads",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("plan_hash", sa.String(64), nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("label", sa.Integer, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("four_eyes", sa.Boolean, nullable=False),
        sa.Column("authors", sa.JSON, nullable=False),
        sa.Column("asked_at", sa.String(40), nullable=False),
        sa.Column("expires_at", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.String(300)),
        sa.Column("decided_at", sa.String(40)),
        sa.Column("rule", sa.String(64)),
        sa.Column("replaced_by", sa.String(64)),
        sa.Column("note", sa.Text),
    )
    op.create_index("ix_approvals_tenant_state", "approvals", ["tenant", "state"])
    op.create_table(
        "standing_rules",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("system", sa.String(100), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("targets", sa.JSON, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("per_s", sa.Integer, nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("expires_at", sa.String(40), nullable=False),
        sa.Column("revoked_at", sa.String(40)),
    )
    op.create_index("ix_standing_rules_tenant", "standing_rules", ["tenant"])
    op.create_table(
        "rule_uses",
        sa.Column("rule", sa.String(64), sa.ForeignKey("standing_rules.id"), primary_key=True),
        sa.Column("approval", sa.String(64), primary_key=True),
        sa.Column("steps", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    for table in ("rule_uses", "standing_rules", "approvals", "audit_heads", "audit", "effects"):
        op.drop_table(table)
