"""The buttons of a card: the two that matter most, and the rest behind "⋯". Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton

from bots.message import Rows, button, link_button
from bots.words import Words
from models import ReplyState, Status
from monitor.cards import Answer, CaseView
from monitor.people import Member

PAGE = 6
"""Colleagues on one page."""


@dataclass(frozen=True)
class Item:
    """One thing that can be done behind "⋯"."""

    verb: str
    text: Callable[[Words], str]
    fits: Callable[[CaseView], bool]


def _goes_on(case: CaseView) -> bool:
    return case.status in (Status.OPEN, Status.CLAIMED)


def _is_not_closed(case: CaseView) -> bool:
    return case.status is not Status.CLOSED


ITEMS: Sequence[Item] = (
    Item("close", lambda words: words("Close"), lambda case: case.status is Status.OPEN),
    Item("release", lambda words: words("Release"), lambda case: case.status is Status.CLAIMED),
    Item("hand", lambda words: words("Hand over"), _is_not_closed),
    Item("later", lambda words: words("Later"), lambda case: _is_not_closed(case) and not case.snoozed_until),
    Item("resume", lambda words: words("Bring back"), lambda case: case.snoozed_until is not None),
    Item("why", lambda words: words("Why?"), lambda case: True),
    Item("history", lambda words: words("Author"), lambda case: True),
    Item("mute", lambda words: words("Mute"), lambda case: True),
    Item("dup", lambda words: words("Duplicate"), _goes_on),
    Item("spam", lambda words: words("Spam"), _goes_on),
    Item("notours", lambda words: words("Not ours"), _goes_on),
    Item("tone", lambda words: words("Wrong tone"), _goes_on),
)
"""In this order. What else can be done with a case is one more line here, and one in the verbs."""


def first(case: CaseView, words: Words) -> Rows:
    """The keyboard that a card usually has."""
    number = case.number
    opens = link_button("↗ " + words("Open"), case.url)
    if case.status is Status.CLOSED:
        return [[*([button(words("Reopen"), "reopen", number)] if case.can_reopen else []), *opens]]
    if case.answer is not None and case.answer.state is ReplyState.UNKNOWN:
        return [_look(case.answer, words), opens]
    reply = button(words("Reply"), "reply", number, style="primary")
    claim = button(words("Claim"), "claim", number)
    close = button(words("Close"), "close", number)
    main = [claim, reply] if case.status is Status.OPEN else [reply, close]
    return [main, [*opens, button("⋯", "more", number)]]


def rest(case: CaseView, words: Words) -> Rows:
    """Everything else, and the way back."""
    items = [button(item.text(words), item.verb, case.number) for item in ITEMS if item.fits(case)]
    return [*_in_rows(items, 2), [_return(case, words)]]


def colleagues(case: CaseView, people: Sequence[Member], offset: int, words: Words) -> Rows:
    """To whom the case can be given, page by page."""
    offset = offset if 0 <= offset < len(people) else 0
    names = [button(person.name, "give", case.number, person.id) for person in people[offset : offset + PAGE]]
    pages = []
    if offset:
        pages.append(button("‹", "hand", case.number, max(0, offset - PAGE)))
    if offset + PAGE < len(people):
        pages.append(button("›", "hand", case.number, offset + PAGE))
    return [*_in_rows(names, 2), pages, [_return(case, words)]]


def later(case: CaseView, words: Words) -> Rows:
    """Until when it can be put off."""
    texts = {
        "1h": words("in 1 hour"),
        "4h": words("in 4 hours"),
        "tomorrow": words("tomorrow 9:00"),
        "monday": words("Monday 9:00"),
    }
    choices = [button(text, "snooze", case.number, until) for until, text in texts.items()]
    return [*_in_rows(choices, 2), [_return(case, words)]]


def _return(case: CaseView, words: Words) -> InlineKeyboardButton:
    return button("‹ " + words("Back"), "card", case.number)


def _in_rows(buttons: Sequence[InlineKeyboardButton], width: int) -> list[Sequence[InlineKeyboardButton]]:
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def _look(answer: Answer, words: Words) -> list[InlineKeyboardButton]:
    return [
        button(words("It is there"), "there", answer.id),
        button(words("It is not there"), "missing", answer.id),
    ]
