"""Notes of staff on a case, and which messages of the chat stand in its thread. Nothing here can reach a reply."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, Case, Event, Happening, Note, Staff, ThreadMessage
from monitor import desk
from monitor.cases import redraw
from monitor.claims import sign_of_life
from monitor.desk import Refused

MAX_NOTE = 4_000


def take(
    session: Session, case_id: int, staff: Staff, text: str, chat_id: int, message_id: int, now: datetime
) -> Note:
    """Keep what somebody wrote about a case; the same message again changes its note. Raises Refused."""
    case = desk.find(session, case_id)
    text = text.strip()[:MAX_NOTE]
    if not text:
        raise Refused("empty_note", case=case_id)
    if known := _by_message(session, chat_id, message_id):
        return _change(known, staff, text, now)
    note = Note(case_id=case.id, staff_id=staff.id, text=text, at=now, chat_id=chat_id, message_id=message_id)
    session.add(note)
    session.flush()
    stands(session, case.id, chat_id, message_id)
    _happened(session, case, note)
    sign_of_life(case, staff, now)
    return note


def edit(session: Session, staff: Staff, text: str, chat_id: int, message_id: int, now: datetime) -> bool:
    """Somebody edited a message: was it a note of theirs? Then the note says that now."""
    note = _by_message(session, chat_id, message_id)
    text = text.strip()[:MAX_NOTE]
    if note is None or note.staff_id != staff.id or not text:
        return False
    _change(note, staff, text, now)
    return True


def stands(session: Session, case_id: int, chat_id: int, message_id: int) -> None:
    """Remember that this message stands in the case's thread."""
    session.merge(ThreadMessage(chat_id=chat_id, message_id=message_id, case_id=case_id))


def case_of(session: Session, chat_id: int, message_id: int, topic_id: int | None) -> int | None:
    """The case in whose thread, or in whose own topic, somebody wrote; message_id is what they replied to."""
    if known := session.get(ThreadMessage, (chat_id, message_id)):
        return known.case_id
    if topic_id is None:
        return None
    own = select(Alert.case_id).where(
        Alert.chat_id == chat_id, Alert.topic_id == topic_id, Alert.own_topic.is_(True)
    )
    return session.scalar(own)


def of_case(session: Session, case_id: int) -> Mapping[int, Note]:
    """The notes on a case by their ids."""
    return {note.id: note for note in session.scalars(select(Note).where(Note.case_id == case_id))}


def _by_message(session: Session, chat_id: int, message_id: int) -> Note | None:
    return session.scalar(select(Note).where(Note.chat_id == chat_id, Note.message_id == message_id))


def _change(note: Note, staff: Staff, text: str, now: datetime) -> Note:
    if note.staff_id == staff.id and note.text != text:
        note.text, note.edited_at = text, now
    return note


def _happened(session: Session, case: Case, note: Note) -> None:
    values = {"note": note.id}
    event = Event(case_id=case.id, kind=Happening.NOTED, at=note.at, staff_id=note.staff_id, values=values)
    session.add(event)
    redraw(session, case, note.at)
