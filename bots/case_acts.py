"""What the buttons behind "⋯" do to a case: hand over, put off, reopen; and the keyboards that lead there."""

from bots.act import Act, Doing, Outcome, staff_of
from bots.office import Office
from bots.open_menu import to_whom
from bots.pressed import read_number
from monitor import card_menus, desk, handover, snoozing
from monitor.desk import Refused


def more(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        card_menus.unfold(session, desk.find(session, act.number).id, "more", office.clock())
    return _card(office, act)


def back(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        card_menus.fold(session, desk.find(session, act.number).id)
    return _card(office, act)


def hand(office: Office, act: Act) -> Outcome:
    """Ask to whom; the extra is the page."""
    offset = (read_number(act.extra[0]) if act.extra else None) or 0
    with office.sessions.begin() as session:
        case = handover.may_give(session, act.number, staff_of(session, office, act))
        card_menus.unfold(session, case.id, to_whom(case, offset), office.clock())
    return _card(office, act)


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
    with office.sessions.begin() as session:
        card_menus.unfold(session, desk.find(session, act.number).id, "later", office.clock())
    return _card(office, act)


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


def _card(office: Office, act: Act) -> Outcome:
    """The card as it is now, with the menu that is open."""
    return Outcome(edit=office.card(act.number, act.chat_id))
