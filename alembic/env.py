import os
from typing import Any, Literal

from alembic import context
from sqlalchemy import create_engine

from models import Base
from models.base import UTCDateTime

# `vidhuk db upgrade` passes the address; the alembic command line takes it from the environment.
url = context.config.attributes.get("url") or os.environ.get("DATABASE_URL", "sqlite:///vidhuk.db")


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Migrations outlive our code, so they never import it."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UTCDateTime) else False


with create_engine(url).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
