"""Who comes, who goes, and how each likes to be spoken to; apart from Telegram."""

from dataclasses import dataclass
from functools import cache

import structlog
from babel import Locale

from bots.act import Act, Doing, Outcome, Whisper
from bots.commands import help_text
from bots.markup import escape, shorten, shown_length
from bots.message import Message, button
from bots.office import Office
from bots.roles import role_name
from bots.words import Words
from models import Role, Staff
from monitor import invitations, people
from monitor.db import reading
from monitor.desk import Refused
from monitor.people import Member

log = structlog.get_logger()

FITS = 4_000
"""Units of one message, less a line."""
NAME = 14
"""Units of a name on a button, which has to say the role too."""
OFFERED = 30
"""People whom one message offers to remove; the others by a part of their name."""
LANGUAGES = ("en", "uk", "ru", "ro")
"""Buttons that are out already carry a number: only append."""


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door, as Telegram tells of them."""

    telegram_id: int
    name: str
    language: str
    """Of their Telegram, such as uk or pt-br."""


def helped(office: Office, act: Act) -> Outcome:
    return Outcome(show=Message(help_text(_member(office, act).role, office.words(act.chat_id))))


# Coming


def invite(office: Office, act: Act, bot: str) -> Outcome:
    """/invite staff Anna: a link, for whoever asked alone."""
    wanted, _, name = act.text.partition(" ")
    words = office.words(act.chat_id)
    if wanted not in list(Role):
        form = f"<code>/invite {'|'.join(Role)}</code>"
        return Outcome(show=Message(words("It is written like this: {form}", form=form)))
    said = _invitation(office, act, Role(wanted), name, bot)
    if act.chat_id == act.telegram_id:
        return Outcome(show=said)
    return Outcome(
        toast=words("I have sent you the link in private."),
        whisper=Whisper(
            act.telegram_id,
            said,
            words("The link is for you alone: write /start to me in private, then ask there."),
        ),
    )


def join_link(bot: str, token: str) -> str:
    return f"https://t.me/{bot}?start={token}"


def join(office: Office, visitor: Visitor, token: str) -> Outcome | None:
    """Make somebody staff by their link; None for a stranger with a token that we never made."""
    now, settings = office.clock(), office.settings
    with office.sessions.begin() as session:
        invitation = invitations.find(session, token)
        is_staff = people.member(session, visitor.telegram_id, settings) is not None
        if invitation is None and not is_staff:
            return None
        if invitation is None:
            raise Refused("invitation_over")
        staff = invitations.accept(session, invitation, visitor.telegram_id, visitor.name, now, settings)
        _guess_language(staff, visitor)
        name, role, maker = staff.name, staff.role, invitation.made_by
    log.info("joined", telegram_id=visitor.telegram_id, role=role.value, invited_by=maker)
    return _welcome(office, visitor, name, role, maker)


def met(office: Office, visitor: Visitor) -> None:
    """The first word of a member of staff in private: their Telegram speaks a language, perhaps one of ours."""
    with office.sessions.begin() as session:
        if staff := people.known(session, visitor.telegram_id, office.settings):
            _guess_language(staff, visitor)


# Who is there, and going


def listed(office: Office, act: Act) -> Outcome:
    return Outcome(show=_list(office, act))


def back(office: Office, act: Act) -> Outcome:
    return Outcome(edit=_list(office, act))


def whom(office: Office, act: Act) -> Outcome:
    """/remove, or /remove Mar: a button for everybody who can be removed here and is called so."""
    words = office.words(act.chat_id)
    called = [m for m in _everybody(office) if act.text.casefold() in m.name.casefold()]
    invited = [member for member in called if not member.is_configured][:OFFERED]
    rows = [
        [button(f"{shorten(m.name, NAME)} · {role_name(m.role, words)}", "remove", m.id)] for m in invited
    ]
    nobody = words("Nobody of this name was invited.") if act.text else words("Nobody was invited.")
    asked = words("Whom shall I take off the staff?") if rows else nobody
    told = words("The people of the configuration are removed there, under staff.people.")
    return Outcome(show=Message(f"{asked}\n{told}", rows))


def ask_removal(office: Office, act: Act) -> Outcome:
    words = office.words(act.chat_id)
    name = _removable(office, act).name
    asked = words(
        "Take {name} off the staff? Their cases become free; what they did is kept.",
        name=f"<b>{escape(name)}</b>",
    )
    yes = button(words("Remove"), "removeyes", act.number, style="danger")
    return Outcome(edit=Message(asked, [[yes, button(words("Keep"), "people", 0)]]))


def remove(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        staff = invitations.remove(session, act.number, office.clock(), office.settings)
    log.info("removed", telegram_id=staff.id, by=act.telegram_id)
    said = office.words(act.chat_id)("{name} is no longer on the staff.", name=f"<b>{escape(staff.name)}</b>")
    return Outcome(edit=Message(said), menu_of=staff.id)


# How we speak


def language(office: Office, act: Act) -> Outcome:
    """/lang uk; without a language we know, the choice."""
    if act.text.lower() not in LANGUAGES:
        return Outcome(show=_choice(office.personal(act.telegram_id, act.chat_id)))
    return Outcome(toast=_speak(office, act, act.text.lower()), menu_of=act.telegram_id)


def choose_language(office: Office, act: Act) -> Outcome:
    if act.number >= len(LANGUAGES):
        raise Refused("outdated")
    said = _speak(office, act, LANGUAGES[act.number])
    chosen = _choice(office.personal(act.telegram_id)) if act.chat_id == act.telegram_id else None
    return Outcome(toast=said, edit=chosen, menu_of=act.telegram_id)


BUTTONS: dict[str, Doing] = {
    "lang": choose_language,
    "people": back,
    "remove": ask_removal,
    "removeyes": remove,
}


def _invitation(office: Office, act: Act, role: Role, name: str, bot: str) -> Message:
    now = office.clock()
    with office.sessions.begin() as session:
        maker = people.known(session, act.telegram_id, office.settings)
        assert maker is not None, "strangers are refused before they can act"
        token = invitations.invite(session, role, maker, now, office.settings, name)
    words = office.personal(act.telegram_id, act.chat_id)
    until = words.time(now + office.settings.staff.invitation_lasts, now)
    told = words(
        "Send this to one person. It makes them staff as «{role}», works once, until {time}.",
        role=role_name(role, words),
        time=until,
    )
    return Message(f"{told}\n{join_link(bot, token)}")


def _welcome(office: Office, visitor: Visitor, name: str, role: Role, maker: int | None) -> Outcome:
    words = office.words(visitor.telegram_id)
    welcome = words(
        "Welcome, {name}! You are on the staff now, as «{role}».",
        name=f"<b>{escape(name)}</b>",
        role=role_name(role, words),
    )
    shown = Message(f"{welcome}\n\n{help_text(role, words)}")
    whisper = Whisper(maker, _accepted(office.words(maker), visitor, name, role)) if maker else None
    return Outcome(show=shown, menu_of=visitor.telegram_id, whisper=whisper)


def _accepted(words: Words, visitor: Visitor, name: str, role: Role) -> Message:
    """To whoever made the link: a stranger may have opened it."""
    who = f'<a href="tg://user?id={visitor.telegram_id}">{escape(name)}</a>'
    return Message(
        words("{name} has accepted your invitation, as «{role}».", name=who, role=role_name(role, words))
    )


def _list(office: Office, act: Act) -> Message:
    words = office.words(act.chat_id)
    text, everybody = f"<b>{words('Staff')}</b>", _everybody(office)
    for number, one in enumerate(everybody):
        said = f"<b>{escape(one.name)}</b> · {role_name(one.role, words)}"
        if shown_length(text) + shown_length(said) > FITS:
            return Message(f"{text}\n{words('… and {count} more', count=len(everybody) - number)}")
        text += "\n" + said
    return Message(text)


def _choice(words: Words) -> Message:
    """Each language by its own name, the present one marked."""
    names = [("✓ " if code == words.language else "") + own_name(code) for code in LANGUAGES]
    keys = [button(name, "lang", number) for number, name in enumerate(names)]
    return Message(words("In which language shall I speak to you?"), [keys[:2], keys[2:]])


@cache
def own_name(code: str) -> str:
    """What a language calls itself: українська."""
    return str(Locale.parse(code).get_language_name() or code).capitalize()


def _speak(office: Office, act: Act, code: str) -> str:
    with office.sessions.begin() as session:
        people.speak(session, act.telegram_id, code, office.settings)
    return office.personal(act.telegram_id)(
        "I speak English to you now: in private, and where only you read it."
    )


def _guess_language(staff: Staff, visitor: Visitor) -> None:
    code = visitor.language.partition("-")[0].lower()
    if staff.language is None and code in LANGUAGES:
        staff.language = code


def _everybody(office: Office) -> list[Member]:
    with reading(office.sessions) as session:
        return people.everybody(session, office.settings)


def _removable(office: Office, act: Act) -> Member:
    with reading(office.sessions) as session:
        found = people.member(session, act.number, office.settings)
    if found is None:
        raise Refused("not_on_staff")
    if found.is_configured:
        raise Refused("configured", name=found.name)
    return found


def _member(office: Office, act: Act) -> Member:
    with reading(office.sessions) as session:
        found = people.member(session, act.telegram_id, office.settings)
    assert found is not None, "strangers are refused before they can act"
    return found
