"""Changing at the source what was posted: an edit passes the preview like any answer, a deletion is asked for twice."""

from bots.act import Act, Doing, Outcome, staff_of
from bots.office import Office
from bots.preview import ask, deletion
from bots.reply_acts import is_replaced, replaced, shown_anew
from models import ReplyState
from monitor import changes, replies
from monitor.desk import Refused
from monitor.source import CanDelete, CanEdit


def edit_there(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        posted = replies.get(session, act.number)
        if not isinstance(office.sources.get(posted.source), CanEdit):
            raise Refused("outdated")
        staff = staff_of(session, office, act)
        reply = changes.begin(session, posted.id, staff, act.chat_id, office.clock())
        return Outcome(ask=ask(office.draft(session, reply), office.words(act.chat_id)), reply=reply.id)


def ask_to_delete(office: Office, act: Act) -> Outcome:
    """The question stands where the answer was shown."""
    with office.sessions.begin() as session:
        reply = replies.get(session, act.number)
        if reply.state is not ReplyState.SENT or not isinstance(office.sources.get(reply.source), CanDelete):
            return shown_anew(office, session, reply, act)
        if is_replaced(session, reply, act):
            return replaced(office, act)
        changes.may_change(reply, staff_of(session, office, act))
        return Outcome(edit=deletion(office.draft(session, reply), office.words(act.chat_id)))


def delete_there(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        staff = staff_of(session, office, act)
        reply = replies.get(session, act.number)
        if reply.state is ReplyState.SENT:
            changes.delete(session, act.number, staff, office.clock())
    return _as_it_is(office, act)


def keep(office: Office, act: Act) -> Outcome:
    return _as_it_is(office, act)


def _as_it_is(office: Office, act: Act) -> Outcome:
    """What was pressed shows the reply in its present state: there is no dead button."""
    with office.sessions.begin() as session:
        return shown_anew(office, session, replies.get(session, act.number), act)


BUTTONS: dict[str, Doing] = {
    "editthere": edit_there,
    "deletethere": ask_to_delete,
    "deletesure": delete_there,
    "keep": keep,
}
