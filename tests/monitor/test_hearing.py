"""What is said in groups is told once only: none of it is lost while the database can't be written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from models import Mention, Notice, SourceState
from monitor import hearing, ingest
from monitor.db import Sessions
from monitor.hearing import Hearing
from monitor.ingest import Listening
from monitor.matching import Matcher
from monitor.rounds import Rounds
from monitor.settings import Settings
from monitor.source import Page, Post
from tests.builders import post, register
from tests.conftest import make_settings


@pytest.fixture
def ear(sessions: Sessions, settings: Settings, now: datetime) -> Hearing:
    register(sessions, now, "groups")
    matcher = Matcher([brand.terms for brand in settings.brands])
    return Hearing(sessions, Listening("groups", matcher), lambda: now)


def known(ear: Hearing) -> set[str]:
    with ear.sessions() as session:
        return set(session.scalars(select(Mention.external_id)))


@contextmanager
def refusing(monkeypatch: pytest.MonkeyPatch, error: Exception, *ids: str) -> Iterator[None]:
    """A database that does not take these posts; none at all where no ids are given."""
    store = ingest.store

    def refuse(session: Any, listening: Any, page: Any, now: Any) -> list[int]:
        if not ids or page.posts[0].id in ids:
            raise error
        return store(session, listening, page, now)

    with monkeypatch.context() as patch:
        patch.setattr(ingest, "store", refuse)
        yield


LOCKED = OperationalError("BEGIN", None, Exception("database is locked"))


def test_what_the_database_does_not_take_waits_until_it_does(
    ear: Hearing, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refusing(monkeypatch, LOCKED):
        assert ear.hear([post("m1", at=now), post("m2", at=now)]) == 0
    assert known(ear) == set()
    assert ear.hear([post("m3", at=now)]) == 3
    assert known(ear) == {"m1", "m2", "m3"}
    assert ear.store() == 0


def test_one_that_the_database_never_takes_keeps_none_of_the_others_out(
    ear: Hearing, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refusing(monkeypatch, LOCKED, "m1"):
        ear.hear([post("m1", at=now), post("m2", at=now)])
        ear.store()
        assert known(ear) == {"m2"}


def test_a_bug_of_ours_with_one_post_loses_none_of_the_others(
    ear: Hearing, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refusing(monkeypatch, ValueError("a bug"), "m1"), pytest.raises(ValueError, match="a bug"):
        ear.hear([post("m1", at=now), post("m2", at=now)])
    ear.store()
    assert known(ear) == {"m2"}


def test_no_more_waits_than_memory_should_hold(
    ear: Hearing, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "MOST", 2)
    with refusing(monkeypatch, LOCKED):
        ear.hear([post(f"m{n}", at=now) for n in range(3)])
    ear.store()
    assert len(known(ear)) == 2


# Is the source well?


@dataclass
class Group:
    """Says what an update says, and nothing when it is asked."""

    name: str = "groups"

    def poll(self, cursor: str | None) -> Iterator[Page]:
        yield from ()

    def hear(self, update: Mapping[str, Any]) -> list[Post]:
        return [update["post"]]


@pytest.fixture
def rounds(sessions: Sessions, now: datetime) -> Rounds:
    settings = make_settings(sources=[{"kind": "telegram", "name": "groups"}], health={"failures": 1})
    rounds = Rounds(sessions, settings, {"groups": Group()}, lambda: None, lambda: now)
    rounds.register()
    return rounds


def health(rounds: Rounds) -> tuple[int, str | None, list[str]]:
    """Failures in a row, the error, and what staff were told."""
    with rounds.sessions() as session:
        state = session.get_one(SourceState, "groups")
        told = session.scalars(select(Notice.kind).order_by(Notice.id)).all()
        return state.failures, state.error, list(told)


def test_a_source_is_not_well_while_what_it_was_told_can_t_be_stored(
    rounds: Rounds, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refusing(monkeypatch, LOCKED):
        rounds.hear({"post": post("m1", at=now)})
        rounds.poll("groups")
    error = "What groups said could not be kept (OperationalError); see the log."
    assert health(rounds) == (1, error, ["source_failing"])
    rounds.poll("groups")
    assert health(rounds)[:2] == (0, None)
    assert known(rounds.ears["groups"]) == {"m1"}


def test_a_post_that_was_lost_is_told_of_until_another_is_kept(
    rounds: Rounds, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refusing(monkeypatch, ValueError("a bug")), pytest.raises(ValueError, match="a bug"):
        rounds.hear({"post": post("m1", at=now)})
    rounds.poll("groups")
    rounds.poll("groups")
    assert health(rounds)[0] == 2
    rounds.hear({"post": post("m2", at=now)})
    rounds.poll("groups")
    assert health(rounds)[:2] == (0, None)


def test_what_could_not_be_kept_is_tried_again_as_soon_as_ever(
    rounds: Rounds, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = rounds.settings.sources[0].every
    with refusing(monkeypatch, LOCKED):
        rounds.hear({"post": post("m1", at=now)})
        for _ in range(5):
            rounds.poll("groups")
    with rounds.sessions() as session:
        assert session.get_one(SourceState, "groups").next_due_at == now + every
