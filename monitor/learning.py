"""Our own last layer: proposed by `vidhuk learn`, decided on by a lead, in use from the next batch on, reversible."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import inspect, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models import Learnt, LearntState, Mention, Role, Staff
from monitor.corrections import corrections
from monitor.db import Sessions, changed, connect, is_missing, reading
from monitor.desk import Refused
from monitor.excerpt import readings
from monitor.notices import announce
from monitor.sentiment.classifier import Classifier
from monitor.sentiment.learning.head import BadHead, Head, unpack
from monitor.sentiment.learning.lesson import Lesson
from monitor.sentiment.learning.seen import Labelled
from monitor.sentiment.learning.taught import Taught, pooling
from monitor.settings import Settings

log = structlog.get_logger()

OTHERS = 400
"""Recent posts that nobody corrected: they hold the model where it is, and show what would change."""
NOTICE = "learnt"


class Active:
    """The head in use, asked for before every batch: one small query, and the weights only when they changed."""

    def __init__(self, sessions: Sessions):
        self._sessions = sessions
        self._known: tuple[int, Head | None] | None = None

    def __call__(self, base: str) -> Head | None:
        """Return the active head that was learnt on the model with this fingerprint, or None."""
        with reading(self._sessions) as session:
            in_use = (Learnt.state == LearntState.ACTIVE) & (Learnt.base == base)
            number = session.scalar(select(Learnt.id).where(in_use).order_by(Learnt.id.desc()).limit(1))
            if number is None:
                return None
            if self._known is None or self._known[0] != number:
                self._known = number, _unpacked(session.get_one(Learnt, number))
            return self._known[1]


def as_taught(classifier: Classifier, url: str) -> Classifier:
    """The judge as it judges with the database at url; as it ships where there is none. Creates and changes nothing."""
    if is_missing(url):
        return classifier
    try:
        sessions = connect(url)
        with reading(sessions) as session:
            is_there = inspect(session.connection()).has_table(Learnt.__tablename__)
    except (SQLAlchemyError, ImportError, ValueError):
        return classifier
    return Taught(classifier, Active(sessions)) if is_there else classifier


def what_was_said(session: Session) -> list[Labelled]:
    """Return the corrections that say something of tone, oldest first."""
    return [
        Labelled(one.readings, one.language, one.is_unhappy, one.is_complaint, one.case)
        for one in corrections(session)
        if (one.is_unhappy, one.is_complaint) != (None, None)
    ]


def uncorrected(session: Session, cases: Sequence[int]) -> list[Labelled]:
    """Return recent posts outside of these cases, newest first, of which nobody said anything."""
    judged = select(Mention).where(Mention.judged_at.is_not(None), Mention.is_copy.is_(False))
    newest = session.scalars(judged.order_by(Mention.id.desc()).limit(OTHERS + len(cases)))
    others = [mention for mention in newest if mention.case_id not in set(cases)]
    return [
        Labelled(readings(m.own_title, m.text, m.matches), m.language, None, None, m.case_id or -1)
        for m in others[:OTHERS]
    ]


def propose(session: Session, lesson: Lesson, base: str, settings: Settings, now: datetime) -> Learnt:
    """Keep what was learnt, and ask in the first staff chat whether to use it; older proposals are overtaken."""
    _change(session, LearntState.PROPOSED, LearntState.RETIRED)
    learnt = Learnt(made_at=now, base=base, weights=lesson.head.pack(), figures=lesson.figures())
    session.add(learnt)
    session.flush()
    chat = settings.staff.chats[0]
    announce(session, chat.id, f"{NOTICE}:{learnt.id}:{chat.id}", NOTICE, {"learnt": learnt.id}, now)
    return learnt


def known(session: Session, lesson: Lesson, base: str) -> Learnt | None:
    """Return what these same corrections taught this model before: in use, refused by a lead, or not decided on.

    What can't be read does not count, since learning it anew mends it.
    """
    decided = (LearntState.ACTIVE, LearntState.REFUSED, LearntState.PROPOSED)
    earlier = select(Learnt).where(Learnt.base == base, Learnt.state.in_(decided)).order_by(Learnt.id.desc())
    same = (one for one in session.scalars(earlier) if one.figures.get("taught_by") == lesson.taught_by)
    return next(filter(is_readable, same), None)


def let_go(session: Session, classifier: Classifier, now: datetime) -> None:
    """Retire what is proposed but was learnt on another model than this one: a lead's yes would change nothing."""
    model = pooling(classifier)
    strange = update(Learnt).where(Learnt.state == LearntState.PROPOSED)
    if model is not None:
        strange = strange.where(Learnt.base != model.fingerprint)
    session.execute(strange.values(state=LearntState.RETIRED, decided_at=now))


def tell_ignored(session: Session, classifier: Classifier, settings: Settings, now: datetime) -> None:
    """Say once in the first staff chat that what is in use is damaged or, for each model that comes, of another one."""
    learnt = in_use(session)
    if learnt is None:
        return
    if fits(learnt, classifier):
        _tell_damaged(session, learnt, settings, now)
        return
    model = pooling(classifier)
    which = model.fingerprint if model else classifier.name
    chat = settings.staff.chats[0]
    values = {"corrections": learnt.figures["corrections"], "can_learn": model is not None}
    announce(session, chat.id, f"learnt_ignored:{learnt.id}:{which}:{chat.id}", "learnt_ignored", values, now)


def fits(learnt: Learnt, classifier: Classifier) -> bool:
    """Say whether this was learnt on that model."""
    model = pooling(classifier)
    return model is not None and model.fingerprint == learnt.base


def is_readable(learnt: Learnt) -> bool:
    try:
        unpack(learnt.weights)
    except BadHead:
        return False
    return True


def decide(session: Session, number: int, staff: Staff, now: datetime, *, use: bool) -> Learnt:
    """A lead says yes or no to what is proposed. A second press changes nothing.

    Raises Refused for who is no lead, and for what is not there.
    """
    learnt = _asked_by_a_lead(session, number, staff)
    to = LearntState.ACTIVE if use else LearntState.REFUSED
    if _change(session, LearntState.PROPOSED, to, number, staff, now) and use:
        active = update(Learnt).where(Learnt.state == LearntState.ACTIVE, Learnt.id != number)
        session.execute(active.values(state=LearntState.RETIRED, decided_at=now, decided_by_id=staff.id))
    session.refresh(learnt)
    return learnt


def go_back(session: Session, number: int, staff: Staff, now: datetime) -> Learnt:
    """A lead wants the shipped model back. Raises Refused as ``decide`` does."""
    learnt = _asked_by_a_lead(session, number, staff)
    _change(session, LearntState.ACTIVE, LearntState.RETIRED, number, staff, now)
    session.refresh(learnt)
    return learnt


def undo(session: Session, now: datetime) -> bool:
    """Return to the shipped model, whoever asks: for the command line. Say whether anything changed."""
    return _change(session, LearntState.ACTIVE, LearntState.RETIRED, now=now)


def in_use(session: Session) -> Learnt | None:
    """The one that a lead said yes to, on whichever model it was learnt."""
    active = select(Learnt).where(Learnt.state == LearntState.ACTIVE).order_by(Learnt.id.desc())
    return session.scalars(active.limit(1)).first()


def _tell_damaged(session: Session, learnt: Learnt, settings: Settings, now: datetime) -> None:
    if is_readable(learnt):
        return
    chat = settings.staff.chats[0]
    values = {"corrections": learnt.figures["corrections"]}
    announce(session, chat.id, f"learnt_damaged:{learnt.id}:{chat.id}", "learnt_damaged", values, now)


def _asked_by_a_lead(session: Session, number: int, staff: Staff) -> Learnt:
    if not staff.role.reaches(Role.LEAD):
        raise Refused("leads_decide")
    learnt = session.get(Learnt, number)
    if learnt is None:
        raise Refused("outdated")
    return learnt


def _change(
    session: Session,
    of: LearntState,
    to: LearntState,
    number: int | None = None,
    staff: Staff | None = None,
    now: datetime | None = None,
) -> bool:
    """Change the state of one, or of all that are in it, if nobody else did; say whether any was."""
    change = update(Learnt).where(Learnt.state == of)
    if number is not None:
        change = change.where(Learnt.id == number)
    count = changed(
        session, change.values(state=to, decided_at=now, decided_by_id=staff.id if staff else None)
    )
    return count > 0


def _unpacked(learnt: Learnt) -> Head | None:
    try:
        return unpack(learnt.weights)
    except BadHead as error:
        log.error("learnt_unreadable", id=learnt.id, error=str(error))
        return None
