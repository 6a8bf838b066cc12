"""What staff write: an answer, an answer to a question of ours, or a note that only colleagues see."""

from sqlalchemy import select

from bots import approval_acts, reply_acts
from bots.act import Act, Doing, Outcome, staff_of
from bots.message import NOTED
from bots.office import Office
from models import Asked, Notice, Question
from monitor import answers, notes
from monitor.db import reading

ANSWERS: dict[Asked, Doing] = {Asked.REASON: approval_acts.send_back}
"""What an answer to a question of ours does."""


def note(office: Office, act: Act) -> Outcome:
    """What staff write about a case for each other."""
    assert act.message_id is not None
    with office.sessions.begin() as session:
        staff = staff_of(session, office, act)
        notes.take(session, act.number, staff, act.text, act.chat_id, act.message_id, office.clock())
    return Outcome(reaction=NOTED)


def note_edited(office: Office, act: Act) -> Outcome:
    """Somebody edited a message of theirs, which may have been a note."""
    assert act.message_id is not None
    with office.sessions.begin() as session:
        staff = staff_of(session, office, act)
        changed = notes.edit(session, staff, act.text, act.chat_id, act.message_id, office.clock())
    return Outcome(reaction=NOTED if changed else "")


def meant(
    office: Office, who: int, chat_id: int, message_id: int, topic_id: int | None
) -> tuple[Doing, int] | None:
    """What somebody does who replies to this message: only a reply to a card or to a question can become public."""
    with reading(office.sessions) as session:
        if reply := answers.by_prompt(session, chat_id, message_id):
            return reply_acts.write, reply.id
        if case := office.case_of_message(session, chat_id, message_id):
            return reply_acts.answer, case.id
        question = session.get(Question, (chat_id, message_id))
        if question is not None and question.staff_id == who:
            return ANSWERS[question.asked], question.number
        number = notes.case_of(session, chat_id, message_id, topic_id)
        return (note, number) if number is not None else None


def is_notice(office: Office, chat_id: int, message_id: int) -> bool:
    """Is it a word of ours that asks for no answer?"""
    here = (Notice.chat_id == chat_id) & (Notice.message_id == message_id)
    with reading(office.sessions) as session:
        return session.scalar(select(Notice.id).where(here)) is not None


def about(office: Office, chat_id: int, message_id: int, topic_id: int | None) -> int:
    """The case in whose thread somebody replied to this message, or 0."""
    with reading(office.sessions) as session:
        case = office.case_of_message(session, chat_id, message_id)
        return case.id if case else notes.case_of(session, chat_id, message_id, topic_id) or 0


def asked(office: Office, outcome: Outcome, telegram_id: int, chat_id: int, message_id: int) -> None:
    """Remember what we asked in this message, and of whom."""
    assert outcome.question is not None
    assert outcome.reply is not None
    with office.sessions.begin() as session:
        session.add(
            Question(
                chat_id=chat_id,
                message_id=message_id,
                asked=outcome.question,
                number=outcome.reply,
                staff_id=telegram_id,
            )
        )
        if outcome.case is not None:
            notes.stands(session, outcome.case, chat_id, message_id)
