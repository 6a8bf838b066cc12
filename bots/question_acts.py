"""What staff say to "is this a complaint?", on its card or in the inbox."""

from bots.acts import Act, Doing, Outcome, staff_of
from bots.office import Office
from bots.refusals import refusal
from monitor import verdicts
from monitor.desk import Refused
from monitor.inbox import Look


def yes(office: Office, act: Act) -> Outcome:
    """It is a complaint, said on its card."""
    with office.sessions.begin() as session:
        staff = staff_of(session, office, act)
        verdicts.complaint(session, act.number, staff, office.settings, office.clock())
    return Outcome(toast=office.words(act.chat_id)("Thank you. The case is open."))


def no(office: Office, act: Act) -> Outcome:
    """It is none, said on its card."""
    with office.sessions.begin() as session:
        verdicts.no_complaint(session, act.number, staff_of(session, office, act), office.clock())
    return Outcome(toast=office.words(act.chat_id)("Thank you. Closed: it is no complaint."))


def yes_in_inbox(office: Office, act: Act) -> Outcome:
    return _in_inbox(yes, office, act)


def no_in_inbox(office: Office, act: Act) -> Outcome:
    return _in_inbox(no, office, act)


BUTTONS: dict[str, Doing] = {
    "yes": yes,
    "no": no,
    "inyes": yes_in_inbox,
    "inno": no_in_inbox,
}


def _in_inbox(doing: Doing, office: Office, act: Act) -> Outcome:
    """What came of it, and the inbox as it is now: also where somebody was quicker."""
    try:
        toast = doing(office, act).toast
    except Refused as refused:
        toast = refusal(refused, act.words(office))
    return Outcome(toast, edit=office.inbox(Look(), act.telegram_id, act.chat_id))
