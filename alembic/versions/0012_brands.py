"""brands

Revision ID: 0012_brands
Revises: 0011_unposted
Create Date: 2026-11-22 10:30:00.000000

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012_brands"
down_revision: str | Sequence[str] | None = "0011_unposted"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "brands",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("known_since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_brands")),
    )
    # A brand that we have heard of is no new one: its crises are raised without a pause.
    op.execute(
        "INSERT INTO brands (name, known_since) SELECT brand, MIN(found_at) FROM mentions GROUP BY brand"
    )


def downgrade() -> None:
    op.drop_table("brands")
