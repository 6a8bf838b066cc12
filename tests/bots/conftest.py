"""The room that every test of the desk happens in."""

import functools
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from monitor.db import Sessions
from tests.bots.room import Line, Room, open_line, open_room


@pytest.fixture(scope="session", autouse=True)
def _certificates_are_read_once() -> Iterator[None]:
    """Each start of the bot reads all the world's certificates twice, which took longer than many a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@pytest.fixture
def one_database(fresh_sqlite: Callable[[], str], connect: Callable[[str], Sessions]) -> Iterator[Sessions]:
    """SQLite is enough here: what depends on the database is tested below the bot."""
    sessions = connect(fresh_sqlite())
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
