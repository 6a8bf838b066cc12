"""calls that say what became of their answer

Revision ID: 0013_calls
Revises: 0012_brands
Create Date: 2026-11-22 10:40:00.000000

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013_calls"
down_revision: str | Sequence[str] | None = "0012_brands"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("reply_id", sa.BigInteger(), nullable=True))
        batch_op.create_index(batch_op.f("ix_notices_reply_id"), ["reply_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices_reply_id"))
        batch_op.drop_column("reply_id")
        batch_op.drop_column("message_id")
