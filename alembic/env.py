import os
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Engine, create_engine, event

from models import Base
from models.base import UTCDateTime

# `vidhuk db upgrade` passes the address; the alembic command line takes it from the environment.
url = context.config.attributes.get("url") or os.environ.get("DATABASE_URL", "sqlite:///vidhuk.db")


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Migrations outlive our code, so they never import it."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UTCDateTime) else False


def own_transactions(engine: Engine) -> None:
    """Let all migrations be one transaction on SQLite, too: its driver would end one at each change of a table."""

    @event.listens_for(engine, "connect")
    def _(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=30000")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


engine = create_engine(url)
if engine.dialect.name == "sqlite":
    own_transactions(engine)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        transactional_ddl=True,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
