"""The tables of the ledger. Rows of `decision_records` are only ever added."""

import sqlalchemy as sa

from core.database import metadata

records = sa.Table(
    "decision_records",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("decision", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("label", sa.Integer, nullable=False),
    sa.Column("recorded_at", sa.String(40), nullable=False),
    sa.Column("recorded_by", sa.String(300), nullable=False),
    sa.Column("told", sa.JSON, nullable=False),
    sa.Index("ix_decision_records_tenant_decision", "tenant", "decision"),
)
proposals = sa.Table(
    "decision_proposals",
    metadata,
    sa.Column("tenant", sa.String(64), primary_key=True),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("label", sa.Integer, nullable=False),
    sa.Column("proposed_at", sa.String(40), nullable=False),
    sa.Column("proposed_by", sa.String(300), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("draft", sa.JSON, nullable=False),
    sa.Column("settled_at", sa.String(40)),
    sa.Column("settled_by", sa.String(300)),
    sa.Column("decision", sa.String(64)),
    sa.UniqueConstraint("tenant", "digest", name="uq_decision_proposals_tenant_digest"),
)
vectors = sa.Table(
    "decision_vectors",
    metadata,
    sa.Column("tenant", sa.String(64), primary_key=True),
    sa.Column("embedder", sa.String(100), primary_key=True),
    sa.Column("text_hash", sa.String(64), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
