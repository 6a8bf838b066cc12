"""One crisis at a time for a brand, on every database, whoever looks and presses."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Alert, Crisis, SourceState
from monitor import crises, crisis_view, outbox, polling
from monitor.crisis_view import view
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.pace import Pace
from monitor.settings import Settings
from tests import builders
from tests.conftest import make_settings
from tests.monitor.listeners import Ear, deliver, opened

WEEKS = timedelta(weeks=3)
MINUTE = timedelta(minutes=1)


def rage(
    sessions: Sessions, now: datetime, count: int = 20, brand: str = "Новолінія", listened: timedelta = WEEKS
) -> None:
    builders.register(sessions, now - listened, "forum", "blog")
    anger(sessions, now, count, brand)


def anger(sessions: Sessions, now: datetime, count: int = 20, brand: str = "Новолінія") -> None:
    with sessions.begin() as session:
        for n in range(count):
            builders.mention(
                session, now, f"{brand}{n}", brand=brand, thread_id=None, reach=n, posted_at=now - n * MINUTE
            )


def look(sessions: Sessions, settings: Settings, now: datetime) -> int:
    with sessions.begin() as session:
        return crises.look(session, settings, now)


def all_crises(sessions: Sessions) -> list[Crisis]:
    with sessions() as session:
        return list(session.scalars(select(Crisis).order_by(Crisis.id)))


def test_a_crisis_begins_once_and_knows_its_numbers(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    rage(sessions, now)
    assert look(sessions, settings, now) == 1
    assert look(sessions, settings, now) == 0
    (crisis,) = all_crises(sessions)
    assert (crisis.brand, crisis.count, crisis.peak, crisis.posts, crisis.hours) == (
        "Новолінія",
        20,
        20,
        20,
        1,
    )
    assert crisis.expected < 1


@pytest.mark.parametrize(
    ("brand", "count", "listened"),
    [("Будсвіт", 20, WEEKS), ("Новолінія", 7, WEEKS), ("Новолінія", 20, timedelta(hours=20))],
    ids=["a competitor", "a small count", "nothing is known of what is usual"],
)
def test_nothing_is_raised_for(
    sessions: Sessions, settings: Settings, now: datetime, brand: str, count: int, listened: timedelta
) -> None:
    rage(sessions, now, count, brand, listened)
    assert look(sessions, settings, now) == 0
    assert all_crises(sessions) == []


def test_a_second_worker_that_saw_the_same_begins_nothing(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    rage(sessions, now)
    with sessions.begin() as session:
        (seen, *_) = crises._seen(session, "Новолінія", settings, now)
    for expected in (1, 0):
        with sessions.begin() as session:
            assert crises._begin(session, "Новолінія", seen, settings, now) == expected
    assert len(all_crises(sessions)) == 1


def test_numbers_that_change_while_its_card_is_sent_are_drawn_too(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    rage(sessions, now)
    look(sessions, settings, now)

    class Slow(Ear):
        def crisis(self, crisis: Crisis) -> int:
            if not self.heard:
                with sessions.begin() as session:
                    builders.mention(session, now, "more", thread_id=None, posted_at=now + MINUTE)
                look(sessions, settings, now + MINUTE)
            return self._hear(f"crisis {crisis.count}")

    ear = Slow()
    for at in (now, now + MINUTE + crises.REDRAWN_EVERY):
        deliver(sessions, ear, at)
    assert ear.heard == ["crisis 20", "crisis 21"]


def test_it_ends_after_two_calm_hours_and_may_begin_anew(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    rage(sessions, now)
    look(sessions, settings, now)
    look(sessions, settings, now + 61 * MINUTE)
    look(sessions, settings, now + 179 * MINUTE)
    assert all_crises(sessions)[0].ended_at is None
    look(sessions, settings, now + 181 * MINUTE)
    assert all_crises(sessions)[0].ended_at == now + 181 * MINUTE
    later = now + timedelta(days=1)
    with sessions.begin() as session:
        for n in range(30):
            builders.mention(session, later, f"again{n}", thread_id=None, posted_at=later - n * MINUTE)
    look(sessions, settings, later)
    assert [crisis.ended_at is None for crisis in all_crises(sessions)] == [False, True]


def test_what_is_over_can_not_be_ended_or_bundled_again(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    rage(sessions, now)
    look(sessions, settings, now)
    (crisis,) = all_crises(sessions)
    with sessions.begin() as session:
        person = builders.staff(session, settings)
        crises.end(session, crisis.id, person, now)
    for again in (
        lambda session: crises.end(session, crisis.id, None, now),
        lambda session: crises.bundle(session, crisis.id, now, on=True),
    ):
        with sessions.begin() as session, pytest.raises(Refused, match="crisis_over"):
            again(session)
    assert look(sessions, settings, now + MINUTE) == 0, "whoever said so is believed for a while"


def test_a_case_of_another_brand_is_not_bundled(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    rage(sessions, now)
    look(sessions, settings, now)
    (crisis,) = all_crises(sessions)
    opened(sessions, settings, now, 2)
    with sessions.begin() as session:
        crises.bundle(session, crisis.id, now, on=True)
        session.scalars(select(Alert)).unique().all()[0].case.brand = "Іскра"
    outbox.deliver(sessions, _Ear(), Pace(), lambda: now)
    with sessions() as session:
        bundled = [
            alert.bundle_id is not None
            for alert in session.scalars(select(Alert).order_by(Alert.id)).unique()
        ]
    assert bundled == [False, True]


def test_the_card_shows_the_posts_that_most_people_read(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    rage(sessions, now)
    look(sessions, settings, now)
    with sessions() as session:
        seen = view(session, session.scalars(select(Crisis)).one(), settings)
    assert [post.reach for post in seen.most_read] == [19, 18, 17]
    assert seen.places == [("форум «Покупець»", 20)]
    assert (len(seen.curve.counts), seen.curve.counts[-1]) == (48, 20)
    assert "новолінії" not in seen.words


def test_the_crisis_of_a_brand_that_is_followed_no_longer_ends(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    rage(sessions, now)
    look(sessions, settings, now)
    other = make_settings(brands=[{"name": "Іскра", "query": "Іскра"}])
    assert [look(sessions, other, now) for _ in range(2)] == [1, 0]
    assert all_crises(sessions)[0].ended_at == now


class _Ear(Ear):
    def crisis(self, crisis: Crisis) -> int:
        return self._hear(f"crisis {crisis.brand}")


def begin_to_listen(sessions: Sessions, name: str, at: datetime) -> None:
    with sessions.begin() as session:
        session.get_one(SourceState, name).known_since = at


def busy_source(sessions: Sessions, now: datetime, a_hour: int, since: timedelta) -> None:
    """The blog has been read for so long, and is that unhappy every hour; the forum, for weeks, hardly ever."""
    with sessions.begin() as session:
        for hour in range(int(since / timedelta(hours=1))):
            for n in range(a_hour):
                at = now - timedelta(hours=hour, minutes=n)
                key = f"b{hour}-{n}"
                builders.mention(session, now, key, source="blog", thread_id=None, posted_at=at)
    begin_to_listen(sessions, "blog", now - since)


@pytest.mark.parametrize("hours", [2, 26, 30, 100])
def test_a_busy_source_that_is_new_is_no_crisis(
    sessions: Sessions, settings: Settings, now: datetime, hours: int
) -> None:
    builders.register(sessions, now - WEEKS, "forum", "blog")
    busy_source(sessions, now, 12, timedelta(hours=hours))
    assert look(sessions, settings, now) == 0


@pytest.mark.parametrize("hours", [2, 26])
def test_the_first_busy_hours_of_a_brand_that_was_added_later_are_no_crisis(
    sessions: Sessions, settings: Settings, now: datetime, hours: int
) -> None:
    builders.register(sessions, now - WEEKS, "forum", "blog")
    added = [*settings.brands, settings.brands[0].model_copy(update={"name": "Іскра"})]
    settings = settings.model_copy(update={"brands": added})
    polling.register(sessions, settings, now - timedelta(hours=hours))
    anger(sessions, now, brand="Іскра")
    assert look(sessions, settings, now) == 0
    anger(sessions, now)
    assert look(sessions, settings, now) == 1
    assert [crisis.brand for crisis in all_crises(sessions)] == ["Новолінія"]


def test_a_brand_that_was_added_later_has_its_crises_too(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now - timedelta(hours=28), "forum", "blog")
    anger(sessions, now)
    assert look(sessions, settings, now) == 1


@pytest.mark.parametrize("hours", [2, 100])
def test_a_crisis_is_seen_beside_a_source_that_is_new(
    sessions: Sessions, settings: Settings, now: datetime, hours: int
) -> None:
    builders.register(sessions, now - WEEKS, "forum", "blog")
    busy_source(sessions, now, 2, timedelta(hours=hours))
    with sessions.begin() as session:
        for n in range(40):
            builders.mention(session, now, f"f{n}", thread_id=None, posted_at=now - n * MINUTE)
    assert look(sessions, settings, now) == 1


def test_all_figures_of_a_crisis_leave_out_a_source_that_is_new(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    rage(sessions, now)
    with sessions.begin() as session:
        session.add(SourceState(name="news", known_since=now - 180 * MINUTE, next_due_at=now))
        for n in range(100):
            builders.mention(
                session, now, f"n{n}", source="news", thread_id=None, posted_at=now - n / 3 * MINUTE
            )
    look(sessions, settings, now)
    look(sessions, settings, now + MINUTE / 60)
    with sessions() as session:
        shown = view(session, session.scalars(select(Crisis)).one(), settings)
    assert (shown.count, shown.peak, shown.posts, sum(shown.curve.counts)) == (20, 20, 20, 20)
    assert shown.places == [("форум «Покупець»", 20)]
    assert {post.place for post in shown.most_read} == {"форум «Покупець»"}


def test_posts_that_were_found_late_count_in_the_worst_hour_too(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    rage(sessions, now)
    look(sessions, settings, now)
    with sessions.begin() as session:
        for n in range(30):
            at = now - n * MINUTE
            builders.mention(session, now, f"late{n}", source="blog", thread_id=None, posted_at=at)
    look(sessions, settings, now + 61 * MINUTE)
    with sessions() as session:
        shown = view(session, session.scalars(select(Crisis)).one(), settings)
    assert (shown.posts, shown.peak, max(shown.curve.counts)) == (50, 50, 50)


def test_all_places_of_a_large_crisis_are_counted(
    sessions: Sessions, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crisis_view, "READ_AT_MOST", 10)
    rage(sessions, now, 40)
    look(sessions, settings, now)
    with sessions() as session:
        shown = view(session, session.scalars(select(Crisis)).one(), settings)
    assert (shown.posts, shown.places) == (40, [("форум «Покупець»", 40)])


def test_two_sources_of_one_title_are_one_place(sessions: Sessions, now: datetime) -> None:
    sources = [{"kind": "forum", "name": name, "title": "форум «Покупець»"} for name in ("forum", "blog")]
    settings = make_settings(sources=sources)
    rage(sessions, now)
    with sessions.begin() as session:
        for n in range(5):
            builders.mention(session, now, f"b{n}", source="blog", thread_id=None, posted_at=now - MINUTE)
    look(sessions, settings, now)
    with sessions() as session:
        assert view(session, all_crises(sessions)[0], settings).places == [("форум «Покупець»", 25)]
