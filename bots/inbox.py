"""The inbox: one shelf of cases at a time, with buttons for the others, their brands and their pages. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from telegram import InlineKeyboardButton

from bots.card import gist, number
from bots.markup import escape, shorten
from bots.message import Message, Rows, button, pages
from bots.pressed import Pressed
from bots.words import Words
from models import Status
from monitor.cards import CaseView
from monitor.inbox import Look, Shelf

PAGE = 8
IN_A_ROW = 4
BRANDS, BRAND = 8, 9
"""Buttons, and the units of a name on one: the count stands behind it, and a phone is narrow."""
GIST = 50
"""Units: with the place about two lines on a phone."""
ONLY_WHERE_ANY = (Shelf.ASKED, Shelf.SNOOZED)


@dataclass(frozen=True)
class Inbox:
    """What was found, and whose it is."""

    look: Look
    cases: Sequence[CaseView]
    counts: Mapping[Shelf, int]
    by_brand: Mapping[str, int]
    brands: Sequence[str]
    """Ours."""
    reader: str

    @property
    def total(self) -> int:
        return self.counts[self.look.shelf]


def look_of(pressed: Pressed, brands: Sequence[str]) -> Look:
    """What a button of the inbox asks for; what is no more (a shelf, a brand) is left out."""
    shelf, code = (*pressed.extra, "", "")[:2]
    brand = next((name for name in brands if brand_code(name) == code), None)
    return Look(Shelf(shelf) if shelf in list(Shelf) else Shelf.OPEN, brand, pressed.number)


def brand_code(name: str) -> str:
    """A brand in eight characters: its name may be longer than all that a button can carry."""
    return blake2b(name.encode(), digest_size=4).hexdigest()


def inbox(found: Inbox, words: Words, now: datetime) -> Message:
    """One page of a shelf; an empty one keeps the ways to the others."""
    lines = [_heading(found, words), *(waiting(case, words, now) for case in found.cases)]
    return Message("\n".join(lines), _rows(found, words))


def _heading(found: Inbox, words: Words) -> str:
    said = _said(found, words) if found.total else _nothing(found, words)
    brand = f" · {escape(found.look.brand)}" if found.look.brand else ""
    last = -(-found.total // PAGE)
    page = f" · {found.look.offset // PAGE + 1}/{last}" if last > 1 else ""
    return f"{said}{brand}{page}"


def _nothing(found: Inbox, words: Words) -> str:
    if found.look.shelf is Shelf.OPEN:
        return "🌿 " + words("Nobody waits for an answer.")
    if found.look.shelf is Shelf.MINE:
        return "🌿 " + words("{name} has no case.", name=f"<b>{escape(found.reader)}</b>")
    return "🌿 " + words("No case is here.")


def _said(found: Inbox, words: Words) -> str:
    count = found.total
    match found.look.shelf:
        case Shelf.OPEN:
            said = words.plural("{count} case waits", "{count} cases wait", count)
        case Shelf.MINE:
            name = escape(found.reader)
            said = words.plural("{name} has {count} case", "{name} has {count} cases", count, name=name)
        case Shelf.LATE:
            said = words.plural("{count} case is late", "{count} cases are late", count)
        case Shelf.ANSWERED:
            said = words.plural(
                "{count} case waits for its author", "{count} cases wait for their authors", count
            )
        case Shelf.ASKED:
            said = words.plural(
                "{count} case: is it a complaint?", "{count} cases: are they complaints?", count
            )
        case Shelf.SNOOZED:
            said = words.plural("{count} case is put off", "{count} cases are put off", count)
    return f"<b>{said}</b>"


def waiting(case: CaseView, words: Words, now: datetime) -> str:
    """The case in a list: what is owed and who has it, then what it is about."""
    who = f" · 🙋 {escape(case.claimed_by)}" if case.claimed_by else ""
    if case.status is Status.ANSWERED:
        answer = case.answered_there or case.answer
        answered = answer.at if answer else None
        owed = f"✅ {words.ago(answered, now) if answered else ''}"
    else:
        mark = "⏰" if case.late or case.answer_by < now else "⏳"
        owed = f"{mark} <b>{words.time(case.answer_by, now)}</b>"
    return f"{number(case)} · {owed}{who}\n{gist(case, GIST)}"


def _rows(found: Inbox, words: Words) -> Rows:
    numbers = [button(f"#{case.number}", "show", case.number) for case in found.cases]
    return [
        *_in_rows(numbers),
        _pages(found, words),
        *_in_rows(_shelves(found, words), 2),
        *_brands(found, words),
    ]


def _in_rows(buttons: Sequence[InlineKeyboardButton], width: int = IN_A_ROW) -> Rows:
    return [buttons[i : i + width] for i in range(0, len(buttons), width)]


def _pages(found: Inbox, words: Words) -> list[InlineKeyboardButton]:
    look = found.look
    code = brand_code(look.brand) if look.brand else ""
    return pages("inbox", look.offset, PAGE, found.total, words, look.shelf.value, code)


def _shelves(found: Inbox, words: Words) -> list[InlineKeyboardButton]:
    names = {
        Shelf.OPEN: words("Open cases"),
        Shelf.MINE: words("Mine"),
        Shelf.LATE: words("Late"),
        Shelf.ANSWERED: words("Answered"),
        Shelf.ASKED: words("To judge"),
        Shelf.SNOOZED: words("Put off"),
    }
    shown = [s for s in Shelf if s not in ONLY_WHERE_ANY or found.counts[s] or s is found.look.shelf]
    return [
        _turn(
            _marked(f"{names[shelf]} {found.counts[shelf]}", shelf is found.look.shelf),
            shelf,
            found.look.brand,
        )
        for shelf in shown
    ]


def _brands(found: Inbox, words: Words) -> Rows:
    if len(found.brands) < 2:
        return []
    chosen, shelf = found.look.brand, found.look.shelf
    buttons = [_turn(_marked(words("All brands"), chosen is None), shelf, None)]
    for brand in found.brands[:BRANDS]:
        label = f"{shorten(brand, BRAND)} {found.by_brand.get(brand, 0)}"
        buttons.append(_turn(_marked(label, brand == chosen), shelf, brand))
    return _in_rows(buttons, 2)


def _marked(label: str, is_here: bool) -> str:
    return f"• {label}" if is_here else label


def _turn(label: str, shelf: Shelf, brand: str | None) -> InlineKeyboardButton:
    return button(label, "inbox", 0, shelf.value, brand_code(brand) if brand else "")
