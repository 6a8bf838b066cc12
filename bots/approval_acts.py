"""What a second person does with an answer: approve it, or send it back with a reason."""

from dataclasses import replace

from bots.act import Act, Doing, Outcome, staff_of
from bots.markup import shorten
from bots.message import NOTED
from bots.office import Office
from bots.preview import why_back
from bots.reply_acts import is_replaced, moved, refuse_unseen, replaced, shown_anew, shows_other_words
from bots.words import Words
from models import Asked, Reply, ReplyState
from monitor import approval, replies


def approve(office: Office, act: Act) -> Outcome:
    """Only from the preview that shows the very text."""
    with office.sessions.begin() as session:
        reply = replies.get(session, act.number)
        if other := shows_other_words(office, session, reply, act):
            return other
        refuse_unseen(reply)
        staff, source = staff_of(session, office, act), office.can_reply(reply)
        settings, now, until = office.settings, office.clock(), office.answer_until(reply)
        approval.approve(session, reply.id, staff, source, settings, now, settings.desk.grace, until)
        toast = _approved(reply, act.words(office), is_shut=source is not None)
        outcome = replace(shown_anew(office, session, reply, act), toast=toast)
        return moved(office, reply, act, outcome)


def _approved(reply: Reply, words: Words, *, is_shut: bool) -> str:
    """What who approved is told, where the answer does not leave by itself."""
    name = shorten(reply.staff.name, 60)
    if reply.state is not ReplyState.PREVIEW:
        return ""
    if is_shut:
        return words(
            "Approved, but the platform takes no more answers to it. {name} has to post it by hand.",
            name=name,
        )
    return words("Approved. {name} has to post it by hand.", name=name)


def ask_why(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = replies.get(session, act.number)
        if is_replaced(session, reply, act):
            return replaced(office, act)
        staff = staff_of(session, office, act)
        approval.to_send_back(session, reply.id, staff, office.settings)
        question = why_back(staff.name, staff.id, reply.staff.name, office.words(act.chat_id))
        return Outcome(ask=question, question=Asked.REASON, reply=reply.id, case=reply.case_id)


def send_back(office: Office, act: Act) -> Outcome:
    """The answer to the question why; number is the reply's."""
    assert act.message_id is not None
    with office.sessions.begin() as session:
        staff = staff_of(session, office, act)
        approval.send_back(
            session, act.number, staff, act.text, act.chat_id, act.message_id, office.settings, office.clock()
        )
    return Outcome(reaction=NOTED)


BUTTONS: dict[str, Doing] = {"approve": approve, "sendback": ask_why}
