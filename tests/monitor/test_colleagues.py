"""Colleagues answer at the source itself: whose clock stops, and whose goes on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Case, Event, Happening, Notice, OwnPost, Reply, ReplyState, Status
from monitor import answered, answers, colleagues, desk, ingest, judging, posting
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.ingest import Listening
from monitor.matching import Matcher
from monitor.sentiment.judgement import Judgement, Sentiment
from monitor.settings import Settings
from monitor.source import Page, Post, Posted, PostRef, SourceError
from monitor.urgent import UrgentWords
from tests import builders
from tests.conftest import make_settings
from tests.monitor.listeners import Forum

SORRY = "Вибачте, вже шукаємо вашу посилку."


OTHERS = {
    "ivan": "Новолінія привезла розбиту полицю і третій день не бере слухавку, ганьба.",
    "maria": "Замовила у Новолінії фарбу, прийшов не той колір, а обміняти відмовляються.",
    "reader of blog": "Розетки від Новолінії іскрять, повернути гроші ніхто не хоче!",
}


class Unhappy:
    """Everybody is."""

    name = "unhappy"

    def judge(self, texts: list[str], languages: list[str]) -> list[Judgement]:
        return [Judgement(Sentiment(0.95, 0.04, 0.01), 0.9) for _ in texts]


class Town:
    def __init__(self, sessions: Sessions, now: datetime, settings: Settings):
        self.sessions, self.now, self.settings = sessions, now, settings
        builders.register(sessions, now, "forum", "blog")

    def hear(self, *posts: Post, source: str = "forum", account: str = "novolinia-bot") -> None:
        brands = self.settings.brands
        matcher = Matcher([brand.terms for brand in brands])
        own = colleagues.accounts_of(brands, source)
        with self.sessions.begin() as session:
            listening = Listening(source, matcher, None, (account,), own)
            ingest.store(session, listening, Page(list(posts), None), self.now)

    def judge(self) -> None:
        judging.judge_waiting(self.sessions, Unhappy(), UrgentWords({}), self.settings, self.now)

    def complaint(self, id: str = "p1", *, minutes_ago: float = 60, **changes: object) -> Post:
        text = OTHERS.get(str(changes.get("author")), builders.ANGRY)
        return builders.post(id, at=self.now - timedelta(minutes=minutes_ago), **{"text": text, **changes})

    def answer(self, id: str = "a1", *, minutes_ago: float = 30, **changes: object) -> Post:
        said = {"author": "novolinia-care", "text": SORRY, **changes}
        return builders.post(id, at=self.now - timedelta(minutes=minutes_ago), **said)

    def cases(self) -> list[Case]:
        with self.sessions() as session:
            return list(session.scalars(select(Case).order_by(Case.id)).unique())

    def happened(self) -> list[Happening]:
        with self.sessions() as session:
            return list(session.scalars(select(Event.kind).order_by(Event.id)))

    def notices(self) -> list[Notice]:
        with self.sessions() as session:
            return list(session.scalars(select(Notice).order_by(Notice.id)))


@pytest.fixture
def town(sessions: Sessions, now: datetime) -> Town:
    return Town(sessions, now, make_settings())


def test_a_colleagues_answer_stops_the_clock_when_it_was_posted(town: Town) -> None:
    town.hear(town.complaint())
    town.judge()
    town.now += timedelta(hours=2)
    town.hear(town.answer(minutes_ago=45))
    (case,) = town.cases()
    assert case.status is Status.ANSWERED
    assert case.first_answered_at == town.now - timedelta(minutes=45)
    with town.sessions() as session:
        event = session.scalars(select(Event).where(Event.kind == Happening.ANSWERED_THERE)).one()
        assert event.values is not None
        assert event.values["account"] == "novolinia-care"
        assert event.values["url"].endswith("#a1")


def test_read_with_its_complaint_it_answers_the_case_as_soon_as_that_opens(town: Town) -> None:
    town.hear(town.complaint(), town.answer())
    town.judge()
    (case,) = town.cases()
    assert case.status is Status.ANSWERED
    assert case.first_answered_at == case.opened_at


def test_what_was_written_before_the_complaint_answers_nothing(town: Town) -> None:
    town.hear(town.answer(minutes_ago=90), town.complaint())
    town.judge()
    assert [case.status for case in town.cases()] == [Status.OPEN]


def test_what_was_written_before_the_authors_newest_post_answers_nothing(town: Town) -> None:
    town.hear(town.complaint(), town.complaint("p2", minutes_ago=10))
    town.judge()
    town.hear(town.answer(minutes_ago=30))
    assert [case.status for case in town.cases()] == [Status.OPEN]


def test_elsewhere_or_by_others_it_answers_nothing(town: Town) -> None:
    town.hear(town.complaint())
    town.judge()
    town.hear(
        town.answer(thread_id="8"), town.answer("a2", author="petro"), town.answer("a3", thread_id=None)
    )
    town.hear(town.answer("a4"), source="blog")
    assert [case.status for case in town.cases()] == [Status.OPEN]


def test_the_sources_own_account_answers_too(town: Town) -> None:
    town.hear(town.complaint())
    town.judge()
    town.hear(town.answer(author="Novolinia-Bot"))
    assert [case.status for case in town.cases()] == [Status.ANSWERED]


def test_an_account_may_be_named_with_its_source(sessions: Sessions, now: datetime) -> None:
    brands = [{"name": "Новолінія", "query": "Новолінія", "own_accounts": ["blog:@care"]}]
    town = Town(sessions, now, make_settings(brands=brands))
    for source in ("forum", "blog"):
        town.hear(town.complaint(author=f"reader of {source}"), source=source)
        town.judge()
        town.hear(town.answer(author="Care"), source=source)
    assert {case.source: case.status for case in town.cases()} == {
        "forum": Status.OPEN,
        "blog": Status.ANSWERED,
    }


def test_what_the_bot_itself_posted_is_no_colleague(town: Town) -> None:
    town.hear(town.complaint())
    town.judge()
    _reply(town, ReplyState.SENT, external_id="a1")
    town.hear(town.answer())
    assert Happening.ANSWERED_THERE not in town.happened()


def test_an_answer_of_which_staff_said_that_it_is_there_answers_nobody_else(town: Town) -> None:
    town.hear(town.complaint(), town.complaint("p2", author="ivan"))
    town.judge()
    _reply(town, ReplyState.UNKNOWN, shown=ReplyState.UNKNOWN)
    with town.sessions.begin() as session:
        person = builders.staff(session, town.settings)
        reply = answers.confirm(session, 1, person, (), town.now, is_there=True)
        reply.shown = reply.state
    town.hear(town.answer())
    assert {case.author: case.status for case in town.cases()} == {
        "oksana": Status.ANSWERED,
        "ivan": Status.OPEN,
    }
    with town.sessions() as session:
        reply = session.scalars(select(Reply)).unique().one()
        assert (reply.external_id, reply.shown) == ("a1", ReplyState.PREVIEW), "its message gets the link"


def test_a_case_that_was_taken_up_in_another_thread_is_answered_there_and_no_more_where_it_began(
    town: Town,
) -> None:
    _taken_up_in_another_thread(town)
    town.hear(town.answer("where it began", thread_id="7"))
    assert [case.status for case in town.cases()] == [Status.OPEN]
    town.hear(town.answer("there", thread_id="8"))
    assert [case.status for case in town.cases()] == [Status.ANSWERED]


def test_an_answer_read_with_what_takes_a_case_up_in_another_thread_counts(town: Town) -> None:
    _taken_up_in_another_thread(town, town.answer("there", minutes_ago=30))
    assert [case.status for case in town.cases()] == [Status.ANSWERED]


def test_what_was_posted_by_hand_where_a_case_was_taken_up_answers_nobody_else_there(town: Town) -> None:
    _taken_up_in_another_thread(town)
    town.hear(town.complaint("p3", author="ivan", thread_id="8"))
    town.judge()
    with town.sessions.begin() as session:
        staff = builders.staff(session, town.settings)
        reply = answers.begin(session, 1, staff, -100, town.now - timedelta(minutes=45))
        answers.write(session, reply, SORRY, town.now)
        answers.handed_off(session, reply.id, staff, town.now)
    town.hear(town.answer("there", thread_id="8"))
    assert {case.author: case.status for case in town.cases()} == {
        "oksana": Status.ANSWERED,
        "ivan": Status.OPEN,
    }
    with town.sessions() as session:
        assert session.scalars(select(Reply)).unique().one().external_id == "there"


@pytest.mark.parametrize("state", [ReplyState.QUEUED, ReplyState.UNKNOWN])
def test_while_the_bots_answer_may_be_that_very_post_nothing_is_decided(
    town: Town, state: ReplyState
) -> None:
    town.hear(town.complaint())
    town.judge()
    _reply(town, state, claimed_at=town.now)
    town.hear(town.answer(text="Перевіримо на складі."))
    assert [case.status for case in town.cases()] == [Status.OPEN]
    with town.sessions() as session:
        assert session.scalars(select(OwnPost.case_id)).one() is None


def test_while_a_second_answer_is_being_posted_a_post_there_answers_nobody_else(town: Town) -> None:
    """The case of the second answer waits no more: it may be that very post all the same."""
    town.hear(town.complaint(), town.complaint("p2", author="ivan"))
    town.judge()
    with town.sessions.begin() as session:
        answered.mark(session, session.get_one(Case, 1), town.now - timedelta(minutes=40))
    _reply(town, ReplyState.QUEUED, claimed_at=town.now)
    town.hear(town.answer(text="Перевіримо на складі."))
    assert {case.author: case.status for case in town.cases()} == {
        "oksana": Status.ANSWERED,
        "ivan": Status.OPEN,
    }


@pytest.mark.parametrize("changes", [{"answers": "p2"}, {"external_id": "an edit's"}])
def test_what_the_bots_answer_cant_be_is_a_colleagues(town: Town, changes: dict[str, str]) -> None:
    """It answers somebody else; or ours is an edit, whose place is known."""
    town.hear(town.complaint(), town.complaint("p2", author="ivan"))
    town.judge()
    with town.sessions.begin() as session:
        answered.mark(session, session.get_one(Case, 1), town.now - timedelta(minutes=40))
    _reply(town, ReplyState.UNKNOWN, external_id=changes.get("external_id"))
    town.hear(town.answer(text="Перевіримо на складі.", answers=changes.get("answers")))
    assert {case.status for case in town.cases()} == {Status.ANSWERED}


def test_a_colleagues_post_counts_as_soon_as_ours_is_known_not_to_be_there(town: Town) -> None:
    town.hear(town.complaint())
    town.judge()
    _reply(town, ReplyState.UNKNOWN)
    town.hear(town.answer(text="Перевіримо на складі."))
    town.now += timedelta(minutes=5)
    with town.sessions.begin() as session:
        person = builders.staff(session, town.settings)
        answers.confirm(session, 1, person, town.settings.brands, town.now, is_there=False)
    (case,) = town.cases()
    assert (case.status, case.first_answered_at) == (Status.ANSWERED, case.opened_at)
    with town.sessions.begin() as session, pytest.raises(Refused, match="answered_since"):
        answers.send(session, 1, builders.staff(session, town.settings), 500, "novolinia-bot", town.now)


def test_what_was_read_while_ours_was_tried_in_vain_holds_it_back(town: Town) -> None:
    class Busy(Forum):
        def reply(self, post: PostRef, text: str) -> Posted:
            town.hear(town.answer(text="Перевіримо на складі."))
            raise SourceError("Too fast.", retry_after=timedelta(minutes=1))

    town.hear(town.complaint())
    town.judge()
    _reply(town, ReplyState.QUEUED, due_at=town.now)
    sources, brands = {"forum": Busy()}, town.settings.brands
    posting.deliver(town.sessions, sources, brands, lambda: town.now)
    assert [case.status for case in town.cases()] == [Status.ANSWERED]
    town.now += timedelta(minutes=2)
    assert posting.deliver(town.sessions, sources, brands, lambda: town.now) == 0
    with town.sessions() as session:
        assert session.scalars(select(Reply)).unique().one().state is ReplyState.PREVIEW


def test_of_what_staff_were_asked_to_look_at_nothing_is_decided_later(town: Town) -> None:
    """That one of those who waited has an answer by now does not say whom the post answers."""
    town.hear(town.complaint(), town.complaint("p2", author="ivan"))
    town.judge()
    town.hear(town.answer(text="Перевіримо на складі."))
    _reply(town, ReplyState.UNKNOWN)
    with town.sessions.begin() as session:
        answered.mark(session, session.get_one(Case, 1), town.now)
        person = builders.staff(session, town.settings)
        answers.confirm(session, 1, person, town.settings.brands, town.now, is_there=False)
    assert {case.author: case.status for case in town.cases()} == {
        "oksana": Status.ANSWERED,
        "ivan": Status.OPEN,
    }


def test_an_answer_found_late_has_its_place_and_whoever_wrote_since_waits_on(town: Town) -> None:
    town.hear(town.complaint())
    town.judge()
    _reply(town, ReplyState.QUEUED, claimed_at=town.now)
    town.hear(town.answer())
    with town.sessions.begin() as session:
        session.scalars(select(Reply)).unique().one().state = ReplyState.UNKNOWN
    town.now += timedelta(hours=1)
    town.hear(town.complaint("p2", minutes_ago=10, text="Досі тиша!"))
    town.judge()
    with town.sessions() as session:
        reply = session.scalars(select(Reply)).unique().one()
        assert (reply.state, reply.external_id) == (ReplyState.SENT, "a1")
    (case,) = town.cases()
    assert (case.status, case.first_answered_at) == (Status.OPEN, case.opened_at)


@pytest.mark.parametrize("state", [ReplyState.HANDED_OFF, ReplyState.UNKNOWN])
def test_what_was_written_before_an_answer_was_begun_or_answers_another_is_not_that_answer(
    town: Town, state: ReplyState
) -> None:
    town.hear(town.answer("before", minutes_ago=90))
    town.hear(town.complaint(), town.complaint("p2", author="ivan"))
    town.judge()
    _reply(town, state)
    town.hear(town.answer("another's", answers="p2"))
    town.hear(town.complaint("p3", author="maria", minutes_ago=5))
    town.judge()
    with town.sessions() as session:
        reply = session.scalars(select(Reply)).unique().one()
        assert (reply.state, reply.external_id) == (state, None)


def test_an_answer_is_known_by_its_words_where_the_site_tells_the_minute_alone(town: Town) -> None:
    town.hear(town.complaint())
    town.judge()
    _reply(town, ReplyState.UNKNOWN, created_at=town.now - timedelta(minutes=30, seconds=-40))
    town.hear(town.answer(minutes_ago=30))
    with town.sessions() as session:
        assert session.scalars(select(Reply)).unique().one().external_id == "a1"


def test_an_answer_of_the_bots_that_only_waits_is_not_there_and_a_colleagues_counts(town: Town) -> None:
    town.hear(town.complaint())
    town.judge()
    _reply(town, ReplyState.QUEUED, due_at=town.now + timedelta(hours=1))
    town.hear(town.answer(text="Перевіримо на складі."))
    assert [case.status for case in town.cases()] == [Status.ANSWERED]


def test_what_was_set_aside_is_asked_about_once_ours_is_found_beside_it(town: Town) -> None:
    town.hear(town.complaint(), town.complaint("p2", author="ivan"))
    town.judge()
    _reply(town, ReplyState.UNKNOWN)
    theirs = town.answer("a1", minutes_ago=30, text="Іване, перевіримо на складі.")
    town.hear(theirs, town.answer("a2", minutes_ago=29))
    assert [n.kind for n in town.notices()] == ["wrote_there", "wrote_there"]


def test_what_was_set_aside_while_ours_was_being_posted_is_asked_about(town: Town) -> None:
    class Slowly(Forum):
        def reply(self, post: PostRef, text: str) -> Posted:
            town.hear(town.answer(text="Іване, перевіримо на складі."))
            return super().reply(post, text)

    town.hear(town.complaint(), town.complaint("p2", author="ivan"))
    town.judge()
    _reply(town, ReplyState.QUEUED, due_at=town.now)
    posting.deliver(town.sessions, {"forum": Slowly()}, town.settings.brands, lambda: town.now)
    assert [n.kind for n in town.notices()] == ["wrote_there", "wrote_there"]


def test_where_several_wait_staff_are_asked_and_no_clock_stops(town: Town) -> None:
    town.hear(town.complaint(), town.complaint("p2", author="ivan"))
    town.judge()
    town.hear(town.answer())
    town.hear(town.answer())
    assert {case.status for case in town.cases()} == {Status.OPEN}
    assert [(n.kind, n.case_id) for n in town.notices()] == [("wrote_there", c.id) for c in town.cases()]
    town.hear(town.complaint("p3", author="maria", minutes_ago=55))
    town.judge()
    assert {case.status for case in town.cases()} == {Status.OPEN}
    assert len(town.notices()) == 3


def test_where_the_source_tells_whom_it_answers_that_case_is_answered(town: Town) -> None:
    town.hear(town.complaint(), town.complaint("p2", author="ivan"))
    town.judge()
    town.hear(town.answer(answers="p2"), town.answer("a2", answers="somebody else's"))
    assert {case.author: case.status for case in town.cases()} == {
        "oksana": Status.OPEN,
        "ivan": Status.ANSWERED,
    }
    assert town.notices() == []


def test_after_the_author_writes_back_a_colleague_can_answer_again(town: Town) -> None:
    town.hear(town.complaint(minutes_ago=90), town.answer(minutes_ago=60))
    town.judge()
    first = town.cases()[0].first_answered_at
    town.hear(town.complaint("p2", minutes_ago=40, text="Досі тиша!"))
    town.judge()
    assert town.cases()[0].status is Status.OPEN
    town.hear(town.answer("a2", minutes_ago=20))
    (case,) = town.cases()
    assert (case.status, case.first_answered_at) == (Status.ANSWERED, first)
    assert town.happened().count(Happening.ANSWERED_THERE) == 2


def test_an_old_answer_is_never_taken_for_a_new_case(town: Town) -> None:
    """What was an answer to one stays that: a later case of the thread needs its own."""
    town.hear(town.complaint(minutes_ago=90), town.answer(minutes_ago=60))
    town.judge()
    town.hear(town.complaint("p2", author="ivan", minutes_ago=70))
    town.judge()
    assert {case.author: case.status for case in town.cases()} == {
        "oksana": Status.ANSWERED,
        "ivan": Status.OPEN,
    }


def test_a_competitors_account_answers_for_nobody_else(sessions: Sessions, now: datetime) -> None:
    brands = [
        {"name": "Новолінія", "query": "Новолінія"},
        {"name": "Будсвіт", "query": "Будсвіт", "own_accounts": ["budsvit"], "ours": False},
    ]
    town = Town(sessions, now, make_settings(brands=brands))
    town.hear(town.complaint())
    town.judge()
    town.hear(town.answer(author="budsvit"))
    assert [case.status for case in town.cases()] == [Status.OPEN]


def _taken_up_in_another_thread(town: Town, *more: Post) -> None:
    """Closed in thread 7, complained of again in thread 8."""
    town.hear(town.complaint(minutes_ago=600))
    town.judge()
    with town.sessions.begin() as session:
        desk.close(session, 1, builders.staff(session, town.settings), town.now - timedelta(minutes=300))
    town.hear(
        town.complaint("p2", minutes_ago=60, thread_id="8"), *(replace(post, thread_id="8") for post in more)
    )
    town.judge()


def _reply(town: Town, state: ReplyState, **changes: object) -> None:
    with town.sessions.begin() as session:
        case = session.scalars(select(Case).order_by(Case.id)).unique().first()
        assert case is not None
        reply = Reply(
            case=case,
            mention=case.mentions[0],
            source="forum",
            staff=builders.staff(session, town.settings),
            state=state,
            text=SORRY,
            chat_id=-100,
            **{"created_at": town.now - timedelta(minutes=45), **changes},
        )
        session.add(reply)
