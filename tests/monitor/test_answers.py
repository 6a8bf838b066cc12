from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from models import Reply, ReplyState, Status
from monitor import answered, answers, approval, desk
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.settings import Settings
from tests.builders import considered, open_case, staff
from tests.conftest import make_settings
from tests.monitor.listeners import Forum

Decide = Callable[[Session, int, Settings, datetime], None]
OLENA, ANDRIY = 7, 8
LIMIT = 100


@pytest.fixture
def draft(sessions: Sessions, settings: Settings, now: datetime) -> int:
    """Олена's answer, previewed."""
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        reply = answers.begin(session, case.id, staff(session, settings, OLENA), -100, now)
        answers.write(session, reply, " Вибачте! ", now)
        return reply.id


def send(sessions: Sessions, settings: Settings, number: int, now: datetime, who: int = OLENA) -> None:
    with sessions.begin() as session:
        answers.send(session, number, staff(session, settings, who), LIMIT, "novolinia-care", now)


def test_who_answers_has_claimed(sessions: Sessions, settings: Settings, draft: int) -> None:
    with sessions() as session:
        reply = session.get_one(Reply, draft)
        assert (reply.case.status, reply.case.claimed_by_id) == (Status.CLAIMED, OLENA)
        assert (reply.state, reply.text) == (ReplyState.PREVIEW, "Вибачте!")


def test_nobody_else_can_answer_a_claimed_case(
    sessions: Sessions, settings: Settings, now: datetime, draft: int
) -> None:
    with pytest.raises(Refused, match="taken"), sessions.begin() as session:
        answers.begin(
            session, session.get_one(Reply, draft).case_id, staff(session, settings, ANDRIY), -100, now
        )
    with pytest.raises(Refused, match="taken"):
        send(sessions, settings, draft, now, ANDRIY)


def test_a_second_press_on_send_sends_nothing(
    sessions: Sessions, settings: Settings, now: datetime, draft: int
) -> None:
    send(sessions, settings, draft, now)
    with pytest.raises(Refused, match="already_sent"):
        send(sessions, settings, draft, now)


def test_what_is_too_long_for_the_place_does_not_leave(
    sessions: Sessions, settings: Settings, now: datetime, draft: int
) -> None:
    with sessions.begin() as session:
        answers.write(session, session.get_one(Reply, draft), "x" * (LIMIT + 7), now)
    with pytest.raises(Refused, match="too_long") as refusal:
        send(sessions, settings, draft, now)
    assert refusal.value.values["by"] == 7


def test_an_answer_without_words_is_refused(sessions: Sessions, draft: int, now: datetime) -> None:
    with pytest.raises(Refused, match="empty"), sessions.begin() as session:
        answers.write(session, session.get_one(Reply, draft), " \n ", now)


def test_a_sent_answer_can_no_longer_be_changed_or_cancelled(
    sessions: Sessions, settings: Settings, now: datetime, draft: int
) -> None:
    send(sessions, settings, draft, now)
    with pytest.raises(Refused, match="already_sent"), sessions.begin() as session:
        answers.write(session, session.get_one(Reply, draft), "Інше", now)
    with pytest.raises(Refused, match="already_sent"), sessions.begin() as session:
        answers.cancel(session, draft, staff(session, settings), now)


def test_nothing_leaves_from_a_closed_case(
    sessions: Sessions, settings: Settings, now: datetime, draft: int
) -> None:
    with sessions.begin() as session:
        desk.close(session, session.get_one(Reply, draft).case_id, staff(session, settings), now)
    with pytest.raises(Refused, match="closed"):
        send(sessions, settings, draft, now)


def test_done_answers_the_case_where_a_person_posted_it(
    sessions: Sessions, settings: Settings, now: datetime, draft: int
) -> None:
    with sessions.begin() as session:
        reply = answers.handed_off(session, draft, staff(session, settings), now + timedelta(minutes=12))
        assert (reply.state, reply.case.status) == (ReplyState.HANDED_OFF, Status.ANSWERED)
        assert reply.case.first_response_time == timedelta(minutes=12)


def test_a_new_draft_replaces_the_old_one(
    sessions: Sessions, settings: Settings, now: datetime, draft: int
) -> None:
    with sessions.begin() as session:
        number = session.get_one(Reply, draft).case_id
        answers.begin(session, number, staff(session, settings), -100, now)
    with sessions() as session:
        assert session.get_one(Reply, draft).state is ReplyState.CANCELLED


def test_the_newest_post_of_the_author_is_answered(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        considered(session, settings, now, "p2", text="І ще одне.", posted_at=now)
        reply = answers.begin(session, case.id, staff(session, settings), -100, now)
        assert reply.mention.external_id == "p2"


def test_a_place_where_nobody_can_answer_says_so(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        number = open_case(session, settings, now, answerable="none").id
    with pytest.raises(Refused, match="not_answerable"), sessions.begin() as session:
        answers.begin(session, number, staff(session, settings), -100, now)


def test_an_answer_is_found_by_the_message_that_asked_for_it(sessions: Sessions, draft: int) -> None:
    with sessions.begin() as session:
        session.get_one(Reply, draft).prompt_message_id = 41
    with sessions() as session:
        found = answers.by_prompt(session, -100, 41)
        assert found is not None
        assert found.id == draft
        assert answers.by_prompt(session, -200, 41) is None


# Two at the same instant: what one of them has read is not what stands there by now


@contextmanager
def who_has_read(sessions: Sessions, number: int) -> Iterator[tuple[Session, Reply]]:
    """Somebody who has looked at the answer, and acts only after others did."""
    with sessions() as session:
        reply = session.get_one(Reply, number)
        session.commit()
        yield session, reply


@pytest.fixture
def careful() -> Settings:
    return make_settings(approval=[{"name": "Legal", "words": ["суд"]}])


@pytest.fixture
def to_approve(sessions: Sessions, careful: Settings, now: datetime, draft: int) -> int:
    """An answer that waits for a colleague."""
    with sessions.begin() as session:
        answers.write(session, session.get_one(Reply, draft), "Зустрінемося в суді.", now)
        approval.ask(session, draft, staff(session, careful), careful.approval[0], now)
    return draft


def approve(session: Session, number: int, settings: Settings, now: datetime) -> None:
    source, person = Forum(), staff(session, settings, 8)
    approval.approve(session, number, person, source, settings, now, timedelta(seconds=20))


def send_back(session: Session, number: int, settings: Settings, now: datetime) -> None:
    person = staff(session, settings, 8)
    approval.send_back(session, number, person, "Спокійніше.", -100, 90, settings, now)


def test_words_that_come_while_others_leave_are_refused_and_not_posted(
    sessions: Sessions, settings: Settings, now: datetime, draft: int
) -> None:
    with who_has_read(sessions, draft) as (session, reply):
        was = reply.text
        send(sessions, settings, draft, now)
        with pytest.raises(Refused, match="already_sent"):
            answers.write(session, reply, "Чернетка, якої ніхто не бачив.", now)
    assert (reply.state, reply.text) == (ReplyState.QUEUED, was)


def test_words_that_come_while_a_colleague_approves_others_are_not_approved(
    sessions: Sessions, careful: Settings, now: datetime, to_approve: int
) -> None:
    with who_has_read(sessions, to_approve) as (session, reply):
        with sessions.begin() as other:
            approve(other, to_approve, careful, now)
        with pytest.raises(Refused, match="already_sent"):
            answers.write(session, reply, "Побачимося в суді, пане!", now)
    assert (reply.state, reply.text) == (ReplyState.QUEUED, "Зустрінемося в суді.")


def test_nobody_sends_words_that_were_changed_since_they_were_read(
    sessions: Sessions, settings: Settings, now: datetime, draft: int
) -> None:
    with who_has_read(sessions, draft) as (session, _):
        with sessions.begin() as other:
            answers.write(other, other.get_one(Reply, draft), "Інші слова.", now)
        with pytest.raises(Refused, match="outdated"):
            answers.send(session, draft, staff(session, settings), LIMIT, "novolinia-care", now)


@pytest.mark.parametrize("second", [approve, send_back])
@pytest.mark.parametrize("first", [approve, send_back])
def test_of_two_who_decide_at_once_the_first_does_and_the_second_is_told(
    sessions: Sessions, careful: Settings, now: datetime, to_approve: int, first: Decide, second: Decide
) -> None:
    with who_has_read(sessions, to_approve) as (session, reply):
        with sessions.begin() as other:
            first(other, to_approve, careful, now)
        with pytest.raises(Refused):
            second(session, to_approve, careful, now)
        session.rollback()
        session.refresh(reply)
    assert reply.state is (ReplyState.QUEUED if first is approve else ReplyState.PREVIEW)


@pytest.mark.parametrize(("positive", "becomes"), [(0.93, Status.ANSWERED), (0.1, Status.OPEN)])
def test_thanks_that_came_before_an_answer_was_found_leave_nothing_owed(
    sessions: Sessions, settings: Settings, now: datetime, positive: float, becomes: Status
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        later = now + timedelta(minutes=20)
        considered(session, settings, later, "p2", text="Дякую!", negative=1 - positive, positive=positive)
        answered.mark(session, case, now + timedelta(minutes=5))
        assert case.status is becomes
