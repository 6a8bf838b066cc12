"""a case that was closed unanswered and comes back owes its first answer anew

Revision ID: 0016_owed_since
Revises: 0015_taken_out
Create Date: 2026-11-24 00:20:00.000000

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016_owed_since"
down_revision: str | Sequence[str] | None = "0015_taken_out"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_owed_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("first_owed_since")
