"""Databases for every test that needs one: SQLite always, PostgreSQL where its binaries are on the machine."""

import functools
import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor import db
from monitor.db import Sessions
from monitor.settings import Settings
from tests.postgresql import Cluster, NoPostgres, start

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday
LONGEST = ("test_browser.py", "test_two_people.py")
"""They wait for clocks: begun last, all other workers would wait for them."""
why_no_postgres: list[str] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(autouse=True)
def _no_log_to_a_closed_stream() -> Iterator[None]:
    """A command that ran in this process wrote its log to a stream that pytest closes; threads of later tests would too."""
    yield
    root = logging.getLogger()
    for handler in [each for each in root.handlers if type(each) is logging.StreamHandler]:
        root.removeHandler(handler)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    db.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def connect() -> Callable[[str], Sessions]:
    """One engine for a database of that name, however often the database is made anew: each new engine compiles all
    statements again, which took two fifths of the desk's tests."""
    return functools.cache(db.connect)


@pytest.fixture(scope="session")
def fresh_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Makes an empty database at one and the same URL."""
    path = tmp_path_factory.mktemp("fresh") / "test.db"

    def fresh() -> str:
        for old in path.parent.iterdir():
            old.unlink()
        shutil.copyfile(migrated_sqlite, path)
        return f"sqlite:///{path}"

    return fresh


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    try:
        cluster = start(tmp_path_factory.mktemp("postgres"))
    except NoPostgres as error:
        why_no_postgres.append(str(error))
        pytest.skip(str(error))
    with cluster:
        db.upgrade(cluster.url)
        yield cluster


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest, fresh_sqlite: Callable[[], str]) -> Iterator[str]:
    """A fresh, migrated database; every test that asks for one runs on both kinds, on PostgreSQL where slow ones run."""
    if request.param == "sqlite":
        yield fresh_sqlite()
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    yield cluster.url
    cluster.empty()


@pytest.fixture
def sessions(database_url: str, connect: Callable[[str], Sessions]) -> Iterator[Sessions]:
    sessions = connect(database_url)
    yield sessions
    sessions.kw["bind"].dispose()


@pytest.fixture
def settings() -> Settings:
    return make_settings()


def make_settings(**changes: Any) -> Settings:
    return Settings.model_validate(
        {
            "language": "uk",
            "contact": "https://novolinia.example/contact",
            "brands": [
                {"name": "Новолінія", "query": "Новолінія OR novolinia", "own_accounts": ["novolinia-care"]},
                {"name": "Будсвіт", "query": "Будсвіт", "ours": False},
            ],
            "sources": [
                {"kind": "forum", "name": "forum", "title": "форум «Покупець»"},
                {"kind": "feed", "name": "blog"},
            ],
            "staff": {
                "chats": [{"id": -100, "language": "uk"}],
                "people": [{"name": "Олена", "telegram": 7}, {"name": "Андрій", "telegram": 8}],
            },
            # Each has tests of its own; elsewhere an answer leaves at once, and a claim stays.
            "desk": {"undo": 0, "claim_expires": "never"},
            **changes,
        }
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for why in why_no_postgres:
        terminalreporter.write_line(f"The PostgreSQL half of the database tests did NOT run: {why}", red=True)
