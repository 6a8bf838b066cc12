"""The database: SQLite in a file by default, PostgreSQL where DATABASE_URL says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import CursorResult, Delete, Update, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]

ROOT = Path(__file__).parents[1]


def connect(url: str) -> Sessions:
    """Sessions on the database at url; rows stay readable after their transaction."""
    # An error that shows its parameters shows what people wrote, in the log and on the terminal.
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def reading(sessions: Sessions) -> Iterator[Session]:
    """A session that only reads: on SQLite it neither waits for a writer nor keeps one waiting."""
    with sessions() as session:
        session.connection(execution_options={"only_reads": True})
        yield session


def is_missing(url: str) -> bool:
    """Whether url names an SQLite file that is not there: to open it would make it. What can't be read is told when it is opened."""
    try:
        address = make_url(url)
    except (SQLAlchemyError, ValueError):
        return False
    return address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file()


class NoDatabase(Exception):
    """DATABASE_URL names no database that we can use. Its text is a sentence, without the password."""


def upgrade(url: str) -> None:
    """Bring the tables to the newest migration. Raises NoDatabase."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["url"] = url
    try:
        command.upgrade(config, "head")
        _try_to_write(url)
    except (SQLAlchemyError, CommandError, ImportError, OSError) as error:
        raise NoDatabase(_what_is_wrong(url, error)) from error
    except ValueError:  # its words are a part of the password
        raise NoDatabase(
            "DATABASE_URL can't be read: the port is no number, or the password has signs that mean something in an address."
            " Write @ as %40, : as %3A, / as %2F and % as %25."
        ) from None


def _try_to_write(url: str) -> None:
    """Raises where the database may be read only, which else shows at the first post."""
    with connect(url).begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = version_num"))


def _what_is_wrong(url: str, error: Exception) -> str:
    if isinstance(error, CommandError):
        return f"The database can't be brought up to date: {error}"
    if isinstance(error, DBAPIError):
        reason = (str(error.orig).splitlines() or [""])[0].rstrip(".")
        if "readonly" in reason:
            return (
                "The database can't be written: whoever runs this may only read its file, or the folder that it lies in."
                " Look at DATABASE_URL, and at who owns them."
            )
        if isinstance(error, OperationalError) and error.statement is None:
            return f"The database can't be opened: {reason}. Look at DATABASE_URL."
        return f"The database that DATABASE_URL names can't be brought up to date: {reason}."
    kind = url.partition(":")[0] if "://" in url else "it"
    return (
        f"The database can't be opened: {kind} is not understood ({type(error).__name__}). DATABASE_URL is written as"
        " sqlite:///vidhuk.db or postgresql+psycopg://user:password@host/name."
    )


def changed(session: Session, statement: Update | Delete) -> int:
    """Run it, and return how many rows it changed: of two who want the same change, on any database, only one makes it."""
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount


def upsert(session: Session) -> Any:
    """The INSERT that knows ON CONFLICT, for the database we are on."""
    dialects: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
    return dialects[session.get_bind().dialect.name].insert


def _tune_sqlite(connection: Any, _: Any) -> None:
    # The driver would begin on its own, and too late; see _begin_sqlite.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A transaction that starts with reading and then writes fails at once with "database is locked"
    # when another wrote meanwhile; one that says so at its start waits its turn (busy_timeout).
    only_reads = connection.get_execution_options().get("only_reads", False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
