"""What is said to the public, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Notice, OwnPost, Reply, ReplyState, Status
from monitor import answered, answers, changes, desk, posting
from monitor.db import Sessions
from monitor.due import LOST_AFTER
from monitor.settings import Settings
from monitor.source import Posted, PostRef, SourceError
from tests.builders import considered, open_case, staff
from tests.monitor.listeners import Forum, post_replies, queued, reply_of

LATER = LOST_AFTER + timedelta(minutes=1)


def test_a_posted_reply_answers_the_case_and_keeps_its_permalink(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number, forum = queued(sessions, settings, now), Forum()
    post_replies(sessions, forum, now + timedelta(minutes=3))
    assert forum.posted == [("p0", "Вибачте, везем сьогодні.")]
    with sessions() as session:
        reply = session.get_one(Reply, number)
        assert (reply.state, reply.url) == (ReplyState.SENT, "https://forum.example/t/7#r1")
        assert reply.case.status is Status.ANSWERED
        assert reply.case.first_response_time == timedelta(minutes=3)


def test_a_close_in_the_very_moment_an_answer_is_recorded_stands(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number = queued(sessions, settings, now)
    case_id = reply_of(sessions, number).case_id

    def close() -> None:
        with sessions.begin() as session:
            desk.close(session, case_id, staff(session, settings), now)

    with ThreadPoolExecutor(1) as colleague:
        with sessions.begin() as session:
            reply = session.get_one(Reply, number)
            closing = colleague.submit(close)
            if session.get_bind().dialect.name == "postgresql":  # on SQLite it waits its turn
                closing.result()
            answered.record(session, reply, now)
        closing.result()
    case = reply_of(sessions, number).case
    assert (case.status, case.first_answered_at) == (Status.CLOSED, now)


def test_a_locked_thread_fails_with_the_reason_and_waits_for_staff(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number, forum = (
        queued(sessions, settings, now),
        Forum(SourceError("The thread is locked.", permanent=True)),
    )
    post_replies(sessions, forum, now)
    reply = reply_of(sessions, number)
    assert (reply.state, reply.error) == (ReplyState.FAILED, "The thread is locked.")
    assert post_replies(sessions, forum, now + timedelta(days=1)) == 0


def test_a_forum_that_asks_to_wait_is_asked_again_by_itself(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    wait = timedelta(seconds=40)
    number, forum = queued(sessions, settings, now), Forum(SourceError("Too fast.", retry_after=wait))
    post_replies(sessions, forum, now)
    assert reply_of(sessions, number).state is ReplyState.QUEUED
    forum.refusal = None
    assert post_replies(sessions, forum, now + wait - timedelta(seconds=1)) == 0
    post_replies(sessions, forum, now + wait)
    assert reply_of(sessions, number).state is ReplyState.SENT


UNSURE = SourceError("No answer from the forum.", unsure=True)
CANT_TELL = SourceError("This place can't be searched.", unsure=True)


whatever_the_source_finds = pytest.mark.parametrize(
    ("found", "state"),
    [
        (Posted("r1", "https://forum.example/r1"), ReplyState.SENT),
        (None, ReplyState.UNKNOWN),
        (CANT_TELL, ReplyState.UNKNOWN),
    ],
    ids=["it is there", "it is not there yet", "the source can't tell"],
)


@whatever_the_source_finds
def test_after_a_time_out_the_source_is_asked_and_nothing_is_sent_again(
    sessions: Sessions,
    settings: Settings,
    now: datetime,
    found: Posted | SourceError | None,
    state: ReplyState,
) -> None:
    number, forum = queued(sessions, settings, now), Forum(UNSURE, found)
    post_replies(sessions, forum, now)
    assert reply_of(sessions, number).state is state
    forum.refusal = None
    post_replies(sessions, forum, now + timedelta(days=1))
    assert forum.posted == []


@whatever_the_source_finds
def test_a_reply_interrupted_by_a_crash_is_looked_for_not_sent_again(
    sessions: Sessions,
    settings: Settings,
    now: datetime,
    found: Posted | SourceError | None,
    state: ReplyState,
) -> None:
    number, forum = queued(sessions, settings, now), Forum(found=found)
    with sessions.begin() as session:
        session.get_one(Reply, number).claimed_at = now
    post_replies(sessions, forum, now + LATER)
    assert (reply_of(sessions, number).state, forum.posted) == (state, [])


SAVED = "Вибачте, везем сьогодні."
FOUND = Posted("r1", "https://forum.example/r1")


def lost_beside(sessions: Sessions, settings: Settings, now: datetime) -> tuple[int, Reply]:
    """Two authors of one thread get the same saved words; the second answer is lost. Its number, and the first."""
    with sessions.begin() as session:
        person = staff(session, settings)
        both = []
        for name in ("alla", "bohdan"):
            case = open_case(
                session, settings, now, name, thread_id="t", author=name, text=f"Новолінія: {name} жде"
            )
            reply = answers.begin(session, case.id, person, -100, now)
            answers.write(session, reply, SAVED, now)
            session.flush()
            both.append(reply)
        first, second = both
        answers.send(session, second.id, person, 500, "novolinia-care", now)
        return second.id, first


@pytest.mark.parametrize("state", [ReplyState.SENT, ReplyState.REPLACED, ReplyState.DELETED])
def test_what_another_was_answered_is_not_found_for_an_answer_that_was_lost(
    sessions: Sessions, settings: Settings, now: datetime, state: ReplyState
) -> None:
    number, first = lost_beside(sessions, settings, now)
    with sessions.begin() as session:
        row = session.get_one(Reply, first.id)
        row.state, row.external_id = state, FOUND.id
    post_replies(sessions, Forum(UNSURE, FOUND), now)
    assert reply_of(sessions, number).state is ReplyState.UNKNOWN


@pytest.mark.parametrize("state", [ReplyState.SENT, ReplyState.HANDED_OFF, ReplyState.UNKNOWN])
def test_where_the_same_words_may_stand_in_the_thread_already_staff_are_asked(
    sessions: Sessions, settings: Settings, now: datetime, state: ReplyState
) -> None:
    number, first = lost_beside(sessions, settings, now)
    with sessions.begin() as session:
        session.get_one(Reply, first.id).state = state
    post_replies(sessions, Forum(UNSURE, FOUND), now)
    assert reply_of(sessions, number).state is ReplyState.UNKNOWN


def test_the_same_words_to_another_that_never_left_are_no_reason_to_ask(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number, _ = lost_beside(sessions, settings, now)
    post_replies(sessions, Forum(UNSURE, FOUND), now)
    assert reply_of(sessions, number).state is ReplyState.SENT


def test_what_a_colleague_posted_there_is_not_found_for_an_answer_that_was_lost(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number, first = lost_beside(sessions, settings, now)
    with sessions.begin() as session:
        theirs = OwnPost(
            source="forum",
            external_id=FOUND.id,
            thread_id="t",
            account="novolinia-care",
            url=FOUND.url,
            text=SAVED,
            posted_at=now,
            case_id=first.case_id,
        )
        session.add(theirs)
    post_replies(sessions, Forum(UNSURE, FOUND), now)
    assert reply_of(sessions, number).state is ReplyState.UNKNOWN


@pytest.mark.parametrize(("found", "state"), [("r1", ReplyState.SENT), ("r0", ReplyState.UNKNOWN)])
def test_an_edit_is_found_only_in_the_place_of_what_it_replaces(
    sessions: Sessions, settings: Settings, now: datetime, found: str, state: ReplyState
) -> None:
    number = queued(sessions, settings, now)
    post_replies(sessions, Forum(), now)
    with sessions.begin() as session:
        person = staff(session, settings)
        reply = changes.begin(session, number, person, -100, now)
        answers.write(session, reply, "Вибачте, веземо завтра.", now)
        answers.send(session, reply.id, person, 500, "novolinia-care", now)
        reply.claimed_at = now  # and then the power went
        edit = reply.id
    post_replies(sessions, Forum(found=Posted(found, "https://forum.example/")), now + LATER)
    assert reply_of(sessions, edit).state is state


def test_a_bug_in_a_source_leaves_the_fate_to_staff(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number = queued(sessions, settings, now)
    post_replies(sessions, Forum(ZeroDivisionError()), now)
    assert reply_of(sessions, number).state is ReplyState.UNKNOWN


def test_a_bug_in_how_a_source_looks_stops_no_other_answer_and_staff_are_told(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    class Blind(Forum):
        def find_reply(self, post: PostRef, text: str) -> Posted | None:
            raise KeyError("name")

    number, other = queued(sessions, settings, now), Forum()
    with sessions.begin() as session:
        case = open_case(
            session, settings, now, "q1", source="blog", thread_id="q", author="q", text="Новолінія: жах!"
        )
        person = staff(session, settings)
        reply = answers.begin(session, case.id, person, -100, now)
        answers.write(session, reply, SAVED, now)
        session.flush()
        answers.send(session, reply.id, person, 500, "novolinia-care", now + timedelta(minutes=1))
    posting.deliver(sessions, {"forum": Blind(UNSURE), "blog": other}, (), lambda: now)
    posting.deliver(sessions, {"forum": Blind(UNSURE), "blog": other}, (), lambda: now + LATER)
    assert [text for _, text in other.posted] == [SAVED]
    lost = reply_of(sessions, number)
    assert (lost.state, lost.error) == (ReplyState.UNKNOWN, "forum broke off (KeyError).")
    with sessions() as session:
        assert [notice.kind for notice in session.scalars(select(Notice))] == ["not_posted"]


def test_staff_who_looked_settle_it(sessions: Sessions, settings: Settings, now: datetime) -> None:
    number = queued(sessions, settings, now)
    post_replies(sessions, Forum(UNSURE, CANT_TELL), now)
    with sessions.begin() as session:
        answers.confirm(session, number, staff(session, settings), (), now, is_there=True)
    with sessions() as session:
        assert session.get_one(Reply, number).case.status is Status.ANSWERED


def test_what_the_author_wrote_after_an_answer_was_lost_waits_on(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    """The answer is found hours later, after the program was started again."""
    number = queued(sessions, settings, now)
    with pytest.raises(KeyboardInterrupt):
        post_replies(sessions, Forum(KeyboardInterrupt()), now)
    _author_writes_again(sessions, settings, now + timedelta(hours=1))
    post_replies(sessions, Forum(found=FOUND), now + timedelta(hours=2))
    reply = reply_of(sessions, number)
    assert (reply.state, reply.sent_at, reply.case.status) == (ReplyState.SENT, now, Status.CLAIMED)
    assert reply.case.first_answered_at == now


def test_what_the_author_wrote_before_staff_found_our_answer_there_waits_on(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number = queued(sessions, settings, now)
    post_replies(sessions, Forum(UNSURE, CANT_TELL), now)
    _author_writes_again(sessions, settings, now + timedelta(minutes=20))
    with sessions.begin() as session:
        later = now + timedelta(hours=1)
        answers.confirm(session, number, staff(session, settings), (), later, is_there=True)
    reply = reply_of(sessions, number)
    assert (reply.sent_at, reply.case.status) == (now, Status.CLAIMED)


def test_an_answer_that_staff_did_not_find_there_can_be_sent_again(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number, forum = queued(sessions, settings, now), Forum()
    post_replies(sessions, Forum(UNSURE, CANT_TELL), now)
    with sessions.begin() as session:
        person = staff(session, settings)
        answers.confirm(session, number, person, (), now, is_there=False)
        answers.send(session, number, person, 500, "novolinia-care", now)
    post_replies(sessions, forum, now)
    assert [post for post, _ in forum.posted] == ["p0"]


def _author_writes_again(sessions: Sessions, settings: Settings, at: datetime) -> None:
    text = "Новолінія: поверніть гроші!"
    with sessions.begin() as session:
        considered(session, settings, at, "again", thread_id="t0", author="a0", text=text, posted_at=at)
