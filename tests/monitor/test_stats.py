from datetime import datetime, timedelta

from models import Event, Happening, Staff
from monitor import answers, desk
from monitor.db import Sessions
from monitor.settings import Settings
from monitor.stats import stats
from tests.builders import open_case, staff

WEEK = timedelta(days=7)
TEXTS = ("не ті двері", "де гроші?", "зіпсували свято", "брешуть", "хамство на касі", "нікого немає")


def test_an_empty_time_has_no_shares(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions() as session:
        found = stats(session, WEEK, settings, now)
        assert (found.cases.opened, found.done, found.precision, found.in_time) == (0, 0, None, None)


def test_alerts_are_counted_as_staff_saw_them(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        olena, andriy = staff(session, settings, 7), staff(session, settings, 8)
        wrong, ours, closed, answered, waiting, reopened = (
            open_case(
                session, settings, now, f"p{n}", thread_id=f"t{n}", author=f"a{n}", text=f"Новолінія: {t}"
            )
            for n, t in enumerate(TEXTS)
        )
        desk.close(session, wrong.id, olena, now, Happening.WRONG_TONE)
        desk.close(session, ours.id, olena, now, Happening.NOT_OURS)
        desk.close(session, closed.id, olena, now)
        reply = answers.write(session, answers.begin(session, answered.id, andriy, 1, now), "Вибачте", now)
        answers.handed_off(session, reply.id, andriy, now + timedelta(hours=1))
        desk.close(session, reopened.id, olena, now, Happening.WRONG_TONE)
        reopened.wake(now, now)
        session.flush()
        later = now + timedelta(hours=5)
        found = stats(session, WEEK, settings, later)
        assert (found.cases.opened, found.cases.answered, found.done) == (6, 1, 4)
        assert found.called == {Happening.WRONG_TONE: 1, Happening.NOT_OURS: 1, Happening.CLOSED: 1}
        assert found.precision == 50
        assert found.by_person == {"Андрій": 1}
        assert found.by_brand == {"Новолінія": 6}
        assert found.cases.first_response == found.cases.first_response_p90 == timedelta(hours=1)
        assert (found.in_time, found.due) == (33, 3), "one in time, two late; those closed were owed nothing"
        assert waiting.is_late(later)
        assert stats(session, timedelta(hours=1), settings, later).cases.opened == 0


def test_a_promise_that_still_runs_is_neither_kept_nor_broken(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        assert stats(session, WEEK, settings, now).in_time is None
        late = case.answer_by + timedelta(minutes=1)
        assert stats(session, WEEK, settings, late).in_time == 0
        case.answered(now)
        session.flush()
        assert stats(session, WEEK, settings, late).in_time == 100


def test_an_answer_counts_when_it_was_given(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        session.add(
            Event(case_id=case.id, kind=Happening.ANSWERED, at=now, staff_id=staff(session, settings).id)
        )
        session.flush()
        assert stats(session, timedelta(days=1), settings, now + timedelta(days=2)).by_person == {}
        assert stats(session, timedelta(days=3), settings, now + timedelta(days=2)).by_person == {"Олена": 1}


def test_two_people_of_one_name_lose_no_answer(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        session.add_all(Staff(id=number, name="Марта", joined_at=now) for number in (70, 71))
        for number, count in ((70, 2), (71, 1)):
            for _ in range(count):
                session.add(Event(case_id=case.id, kind=Happening.ANSWERED, at=now, staff_id=number))
        session.flush()
        assert stats(session, WEEK, settings, now).by_person == {"Марта": 3}
