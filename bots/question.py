"""Is this a complaint? A small card while staff are asked, and a section of the inbox. Pure."""

import re
from collections.abc import Sequence

from telegram import InlineKeyboardButton

from bots.card import line, reason_in_words
from bots.markup import escape, quote, shorten
from bots.message import Message, Rows, button, link_button
from bots.words import Words
from models import Status
from monitor.cards import CaseView

TO_DECIDE = 3
"""Questions listed in the inbox at once: each answer brings the next."""
TEXT = 140
"""Characters of the post: about two lines on a phone."""
SIGNS = ("complaint", "negative", "weighed")
"""Reasons that the question rests on."""

_LINE_BREAK = re.compile(r"\s")


def question(case: CaseView, words: Words) -> Message:
    """The card of a case that staff are, or were, only asked about."""
    place = f"<b>{escape(case.brand)}</b> · {escape(case.place)} · 👤 {escape(shorten(case.author, 60))}"
    signs = [reason_in_words(reason, words) for reason in case.reasons if reason["code"] in SIGNS]
    text = quote(_LINE_BREAK.sub(" ", case.text), case.matches, limit=TEXT)
    lines = [_heading(case, words), place, text, " · ".join(signs)]
    return Message("\n".join(filter(None, lines)), _buttons(case, words), quiet=True)


def with_questions(shown: Message, asked: Sequence[CaseView], total: int, words: Words) -> Message:
    """The inbox with the cases to judge beneath those that wait."""
    if not asked:
        return shown
    heading = words.plural("To judge: {count} post", "To judge: {count} posts", total)
    lines = [shown.text, "", f"<b>❔ {heading}</b>", *(line(case, words) for case in asked)]
    return Message("\n".join(lines), [*shown.rows, *(_in_one_row(case, words) for case in asked)])


def _heading(case: CaseView, words: Words) -> str:
    if case.status is Status.ASKED:
        return f"❔ <b>{words('Is this a complaint?')}</b>"
    if case.said_by:
        return "⚪️ " + words("no complaint, says {name}", name=f"<b>{escape(case.said_by)}</b>")
    return "⚪️ " + words("Closed")


def _buttons(case: CaseView, words: Words) -> Rows:
    opens = link_button("↗ " + words("Open"), case.url)
    if case.status is not Status.ASKED:
        is_no = case.said_by is not None and case.can_reopen
        return [[again(case.number, "again", words)] if is_no else [], opens]
    yes, no = button(words("Yes"), "yes", case.number), button(words("No"), "no", case.number)
    return [[yes, no, *opens]]


def again(number: int, verb: str, words: Words, *, named: bool = False) -> InlineKeyboardButton:
    """The way back from a No; named where it does not stand on the case's own card."""
    return button(f"↩️ #{number} {words('Ask again')}" if named else f"↩️ {words('Ask again')}", verb, number)


def _in_one_row(case: CaseView, words: Words) -> Sequence[InlineKeyboardButton]:
    return [
        button(f"{case.number} {words('Yes')}", "inyes", case.number),
        button(f"{case.number} {words('No')}", "inno", case.number),
        button("🔎", "show", case.number),
    ]
