"""The room that every test of the desk happens in."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from monitor import db
from monitor.db import Sessions
from tests.bots.room import Line, Room, open_line, open_room


@pytest.fixture
def one_database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Sessions]:
    """SQLite is enough here: what depends on the database is tested below the bot."""
    shutil.copyfile(migrated_sqlite, tmp_path / "desk.db")
    sessions = db.connect(f"sqlite:///{tmp_path}/desk.db")
    yield sessions
    sessions.kw["bind"].dispose()


@pytest.fixture(scope="session")
def line() -> Iterator[tuple[Line, str]]:
    with open_line() as line:
        yield line


@pytest.fixture
def room(line: tuple[Line, str], one_database: Sessions, now: datetime) -> Iterator[Room]:
    with open_room(line, one_database, now) as room:
        yield room
