"""A message to staff: its HTML and its buttons, before anybody sends it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bots.markup import is_link
from bots.words import Words

NOTED = "✍"
"""As Telegram spells this reaction."""
Rows = Sequence[Sequence[InlineKeyboardButton]]


@dataclass(frozen=True)
class Message:
    text: str
    rows: Rows = field(default=())
    quiet: bool = False
    """It comes without a sound."""

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        rows = [row for row in self.rows if row]
        return InlineKeyboardMarkup(rows) if rows else None


def button(
    text: str, verb: str, number: int, *extra: object, style: str | None = None
) -> InlineKeyboardButton:
    """A button that calls back with verb:number[:extra]."""
    return InlineKeyboardButton(text, callback_data=":".join(map(str, (verb, number, *extra))), style=style)


def pages(
    verb: str, offset: int, size: int, total: int, words: Words, *extra: object
) -> list[InlineKeyboardButton]:
    """The ways to the page before and to the next one, where there are any; the number is the offset."""
    turns = []
    if offset:
        turns.append(button("‹ " + words("Previous"), verb, max(0, offset - size), *extra))
    if offset + size < total:
        turns.append(button(words("Next") + " ›", verb, offset + size, *extra))
    return turns


def link_button(text: str, url: str) -> list[InlineKeyboardButton]:
    """A button that opens a page, or nothing where Telegram would refuse the link, and the message with it."""
    return [InlineKeyboardButton(text, url=url)] if is_link(url) else []
