"""Bringing an old database up to date."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.engine import Engine

from monitor import db
from monitor.db import ROOT, NoDatabase

OLD = "0003_people"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """As an early version left it, with a source."""
    path = tmp_path / "old.db"
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["url"] = f"sqlite:///{path}"
    command.upgrade(config, OLD)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO sources (name, known_since, next_due_at, failures) VALUES ('форум', '2026-01-01', '2026-01-01', 0)"
        )
    return path


@contextmanager
def power_cut(after: int) -> Iterator[None]:
    """So many statements are run, and no more."""
    left = after

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return sorted(name for (name,) in connection.execute("SELECT name FROM sqlite_master"))


@pytest.mark.parametrize("statements", [4, 20, 45, 70])
def test_an_upgrade_that_is_cut_off_has_changed_nothing_and_is_done_the_next_time(
    old: Path, statements: int
) -> None:
    before = names(old)
    with pytest.raises(KeyboardInterrupt), power_cut(statements):
        db.upgrade(f"sqlite:///{old}")
    assert names(old) == before
    db.upgrade(f"sqlite:///{old}")
    assert names(old) != before
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT name FROM sources").fetchall() == [("форум",)]


def test_what_is_wrong_with_a_database_is_not_blamed_on_its_address(tmp_path: Path) -> None:
    path = tmp_path / "no.db"
    path.write_bytes(b"This is no database. " * 100)
    with pytest.raises(NoDatabase, match="can't be brought up to date: file is not a database"):
        db.upgrade(f"sqlite:///{path}")


def test_a_database_that_we_may_only_read_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "vidhuk.db"
    db.upgrade(f"sqlite:///{path}")
    with pytest.raises(NoDatabase, match=r"may only read its file.*DATABASE_URL, and at who owns them"):
        db.upgrade(f"sqlite:///file:{path}?mode=ro&uri=true")
