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
from bots.words import Words
from models import Alert, Asked, Case, Happening, Reply, ReplyState, Role, Staff
from monitor import answers, approval, bundles, crises, desk, notes, taking
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
    """Of the message that somebody wrote, or whose button they pressed."""
    pressed: bool = False
    """A button: only this person sees the toast. What was written is answered for all in the chat."""
    extra: tuple[str, ...] = ()
    """What else the button carries."""

    def words(self, office: Office) -> Words:
        """The words of the toast: their own language, or the chat's where everybody reads it."""
        return office.personal(self.telegram_id, self.chat_id) if self.pressed else office.words(self.chat_id)


@dataclass(frozen=True)
class Whisper:
    """Said to one person alone, wherever they asked."""

    to: int
    message: Message
    otherwise: str = ""
    """Said in the chat, and nothing else, where the bot may not write to them."""


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
    case: int | None = None
    """The new message stands in this case's thread."""
    question: Asked | None = None
    """What was asked, where it is not the text of an answer; the number is reply."""
    reaction: str = ""
    """Of the bot to what somebody wrote: quieter than a message."""
    menu_of: int | None = None
    """Whose menu of commands has changed, by Telegram id."""
    whisper: Whisper | None = None


Doing = Callable[[Office, Act], Outcome]


def claim(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        desk.claim(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=act.words(office)("The case is yours."))


def release(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        desk.release(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=act.words(office)("Released: anybody can claim it."))


def take(office: Office, act: Act) -> Outcome:
    """A lead takes the case, even from a colleague."""
    with office.sessions.begin() as session:
        taking.take(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=act.words(office)("The case is yours."))


def close(office: Office, act: Act) -> Outcome:
    return _close(office, act, Happening.CLOSED, "Closed.")


def not_ours(office: Office, act: Act) -> Outcome:
    return _close(office, act, Happening.NOT_OURS, "Thank you. Closed as not about us.")


def wrong_tone(office: Office, act: Act) -> Outcome:
    return _close(office, act, Happening.WRONG_TONE, "Thank you. Closed: the author is not unhappy.")


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
        answers.write(session, reply, act.text)
        _stands(session, reply.case_id, act)
        return _preview(office, session, reply, act)


def write(office: Office, act: Act) -> Outcome:
    """The text that the bot asked for; number is the reply's."""
    with office.sessions.begin() as session:
        reply = _own(session, office, act)
        answers.write(session, reply, act.text)
        _stands(session, reply.case_id, act)
        return _preview(office, session, reply, act)


def edit(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = _own(session, office, act)
        if reply.state not in (*answers.READY, ReplyState.WAITING):
            raise Refused("already_sent")
        return Outcome(ask=ask(office.draft(session, reply), office.words(act.chat_id)), reply=reply.id)


def send(office: Office, act: Act) -> Outcome:
    """Off it goes, or to a colleague where a rule wants a second pair of eyes."""
    try:
        return _send(office, act)
    except Refused as refused:
        if refused.code != "window_closed":
            raise
        return _by_hand(office, act, refusal(refused, act.words(office)))


def _send(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = answers.desk_reply(session, act.number)
        if is_replaced(reply, act):
            return replaced(office, act)
        staff, source = staff_of(session, office, act), office.can_reply(reply)
        if rule := approval.needed(reply, office.settings):
            approval.ask(session, reply.id, staff, rule, office.clock())
            return shown_anew(office, session, reply, act)
        if source is None:
            raise Refused("outdated")
        grace, until = office.settings.desk.grace, office.answer_until(reply)
        answers.send(
            session, reply.id, staff, source.max_length, source.account, office.clock(), grace, until
        )
        return shown_anew(office, session, reply, act)


def is_replaced(reply: Reply, act: Act) -> bool:
    """The button is that of an older preview, whose text is not what would leave."""
    return act.message_id is not None and act.message_id < (reply.preview_message_id or 0)


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


def _by_hand(office: Office, act: Act, why: str) -> Outcome:
    """The platform takes no more answers: what was pressed becomes the hand-off."""
    with office.sessions.begin() as session:
        reply = answers.desk_reply(session, act.number)
        answers.write(session, reply, reply.text)
        return replace(shown_anew(office, session, reply, act), toast=why)


def cancel(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = answers.cancel(session, act.number, staff_of(session, office, act), office.clock())
        return shown_anew(office, session, reply, act)


def done(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        if approval.needed(answers.desk_reply(session, act.number), office.settings):
            raise Refused("needs_approval")
        reply = answers.handed_off(session, act.number, staff_of(session, office, act), office.clock())
        return shown_anew(office, session, reply, act)


def is_there(office: Office, act: Act) -> Outcome:
    return _confirm(office, act, is_there=True)


def is_missing(office: Office, act: Act) -> Outcome:
    return _confirm(office, act, is_there=False)


def open_bundle(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        opened = bundles.open_some(session, act.number, office.clock())
    said = act.words(office).plural("{count} card is coming", "{count} cards are coming", opened)
    return Outcome(toast=said)


def crisis_bundle(office: Office, act: Act) -> Outcome:
    return _toggle_bundle(office, act, on=True)


def crisis_cards(office: Office, act: Act) -> Outcome:
    return _toggle_bundle(office, act, on=False)


def crisis_over(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        crises.end(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=office.words(act.chat_id)("Thank you. The wave is over."))


def show(office: Office, act: Act) -> Outcome:
    """A case by its number: beneath its card where there is one here, its history."""
    words = office.words(act.chat_id)
    with office.sessions.begin() as session:
        case = desk.find(session, act.number)
        alert = session.query(Alert).filter_by(case_id=case.id).one()
        if alert.message_id is None:
            bundles.take_out(session, case.id, office.clock())
            return Outcome(toast=act.words(office)("Its card is coming."))
        text = history(session, case, words, office.clock())
    if alert.chat_id == act.chat_id and not alert.own_topic:
        return Outcome(show=Message(text), beneath=alert.message_id, case=alert.case_id)
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
    "undo": undo,
    "cancel": cancel,
    "done": done,
    "there": is_there,
    "missing": is_missing,
    "bundle": open_bundle,
    "show": show,
    "take": take,
    "crisisbundle": crisis_bundle,
    "crisiscards": crisis_cards,
    "crisisover": crisis_over,
}


def refresh(office: Office, case_id: int) -> None:
    """Redraw a card that was pressed too late."""
    with office.sessions.begin() as session:
        case = session.get(Case, case_id)
        if case is not None:
            redraw(session, case, office.clock())


def refresh_crisis(office: Office, number: int) -> None:
    with office.sessions.begin() as session:
        crises.redraw(session, number, office.clock())


def shown(office: Office, reply_id: int, message_id: int, *, is_prompt: bool) -> None:
    """Remember which message asks for a reply, or shows it."""
    with office.sessions.begin() as session:
        reply = session.get_one(Reply, reply_id)
        notes.stands(session, reply.case_id, reply.chat_id, message_id)
        if is_prompt:
            reply.prompt_message_id = message_id
        else:
            reply.preview_message_id = message_id
            reply.shown = ReplyState.DRAFT if reply.state is ReplyState.DRAFT else ReplyState.PREVIEW


def _stands(session: Session, case_id: int, act: Act) -> None:
    if act.message_id is not None:
        notes.stands(session, case_id, act.chat_id, act.message_id)


def staff_of(session: Session, office: Office, act: Act) -> Staff:
    staff = desk.known(session, act.telegram_id, office.settings)
    assert staff is not None, "strangers are refused before they can act"
    if not staff.role.reaches(Role.STAFF):  # a written answer names no verb: it is refused here
        raise Refused("needs_role", needed=Role.STAFF, own=staff.role)
    return staff


def _close(office: Office, act: Act, why: Happening, said: str) -> Outcome:
    with office.sessions.begin() as session:
        desk.close(session, act.number, staff_of(session, office, act), office.clock(), why)
    return Outcome(toast=act.words(office)(said))


def _toggle_bundle(office: Office, act: Act, *, on: bool) -> Outcome:
    words = office.words(act.chat_id)
    with office.sessions.begin() as session:
        crises.bundle(session, act.number, office.clock(), on=on)
    if on:
        return Outcome(toast=words("Further alerts that are not urgent go into one message now."))
    return Outcome(toast=words("Every alert gets a card again."))


def _own(session: Session, office: Office, act: Act) -> Reply:
    reply = answers.desk_reply(session, act.number)
    if reply.staff_id != staff_of(session, office, act).id:
        raise Refused("not_your_draft", by=reply.staff.name)
    answers.touch(session, reply, staff_of(session, office, act), office.clock())
    return reply


def _preview(office: Office, session: Session, reply: Reply, act: Act) -> Outcome:
    return Outcome(show=preview(office.draft(session, reply), office.words(act.chat_id)), reply=reply.id)


def shown_anew(office: Office, session: Session, reply: Reply, act: Act) -> Outcome:
    """Put the new state onto the message that was pressed."""
    reply.shown = reply.state
    return Outcome(edit=preview(office.draft(session, reply), office.words(act.chat_id)))


def _confirm(office: Office, act: Act, *, is_there: bool) -> Outcome:
    with office.sessions.begin() as session:
        answers.confirm(
            session, act.number, staff_of(session, office, act), office.clock(), is_there=is_there
        )
    return Outcome(toast=act.words(office)("Thank you."))
