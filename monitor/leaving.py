"""A chat that left the configuration, or became another one: what waits there goes to the chat that has the brand now.

A group that becomes a supergroup gets a new id, and nothing can be said or edited under the old one.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import Alert, Bundle, Case, Crisis, Notice, Priority, Status
from monitor.crises import is_running
from monitor.notices import announce
from monitor.promise import heard_at
from monitor.settings import Settings

WAITS = (Status.ASKED, Status.OPEN, Status.CLAIMED)
PASSED = ("half_gone", "unclaimed")
"""What was to be said in time: the card says by when an answer is due."""


def leave(session: Session, settings: Settings, now: datetime) -> None:
    """Move what is in chats that are not staff's any more; of what waits for nobody only the place changes."""
    ours = [chat.id for chat in settings.staff.chats]
    for alert in session.scalars(select(Alert).where(Alert.chat_id.not_in(ours))).unique():
        _move_card(alert, settings, now)
    session.flush()
    _move_words(session, ours, settings, now)
    for crisis in session.scalars(select(Crisis).where(is_running(), Crisis.chat_id.not_in(ours))):
        _move_crisis(crisis, settings, now)
    session.execute(update(Bundle).where(Bundle.chat_id.not_in(ours)).values(due_at=None))


def tell_moved(session: Session, new_id: int, now: datetime) -> None:
    """Say in the supergroup, which the bot is a member of like everybody else, what has to be done; once."""
    announce(session, new_id, f"chat_moved:{new_id}", "chat_moved", {"id": new_id}, now)


def _move_card(alert: Alert, settings: Settings, now: datetime) -> None:
    case, chat = alert.case, settings.staff.chat_for(alert.case.brand)
    was_told = alert.message_id is not None or alert.bundle_id is not None or alert.error is not None
    alert.chat_id, alert.topic_id = chat.id, chat.topic_for(case.brand, case.source, case.priority)
    alert.message_id = alert.bundle_id = alert.claimed_at = alert.error = None
    alert.menu = alert.menu_until = None
    alert.own_topic = alert.topic_closed = alert.taken_out = False
    if not was_told:
        return
    alert.due_at = heard_at(case, settings, now) if case.status in WAITS else None
    alert.held = alert.due_at is not None and alert.due_at > now


def _move_words(session: Session, ours: Collection[int], settings: Settings, now: datetime) -> None:
    """What was never said of a case: it is said beneath the new card, where the case still waits."""
    unsaid = Notice.message_id.is_(None) & or_(Notice.due_at.is_not(None), Notice.error.is_not(None))
    rows = select(Notice, Alert).join(Alert, Alert.case_id == Notice.case_id).join(Case)
    here = unsaid & Notice.chat_id.not_in(ours) & Case.status.in_(WAITS) & Notice.kind.not_in(PASSED)
    for notice, card in session.execute(rows.where(here)).unique():
        notice.chat_id, notice.topic_id = card.chat_id, card.topic_id
        if notice.error is not None:
            notice.due_at = heard_at(card.case, settings, now)
        notice.claimed_at = notice.error = None


def _move_crisis(crisis: Crisis, settings: Settings, now: datetime) -> None:
    chat = settings.staff.chat_for(crisis.brand)
    crisis.chat_id, crisis.topic_id = chat.id, chat.topic_for(crisis.brand, "", Priority.HIGH)
    crisis.message_id = crisis.bundle_id = crisis.claimed_at = crisis.error = None
    crisis.due_at = now
