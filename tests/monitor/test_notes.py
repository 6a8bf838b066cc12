"""The rows of notes, on every database."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Case, Event, Happening, Note
from monitor import desk, notes
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.settings import Settings
from tests.builders import open_case, staff

OLENA, ANDRIY, CHAT = 7, 8, -100


@pytest.fixture
def number(sessions: Sessions, settings: Settings, now: datetime) -> int:
    with sessions.begin() as session:
        return open_case(session, settings, now).id


def take(
    sessions: Sessions,
    settings: Settings,
    number: int,
    text: str,
    now: datetime,
    who: int = OLENA,
    message: int = 5,
) -> None:
    with sessions.begin() as session:
        notes.take(session, number, staff(session, settings, who), text, CHAT, message, now)


def test_one_message_is_one_note_however_often_it_is_heard(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    take(sessions, settings, number, "Раз", now)
    take(sessions, settings, number, "Два", now + timedelta(minutes=1))
    with sessions() as session:
        (note,) = session.scalars(select(Note)).all()
        assert (note.text, note.at, note.edited_at) == ("Два", now, now + timedelta(minutes=1))
        noted = session.scalars(select(Event).where(Event.kind == Happening.NOTED)).all()
        assert [event.values for event in noted] == [{"note": note.id}]


def test_nobody_edits_the_note_of_another(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    take(sessions, settings, number, "Моє", now)
    take(sessions, settings, number, "Чуже", now, ANDRIY)
    with sessions.begin() as session:
        assert not notes.edit(session, staff(session, settings, ANDRIY), "Чуже", CHAT, 5, now)
        assert not notes.edit(session, staff(session, settings, OLENA), "  ", CHAT, 5, now)
        assert session.scalars(select(Note.text)).all() == ["Моє"]


def test_a_note_without_words_is_refused(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with pytest.raises(Refused, match="empty_note"):
        take(sessions, settings, number, " \n ", now)


def test_a_note_of_the_claimer_is_a_sign_of_life_and_one_of_another_is_not(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        desk.claim(session, number, staff(session, settings, OLENA), now)
    take(sessions, settings, number, "Дивлюся", now + timedelta(minutes=9), ANDRIY, 6)
    with sessions() as session:
        assert session.get_one(Case, number).alive_at == now
    take(sessions, settings, number, "Пишу", now + timedelta(minutes=9), OLENA, 7)
    with sessions() as session:
        assert session.get_one(Case, number).alive_at == now + timedelta(minutes=9)


def test_a_message_of_the_thread_belongs_to_its_case_and_no_other_message_does(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        notes.stands(session, number, CHAT, 9)
        notes.stands(session, number, CHAT, 9)
        assert notes.case_of(session, CHAT, 9, None) == number
        assert notes.case_of(session, CHAT, 10, None) is None
        assert notes.case_of(session, CHAT - 1, 9, 3) is None
