"""What a reaction to a card does. Nobody waits for an answer to it: the card says how things stand."""

from sqlalchemy.orm import Session

from bots.act import Act, staff_of
from bots.office import Office
from models import Case, Status
from monitor import desk
from monitor.cases import redraw
from monitor.desk import Refused


def claim(office: Office, act: Act) -> None:
    """The case is theirs, unless it is another's or closed."""
    with office.sessions.begin() as session:
        case = _case(session, office, act)
        if case is None:
            return
        try:
            desk.claim(session, case.id, staff_of(session, office, act), office.clock())
        except Refused:
            redraw(session, case, office.clock())


def release(office: Office, act: Act) -> None:
    """Who takes the reaction away no longer works on it; an answered case stays with who answered."""
    with office.sessions.begin() as session:
        case = _case(session, office, act)
        if case is None or case.claimed_by_id != act.telegram_id or case.status is not Status.CLAIMED:
            return
        desk.release(session, case.id, staff_of(session, office, act), office.clock())


def _case(session: Session, office: Office, act: Act) -> Case | None:
    assert act.message_id is not None
    return office.case_of_message(session, act.chat_id, act.message_id)
