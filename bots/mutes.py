"""Mute and unmute: from a case's menu, by /mute, and in the list of /muted."""

import re
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bots.act import Act, Outcome
from bots.markup import escape, shorten
from bots.message import Message, button, pages
from bots.office import Office
from bots.pressed import read_number
from bots.words import Words
from models import Case, Mute, MuteKind
from monitor import desk, mutes
from monitor.db import reading
from monitor.desk import Refused
from monitor.keys import parse_duration

LENGTHS = {"1": timedelta(days=1), "7": timedelta(days=7), "30": timedelta(days=30), "0": None}
"""By what the button says; None: for good."""
ICONS = {MuteKind.AUTHOR: "👤", MuteKind.PERSON: "👤", MuteKind.THREAD: "🧵", MuteKind.WORD: "🔤"}
LETTERS = {"a": MuteKind.AUTHOR, "t": MuteKind.THREAD}
PAGE = 6
NAME = 60
FORM = "/mute word … 7d"
FOREVER = "forever"
AT_THE_END = re.compile(rf"\s((?:[-+]?\d\S*(?:\s[^\W\d_]+)?)|{FOREVER})$", re.IGNORECASE)
"""How long, in whatever way it was meant: 7d, 2y, 7 days."""
NO_LENGTH = 30


def mute(office: Office, act: Act) -> Outcome:
    """The button of a case: without more the menu, with more the mute."""
    words = office.words(act.chat_id)
    with office.sessions.begin() as session:
        case = desk.find(session, act.number)
        if not act.extra:
            return Outcome(show=mute_menu(session, case, office, words), case=case.id)
        wanted, lasts = _chosen(case, act.extra[0])
        row = mutes.mute(session, wanted, lasts, office.person(session, act.telegram_id), office.clock())
        mutes.note(session, case, row, office.clock())
        return Outcome(edit=_muted(row, office, words))


def mute_command(office: Office, act: Act) -> Outcome:
    """/mute 123, /mute in reply to a card, /mute word прелюдія 7d."""
    words = office.words(act.chat_id)
    first, *rest = act.text.split() or [""]
    if first.casefold() == "word" and rest:
        return _mute_word(office, act, rest)
    number = read_number(first.lstrip("#")) or act.number
    if not number:
        raise Refused("form", form=f"/mute 123, {FORM}")
    with reading(office.sessions) as session:
        return Outcome(show=mute_menu(session, desk.find(session, number), office, words))


def unmute(office: Office, act: Act) -> Outcome:
    """A button of the list, or of the message that said so."""
    words = office.words(act.chat_id)
    with office.sessions.begin() as session:
        row = mutes.unmute(session, act.number, office.person(session, act.telegram_id), office.clock())
        said = words("No longer muted: {what}", what=_what(row, office))
    if act.extra:
        return Outcome(edit=_list(office, read_number(act.extra[0]) or 0, words))
    return Outcome(edit=Message(f"🔈 {said}"))


def muted(office: Office, act: Act) -> Outcome:
    return Outcome(show=_list(office, 0, office.words(act.chat_id)))


def turn_muted(office: Office, act: Act) -> Outcome:
    return Outcome(edit=_list(office, act.number, office.words(act.chat_id)))


def mute_menu(session: Session, case: Case, office: Office, words: Words) -> Message:
    """What can be muted of a case, and for how long: one tap."""
    named = {"a": mutes.author_of(case), "t": mutes.thread_of(case)}
    lines, rows = (
        [
            words(
                "Mute what, and for how long? #{case}, {place}",
                case=case.id,
                place=_place(case.source, office),
            )
        ],
        [],
    )
    for letter, wanted in named.items():
        if wanted is None:
            continue
        icon = ICONS[wanted.kind]
        lines.append(f"{icon} {escape(shorten(wanted.label, NAME))}")
        choices = [
            button(f"{icon} {_lasting(lasts, words)}", "mute", case.id, f"{letter}{days}")
            for days, lasts in LENGTHS.items()
        ]
        rows += [choices[:2], choices[2:]]
    lines.append(words("For a time, urgent words still alert; for good, nothing does."))
    return Message("\n".join(lines), rows)


def _mute_word(office: Office, act: Act, rest: list[str]) -> Outcome:
    said, lasts = _with_length(" ".join(rest))
    with office.sessions.begin() as session:
        staff = office.person(session, act.telegram_id)
        row = mutes.mute(session, mutes.word(said), lasts, staff, office.clock())
        return Outcome(show=_muted(row, office, office.words(act.chat_id)))


def _with_length(said: str) -> tuple[str, timedelta | None]:
    """What to mute, and for how long. Raises Refused for an end that seems to be a length and can't be read."""
    length = AT_THE_END.search(said)
    if length is None:
        return said, LENGTHS["7"]
    word, ended = said[: length.start()], length[1].casefold()
    try:
        return word, None if ended == FOREVER else parse_duration(ended)
    except ValueError:
        raise Refused("no_length", said=shorten(length[1], NO_LENGTH)) from None


def _chosen(case: Case, code: str) -> tuple[mutes.Wanted, timedelta | None]:
    """What a button of the menu says: a7 is the author for seven days."""
    kind, days = LETTERS.get(code[:1]), code[1:]
    wanted = mutes.author_of(case) if kind is MuteKind.AUTHOR else mutes.thread_of(case)
    if kind is None or days not in LENGTHS or wanted is None:
        raise Refused("outdated")
    return wanted, LENGTHS[days]


def _muted(row: Mute, office: Office, words: Words) -> Message:
    said = words("{name} muted {what}", name=escape(row.staff.name), what=_what(row, office))
    end = _until(row, words, office.clock())
    return Message(f"🔇 {said}, {end}.", [[button(words("Unmute"), "unmute", row.id)]])


def _list(office: Office, offset: int, words: Words) -> Message:
    with reading(office.sessions) as session:
        now = office.clock()
        rows, total = mutes.active(session, now, offset, PAGE)
        if not rows and total:
            offset = (total - 1) // PAGE * PAGE
            rows, total = mutes.active(session, now, offset, PAGE)
        hits = mutes.hits(session, rows)
    if not total:
        return Message("🔈 " + words("Nothing is muted."))
    heading = words.plural("{count} mute", "{count} mutes", total)
    lines = [f"<b>{heading}</b>"]
    buttons = []
    for number, row in enumerate(rows, start=offset + 1):
        posts = words.plural("{count} muted post", "{count} muted posts", hits[row.id])
        facts = f"{_until(row, words, now)} · {posts} · {escape(row.staff.name)}"
        lines.append(f"{number}. {_what(row, office)}\n      {facts}")
        buttons.append([button(f"{number}. " + words("Unmute"), "unmute", row.id, offset)])
    return Message("\n".join(lines), [*buttons, pages("muted", offset, PAGE, total, words)])


def _what(row: Mute, office: Office) -> str:
    place = f" ({_place(row.source, office)})" if row.source else ""
    return f"{ICONS[row.kind]} <b>{escape(shorten(row.label, NAME))}</b>{place}"


def _place(name: str, office: Office) -> str:
    source = office.settings.source(name)
    return escape(source.place if source else name)


def _until(row: Mute, words: Words, now: datetime) -> str:
    return words("until {time}", time=words.time(row.until, now)) if row.until else words("for good")


def _lasting(lasts: timedelta | None, words: Words) -> str:
    return words.plural("{count} day", "{count} days", lasts.days) if lasts else words("for good")
