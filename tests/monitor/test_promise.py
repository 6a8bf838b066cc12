"""What a case promises, in working time; said once, also by two workers. It is Wednesday, 14:00 in Kyiv."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import Alert, Bundle, Case, Happening, Notice, Priority, Status
from monitor import answered, answers, bundles, desk, reminders, taking
from monitor.cases import redraw
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.digest import compile_digest
from monitor.settings import Settings
from monitor.stats import stats
from monitor.week import Week
from tests import builders
from tests.builders import considered, open_case, staff
from tests.conftest import make_settings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = {"week": {"monday-friday": "09:00-18:00"}}
LEAD = {
    "chats": [{"id": -100, "language": "uk"}],
    "people": [
        {"name": "Олена", "telegram": 7},
        {"name": "Андрій", "telegram": 8, "role": "lead"},
        {"name": "Марта", "telegram": 9, "role": "admin"},
    ],
}
EVENING = datetime(2026, 11, 18, 15, tzinfo=UTC)  # 17:00
NIGHT = datetime(2026, 11, 18, 22, tzinfo=UTC)  # 00:00
MORNING = datetime(2026, 11, 19, 7, tzinfo=UTC)  # the opening


WORDS = (
    "двері", "плитка", "касир", "знижка", "телефон", "кур'єр", "шпалери", "дриль", "паркет", "ламінат",
    "рахунок", "чек", "склад", "бригада", "вікна", "клей", "цемент", "пилка", "фарба", "ключ",
)  # fmt: skip


def office(**changes: Any) -> Settings:
    return make_settings(hours=OFFICE, staff=LEAD, **changes)


def kinds(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(Notice.kind).order_by(Notice.id)))


def keep(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        reminders.keep_promises(session, settings, now)


# What is promised


def test_a_promise_runs_in_working_time_and_half_of_it_too(sessions: Sessions) -> None:
    with sessions.begin() as session:
        case = open_case(session, office(), EVENING)
        assert case.answer_by == case.first_answer_by == MORNING + 3 * HOUR
        assert case.remind_at == MORNING + HOUR
        assert case.resolve_by is None


def test_a_brands_own_hours_and_promises_are_its_own(sessions: Sessions) -> None:
    settings = office(
        sla={"brands": {"Новолінія": {"first": {"normal": "8h"}, "resolution": {"normal": "9h"}}}}
    )
    always = settings.model_copy(
        update={"hours": settings.hours.model_validate({**OFFICE, "brands": {"Новолінія": {"week": None}}})}
    )
    with sessions.begin() as session:
        case = open_case(session, always, EVENING)
        assert (case.answer_by, case.resolve_by) == (EVENING + 8 * HOUR, EVENING + 9 * HOUR)


def test_what_is_owed_next_has_its_own_time_and_the_first_promise_is_not_forgotten(
    sessions: Sessions, now: datetime
) -> None:
    settings = office(sla={"next": {"normal": "1h"}})
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        reply = answers.begin(session, case.id, staff(session, settings), -100, now)
        answered.record(session, reply, now + 5 * HOUR)
        assert case.is_late(now + 5 * HOUR), "an hour too late"
    with sessions.begin() as session:
        considered(session, settings, MORNING, "p2", text="Досі тиша!", posted_at=MORNING)
        case = session.get_one(Case, 1)
        assert (case.answer_by, case.remind_at) == (MORNING + HOUR, MORNING + HOUR / 2)
        assert case.is_late(MORNING), "the first answer stays late, whatever comes next"


@pytest.mark.parametrize("why", [Happening.CLOSED, Happening.WRONG_TONE, Happening.SPAM, Happening.NOT_OURS])
def test_who_comes_back_to_a_case_closed_unanswered_in_time_is_owed_a_first_answer_anew(
    sessions: Sessions, settings: Settings, now: datetime, why: Happening
) -> None:
    back = now + 5 * DAY
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        desk.close(session, case.id, staff(session, settings), now + HOUR, why)
        assert considered(session, settings, back, "p2", text=unlike(1), posted_at=back) is case
        assert case.first_answer_by == case.answer_by == back + 4 * HOUR
        assert stats(session, 7 * DAY, settings, back + 4 * HOUR).due == 0, (
            "nothing is late, as the card says"
        )
        assert case.is_late(back + 4.5 * HOUR)
        case.answered(back + HOUR / 2)
        session.flush()
        found = stats(session, 7 * DAY, settings, back + HOUR)
    assert (found.in_time, found.cases.first_response) == (100, HOUR / 2)
    assert case.first_response_time == HOUR / 2


def test_a_case_that_was_closed_too_late_stays_late_when_its_author_comes_back(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    back = now + DAY
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        desk.close(session, case.id, staff(session, settings), now + 5 * HOUR)
        considered(session, settings, back, "p2", text=unlike(1), posted_at=back)
        case.answered(back + HOUR)
        assert case.is_late(back + HOUR)
        assert case.first_response_time == HOUR


# What waits for the morning


def test_cards_wait_for_the_opening_but_for_the_most_urgent(sessions: Sessions) -> None:
    with sessions.begin() as session:
        normal = open_case(session, office(), NIGHT)
        urgent = open_case(
            session, office(), NIGHT, "p2", thread_id="8", author="petro", reach=99_999, text=unlike(1)
        )
        waits = {a.case_id: (a.due_at, a.held) for a in session.scalars(select(Alert)).unique()}
        assert waits == {normal.id: (MORNING, True), urgent.id: (NIGHT, False)}


def test_a_change_leaves_a_held_card_where_it_waits_unless_it_has_become_urgent(sessions: Sessions) -> None:
    with sessions.begin() as session:
        case = open_case(session, office(), NIGHT)
        redraw(session, case, NIGHT + HOUR)
        session.flush()
        assert session.scalars(select(Alert.due_at)).one() == MORNING
        case.priority = Priority.HIGH
        redraw(session, case, NIGHT + HOUR)
        session.flush()
        assert session.scalars(select(Alert.due_at)).one() == NIGHT + HOUR


def test_the_morning_of_one_chat_and_the_storm_after_it_are_two_messages(sessions: Sessions) -> None:
    settings = office(triage={"alert_from": 0.5})
    with sessions.begin() as session:
        for n in range(3):
            open_case(session, settings, NIGHT, f"n{n}", thread_id=f"n{n}", author=f"n{n}", text=unlike(n))
    with sessions.begin() as session:
        bundles.bundle_morning(session, MORNING - HOUR)
        assert session.scalars(select(Bundle)).all() == []
    with sessions.begin() as session:
        bundles.bundle_morning(session, MORNING)
        for n in range(10, 20):
            open_case(session, settings, MORNING, f"d{n}", thread_id=f"d{n}", author=f"d{n}", text=unlike(n))
        bundles.bundle_storm(session, MORNING)
        morning, storm = session.scalars(select(Bundle).order_by(Bundle.id))
        assert (morning.is_morning, storm.is_morning) == (True, False)
        assert len(bundles.contents(session, morning.id)) == 3
        assert len(bundles.contents(session, storm.id)) == 7


def unlike(number: int) -> str:
    """A complaint that is no copy of another."""
    return f"Новолінія: {' '.join(WORDS[(number * 7 + step * (number + 1)) % 20] for step in range(9))}, жах {number}"


# Said once


def test_two_workers_at_once_remind_once(sessions: Sessions, now: datetime) -> None:
    settings = office()
    with sessions.begin() as session:
        for n in range(5):
            number = open_case(
                session, settings, now, f"p{n}", thread_id=f"{n}", author=f"{n}", text=unlike(n)
            ).id
            desk.claim(session, number, staff(session, settings), now)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: keep(sessions, settings, now + 2 * HOUR), range(8)))
    assert kinds(sessions) == ["half_gone"] * 5


def test_each_is_said_once_a_promise(sessions: Sessions, now: datetime) -> None:
    settings = office()
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        desk.claim(session, case.id, staff(session, settings), now)
    for at in (now + 2 * HOUR, now + 2 * HOUR, MORNING, MORNING + HOUR):
        keep(sessions, settings, at)
    assert kinds(sessions) == ["half_gone", "late"]


def test_a_case_that_staff_have_answered_or_that_waits_for_a_word_of_theirs_is_not_late(
    sessions: Sessions, now: datetime
) -> None:
    settings = make_settings(staff=LEAD)
    with sessions.begin() as session:
        for n, status in enumerate((Status.ANSWERED, Status.CLOSED, Status.ASKED)):
            case = open_case(session, settings, now, f"p{n}", thread_id=f"{n}", author=f"{n}", text=unlike(n))
            case.status = status
    keep(sessions, settings, now + 30 * HOUR)
    assert kinds(sessions) == []


def test_of_the_leads_those_on_call_are_told_or_all_of_them(sessions: Sessions, now: datetime) -> None:
    on_call = {"weekly": [{"people": ["Марта", "Олена"], "week": {"monday-friday": "09:00-18:00"}}]}
    with sessions() as session:
        by_day = reminders.leads_to_tell(session, office(shifts=on_call), now)
        by_night = reminders.leads_to_tell(session, office(shifts=on_call), NIGHT)
    assert [p["name"] for p in by_day] == ["Марта"]
    assert [p["name"] for p in by_night] == ["Андрій"]


# Taking over


def test_of_two_leads_who_take_at_once_the_second_sees_the_first(sessions: Sessions, now: datetime) -> None:
    settings = office()
    with sessions.begin() as session:
        number = open_case(session, settings, now).id
        andriy, marta = staff(session, settings, 8), staff(session, settings, 9)
        stale = session.get_one(Case, number)
        session.flush()
        taking.take(session, number, andriy, now)
        session.flush()
        stale.__dict__["claimed_by_id"] = None  # as Марта's worker had read it
        with pytest.raises(Refused) as refused:
            taking.take(session, number, marta, now)
        assert (refused.value.code, refused.value.values["by"]) == ("taken", "Андрій")


def test_an_unclaimed_case_is_taken_without_a_word_to_anybody(sessions: Sessions, now: datetime) -> None:
    settings = office()
    with sessions.begin() as session:
        number = open_case(session, settings, now).id
        case = taking.take(session, number, staff(session, settings, 8), now)
        assert (case.status, case.claimed_by_id) == (Status.CLAIMED, 8)
    assert kinds(sessions) == []


# The week in numbers


def test_the_digest_counts_in_opening_hours_and_knows_it(sessions: Sessions) -> None:
    settings = office()
    builders.register(sessions, EVENING - 100 * HOUR)
    with sessions.begin() as session:
        case = open_case(session, settings, EVENING, posted_at=EVENING)
        reply = answers.begin(session, case.id, staff(session, settings), -100, EVENING)
        answered.record(session, reply, MORNING + HOUR)
        session.scalars(select(Alert)).one().sent_at = MORNING
    week = Week(2026, 47, settings.zone)
    with sessions() as session:
        cases = compile_digest(session, week, settings, MORNING + 5 * HOUR).cases
        assert (cases.first_response, cases.detection, cases.late) == (2 * HOUR, HOUR, 0)
        assert cases.in_opening_hours
        plain = compile_digest(session, week, make_settings(), MORNING + 5 * HOUR).cases
        assert (plain.first_response, plain.detection, plain.in_opening_hours) == (
            17 * HOUR,
            16 * HOUR,
            False,
        )
