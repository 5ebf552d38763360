"""When the answer to a question is no longer wanted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("deadline", sa.String(40)))


def downgrade() -> None:
    op.drop_column("runs", "deadline")
