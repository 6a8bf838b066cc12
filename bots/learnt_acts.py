"""What a lead does with what the model learnt: use it, leave it, go back."""

from sqlalchemy.orm import Session

from bots.act import Act, Doing, Outcome
from bots.learnt import what_was_learnt
from bots.office import Office
from models import Learnt, LearntState, Staff
from monitor import desk, learning


def use(office: Office, act: Act) -> Outcome:
    words = act.words(office)
    with office.sessions.begin() as session:
        learnt = learning.decide(session, act.number, _staff(session, office, act), office.clock(), use=True)
    return _shown(office, act, learnt, LearntState.ACTIVE, words("The next post is judged with it."))


def leave(office: Office, act: Act) -> Outcome:
    words = act.words(office)
    with office.sessions.begin() as session:
        learnt = learning.decide(session, act.number, _staff(session, office, act), office.clock(), use=False)
    return _shown(office, act, learnt, LearntState.REFUSED, words("The model stays as it is."))


def go_back(office: Office, act: Act) -> Outcome:
    words = act.words(office)
    with office.sessions.begin() as session:
        learnt = learning.go_back(session, act.number, _staff(session, office, act), office.clock())
    return _shown(office, act, learnt, LearntState.RETIRED, words("The shipped model judges again."))


BUTTONS: dict[str, Doing] = {"learn_yes": use, "learn_no": leave, "learn_back": go_back}


def _staff(session: Session, office: Office, act: Act) -> Staff:
    staff = desk.known(session, act.telegram_id, office.settings)
    assert staff is not None, "strangers are refused before they can act"
    return staff


def _shown(office: Office, act: Act, learnt: Learnt, wanted: LearntState, said: str) -> Outcome:
    """The message as it stands now; said only where this press, or an earlier one of the same person, did it."""
    words = act.words(office)
    is_done = learnt.state is wanted and learnt.decided_by_id == act.telegram_id
    toast = said if is_done else words("That was decided before.")
    return Outcome(toast=toast, edit=what_was_learnt(office, act.number, act.chat_id))
