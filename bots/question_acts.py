"""What staff say to "is this a complaint?", on its card or in the inbox."""

from dataclasses import replace

from bots.act import Act, Doing, Outcome, staff_of
from bots.message import Rows
from bots.office import Office
from bots.question import again
from bots.refusals import refusal
from monitor import verdicts
from monitor.db import reading
from monitor.desk import Refused, can_reopen, find
from monitor.inbox import Look


def yes(office: Office, act: Act) -> Outcome:
    """It is a complaint, said on its card."""
    with office.sessions.begin() as session:
        staff = staff_of(session, office, act)
        verdicts.complaint(session, act.number, staff, office.settings, office.clock())
    return Outcome(toast=act.words(office)("Thank you. The case is open."))


def no(office: Office, act: Act) -> Outcome:
    """It is none, said on its card."""
    with office.sessions.begin() as session:
        verdicts.no_complaint(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=act.words(office)("Thank you. Closed: it is no complaint."))


def ask_again(office: Office, act: Act) -> Outcome:
    """The No was a slip."""
    with office.sessions.begin() as session:
        verdicts.ask_again(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=act.words(office)("It is a question again: Yes or No?"))


def yes_in_inbox(office: Office, act: Act) -> Outcome:
    return _in_inbox(yes, office, act)


def no_in_inbox(office: Office, act: Act) -> Outcome:
    return _in_inbox(no, office, act)


def ask_again_in_inbox(office: Office, act: Act) -> Outcome:
    return _in_inbox(ask_again, office, act)


BUTTONS: dict[str, Doing] = {
    "yes": yes,
    "no": no,
    "again": ask_again,
    "inyes": yes_in_inbox,
    "inno": no_in_inbox,
    "inagain": ask_again_in_inbox,
}


def _in_inbox(doing: Doing, office: Office, act: Act) -> Outcome:
    """What came of it, and the inbox as it is now: also where somebody was quicker.

    After a No the way back stands beneath, for the case has left the page, and may have no card.
    """
    try:
        toast = doing(office, act).toast
    except Refused as refused:
        toast = refusal(refused, act.words(office))
    page = office.inbox(Look(), act.telegram_id, act.chat_id)
    return Outcome(toast, edit=replace(page, rows=[*page.rows, *_way_back(office, act)]))


def _way_back(office: Office, act: Act) -> Rows:
    """Where the case is closed by a No, this press's or one before it."""
    with reading(office.sessions) as session:
        case = find(session, act.number)
        is_no = verdicts.said_by(session, case) is not None and can_reopen(case, office.clock())
    return [[again(act.number, "inagain", office.words(act.chat_id), named=True)]] if is_no else []
