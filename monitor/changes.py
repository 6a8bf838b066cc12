"""Changing at the source what was posted: an edit takes its place, a deletion leaves nothing there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Event, Happening, Reply, ReplyState, Staff, Status
from monitor import desk, replies
from monitor.cases import redraw
from monitor.desk import Refused

ON_THE_WAY = (ReplyState.QUEUED, ReplyState.WAITING, ReplyState.UNKNOWN)


def begin(session: Session, reply_id: int, staff: Staff, chat_id: int, now: datetime) -> Reply:
    """Start what is to stand in the place of a posted answer, from its own words."""
    posted = replies.get(session, reply_id)
    may_change(posted, staff)
    if posted.state is not ReplyState.SENT or posted.external_id is None:
        raise Refused("outdated", case=posted.case_id)
    its = {"text": posted.text, "external_id": posted.external_id, "url": posted.url}
    return replies.begin(
        session, posted.case, posted.mention, staff, chat_id, now, replaces_id=posted.id, **its
    )


def may_change(reply: Reply, staff: Staff) -> None:
    """Raises Refused where what is posted is not this person's to change."""
    if reply.case.status is Status.CLOSED:
        raise Refused("closed", case=reply.case_id)
    if reply.case.claimed_by_id not in (None, staff.id):
        raise desk.taken(reply.case)


def delete(session: Session, reply_id: int, staff: Staff, now: datetime) -> Reply:
    """Have a posted answer deleted at the source."""
    reply = replies.get(session, reply_id)
    may_change(reply, staff)
    edits = select(Reply.id).where(Reply.replaces_id == reply_id, Reply.state.in_(ON_THE_WAY))
    if session.scalar(edits.limit(1)) is not None:
        raise Refused("being_edited", case=reply.case_id)
    replies.move(session, reply, (ReplyState.SENT,), ReplyState.DELETING)
    reply.due_at, reply.error, reply.attempts = now, None, 0
    _record_change(session, reply, "to_delete", now, staff.id)
    return reply


def record_deletion(session: Session, reply: Reply, now: datetime) -> None:
    """The author no longer sees the answer; the case goes on as staff decide."""
    reply.state = ReplyState.DELETED
    reply.said()
    _record_change(session, reply, "deleted", now, None)


def record_edit(session: Session, reply: Reply, now: datetime) -> None:
    """The author has had an answer since the first wording was posted; of several edits that were confirmed the last stands."""
    replaced = session.get_one(Reply, reply.replaces_id)
    reply.sent_at = replaced.sent_at
    for other in (replaced, *_said_to_stand_there(session, reply)):
        other.state = ReplyState.REPLACED
    _record_change(session, reply, "edited", now, reply.staff_id)


def _said_to_stand_there(session: Session, reply: Reply) -> Sequence[Reply]:
    """Other edits, where staff found this one in their place."""
    same_place = (Reply.source == reply.source) & (Reply.external_id == reply.external_id)
    others = select(Reply).where(same_place, Reply.id != reply.id, Reply.state == ReplyState.SENT)
    return session.scalars(others).unique().all()


def _record_change(session: Session, reply: Reply, what: str, now: datetime, staff_id: int | None) -> None:
    values = {"what": what, "url": reply.url}
    changed = Event(case_id=reply.case_id, kind=Happening.CHANGED_THERE, at=now, values=values)
    changed.staff_id = staff_id
    session.add(changed)
    redraw(session, reply.case, now)
