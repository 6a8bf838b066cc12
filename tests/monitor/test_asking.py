from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import Alert, Case, Event, Happening, Notice, Priority, Status
from monitor import answers, desk, verdicts
from monitor.asking import ASKED_FOR
from monitor.bundles import STORM, bundle_storm
from monitor.cases import Consideration
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.digest import compile_digest
from monitor.settings import Settings
from monitor.urgent import UrgentWords
from monitor.week import Week
from monitor.why import why
from tests.builders import considered, mention, open_case, register, staff
from tests.conftest import make_settings

OLENA, ANDRIY = 7, 8
UNSURE = 0.5
MINUTE = timedelta(minutes=1)
OFFICE = {"week": {"monday-friday": "09:00-18:00"}}
NIGHT = datetime(2026, 11, 18, 22, tzinfo=UTC)  # 00:00
OPENING = datetime(2026, 11, 19, 7, tzinfo=UTC)
NOON = datetime(2026, 11, 19, 11, tzinfo=UTC)  # 13:00
TEXTS = (
    "Новолінія, чому двері приїхали без ручки?",
    "У Новолінії знову черга на годину.",
    "Плитка з Новолінії інша, ніж на сайті.",
    "Хтось дочекався дзвінка від Новолінії?",
)


def ask(session: Any, settings: Settings, now: datetime, number: int = 0, **changes: Any) -> Case:
    """A case that staff are asked about, in a thread of its own."""
    values = {"thread_id": f"t{number}", "author": f"a{number}", "negative": UNSURE, **changes}
    text = values.pop("text", TEXTS[number % len(TEXTS)] + f" Замовлення {number}." * number)
    return open_case(session, settings, now, f"q{number}", text=text, **values)


@pytest.fixture
def number(sessions: Sessions, settings: Settings, now: datetime) -> int:
    with sessions.begin() as session:
        return ask(session, settings, now).id


def kinds(session: Any, number: int) -> list[Happening]:
    return list(session.scalars(select(Event.kind).where(Event.case_id == number).order_by(Event.id)))


def test_where_we_are_unsure_staff_are_asked_and_nothing_is_promised(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions() as session:
        case = session.get_one(Case, number)
        assert (case.status, case.promised) == (Status.ASKED, False)
        assert not case.is_late(now + timedelta(days=300))
        assert kinds(session, number) == [Happening.ASKED]
        assert session.scalars(select(Alert)).one().due_at == now


def test_a_yes_opens_the_case_and_the_promise_counts_from_then(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    later = now + timedelta(hours=3)
    with sessions.begin() as session:
        verdicts.complaint(session, number, staff(session, settings), settings, later)
    with sessions() as session:
        case = session.get_one(Case, number)
        assert (case.status, case.promised, case.priority) == (Status.OPEN, True, Priority.NORMAL)
        assert (case.opened_at, case.answer_by) == (later, later + settings.sla.normal)
        assert kinds(session, number) == [Happening.ASKED, Happening.COMPLAINT]


def test_a_no_closes_it_and_is_kept_with_who_said_so(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        case = verdicts.no_complaint(session, number, staff(session, settings), now)
        assert (case.status, case.promised, case.closed_at) == (Status.CLOSED, False, now)
    with sessions() as session:
        assert verdicts.said_by(session, session.get_one(Case, number)) == "Олена"
        assert session.scalars(select(Alert)).one().due_at is None, "a card that was never sent stays so"


def test_what_was_no_complaint_and_is_reopened_is_promised_an_answer_from_then(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    reopened = now + timedelta(days=2)
    with sessions.begin() as session:
        say_no(session, number, settings, now + MINUTE)
        case = desk.reopen(session, number, staff(session, settings), settings, reopened)
        assert (case.status, case.promised, case.closed_at) == (Status.OPEN, True, None)
        case.answered(reopened + MINUTE)
        assert case.first_response_time == MINUTE
        assert not case.is_late(reopened + MINUTE)
        assert case.answer_by == case.first_answer_by == reopened + settings.sla.normal


def say_yes(session: Any, number: int, settings: Settings, now: datetime) -> None:
    verdicts.complaint(session, number, staff(session, settings, ANDRIY), settings, now)


def say_no(session: Any, number: int, settings: Settings, now: datetime) -> None:
    verdicts.no_complaint(session, number, staff(session, settings, ANDRIY), now)


@pytest.mark.parametrize("late", [say_yes, say_no])
@pytest.mark.parametrize(("first", "code"), [(say_yes, "said_complaint"), (say_no, "said_no_complaint")])
def test_the_first_answer_counts_and_the_second_hears_of_it(
    sessions: Sessions,
    settings: Settings,
    now: datetime,
    number: int,
    first: Callable[..., None],
    late: Callable[..., None],
    code: str,
) -> None:
    with sessions.begin() as session:
        first(session, number, settings, now)
    with pytest.raises(Refused) as refusal, sessions.begin() as session:
        late(session, number, settings, now + MINUTE)
    assert (refusal.value.code, refusal.value.values["by"]) == (code, "Андрій")
    with sessions() as session:
        assert len(kinds(session, number)) == 2


def test_who_answers_what_was_closed_without_a_word_hears_that_it_is_closed(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        desk.close(session, number, staff(session, settings), now)
    with pytest.raises(Refused, match="closed"), sessions.begin() as session:
        say_yes(session, number, settings, now)


def test_before_a_yes_nobody_claims_it_or_answers(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with pytest.raises(Refused, match="asked"), sessions.begin() as session:
        desk.claim(session, number, staff(session, settings), now)
    with pytest.raises(Refused, match="asked"), sessions.begin() as session:
        answers.begin(session, number, staff(session, settings), -100, now)


def test_a_question_that_nobody_answered_leaves_by_itself(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        assert verdicts.drop_old(session, now + ASKED_FOR - MINUTE) == 0
        assert verdicts.drop_old(session, now + ASKED_FOR) == 1
        assert verdicts.drop_old(session, now + ASKED_FOR) == 0
    with sessions() as session:
        case = session.get_one(Case, number)
        assert (case.status, case.promised) == (Status.CLOSED, False)
        assert not case.is_late(now + 2 * ASKED_FOR)
        assert kinds(session, number) == [Happening.ASKED, Happening.CLOSED]


def test_a_surer_post_of_the_author_in_the_thread_opens_the_case_by_itself(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    later = now + timedelta(hours=1)
    with sessions.begin() as session:
        session.scalars(select(Alert)).one().message_id = 77
        case = considered(session, settings, later, "q1", thread_id="t0", author="a0", text="Обман!")
        assert case is not None
        assert case.id == number
    with sessions() as session:
        case = session.get_one(Case, number)
        assert (case.status, case.answer_by) == (Status.OPEN, later + settings.sla.normal)
        assert kinds(session, number) == [Happening.ASKED, Happening.JOINED, Happening.OPENED]
        assert session.scalars(select(Notice)).one().kind == "author_wrote", "an edit rings for nobody"


@pytest.mark.parametrize("negative", [0.1, UNSURE])
@pytest.mark.parametrize("ended", [False, True])
def test_a_post_that_is_no_surer_only_joins(
    sessions: Sessions, settings: Settings, now: datetime, number: int, negative: float, ended: bool
) -> None:
    with sessions.begin() as session:
        if ended:
            say_no(session, number, settings, now)
        considered(session, settings, now, "q1", thread_id="t0", author="a0", negative=negative, text="Ок")
    with sessions() as session:
        case = session.get_one(Case, number)
        assert case.status is (Status.CLOSED if ended else Status.ASKED)
        assert session.scalars(select(Notice)).all() == []


def test_a_complaint_after_a_no_is_one(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        say_no(session, number, settings, now)
        considered(session, settings, now, "q1", thread_id="t0", author="a0", text="Обман!")
    with sessions() as session:
        assert session.get_one(Case, number).status is Status.OPEN
        assert session.scalars(select(Alert)).one().due_at == now


def test_a_copy_of_what_was_no_complaint_is_not_asked_about_again(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    text = (
        "Третій тиждень чекаю на відповідь від Новолінії, але нікуди не поспішаю, бо двері потрібні до весни."
    )
    with sessions.begin() as session:
        case = ask(session, settings, now, text=text)
        say_no(session, case.id, settings, now)
        again = considered(
            session,
            settings,
            now,
            "c1",
            source="blog",
            author="copy",
            thread_id=None,
            text=text,
            negative=UNSURE,
        )
        assert again is case
        assert case.status is Status.CLOSED


def test_beyond_the_days_measure_questions_wait_in_the_inbox(sessions: Sessions, now: datetime) -> None:
    settings = make_settings(triage={"asked_a_day": 2})
    with sessions.begin() as session:
        cases = [ask(session, settings, now, n) for n in range(3)]
        session.flush()
        due = session.scalars(select(Alert.due_at).order_by(Alert.case_id)).all()
        assert due == [now, now, None]
        say_no(session, cases[0].id, settings, now)
        cases.append(ask(session, settings, now, 3))
        tomorrow = now + timedelta(days=1)
        cases.append(ask(session, settings, tomorrow, 4))
        session.flush()
        due = session.scalars(select(Alert.due_at).order_by(Alert.case_id)).all()
        assert due[3:] == [now, tomorrow], "the one that was called back never stood there"
        asked, total = verdicts.undecided(session, limit=2)
        assert (len(asked), total) == (2, 4)


def test_a_yes_from_the_inbox_brings_the_card(sessions: Sessions, now: datetime) -> None:
    settings = make_settings(triage={"asked_a_day": 0})
    with sessions.begin() as session:
        case = ask(session, settings, now)
        session.flush()
        assert session.scalars(select(Alert)).one().due_at is None
        say_yes(session, case.id, settings, now + MINUTE)
        session.flush()
        assert session.scalars(select(Alert)).one().due_at == now + MINUTE


def test_a_yes_brings_the_card_of_a_question_that_came_at_night_beyond_the_days_measure(
    sessions: Sessions,
) -> None:
    settings = make_settings(triage={"asked_a_day": 0}, hours=OFFICE)
    with sessions.begin() as session:
        case = ask(session, settings, NIGHT)
        say_yes(session, case.id, settings, NOON)
        session.flush()
        assert session.scalars(select(Alert)).one().due_at == NOON


def test_a_complaint_after_a_no_in_the_night_has_its_card(sessions: Sessions) -> None:
    settings = make_settings(hours=OFFICE)
    with sessions.begin() as session:
        case = ask(session, settings, NIGHT)
        say_no(session, case.id, settings, NIGHT + MINUTE)
        considered(session, settings, NOON, "q1", thread_id="t0", author="a0", text="Обман!")
        session.flush()
        assert case.status is Status.OPEN
        assert session.scalars(select(Alert)).one().due_at == NOON


@pytest.mark.parametrize("shown", [None, 77])
def test_what_becomes_a_complaint_at_night_rings_at_the_opening(
    sessions: Sessions, shown: int | None
) -> None:
    settings = make_settings(hours=OFFICE)
    with sessions.begin() as session:
        case = ask(session, settings, NOON - timedelta(days=1))
        session.flush()
        card = session.scalars(select(Alert)).one()
        card.message_id, card.due_at = shown, None
        for n, text in enumerate(("Обман!", "І гроші не вертають!"), 1):
            considered(session, settings, NIGHT, f"q{n}", thread_id="t0", author="a0", text=text)
        session.flush()
        rings = session.scalars(select(Notice.due_at)).all()
        assert case.status is Status.OPEN
        assert ([card.due_at], rings) == (([OPENING], []) if shown is None else ([NIGHT], [OPENING]))


@pytest.mark.parametrize(("measure", "detection"), [(0, 2 * MINUTE), (20, 15 * MINUTE)])
def test_what_made_a_question_a_case_is_what_why_and_the_times_are_of(
    sessions: Sessions, now: datetime, measure: int, detection: timedelta
) -> None:
    """Of the times unless staff were told of the question itself."""
    settings = make_settings(triage={"asked_a_day": measure})
    later = now + timedelta(days=4)
    register(sessions, now - timedelta(days=30))
    with sessions.begin() as session:
        case = ask(session, settings, now)
        card = session.scalars(select(Alert)).one()
        card.sent_at = now + MINUTE if measure else None
        considered(session, settings, later, "sure", thread_id="t0", author="a0", posted_at=later - MINUTE)
        card.sent_at = card.sent_at or later + MINUTE
        session.flush()
        found = why(session, case, settings)
        assert (found.negative, found.posted_at) == (0.94, later - MINUTE)
        week = Week.of(later.date(), settings.zone)
        assert compile_digest(session, week, settings, week.end).cases.detection == detection


def test_an_older_post_that_is_changed_into_a_complaint_is_what_why_shows(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        older = mention(session, now, "older", thread_id="t0", author="a0", text="Новолінія, є питання.")
        older.negative, older.neutral = 0.1, 0.9
        assert Consideration(session, [older], UrgentWords({}), settings, now).consider_all() == [None]
        case = ask(session, settings, now)
        older.text, older.negative = "Новолінія забрала гроші й мовчить!", 0.97
        assert Consideration(session, [older], UrgentWords({}), settings, now).consider_all() == [case]
        session.flush()
        assert why(session, case, settings).negative == 0.97


def test_questions_are_no_part_of_a_storm(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        for n in range(STORM + 1):
            ask(session, settings, now, n)
        session.flush()
        bundle_storm(session, now)
        assert set(session.scalars(select(Alert.bundle_id))) == {None}


def test_the_digest_counts_a_case_once_it_is_real(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    week = Week.of(now.date(), settings.zone)

    def opened() -> tuple[int, int, int]:
        with sessions() as session:
            counted = compile_digest(session, week, settings, now + timedelta(days=1)).cases
            return counted.opened, counted.late, counted.waiting

    assert opened() == (0, 0, 0)
    with sessions.begin() as session:
        say_yes(session, number, settings, now)
    assert opened() == (1, 1, 1)
