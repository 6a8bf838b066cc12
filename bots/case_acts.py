"""What the buttons behind "⋯" do to a case: hand over, put off, reopen; and the keyboards that lead there."""

from collections.abc import Callable

from bots import menu
from bots.act import Act, Doing, Outcome, staff_of
from bots.card import card
from bots.message import Message, Rows
from bots.office import Office
from bots.pressed import read_number
from bots.words import Words
from monitor import desk, handover, snoozing
from monitor.cards import CaseView, view
from monitor.db import reading
from monitor.desk import Refused

Keyboard = Callable[[CaseView, Words], Rows]


def more(office: Office, act: Act) -> Outcome:
    return _card_with(office, act, menu.rest)


def back(office: Office, act: Act) -> Outcome:
    return _card_with(office, act, menu.first)


def hand(office: Office, act: Act) -> Outcome:
    """Ask to whom; the extra is the page."""
    with office.sessions.begin() as session:
        case = handover.may_give(session, act.number, staff_of(session, office, act))
        people = handover.colleagues(session, office.settings, but=case.claimed_by_id)
    offset = (read_number(act.extra[0]) if act.extra else None) or 0
    return _card_with(office, act, lambda seen, words: menu.colleagues(seen, people, offset, words))


def give(office: Office, act: Act) -> Outcome:
    """The extra is the colleague's Telegram id."""
    to_id = read_number(act.extra[0]) if act.extra else None
    if to_id is None:
        raise Refused("outdated", case=act.number)
    with office.sessions.begin() as session:
        staff = staff_of(session, office, act)
        to = handover.give(session, act.number, staff, to_id, office.settings, office.clock())
        name = to.name
    return Outcome(toast=act.words(office)("The case is {name}'s now.", name=name))


def later(office: Office, act: Act) -> Outcome:
    return _card_with(office, act, menu.later)


def snooze(office: Office, act: Act) -> Outcome:
    """The extra says until when."""
    words, now = act.words(office), office.clock()
    until = snoozing.until("".join(act.extra), now, words.zone)
    if until is None:
        raise Refused("outdated", case=act.number)
    with office.sessions.begin() as session:
        snoozing.put_off(session, act.number, staff_of(session, office, act), until, now)
    return Outcome(toast=words("Put off until {time}", time=words.time(until, now)))


def resume(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        snoozing.resume(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=act.words(office)("It is back in the inbox."))


def reopen(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        staff = staff_of(session, office, act)
        desk.reopen(session, act.number, staff, office.settings, office.clock())
    return Outcome(toast=act.words(office)("Reopened."))


BUTTONS: dict[str, Doing] = {
    "more": more,
    "card": back,
    "hand": hand,
    "give": give,
    "later": later,
    "snooze": snooze,
    "resume": resume,
    "reopen": reopen,
}


def _card_with(office: Office, act: Act, keyboard: Keyboard) -> Outcome:
    """The card as it is now, with another keyboard."""
    words, now = office.words(act.chat_id), office.clock()
    with reading(office.sessions) as session:
        seen = view(session, desk.find(session, act.number), office.settings, now)
    rows = keyboard(seen, words) if seen.offers_more else menu.first(seen, words)
    return Outcome(edit=Message(card(seen, words, now).text, rows))
