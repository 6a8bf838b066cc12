"""Beginning an answer from a saved one: a short transaction, then the preview."""

from bots.act import Act, Doing, Outcome, staff_of
from bots.message import Message
from bots.office import Office
from bots.reply_acts import is_replaced, replaced, shown_anew
from bots.saved import saved_list
from models import Case
from monitor import answers, replies
from monitor.db import reading
from monitor.desk import Refused
from monitor.offers import filled


def begin_from(office: Office, act: Act) -> Outcome:
    """Fill the draft with a saved answer; the extra is its name. What was pressed becomes the preview."""
    with office.sessions.begin() as session:
        reply = replies.get(session, act.number)
        staff = staff_of(session, office, act)
        if reply.staff_id != staff.id:
            raise Refused("not_your_draft", by=reply.staff.name)
        saved = office.saved.named("".join(act.extra))
        if saved is None:
            raise Refused("no_such_saved", case=reply.case_id)
        if is_replaced(session, reply, act):
            return replaced(office, act)
        answers.touch(session, reply, staff, office.clock())
        answers.write(session, reply, filled(saved, reply, office.settings.language), office.clock())
        reply.saved = saved.name
        return shown_anew(office, session, reply, act)


def listed(office: Office, act: Act) -> Outcome:
    """/saved, and /saved with words; in a case's thread it is about that case."""
    return Outcome(show=listing(office, act.chat_id, act.text, act.number or None))


def listing(office: Office, chat_id: int, asked: str, case_id: int | None) -> Message:
    """The saved answers for a chat's brands, or for a case: those like what was asked for, or all."""
    chat = office.settings.staff.chat(chat_id)
    brands, language = (chat.brands if chat else ()), ""
    if case_id is not None:
        with reading(office.sessions) as session:
            case = session.get_one(Case, case_id)
            brands = (case.brand,)
            if case.duplicate_of_id is None:
                language = answers.newest_post(session, case).language
    found = office.saved.like(asked, brands, language) if asked else office.saved.of(brands)
    return saved_list(found, office.words(chat_id))


BUTTONS: dict[str, Doing] = {"saved": begin_from}
