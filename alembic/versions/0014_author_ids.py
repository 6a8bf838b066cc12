"""who an author is at the source, whatever they are called

Revision ID: 0014_author_ids
Revises: 0013_calls
Create Date: 2026-11-23 08:50:00.000000

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014_author_ids"
down_revision: str | Sequence[str] | None = "0013_calls"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("author_id", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.drop_column("author_id")
