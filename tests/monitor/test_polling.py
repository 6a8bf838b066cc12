"""A source that fails backs off alone; the others go on."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import BrandState, Mention, SourceState
from monitor import polling
from monitor.db import Sessions
from monitor.ingest import Listening
from monitor.matching import Matcher
from monitor.polling import ABANDONED_AFTER, LONGEST_ASKED, LONGEST_WAIT, PERMANENT_WAIT, Polled, wait
from monitor.settings import Settings
from monitor.source import Page, SourceError
from tests import builders

EVERY = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)


@dataclass
class Notebook:
    """Gives what is in it, and then breaks if it is told to."""

    name: str
    pages: list[Page] = field(default_factory=list)
    error: Exception | None = None
    asked: list[str | None] = field(default_factory=list)

    def poll(self, cursor: str | None) -> Iterator[Page]:
        self.asked.append(cursor)
        yield from self.pages
        if self.error:
            raise self.error


@dataclass
class Desk:
    """Everything that polling needs, with a clock that moves on demand."""

    sessions: Sessions
    settings: Settings
    now: datetime

    def __post_init__(self) -> None:
        polling.register(self.sessions, self.settings, self.now)
        matcher = Matcher([brand.terms for brand in self.settings.brands])
        self.listening = {s.name: Listening(s.name, matcher) for s in self.settings.sources}

    def poll(self, source: Notebook) -> Polled | None:
        return polling.poll(
            self.sessions, source, self.listening[source.name], self.settings, lambda: self.now
        )

    def poll_due(self, *sources: Notebook) -> list[Polled]:
        return polling.poll_due(
            self.sessions, {s.name: s for s in sources}, self.listening, self.settings, lambda: self.now
        )

    def due(self) -> list[str]:
        return polling.due(self.sessions, self.settings, self.now)

    def state(self, name: str = "forum") -> SourceState:
        with self.sessions() as session:
            return session.get_one(SourceState, name)


@pytest.fixture
def desk(sessions: Sessions, settings: Settings, now: datetime) -> Desk:
    return Desk(sessions, settings, now)


def page(now: datetime, *ids: str, cursor: str = "c1") -> Page:
    return Page([builders.post(id, at=now) for id in ids], cursor)


def test_a_new_source_is_due_at_once_and_again_when_its_time_has_come(desk: Desk) -> None:
    assert sorted(desk.due()) == ["blog", "forum"]
    desk.poll_due(Notebook("forum"), Notebook("blog"))
    assert desk.due() == []
    desk.now += EVERY
    assert sorted(desk.due()) == ["blog", "forum"]


def test_registering_again_forgets_nothing(desk: Desk) -> None:
    desk.poll(Notebook("forum", [page(desk.now, "p1")]))
    polling.register(desk.sessions, desk.settings, desk.now + MINUTE)
    assert (desk.state().cursor, desk.state().known_since) == ("c1", desk.now)


def test_a_brand_is_known_since_it_was_first_configured(desk: Desk) -> None:
    added = [*desk.settings.brands, desk.settings.brands[0].model_copy(update={"name": "Іскра"})]
    later = desk.settings.model_copy(update={"brands": added})
    for passed in (1, 2):
        polling.register(desk.sessions, later, desk.now + passed * MINUTE)
    with desk.sessions() as session:
        known = {brand.name: brand.known_since for brand in session.scalars(select(BrandState))}
    assert known == {"Новолінія": desk.now, "Будсвіт": desk.now, "Іскра": desk.now + MINUTE}


def test_a_source_that_left_the_configuration_is_not_asked(desk: Desk) -> None:
    desk.settings = desk.settings.model_copy(update={"sources": desk.settings.sources[:1]})
    assert desk.due() == ["forum"]


def test_the_next_poll_goes_on_from_the_cursor(desk: Desk) -> None:
    source = Notebook("forum", [page(desk.now, "p1", cursor="c1"), page(desk.now, "p2", cursor="c2")])
    assert desk.poll(source) == Polled("forum", posts=2, mentions=2)
    desk.poll(source)
    assert source.asked == [None, "c2"]


def test_when_a_later_page_fails_the_first_ones_and_their_cursor_are_kept(desk: Desk) -> None:
    source = Notebook("forum", [page(desk.now, "p1", cursor="c1")], SourceError("Page 2 is gone."))
    assert desk.poll(source) == Polled("forum", 1, 1, "Page 2 is gone.")
    assert (desk.state().cursor, desk.state().failures, desk.state().error) == ("c1", 1, "Page 2 is gone.")


def test_a_page_that_cannot_be_stored_moves_no_cursor(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[int]:
        raise RuntimeError("disk full")

    monkeypatch.setattr("monitor.ingest._insert", broken)
    polled = desk.poll(Notebook("forum", [page(desk.now, "p1")]))
    error = "What forum said could not be kept (RuntimeError); see the log."
    assert polled == Polled("forum", 0, 0, error)
    state = desk.state()
    assert (state.cursor, state.polling_since, state.failures) == (None, None, 1)


def test_posts_that_no_database_takes_are_kept_without_what_it_refuses(desk: Desk) -> None:
    hostile = builders.post(
        "p\x001\ud800",
        at=desk.now,
        text="Новолінія \ud83d жах\x00",
        author="a\udc00",
        title="\x00",
        thread_id="t\ud800",
    )
    assert desk.poll(Notebook("forum", [Page([hostile], "c1")])) == Polled("forum", 1, 1)
    with desk.sessions() as session:
        mention = session.scalars(select(Mention)).one()
        assert (mention.external_id, mention.text, mention.author) == ("p1", "Новолінія  жах", "a")
        assert (mention.thread_id, mention.title) == ("t", "")


@pytest.mark.parametrize("bug", [ZeroDivisionError(), RecursionError(), ValueError("secret")])
def test_a_bug_in_one_source_does_not_stop_the_others(desk: Desk, bug: Exception) -> None:
    broken, well = Notebook("forum", error=bug), Notebook("blog", [page(desk.now, "p1")])
    by_name = {polled.source: polled for polled in desk.poll_due(broken, well)}
    assert by_name["blog"].mentions == 1
    assert by_name["forum"].error == f"forum failed in a way of its own ({type(bug).__name__}); see the log."
    assert desk.state("blog").failures == 0


def test_a_failing_source_backs_off_alone(desk: Desk) -> None:
    desk.poll_due(Notebook("forum", error=SourceError("down")), Notebook("blog"))
    desk.now += EVERY
    desk.poll_due(Notebook("forum", error=SourceError("down")), Notebook("blog"))
    desk.now += EVERY
    assert desk.due() == ["blog"]
    desk.now += EVERY
    assert sorted(desk.due()) == ["blog", "forum"]


def test_one_success_ends_the_row_of_failures(desk: Desk) -> None:
    desk.poll(Notebook("forum", error=SourceError("down")))
    desk.poll(Notebook("forum"))
    assert (desk.state().failures, desk.state().error, desk.state().last_ok_at) == (0, None, desk.now)


def test_each_failure_doubles_the_wait_up_to_a_limit() -> None:
    waits = [wait(SourceError("down"), failures, EVERY) for failures in (1, 2, 3, 4)]
    assert waits == [EVERY, 2 * EVERY, 4 * EVERY, 8 * EVERY]
    assert wait(SourceError("down"), 1000, EVERY) == LONGEST_WAIT


def test_a_source_read_once_a_day_is_not_asked_more_often_because_it_fails() -> None:
    day = timedelta(days=1)
    assert wait(SourceError("down"), 3, day) == day
    assert wait(SourceError("gone", permanent=True), 1, day) == day


def test_a_source_that_says_when_to_come_back_is_believed() -> None:
    assert wait(SourceError("slow down", retry_after=timedelta(hours=9)), 1, EVERY) == timedelta(hours=9)
    assert wait(SourceError("slow down", retry_after=timedelta(seconds=5)), 1, EVERY) == EVERY


def test_but_nobody_is_left_alone_for_longer_than_a_day() -> None:
    for_ever = SourceError("slow down", retry_after=timedelta(days=400))
    assert wait(for_ever, 1, EVERY) == LONGEST_ASKED
    assert wait(for_ever, 1, timedelta(days=7)) == timedelta(days=7)


def test_what_a_clock_that_was_ahead_has_set_is_waited_for_by_nobody(desk: Desk) -> None:
    source, right = Notebook("forum"), desk.now
    desk.now = right + timedelta(days=30)
    desk.poll(source)
    desk.now = right
    assert "forum" in desk.due()
    desk.poll_due(source)
    assert len(source.asked) == 2
    assert "forum" not in desk.due(), "from here on its waits are its own again"


def test_a_poll_begun_by_a_clock_that_was_ahead_and_never_ended_is_taken_over(desk: Desk) -> None:
    polling._claim(desk.sessions, "forum", desk.now + timedelta(days=30))
    assert desk.poll(Notebook("forum", [page(desk.now, "p1")])) == Polled("forum", 1, 1)


@pytest.mark.parametrize("error", [SourceError("slow down", retry_after=LONGEST_ASKED), SourceError("down")])
def test_the_longest_wait_that_is_asked_of_us_is_kept(desk: Desk, error: SourceError) -> None:
    for _ in range(12):
        desk.poll(Notebook("forum", error=error))
    assert "forum" not in desk.due()


def test_what_staff_must_mend_is_still_tried_each_hour() -> None:
    assert wait(SourceError("key revoked", permanent=True), 7, EVERY) == PERMANENT_WAIT


def test_two_workers_never_poll_one_source(desk: Desk) -> None:
    class Slow(Notebook):
        other: Polled | str | None = "not asked"

        def poll(self, cursor: str | None) -> Iterator[Page]:
            Slow.other = desk.poll(Notebook("forum", [page(desk.now, "p9")]))
            assert desk.due() == ["blog"]
            yield from super().poll(cursor)

    desk.poll(Slow("forum", [page(desk.now, "p1")]))
    assert Slow.other is None
    with desk.sessions() as session:
        assert session.scalars(select(Mention.external_id)).all() == ["p1"]


def test_of_many_workers_at_once_one_wins(desk: Desk) -> None:
    held, results = threading.Barrier(4), []
    source = Notebook("forum", [page(desk.now, "p1")])

    def work() -> None:
        held.wait(10)
        results.append(polling._claim(desk.sessions, "forum", desk.now) is not polling._BUSY)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == [False, False, False, True]
    assert desk.poll(source) is None


def test_a_claim_whose_worker_died_is_taken_over(desk: Desk) -> None:
    polling._claim(desk.sessions, "forum", desk.now)
    source = Notebook("forum", [page(desk.now, "p1")])
    desk.now += ABANDONED_AFTER
    assert desk.poll(source) is None
    desk.now += MINUTE
    assert desk.due()[0] in ("forum", "blog")
    assert desk.poll(source) == Polled("forum", 1, 1)


def test_what_is_freed_is_asked_by_the_next_process_at_once(desk: Desk) -> None:
    for name in ("forum", "blog"):
        polling._claim(desk.sessions, name, desk.now)
    assert desk.due() == []
    polling.free(desk.sessions, ["forum"])
    assert desk.due() == ["forum"]
