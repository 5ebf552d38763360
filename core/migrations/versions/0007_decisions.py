"""The ledger of decisions, what waits to enter it, and the vectors that it is searched by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision_records",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("decision", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("label", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.Column("recorded_by", sa.String(300), nullable=False),
        sa.Column("told", sa.JSON, nullable=False),
    )
    op.create_index("ix_decision_records_tenant_decision", "decision_records", ["tenant", "decision"])
    op.create_table(
        "decision_proposals",
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
    op.create_table(
        "decision_vectors",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("embedder", sa.String(100), primary_key=True),
        sa.Column("text_hash", sa.String(64), primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("decision_vectors")
    op.drop_table("decision_proposals")
    op.drop_table("decision_records")
