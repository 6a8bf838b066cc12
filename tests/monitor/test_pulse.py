from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models import BrandState, SourceDay, SourceState
from monitor.db import Sessions
from monitor.pulse import pulses
from monitor.rounds import Rounds
from monitor.sentiment.classifier import Classifier
from monitor.settings import Settings
from monitor.source import Page, Post
from tests.builders import mention, post, register


@dataclass
class Notebook:
    """Gives what is in it."""

    posts: list[Post]
    name: str = "forum"

    def poll(self, cursor: str | None) -> Iterator[Page]:
        yield Page(self.posts, None)


def nobody_judges() -> Classifier:
    raise AssertionError("nothing is judged here")


def test_a_source_is_held_against_its_own_habit(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    register(sessions, now - timedelta(days=30), "forum", "blog")
    with sessions.begin() as session:
        days = [
            SourceDay(source="forum", day=(now - timedelta(days=n)).date(), posts=24) for n in range(1, 8)
        ]
        session.add_all([*days, SourceDay(source="forum", day=now.date(), posts=3)])
        for n, minutes in enumerate((5, 10, 90)):
            mention(session, now, f"p{n}", posted_at=now - timedelta(minutes=minutes), found_at=now)
        mention(session, now, "old", posted_at=now - timedelta(days=31), found_at=now)
        forum, blog = pulses(session, settings, now)
        assert (forum.today, forum.usual, forum.delay) == (3, 14.0, timedelta(minutes=10))
        assert (blog.today, blog.usual, blog.delay) == (0, 0.0, None)
        assert not forum.is_ill


def test_today_begins_at_the_midnight_of_the_team(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    midnight = datetime(2026, 11, 17, 22, 0, tzinfo=UTC)  # in Kyiv
    times = [midnight + timedelta(minutes=minutes) for minutes in (-30, 10, 60, 150)]
    posts = [post(f"p{n}", at=at, text="Про погоду") for n, at in enumerate(times)]
    rounds = Rounds(sessions, settings, {"forum": Notebook(posts)}, nobody_judges, lambda: now)
    rounds.register()
    rounds.poll("forum")
    with sessions() as session:
        assert {pulse.kind: pulse.today for pulse in pulses(session, settings, now)} == {
            "forum": 3,
            "feed": 0,
        }


def test_what_was_posted_before_our_first_look_says_nothing_of_our_delay(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    register(sessions, now, "forum")
    with sessions.begin() as session:
        mention(session, now, posted_at=now - timedelta(days=1), found_at=now)
        assert pulses(session, settings, now)[0].delay is None


def test_what_was_posted_before_we_looked_for_its_brand_does_not_either(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    register(sessions, now - timedelta(days=30), "forum")
    with sessions.begin() as session:
        session.get_one(BrandState, "Новолінія").known_since = now
        mention(session, now, posted_at=now - timedelta(days=1), found_at=now)
        assert pulses(session, settings, now)[0].delay is None


def test_the_ill_come_first(sessions: Sessions, settings: Settings, now: datetime) -> None:
    register(sessions, now, "forum", "blog")
    with sessions.begin() as session:
        session.get_one(SourceState, "blog").failures = 2
        assert [p.place for p in pulses(session, settings, now)] == ["blog", "форум «Покупець»"]
