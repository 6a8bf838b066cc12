"""What the buttons and the words of an answer do, from Reply to the outbox: one short transaction each, then what to say."""

from dataclasses import replace

from sqlalchemy import update
from sqlalchemy.orm import Session

from bots.act import Act, Doing, Outcome, staff_of
from bots.message import Message
from bots.office import Office
from bots.preview import SHOWN, ask, is_whole, preview
from bots.refusals import refusal
from bots.saved import beginnings
from models import Reply, ReplyState, Status
from monitor import answers, approval, notes, replies, unposted
from monitor.desk import Refused


def begin(office: Office, act: Act) -> Outcome:
    """Reply: ask for the text."""
    with office.sessions.begin() as session:
        reply = answers.begin(
            session, act.number, staff_of(session, office, act), act.chat_id, office.clock()
        )
        draft, words = office.draft(session, reply), office.words(act.chat_id)
        return Outcome(ask=ask(draft, words), show=beginnings(draft, words), reply=reply.id)


def answer(office: Office, act: Act) -> Outcome:
    """Reply with the text at hand: straight to the preview."""
    with office.sessions.begin() as session:
        reply = answers.begin(
            session, act.number, staff_of(session, office, act), act.chat_id, office.clock()
        )
        answers.write(session, reply, act.text, office.clock())
        _stands(session, reply.case_id, act)
        return _preview(office, session, reply, act)


def write(office: Office, act: Act) -> Outcome:
    """The text that the bot asked for; number is the reply's."""
    with office.sessions.begin() as session:
        reply = _own(session, office, act)
        answers.write(session, reply, act.text, office.clock())
        _stands(session, reply.case_id, act)
        return _preview(office, session, reply, act)


def edit(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = _own(session, office, act)
        if reply.state not in (*answers.READY, ReplyState.WAITING):
            raise Refused("already_sent")
        if reply.case.status is Status.CLOSED:
            raise Refused("closed", case=reply.case_id)
        return Outcome(ask=ask(office.draft(session, reply), office.words(act.chat_id)), reply=reply.id)


def send(office: Office, act: Act) -> Outcome:
    """Off it goes, or to a colleague where a rule wants a second pair of eyes."""
    try:
        return _send(office, act)
    except Refused as refused:
        if refused.code not in ("window_closed", "no_account", "answered_since"):
            raise
        return _previewed(office, act, refusal(refused, act.words(office)))


def _send(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = replies.get(session, act.number)
        if other := shows_other_words(office, session, reply, act):
            return other
        refuse_unseen(reply)
        staff, source = staff_of(session, office, act), office.can_reply(reply)
        if rule := approval.needed(reply, office.settings):
            approval.ask(session, reply.id, staff, rule, office.clock())
            return shown_anew(office, session, reply, act)
        if source is None:
            answers.leaving(session, reply.id, staff, office.clock())
            raise Refused("no_account", case=reply.case_id)
        grace, until = office.settings.desk.grace, office.answer_until(reply)
        answers.send(
            session, reply.id, staff, source.max_length, source.account, office.clock(), grace, until
        )
        return shown_anew(office, session, reply, act)


def shows_other_words(office: Office, session: Session, reply: Reply, act: Act) -> Outcome | None:
    """What to do instead where the button stands beneath words that are not the reply's, as far as we know."""
    if is_replaced(session, reply, act):
        return replaced(office, act)
    if is_preview(reply, act) and reply.shown in (None, ReplyState.DRAFT):
        said = act.words(office)("This has changed meanwhile. Please read it again.")
        outcome = replace(shown_anew(office, session, reply, act), toast=said)
        reply.shown = ReplyState.DRAFT  # until the outbox has seen it stand there: a second press is as blind
        return outcome
    return None


def is_replaced(session: Session, reply: Reply, act: Act) -> bool:
    """The button is that of an older preview, whose text is not what would leave.

    The messages of each chat are counted apart: outside of the preview's own, only what calls for this answer counts.
    """
    if act.message_id is None:
        return False
    if act.chat_id == reply.chat_id:
        return act.message_id < (reply.preview_message_id or 0)
    return not unposted.is_called(session, reply, act.chat_id, act.message_id)


def is_preview(reply: Reply, act: Act) -> bool:
    return (act.chat_id, act.message_id) == (reply.chat_id, reply.preview_message_id)


def moved(office: Office, reply: Reply, act: Act, outcome: Outcome) -> Outcome:
    """What was pressed is the preview from now on, here or in another chat; the older one says so."""
    if act.message_id is None or is_preview(reply, act):
        return outcome
    chat_id, older = reply.chat_id, reply.preview_message_id
    words = office.words(chat_id)
    here = words("This answer goes on further down.")
    goes_on = here if chat_id == act.chat_id else words("This answer goes on in the staff chat.")
    _goes_to(reply, act.chat_id)
    reply.preview_message_id = act.message_id
    reply.shown = ReplyState.FAILED  # the outbox draws it once more, for it may have left meanwhile
    return outcome if older is None else replace(outcome, older=(chat_id, older, Message(goes_on)))


def _goes_to(reply: Reply, chat_id: int) -> None:
    """The numbers of its messages would be those of others there."""
    if reply.chat_id != chat_id:
        reply.chat_id, reply.prompt_message_id, reply.preview_message_id = chat_id, None, None


def refuse_unseen(reply: Reply) -> None:
    """Raises Refused where the preview can't show the whole text."""
    if not is_whole(reply.text):
        raise Refused("not_whole", limit=SHOWN)


def replaced(office: Office, act: Act) -> Outcome:
    return Outcome(
        toast=act.words(office)("This draft was cancelled or replaced by a newer one."),
        edit=Message(office.words(act.chat_id)("This draft was cancelled or replaced by a newer one.")),
    )


def undo(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        staff = staff_of(session, office, act)
        reply = answers.undo(session, act.number, staff, office.clock())
        return replace(
            shown_anew(office, session, reply, act),
            toast=act.words(office)("Stopped. Nothing was posted."),
        )


def _previewed(office: Office, act: Act, why: str) -> Outcome:
    """It does not leave: what was pressed becomes the preview, with the steps by hand where only a person can post."""
    with office.sessions.begin() as session:
        reply = replies.get(session, act.number)
        answers.write(session, reply, reply.text, office.clock())
        return replace(shown_anew(office, session, reply, act), toast=why)


def cancel(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = answers.cancel(session, act.number, staff_of(session, office, act), office.clock())
        return shown_anew(office, session, reply, act)


def done(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = replies.get(session, act.number)
        if other := shows_other_words(office, session, reply, act):
            return other
        if approval.needed(reply, office.settings):
            raise Refused("needs_approval")
        reply = answers.handed_off(session, act.number, staff_of(session, office, act), office.clock())
        return shown_anew(office, session, reply, act)


def is_there(office: Office, act: Act) -> Outcome:
    return _confirm(office, act, is_there=True)


def is_missing(office: Office, act: Act) -> Outcome:
    return _confirm(office, act, is_there=False)


def asked(office: Office, reply_id: int, chat_id: int, message_id: int) -> None:
    """Remember which message asks for a reply."""
    with office.sessions.begin() as session:
        _goes_on(session, reply_id, chat_id, message_id).prompt_message_id = message_id


def shown(office: Office, reply_id: int, chat_id: int, message_id: int, text: str) -> None:
    """Remember which message shows a reply, and whether it shows the text as it is by now."""
    with office.sessions.begin() as session:
        reply = _goes_on(session, reply_id, chat_id, message_id)
        if message_id < (reply.preview_message_id or 0):
            return  # of two that were on their way at once, it is the older
        reply.preview_message_id = message_id
        is_as_drawn = reply.state is not ReplyState.DRAFT and reply.text == text
        reply.shown = ReplyState.PREVIEW if is_as_drawn else ReplyState.DRAFT


def not_shown(office: Office, act: Act) -> None:
    """What was to stand on the message that was pressed never came: the outbox draws it."""
    here = (Reply.chat_id == act.chat_id) & (Reply.preview_message_id == act.message_id)
    with office.sessions.begin() as session:
        session.execute(update(Reply).where(here).values(shown=ReplyState.DRAFT))


def _goes_on(session: Session, reply_id: int, chat_id: int, message_id: int) -> Reply:
    reply = session.get_one(Reply, reply_id)
    _goes_to(reply, chat_id)
    notes.stands(session, reply.case_id, chat_id, message_id)
    return reply


def _stands(session: Session, case_id: int, act: Act) -> None:
    if act.message_id is not None:
        notes.stands(session, case_id, act.chat_id, act.message_id)


def _own(session: Session, office: Office, act: Act) -> Reply:
    reply = replies.get(session, act.number)
    if reply.staff_id != staff_of(session, office, act).id:
        raise Refused("not_your_draft", by=reply.staff.name)
    answers.touch(session, reply, staff_of(session, office, act), office.clock())
    return reply


def _preview(office: Office, session: Session, reply: Reply, act: Act) -> Outcome:
    shown = preview(office.draft(session, reply), office.words(act.chat_id))
    return Outcome(show=shown, reply=reply.id, text=reply.text)


def shown_anew(office: Office, session: Session, reply: Reply, act: Act) -> Outcome:
    """Put the new state onto the message that was pressed."""
    if is_preview(reply, act):
        reply.shown = reply.state
    return Outcome(edit=preview(office.draft(session, reply), office.words(act.chat_id)))


def _confirm(office: Office, act: Act, *, is_there: bool) -> Outcome:
    with office.sessions.begin() as session:
        staff, brands = staff_of(session, office, act), office.settings.brands
        answers.confirm(session, act.number, staff, brands, office.clock(), is_there=is_there)
    return Outcome(toast=act.words(office)("Thank you."))


BUTTONS: dict[str, Doing] = {
    "reply": begin,
    "edit": edit,
    "send": send,
    "undo": undo,
    "cancel": cancel,
    "done": done,
    "there": is_there,
    "missing": is_missing,
}
