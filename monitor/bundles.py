"""A storm of new cases becomes one message that opens on demand: Telegram takes 20 a minute, staff far fewer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from models import Alert, Bundle, Case, Priority, Status

STORM = 8
"""New cards waiting for one chat: more than staff can take in at once."""
FIRST = 3
"""The most urgent of them still get a card of their own."""
HIGH_FIRST = 14
"""Of high priority so many do: they take less than two minutes."""
SETTLES = timedelta(seconds=15)
"""A bundle that grows is edited no more often: Telegram counts edits too, and cards need the room."""
GROWS_FOR = timedelta(minutes=15)
"""So long later cases of the same storm go into the same message."""
OPENED_AT_ONCE = 5
DONE = (Status.ANSWERED, Status.CLOSED)
"""Nobody need look at these; an answered one comes back when its author does."""


def bundle_storm(session: Session, now: datetime) -> None:
    """Where too many new cards wait for a chat, keep the most urgent and bundle the rest."""
    waiting: dict[tuple[int, int | None], list[Alert]] = defaultdict(list)
    for alert in session.scalars(new_cards(now)):
        waiting[alert.chat_id, alert.topic_id].append(alert)
    for (chat_id, topic_id), alerts in waiting.items():
        if len(alerts) > STORM:
            _bundle(session, chat_id, topic_id, alerts[_kept(alerts) :], now)


def bundle_morning(session: Session, now: datetime) -> None:
    """What came while we were closed comes as one message a chat; one case alone, and a question, is just its card."""
    held: dict[tuple[int, int | None], list[Alert]] = defaultdict(list)
    for alert in session.scalars(_unsent(now).where(Alert.held)):
        alert.held = False
        if alert.case.status not in (Status.ASKED, Status.CLOSED):
            held[alert.chat_id, alert.topic_id].append(alert)
    for (chat_id, topic_id), alerts in held.items():
        if len(alerts) > 1:
            bundle = Bundle(chat_id=chat_id, topic_id=topic_id, opened_at=now, is_morning=True)
            session.add(bundle)
            session.flush()
            put_in(session, bundle, alerts, now)


def contents(session: Session, bundle_id: int, limit: int | None = None) -> Sequence[Alert]:
    """What waits in a bundle: most urgent first, of a morning the oldest promise first."""
    inside = select(Alert).join(Case).where(Alert.bundle_id == bundle_id, Case.status.not_in(DONE))
    is_morning = session.get_one(Bundle, bundle_id).is_morning
    order = (Case.answer_by, Case.id) if is_morning else (Case.priority, Case.answer_by)
    return session.scalars(inside.order_by(*order).limit(limit)).unique().all()


def priorities(session: Session, bundle_id: int) -> list[int]:
    """Of every case that waits in a bundle."""
    inside = (Alert.bundle_id == bundle_id) & Case.status.not_in(DONE)
    counts = select(Case.priority, func.count()).join(Alert, Alert.case_id == Case.id).where(inside)
    rows = session.execute(counts.group_by(Case.priority).order_by(Case.priority))
    return [priority for priority, count in rows for _ in range(count)]


def done(session: Session, bundle_id: int) -> Mapping[Status, int]:
    """How many of a bundle were answered, and how many closed, without ever having a card."""
    inside = (Alert.bundle_id == bundle_id) & Case.status.in_(DONE)
    counts = select(Case.status, func.count()).join(Alert, Alert.case_id == Case.id).where(inside)
    return dict(session.execute(counts.group_by(Case.status)).all())


def apart(session: Session, bundle_id: int) -> int:
    """How many that were in it have cards of their own by now."""
    bundle = session.get(Bundle, bundle_id)
    if bundle is None:
        return 0
    inside = select(func.count()).where(Alert.bundle_id == bundle_id)
    return max(0, bundle.came - (session.scalar(inside) or 0))


def open_some(session: Session, bundle_id: int, now: datetime) -> int:
    """Give the most urgent of a bundle cards of their own; return how many."""
    chosen = contents(session, bundle_id, OPENED_AT_ONCE)
    for alert in chosen:
        _give_card(alert, now)
        alert.taken_out = True
    session.get_one(Bundle, bundle_id).due_at = now
    return len(chosen)


def take_out(session: Session, case_id: int, now: datetime, *, is_asked_for: bool = True) -> None:
    """A case gets its card: staff ask for it by its number, or it has become urgent, which another storm may take in."""
    alert = session.scalars(select(Alert).where(Alert.case_id == case_id)).one()
    if alert.bundle_id is not None:
        session.get_one(Bundle, alert.bundle_id).due_at = now
    _give_card(alert, now)
    alert.taken_out = alert.taken_out or is_asked_for


def put_in(session: Session, bundle: Bundle, alerts: Sequence[Alert], now: datetime) -> None:
    """Tell of these in the bundle instead of in cards of their own."""
    bundle.came += len(alerts)
    for alert in alerts:
        alert.bundle_id = bundle.id
        alert.due_at = None
    bundle.due_at = bundle.due_at or (now if bundle.message_id is None else now + SETTLES)


def delivered(session: Session, bundle_id: int, now: datetime) -> None:
    """Staff have the message, and so all that it tells of."""
    told = update(Alert).where(Alert.bundle_id == bundle_id, Alert.sent_at.is_(None))
    session.execute(told.values(sent_at=now))


def _give_card(alert: Alert, now: datetime) -> None:
    alert.bundle_id = None
    alert.due_at = now
    alert.held = False


def _kept(alerts: Sequence[Alert]) -> int:
    """How many of the waiting ones, the most urgent first, get cards."""
    high = sum(alert.case.priority == Priority.HIGH for alert in alerts)
    return max(FIRST, min(high, HIGH_FIRST))


def new_cards(now: datetime) -> Select[Alert]:
    """The cards of real cases that wait to be sent for the first time and were not asked for, most urgent first."""
    return _unsent(now).where(Case.status != Status.ASKED, ~Alert.taken_out)


def _unsent(now: datetime) -> Select[Alert]:
    """Those of questions too."""
    waiting = (Alert.message_id.is_(None)) & (Alert.bundle_id.is_(None)) & (Alert.due_at <= now)
    urgency = (Case.priority, Case.answer_by, Case.id)
    return select(Alert).join(Case).where(waiting, Alert.claimed_at.is_(None)).order_by(*urgency)


def _bundle(
    session: Session, chat_id: int, topic_id: int | None, alerts: Sequence[Alert], now: datetime
) -> None:
    bundle = _growing(session, chat_id, topic_id, now)
    if bundle is None:
        bundle = Bundle(chat_id=chat_id, topic_id=topic_id, opened_at=now)
        session.add(bundle)
        session.flush()
    put_in(session, bundle, alerts, now)


def _growing(session: Session, chat_id: int, topic_id: int | None, now: datetime) -> Bundle | None:
    same_place = (Bundle.chat_id == chat_id) & (
        Bundle.topic_id.is_(None) if topic_id is None else Bundle.topic_id == topic_id
    )
    recent = select(Bundle).where(
        same_place, Bundle.opened_at > now - GROWS_FOR, Bundle.is_morning.is_(False)
    )
    return session.scalar(recent.order_by(Bundle.id.desc()).limit(1))
