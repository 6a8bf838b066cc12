"""What a button or a command does, apart from Telegram: one short transaction each, then what to say."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bots.history import history
from bots.message import Message
from bots.office import Office
from bots.preview import ask, preview
from bots.refusals import refusal
from bots.saved import beginnings
from models import Alert, Case, Happening, Reply, ReplyState, Staff
from monitor import answers, bundles, desk
from monitor.cases import redraw
from monitor.desk import Refused


@dataclass(frozen=True)
class Act:
    """Who does something, where, and to what."""

    telegram_id: int
    chat_id: int
    number: int
    text: str = ""
    message_id: int | None = None
    """The message whose button was pressed."""


@dataclass(frozen=True)
class Outcome:
    """What the bot says afterwards. Each part may be missing."""

    toast: str = ""
    edit: Message | None = None
    """Replaces the message that was pressed."""
    ask: Message | None = None
    """A question whose answer is the reply's text."""
    show: Message | None = None
    """A new message: the preview, where reply is set."""
    reply: int | None = None
    beneath: int | None = None
    """The new message stands beneath this one."""


Doing = Callable[[Office, Act], Outcome]


def claim(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        desk.claim(session, act.number, _staff(session, office, act), office.clock())
    return Outcome(toast=office.words(act.chat_id)("The case is yours."))


def release(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        desk.release(session, act.number, _staff(session, office, act), office.clock())
    return Outcome(toast=office.words(act.chat_id)("Released: anybody can claim it."))


def close(office: Office, act: Act) -> Outcome:
    return _close(office, act, Happening.CLOSED, "Closed.")


def not_ours(office: Office, act: Act) -> Outcome:
    return _close(office, act, Happening.NOT_OURS, "Thank you. Closed as not about us.")


def wrong_tone(office: Office, act: Act) -> Outcome:
    return _close(office, act, Happening.WRONG_TONE, "Thank you. Closed: the author is not unhappy.")


def begin(office: Office, act: Act) -> Outcome:
    """Reply: ask for the text."""
    with office.sessions.begin() as session:
        reply = answers.begin(session, act.number, _staff(session, office, act), act.chat_id, office.clock())
        draft, words = office.draft(session, reply), office.words(act.chat_id)
        return Outcome(ask=ask(draft, words), show=beginnings(draft, words), reply=reply.id)


def answer(office: Office, act: Act) -> Outcome:
    """Reply with the text at hand: straight to the preview."""
    with office.sessions.begin() as session:
        reply = answers.begin(session, act.number, _staff(session, office, act), act.chat_id, office.clock())
        answers.write(session, reply, act.text)
        return _preview(office, session, reply, act)


def write(office: Office, act: Act) -> Outcome:
    """The text that the bot asked for; number is the reply's."""
    with office.sessions.begin() as session:
        reply = _own(session, office, act)
        answers.write(session, reply, act.text)
        return _preview(office, session, reply, act)


def edit(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = _own(session, office, act)
        if reply.state not in (ReplyState.PREVIEW, ReplyState.FAILED):
            raise Refused("already_sent")
        return Outcome(ask=ask(office.draft(session, reply), office.words(act.chat_id)), reply=reply.id)


def send(office: Office, act: Act) -> Outcome:
    try:
        return _send(office, act)
    except Refused as refused:
        if refused.code != "window_closed":
            raise
        return _by_hand(office, act, refusal(refused, office.words(act.chat_id)))


def _send(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = answers.desk_reply(session, act.number)
        source = office.can_reply(reply)
        if source is None:
            raise Refused("outdated")
        staff, until = _staff(session, office, act), office.answer_until(reply)
        if replaced(reply, act):
            return replaced_by(office, act)
        answers.send(session, reply.id, staff, source.max_length, source.account, office.clock(), until)
        return _shown(office, session, reply, act)


def _by_hand(office: Office, act: Act, why: str) -> Outcome:
    """The platform takes no more answers: what was pressed becomes the hand-off."""
    with office.sessions.begin() as session:
        reply = answers.desk_reply(session, act.number)
        answers.write(session, reply, reply.text)
        return replace(_shown(office, session, reply, act), toast=why)


def cancel(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = answers.cancel(session, act.number, _staff(session, office, act))
        return _shown(office, session, reply, act)


def done(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = answers.handed_off(session, act.number, _staff(session, office, act), office.clock())
        return _shown(office, session, reply, act)


def is_there(office: Office, act: Act) -> Outcome:
    return _confirm(office, act, is_there=True)


def is_missing(office: Office, act: Act) -> Outcome:
    return _confirm(office, act, is_there=False)


def turn_page(office: Office, act: Act) -> Outcome:
    """The inbox from the number-th case on."""
    return Outcome(edit=office.inbox(act.number, act.chat_id))


def open_bundle(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        opened = bundles.open_some(session, act.number, office.clock())
    said = office.words(act.chat_id).plural("{count} card is coming", "{count} cards are coming", opened)
    return Outcome(toast=said)


def show(office: Office, act: Act) -> Outcome:
    """A case by its number: beneath its card where there is one here, its history."""
    words = office.words(act.chat_id)
    with office.sessions.begin() as session:
        case = desk.find(session, act.number)
        alert = session.query(Alert).filter_by(case_id=case.id).one()
        if alert.message_id is None:
            bundles.take_out(session, case.id, office.clock())
            return Outcome(toast=words("Its card is coming."))
        text = history(session, case, words, office.clock())
    if alert.chat_id == act.chat_id:
        return Outcome(show=Message(text), beneath=alert.message_id)
    return Outcome(show=Message(f"{office.card(case.id, act.chat_id).text}\n\n{text}"))


BUTTONS: dict[str, Doing] = {
    "claim": claim,
    "release": release,
    "reply": begin,
    "close": close,
    "notours": not_ours,
    "tone": wrong_tone,
    "edit": edit,
    "send": send,
    "cancel": cancel,
    "done": done,
    "there": is_there,
    "missing": is_missing,
    "inbox": turn_page,
    "bundle": open_bundle,
    "show": show,
}


def refresh(office: Office, case_id: int) -> None:
    """Redraw a card that was pressed too late."""
    with office.sessions.begin() as session:
        case = session.get(Case, case_id)
        if case is not None:
            redraw(session, case, office.clock())


def shown(office: Office, reply_id: int, message_id: int, *, is_prompt: bool) -> None:
    """Remember which message asks for a reply, or shows it."""
    with office.sessions.begin() as session:
        reply = session.get_one(Reply, reply_id)
        if is_prompt:
            reply.prompt_message_id = message_id
        else:
            reply.preview_message_id = message_id
            reply.shown = ReplyState.DRAFT if reply.state is ReplyState.DRAFT else ReplyState.PREVIEW


def replaced(reply: Reply, act: Act) -> bool:
    """Was this pressed on an older message than the one that shows the reply as it is?"""
    return act.message_id is not None and reply.preview_message_id not in (None, act.message_id)


def replaced_by(office: Office, act: Act) -> Outcome:
    said = office.words(act.chat_id)("There is a newer preview of this answer below.")
    return Outcome(toast=said, edit=Message(f"↓ {said}"))


def _staff(session: Session, office: Office, act: Act) -> Staff:
    staff = desk.known(session, act.telegram_id, office.settings)
    assert staff is not None, "strangers are refused before they can act"
    return staff


def _close(office: Office, act: Act, why: Happening, said: str) -> Outcome:
    with office.sessions.begin() as session:
        desk.close(session, act.number, _staff(session, office, act), office.clock(), why)
    return Outcome(toast=office.words(act.chat_id)(said))


def _own(session: Session, office: Office, act: Act) -> Reply:
    reply = answers.desk_reply(session, act.number)
    if reply.staff_id != act.telegram_id:
        raise Refused("not_your_draft", by=reply.staff.name)
    return reply


def _preview(office: Office, session: Session, reply: Reply, act: Act) -> Outcome:
    return Outcome(show=preview(office.draft(session, reply), office.words(act.chat_id)), reply=reply.id)


def _shown(office: Office, session: Session, reply: Reply, act: Act) -> Outcome:
    """Put the new state onto the message that was pressed."""
    reply.shown = reply.state
    return Outcome(edit=preview(office.draft(session, reply), office.words(act.chat_id)))


def _confirm(office: Office, act: Act, *, is_there: bool) -> Outcome:
    with office.sessions.begin() as session:
        answers.confirm(session, act.number, _staff(session, office, act), office.clock(), is_there=is_there)
    return Outcome(toast=office.words(act.chat_id)("Thank you."))
