"""Approvals, and the standing rules with their uses."""

import sqlalchemy as sa

from core.database import metadata

approvals = sa.Table(
    "approvals",
    metadata,
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
    sa.Index("ix_approvals_tenant_state", "tenant", "state"),
)
standing_rules = sa.Table(
    "standing_rules",
    metadata,
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
    sa.Index("ix_standing_rules_tenant", "tenant"),
)
rule_uses = sa.Table(
    "rule_uses",
    metadata,
    sa.Column("rule", sa.String(64), sa.ForeignKey("standing_rules.id"), primary_key=True),
    sa.Column("approval", sa.String(64), primary_key=True),
    sa.Column("steps", sa.Integer, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)
