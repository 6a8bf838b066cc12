"""Who presses or writes something, and what the bot says afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bots.message import Message
from bots.office import Office
from bots.words import Words
from models import Asked, Role, Staff
from monitor import desk
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
    spent: bool = False
    """The message that was pressed stays as it is, less that button."""
    older: tuple[int, int, Message] | None = None
    """Replaces an older message, by its chat and its number there."""
    ask: Message | None = None
    """A question whose answer is the reply's text."""
    show: Message | None = None
    """A new message: the preview, where reply is set."""
    reply: int | None = None
    text: str = ""
    """The words that the preview shows: others may come while it is being sent."""
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


def staff_of(session: Session, office: Office, act: Act) -> Staff:
    staff = desk.known(session, act.telegram_id, office.settings)
    assert staff is not None, "strangers are refused before they can act"
    if not staff.role.reaches(Role.STAFF):  # a written answer names no verb: it is refused here
        raise Refused("needs_role", needed=Role.STAFF, own=staff.role)
    return staff
