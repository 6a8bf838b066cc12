"""The end of a matter is promised anew when what was closed comes back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Case, Mention, Notice, Status
from monitor import desk, reminders
from monitor.db import Sessions
from monitor.settings import Settings
from tests.builders import considered, open_case, staff
from tests.conftest import make_settings

HOUR = timedelta(hours=1)


@pytest.fixture
def promising() -> Settings:
    return make_settings(sla={"normal": "4h", "resolution": {"normal": "9h"}})


def closed_case(sessions: Sessions, settings: Settings, now: datetime, *, answered: bool = True) -> int:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        if answered:
            case.answered(now + HOUR)
        desk.close(session, case.id, staff(session, settings), now + 2 * HOUR)
        return case.id


def write_again(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        considered(session, settings, now, "again", text="Досі тиша!", posted_at=now, matches=[])


def told(sessions: Sessions, settings: Settings, now: datetime) -> list[str]:
    with sessions.begin() as session:
        reminders.keep_promises(session, settings, now)
    with sessions() as session:
        return list(session.scalars(select(Notice.kind).where(Notice.kind == "unresolved")))


def resolve_by(sessions: Sessions, number: int) -> datetime | None:
    with sessions() as session:
        return session.get_one(Case, number).resolve_by


def test_an_author_who_comes_back_after_the_end_makes_no_broken_promise(
    sessions: Sessions, promising: Settings, now: datetime
) -> None:
    number = closed_case(sessions, promising, now)
    later = now + timedelta(days=2)
    write_again(sessions, promising, later)
    assert resolve_by(sessions, number) == later + 9 * HOUR
    assert told(sessions, promising, later + HOUR) == []
    assert told(sessions, promising, later + 10 * HOUR) == ["unresolved"]


def test_one_who_writes_again_before_the_end_prolongs_nothing(
    sessions: Sessions, promising: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, promising, now)
        case.answered(now + HOUR)
        number = case.id
    write_again(sessions, promising, now + 2 * HOUR)
    assert resolve_by(sessions, number) == now + 9 * HOUR


def test_what_staff_take_up_anew_has_its_own_time(
    sessions: Sessions, promising: Settings, now: datetime
) -> None:
    number, later = closed_case(sessions, promising, now), now + timedelta(days=2)
    with sessions.begin() as session:
        desk.reopen(session, number, staff(session, promising), promising, later)
    assert resolve_by(sessions, number) == later + 9 * HOUR


def test_what_was_never_answered_keeps_both_promises(
    sessions: Sessions, promising: Settings, now: datetime
) -> None:
    number, later = closed_case(sessions, promising, now, answered=False), now + timedelta(days=2)
    with sessions.begin() as session:
        case = desk.reopen(session, number, staff(session, promising), promising, later)
        assert (case.status, case.answer_by) == (Status.OPEN, now + 4 * HOUR)
    assert resolve_by(sessions, number) == now + 9 * HOUR


def test_where_none_is_promised_none_appears(sessions: Sessions, now: datetime) -> None:
    plain = make_settings()
    number, later = closed_case(sessions, plain, now), now + timedelta(days=2)
    write_again(sessions, plain, later)
    with sessions() as session:
        assert session.scalar(select(Mention.case_id).where(Mention.external_id == "again")) == number
    assert resolve_by(sessions, number) is None
