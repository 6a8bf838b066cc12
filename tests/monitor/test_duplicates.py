from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, Case, Event, Happening, Notice, Priority, ReplyState, Status
from monitor import answered, answers, desk, duplicates, snoozing, verdicts
from monitor.cards import view
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.said_before import said_before
from monitor.settings import Settings
from monitor.stats import stats
from monitor.why import why
from tests.builders import ANGRY, considered, open_case, register, staff

OTHER = "Новолінія: не ті двері привезли, міняти не хочуть."
THIRD = "У Новолінії третій день ніхто не бере слухавку."


def test_the_mentions_of_a_duplicate_move_and_both_cases_say_so(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        first = open_case(session, settings, now)
        second = open_case(session, settings, now, "p2", thread_id="8", text=OTHER)
        into, moved = duplicates.merge(session, second.id, first.id, staff(session, settings), now)
        assert (into, moved) == (first, 1)
        assert (second.status, second.closed_at, second.duplicate_of_id) == (Status.CLOSED, now, first.id)
        assert [m.external_id for m in first.mentions] == ["p1", "p2"]
        assert second.mentions == []
        events = session.scalars(select(Event).where(Event.staff_id == 7).order_by(Event.id)).all()
        assert [(e.case_id, e.kind, e.values) for e in events] == [
            (second.id, Happening.DUPLICATE, {"of": first.id, "posts": 1}),
            (first.id, Happening.JOINED, {"case": second.id, "posts": 1}),
        ]
        assert view(session, second, settings, now).text == OTHER
        assert view(session, first, settings, now).posts == 2


def test_a_post_about_two_brands_moves_as_one(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now, "a1")
        assert considered(session, settings, now, "a1", brand="Будсвіт") is case
        into = open_case(session, settings, now, "b1", thread_id="8", author="bohdan", text=OTHER)
        assert duplicates.merge(session, case.id, into.id, staff(session, settings), now) == (into, 1)


def test_a_duplicate_that_was_put_off_comes_back_no_more(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        first = open_case(session, settings, now)
        second = open_case(session, settings, now, "p2", thread_id="8", text=OTHER)
        snoozing.put_off(session, second.id, staff(session, settings), now + timedelta(hours=1), now)
        duplicates.merge(session, second.id, first.id, staff(session, settings), now)
        assert second.snoozed_until is None


def test_what_the_author_writes_next_belongs_to_the_case_that_is_left(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        person = staff(session, settings)
        first = open_case(session, settings, now)
        second = open_case(session, settings, now, "p2", thread_id="8", text=OTHER)
        third = open_case(session, settings, now, "p3", thread_id="9", text=THIRD)
        duplicates.merge(session, second.id, first.id, person, now)
        duplicates.merge(session, first.id, third.id, person, now)
        assert considered(session, settings, now, "p4", thread_id="8", text="Досі тиша.") is third
        assert considered(session, settings, now, "p5", thread_id="7", text="І тут теж.") is third


def test_a_chain_ends_at_the_case_that_is_left(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        person = staff(session, settings)
        texts = (ANGRY, OTHER, THIRD)
        first, second, third = (
            open_case(session, settings, now, f"p{n}", thread_id=f"t{n}", text=t) for n, t in enumerate(texts)
        )
        duplicates.merge(session, second.id, first.id, person, now)
        assert duplicates.merge(session, third.id, second.id, person, now)[0] is first
        with pytest.raises(Refused, match="itself"):
            duplicates.merge(session, first.id, second.id, person, now)


def test_what_cant_be_a_duplicate_is_refused(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        olena, andriy = staff(session, settings, 7), staff(session, settings, 8)
        first = open_case(session, settings, now)
        second = open_case(session, settings, now, "p2", thread_id="8", text=OTHER)

        def refused(case: int, into: int) -> str:
            with pytest.raises(Refused) as said:
                duplicates.merge(session, case, into, olena, now)
            return said.value.code

        assert refused(first.id, first.id) == "itself"
        assert refused(first.id, 99) == refused(99, first.id) == "no_such_case"
        desk.claim(session, second.id, andriy, now)
        assert refused(second.id, first.id) == "taken"
        desk.release(session, second.id, andriy, now)
        reply = answers.write(session, answers.begin(session, second.id, olena, 1, now), "Вибачте", now)
        reply.state = ReplyState.QUEUED
        session.flush()
        assert refused(second.id, first.id) == "answer_on_its_way"
        reply.state = ReplyState.CANCELLED
        session.flush()
        duplicates.merge(session, second.id, first.id, olena, now)
        assert refused(second.id, first.id) == "already_duplicate"
        first.close(now)
        assert refused(first.id, second.id) == "closed"


def test_likely_are_those_of_the_author_of_the_thread_and_of_a_like_text(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        same_author = open_case(session, settings, now, "p2", thread_id="8", text=OTHER)
        same_thread = open_case(session, settings, now, "p3", author="petro", text=THIRD)
        open_case(session, settings, now, "p4", thread_id="9", author="ivan", text="Новолінія бреше всім.")
        open_case(session, settings, now, "p5", source="blog", thread_id="8", text="Новолінія ошукала матір.")
        assert duplicates.likely(session, case) == [same_thread, same_author]
        same_thread.close(now)
        session.flush()
        assert duplicates.likely(session, case) == [same_author, same_thread]
        duplicates.merge(session, same_author.id, case.id, staff(session, settings), now)
        assert duplicates.likely(session, case) == [same_thread]
        assert session.get(Case, same_author.id) is same_author


def test_done_on_what_became_a_duplicate_meanwhile_answers_the_case_that_is_left(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        olena, andriy = staff(session, settings), staff(session, settings, 8)
        first = open_case(session, settings, now)
        second = open_case(session, settings, now, "p2", thread_id="8", text=OTHER)
        reply = answers.write(session, answers.begin(session, second.id, olena, 1, now), "Вибачте!", now)
        desk.release(session, second.id, olena, now)
        duplicates.merge(session, second.id, first.id, andriy, now)
        desk.claim(session, first.id, andriy, now)
        answers.handed_off(session, reply.id, olena, now)
        assert (first.status, second.first_answered_at) == (Status.ANSWERED, None)
        told = said_before(session, first)
        assert told
        assert told.text == "Вибачте!"
        notice = session.scalars(select(Notice)).one()
        assert (notice.kind, notice.case_id, notice.values["name"]) == (
            "answered_by_hand",
            first.id,
            andriy.name,
        )


def test_of_two_authors_in_one_case_the_answer_goes_to_whoever_wrote_last(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    later = now + timedelta(hours=3)
    with sessions.begin() as session:
        olena = staff(session, settings)
        first = open_case(session, settings, now, "a1", author="alla")
        second = open_case(session, settings, now, "b1", thread_id="8", author="bohdan", text=OTHER)
        duplicates.merge(session, second.id, first.id, olena, now)
        reply = answers.write(session, answers.begin(session, first.id, olena, 1, now), "Вибачте!", now)
        assert (reply.mention.author, view(session, first, settings, now).author) == ("alla", "alla")
        answered.record(session, reply, now)
        considered(session, settings, later, "b2", thread_id="8", author="bohdan", text="А мені?", matches=[])
        assert session.scalars(select(Notice)).one().values["author"] == "bohdan"
        card = view(session, first, settings, later)
        assert (card.author, card.text, card.posts, card.copies, card.woken) == (
            "bohdan",
            "А мені?",
            2,
            0,
            True,
        )
        assert answers.begin(session, first.id, olena, 1, later).mention.external_id == "b2"


def test_of_two_namesakes_in_one_case_the_answer_goes_to_the_one_who_waits(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    later = now + timedelta(hours=3)
    with sessions.begin() as session:
        olena = staff(session, settings)
        earlier = now - timedelta(hours=1)
        first = open_case(session, settings, now, "a1", author="Ірина", author_id="1", posted_at=earlier)
        second = open_case(
            session, settings, now, "b1", author="Ірина", author_id="2", thread_id="8", text=OTHER
        )
        duplicates.merge(session, second.id, first.id, olena, now)
        reply = answers.write(session, answers.begin(session, first.id, olena, 1, now), "Вибачте!", now)
        assert reply.mention.external_id == "a1"
        answered.record(session, reply, now)
        told = {"author": "Ірина", "author_id": "2", "thread_id": "8", "text": "А мені?", "matches": []}
        considered(session, settings, later, "b2", **told)
        considered(session, settings, later, "b3", **told)
        assert answers.begin(session, first.id, olena, 1, later).mention.external_id == "b3"


def test_the_other_authors_words_change_nothing_while_nobody_has_been_told_of_them(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        olena = staff(session, settings)
        first = open_case(session, settings, now, "a1", author="alla")
        second = open_case(session, settings, now, "b1", thread_id="8", author="bohdan", text=OTHER)
        duplicates.merge(session, second.id, first.id, olena, now)
        considered(session, settings, now, "b2", thread_id="8", author="bohdan", text="А мені?", matches=[])
        assert view(session, first, settings, now).author == "alla"
        assert answers.begin(session, first.id, olena, 1, now).mention.external_id == "a1"


def test_what_was_a_question_first_can_be_drawn_as_a_duplicate(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        olena = staff(session, settings)
        first = open_case(session, settings, now)
        asked = open_case(session, settings, now, "p2", thread_id="8", text=OTHER, negative=0.5, matches=[])
        assert asked.status is Status.ASKED
        verdicts.complaint(session, asked.id, olena, settings, now)
        duplicates.merge(session, asked.id, first.id, olena, now)
        assert view(session, asked, settings, now).text == OTHER


def a_question(session: Session, settings: Settings, now: datetime, **changes: Any) -> Case:
    said = {"thread_id": "8", "text": OTHER, "negative": 0.5, "matches": [], **changes}
    asked = open_case(session, settings, now, "q1", **said)
    assert asked.status is Status.ASKED
    return asked


def test_a_question_that_a_complaint_is_put_into_owes_what_was_promised_there(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    with sessions.begin() as session:
        asked = a_question(session, settings, now)
        case = open_case(session, settings, now, rating=1.0)
        duplicates.merge(session, case.id, asked.id, staff(session, settings), later)
        assert (asked.status, asked.promised, asked.reasons) == (Status.OPEN, True, case.reasons)
        assert (asked.opened_at, asked.answer_by, asked.first_answer_by) == (
            now,
            case.answer_by,
            case.answer_by,
        )
        assert session.scalars(select(Alert).where(Alert.case_id == asked.id)).one().due_at == later
        assert verdicts.drop_old(session, now + timedelta(days=8)) == 0


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_complaint_that_is_put_into_a_question_counts_once_and_as_itself(
    sessions: Sessions, settings: Settings, now: datetime, is_answered: bool
) -> None:
    register(sessions, now - timedelta(days=30))
    with sessions.begin() as session:
        asked = a_question(session, settings, now - timedelta(days=2))
        case = open_case(session, settings, now, rating=1.0, posted_at=now - timedelta(minutes=1))
        session.scalars(select(Alert).where(Alert.case_id == case.id)).one().sent_at = now
        if is_answered:
            case.answered(now + timedelta(hours=1))
        session.flush()
        before = stats(session, timedelta(days=7), settings, now + timedelta(days=1)).cases
        duplicates.merge(session, case.id, asked.id, staff(session, settings), now + timedelta(hours=9))
        session.flush()
        assert stats(session, timedelta(days=7), settings, now + timedelta(days=1)).cases == before
        assert (before.opened, before.detection) == (1, timedelta(minutes=1))
        assert why(session, asked, settings).rating == 1.0


def test_a_question_that_an_answered_complaint_is_put_into_owes_nothing(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        asked, case = a_question(session, settings, now), open_case(session, settings, now)
        case.answered(now + timedelta(hours=1))
        duplicates.merge(session, case.id, asked.id, staff(session, settings), now + timedelta(days=2))
        assert (asked.status, asked.promised) == (Status.ANSWERED, True)
        assert asked.first_response_time == timedelta(hours=1)


def test_a_complaint_that_is_put_into_an_urgent_question_is_urgent(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        asked = a_question(session, settings, now, reach=50_000)
        case = open_case(session, settings, now)
        duplicates.merge(session, case.id, asked.id, staff(session, settings), now)
        assert (asked.priority, asked.promised) == (Priority.HIGH, True)


def test_a_question_that_another_is_put_into_stays_one(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        asked = a_question(session, settings, now)
        other = open_case(session, settings, now, "q2", thread_id="9", text=THIRD, negative=0.5, matches=[])
        duplicates.merge(session, other.id, asked.id, staff(session, settings), now)
        assert (asked.status, asked.promised) == (Status.ASKED, False)


def test_what_staff_said_is_no_complaint_stays_closed_when_another_is_put_into_it(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        asked, person = a_question(session, settings, now), staff(session, settings)
        verdicts.no_complaint(session, asked.id, person, now)
        duplicates.merge(session, open_case(session, settings, now).id, asked.id, person, now)
        assert (asked.status, asked.promised) == (Status.CLOSED, False)
