"""What the buttons of an answer that failed do. The message that was pressed becomes its preview, the older one says so."""

from dataclasses import replace

from bots import reply_acts
from bots.act import Act, Doing, Outcome, staff_of
from bots.message import Message
from bots.office import Office
from bots.refusals import refusal
from models import ReplyState
from monitor import answers, replies
from monitor.db import reading
from monitor.desk import Refused

TOO_LATE = ("already_sent", "outdated")


def retry(office: Office, act: Act) -> Outcome:
    return _here(office, act, _send_again)


def by_hand(office: Office, act: Act) -> Outcome:
    return _here(office, act, _post_by_hand)


BUTTONS: dict[str, Doing] = {"retry": retry, "byhand": by_hand}


def _here(office: Office, act: Act, doing: Doing) -> Outcome:
    try:
        outcome = doing(office, act)
    except Refused as refused:
        if refused.code not in TOO_LATE:
            raise
        return _too_late(office, act, refused)
    return _move(office, act, outcome)


def _send_again(office: Office, act: Act) -> Outcome:
    """Only what failed: what the first of two presses has made a preview of has to be read."""
    with reading(office.sessions) as session:
        if replies.get(session, act.number).state is ReplyState.PREVIEW:
            raise Refused("outdated")
    return reply_acts.send(office, act)


def _post_by_hand(office: Office, act: Act) -> Outcome:
    with office.sessions.begin() as session:
        reply = replies.get(session, act.number)
        if reply_acts.is_replaced(session, reply, act):
            return reply_acts.replaced(office, act)
        reply = answers.post_by_hand(session, act.number, staff_of(session, office, act), office.clock())
        return reply_acts.shown_anew(office, session, reply, act)


def _move(office: Office, act: Act, outcome: Outcome) -> Outcome:
    with office.sessions.begin() as session:
        reply = replies.get(session, act.number)
        if reply_acts.is_replaced(session, reply, act):
            return outcome
        return reply_acts.moved(office, reply, act, outcome)


def _too_late(office: Office, act: Act, refused: Refused) -> Outcome:
    """Somebody has seen to it: the preview shows what became of it."""
    with office.sessions.begin() as session:
        reply = replies.get(session, act.number)
        if reply_acts.is_preview(reply, act):
            return replace(
                reply_acts.shown_anew(office, session, reply, act), toast=_why(office, act, refused)
            )
    seen_to = office.words(act.chat_id)("This answer has been seen to.")
    return Outcome(toast=_why(office, act, refused), edit=Message(f"✔️ {seen_to}"))


def _why(office: Office, act: Act, refused: Refused) -> str:
    return refusal(refused, act.words(office))
