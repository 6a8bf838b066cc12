"""Staff are told once when a source is ill, and told again when it is well."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models import Notice, SourceDay, SourceState
from monitor import health
from monitor.db import Sessions
from monitor.settings import Settings
from tests import builders
from tests.conftest import make_settings

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def after(sessions: Sessions, settings: Settings, now: datetime, **facts: object) -> list[str]:
    """Give the source these facts, let health look, and return what it queued."""
    with sessions.begin() as session:
        before = set(session.scalars(select(Notice.id)))
        state = session.get_one(SourceState, "forum")
        for name, value in facts.items():
            setattr(state, name, value)
        health.tell(session, state, settings, now)
        session.flush()
        told = session.scalars(select(Notice).order_by(Notice.id)).all()
        return [notice.kind for notice in told if notice.id not in before]


def habit(sessions: Sessions, last_post_at: datetime, posts_a_day: int, days: int = 14) -> None:
    """So many posts on each of so many days, and the last of all on the day after these."""
    with sessions.begin() as session:
        session.get_one(SourceState, "forum").last_post_at = last_post_at
        session.add(SourceDay(source="forum", day=last_post_at.date(), posts=1))
        for n in range(1, days + 1):
            day = last_post_at.date() - timedelta(days=n)
            session.add(SourceDay(source="forum", day=day, posts=posts_a_day))


def notices(sessions: Sessions) -> list[Notice]:
    with sessions() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_staff_are_told_after_so_many_failures_in_a_row_and_once(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    told = [
        after(sessions, settings, now + n * HOUR, failures=n, error="The forum is down.") for n in range(1, 7)
    ]
    assert told == [[], [], ["source_failing"], [], [], []]
    (notice,) = notices(sessions)
    assert notice.values == {"source": "форум «Покупець»", "error": "The forum is down.", "failures": 3}


def test_staff_are_told_again_when_it_is_well_and_a_new_illness_is_news(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    assert after(sessions, settings, now, failures=3, error="down") == ["source_failing"]
    assert after(sessions, settings, now + 2 * HOUR, failures=0, error=None) == ["source_well"]
    assert after(sessions, settings, now + 3 * HOUR, failures=0) == []
    assert after(sessions, settings, now + 4 * HOUR, failures=3, error="down") == ["source_failing"]
    assert notices(sessions)[1].values["minutes"] == 120


def test_how_many_failures_it_takes_is_configured(sessions: Sessions, now: datetime) -> None:
    builders.register(sessions, now)
    patient = make_settings(health={"failures": 5})
    assert [after(sessions, patient, now, failures=n) for n in (3, 4)] == [[], []]
    assert after(sessions, patient, now, failures=5) == ["source_failing"]


def test_every_staff_chat_is_told(sessions: Sessions, now: datetime) -> None:
    builders.register(sessions, now)
    chats = {"chats": [{"id": -1}, {"id": -2}], "people": [{"name": "Олена", "telegram": 7}]}
    after(sessions, make_settings(staff=chats), now, failures=3)
    assert [notice.chat_id for notice in notices(sessions)] == [-1, -2]


def test_a_busy_source_that_falls_silent_is_told_of_once(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    habit(sessions, now - 13 * HOUR, posts_a_day=60)
    assert after(sessions, settings, now) == ["source_silent"]
    assert after(sessions, settings, now + HOUR) == []
    assert notices(sessions)[0].values == {"source": "форум «Покупець»", "hours": 13}
    assert after(sessions, settings, now + 2 * HOUR, last_post_at=now + 2 * HOUR) == ["source_speaks"]
    assert after(sessions, settings, now + 3 * HOUR) == []


def test_nobody_is_told_that_people_sleep(sessions: Sessions, settings: Settings, now: datetime) -> None:
    builders.register(sessions, now)
    habit(sessions, now - 11 * HOUR, posts_a_day=1000)
    assert after(sessions, settings, now) == []


def test_a_quiet_source_may_be_quiet(sessions: Sessions, settings: Settings, now: datetime) -> None:
    builders.register(sessions, now)
    habit(sessions, now, posts_a_day=2)
    assert after(sessions, settings, now + 3 * DAY) == []
    assert after(sessions, settings, now + 11 * DAY) == ["source_silent"]


@pytest.mark.parametrize("posts_a_day", [4, 10, 60])
def test_a_source_that_died_stays_silent(
    sessions: Sessions, settings: Settings, now: datetime, posts_a_day: int
) -> None:
    builders.register(sessions, now)
    habit(sessions, now, posts_a_day)
    told = [kind for n in range(40) for kind in after(sessions, settings, now + n * DAY)]
    assert told == ["source_silent"]


def test_a_source_that_died_on_its_first_day_is_told_of(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        session.get_one(SourceState, "forum").last_post_at = now
        session.add(SourceDay(source="forum", day=now.date(), posts=300))
    assert [kind for n in range(10) for kind in after(sessions, settings, now + n * DAY)] == ["source_silent"]


def test_a_silence_does_not_end_at_midnight(sessions: Sessions, settings: Settings) -> None:
    last = datetime(2026, 11, 18, 11, 30, tzinfo=UTC)
    builders.register(sessions, last)
    habit(sessions, last, posts_a_day=40)
    with sessions.begin() as session:
        session.scalars(select(SourceDay).where(SourceDay.day == last.date())).one().posts = 15
    moments = [last + n * timedelta(minutes=10) for n in range(16 * 6)]
    assert [kind for moment in moments for kind in after(sessions, settings, moment)] == ["source_silent"]


def test_a_source_that_never_spoke_is_not_silent(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    assert after(sessions, settings, now + 30 * DAY) == []


def test_a_source_without_habits_is_not_silent(sessions: Sessions, settings: Settings, now: datetime) -> None:
    builders.register(sessions, now)
    assert after(sessions, settings, now, last_post_at=now - 10 * DAY) == []


def test_a_source_that_fails_is_not_called_silent_too(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    habit(sessions, now - 2 * DAY, posts_a_day=60)
    assert after(sessions, settings, now, failures=3) == ["source_failing"]


def watched(sessions: Sessions, settings: Settings, now: datetime) -> list[str]:
    with sessions.begin() as session:
        health.tell_hanging(session, ["forum"], settings, now)
    return [notice.kind for notice in notices(sessions)]


def test_a_poll_that_does_not_end_is_told_of_once_and_again_when_it_is_well(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now, "forum", "blog")
    after(sessions, settings, now, polling_since=now)
    assert watched(sessions, settings, now + health.HANGS_FROM) == [], "a poll may be slow"
    for hours in (2, 3, 4):
        assert watched(sessions, settings, now + hours * HOUR) == ["source_hanging"]
    assert notices(sessions)[0].values == {"source": "форум «Покупець»", "minutes": 120}
    assert after(sessions, settings, now + 5 * HOUR, polling_since=None) == ["source_well"]


def test_who_died_while_asking_a_source_hangs_no_more(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    after(sessions, settings, now, polling_since=now - DAY)
    with sessions() as session:
        assert not health.hanging(session, [], now)


def test_the_habit_is_that_of_the_last_fourteen_days_without_today(sessions: Sessions, now: datetime) -> None:
    builders.register(sessions, now)
    habit(sessions, now, posts_a_day=10)
    with sessions.begin() as session:
        session.get_one(SourceDay, ("forum", now.date())).posts = 5000
        session.add(SourceDay(source="forum", day=date(2026, 1, 1), posts=5000))
    with sessions() as session:
        assert health.expected_posts(session, "forum", DAY, now, UTC) == 10
        assert health.expected_posts(session, "forum", 12 * HOUR, now, UTC) == 5
        assert health.expected_posts(session, "other", DAY, now, UTC) == 0


def test_one_lively_first_day_is_no_habit_yet(sessions: Sessions, now: datetime) -> None:
    builders.register(sessions, now)
    habit(sessions, now, posts_a_day=30, days=1)
    with sessions() as session:
        assert health.expected_posts(session, "forum", DAY, now, UTC) == 10
