"""What a second person does with an answer: approve it, or send it back with a reason."""

from bots.acts import Act, Doing, Outcome, is_replaced, replaced, shown_anew, staff_of
from bots.message import NOTED
from bots.office import Office
from bots.preview import why_back
from models import Asked
from monitor import answers, approval


def approve(office: Office, act: Act) -> Outcome:
    """Only from the preview that shows the very text."""
    with office.sessions.begin() as session:
        reply = answers.desk_reply(session, act.number)
        if is_replaced(reply, act):
            return replaced(office, act)
        staff, source = staff_of(session, office, act), office.can_reply(reply)
        settings, now = office.settings, office.clock()
        approval.approve(session, reply.id, staff, source, settings, now, settings.desk.grace)
        return shown_anew(office, session, reply, act)


def ask_why(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = answers.desk_reply(session, act.number)
        if is_replaced(reply, act):
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
            session, act.number, staff, act.text, act.message_id, office.settings, office.clock()
        )
    return Outcome(reaction=NOTED)


BUTTONS: dict[str, Doing] = {"approve": approve, "sendback": ask_why}
