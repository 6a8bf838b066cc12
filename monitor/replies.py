"""The row of an answer: begun, found, moved on, dropped. Of two who want different things of it, one gets theirs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from models import Case, Mention, Reply, ReplyState, Staff
from monitor.cases import redraw
from monitor.claims import UNSENT
from monitor.db import changed
from monitor.desk import Refused


def begin(
    session: Session, case: Case, post: Mention, staff: Staff, chat_id: int, now: datetime, **values: Any
) -> Reply:
    """A draft to this post, in the place of those that this person has of the case."""
    _drop_drafts(session, case, staff)
    reply = Reply(
        case=case,
        mention=post,
        source=post.source,
        staff=staff,
        chat_id=chat_id,
        created_at=now,
        touched_at=now,
        state=ReplyState.DRAFT,
        **values,
    )
    session.add(reply)
    session.flush()
    redraw(session, case, now)
    return reply


def get(session: Session, reply_id: int) -> Reply:
    reply = session.get(Reply, reply_id)
    if reply is None:
        raise Refused("outdated")
    return reply


def move(
    session: Session,
    reply: Reply,
    from_states: tuple[ReplyState, ...],
    to: ReplyState,
    *conditions: ColumnElement[bool],
    **values: Any,
) -> None:
    """Change the state, and these values with it, if nobody else did: the second of two presses is refused.

    So is what was decided of another text than the one that stands there now.
    """
    still = update(Reply).where(Reply.id == reply.id, Reply.state.in_(from_states), Reply.text == reply.text)
    count = changed(session, still.where(*conditions).values(state=to, **values))
    session.refresh(reply)
    if count == 0:
        raise Refused("already_sent" if reply.state in (ReplyState.QUEUED, ReplyState.SENT) else "outdated")


def _drop_drafts(session: Session, case: Case, staff: Staff) -> None:
    """One that somebody approves in this very moment is none any more, and leaves."""
    drafts = update(Reply).where(
        Reply.case_id == case.id,
        Reply.staff_id == staff.id,
        Reply.state.in_((*UNSENT, ReplyState.WAITING, ReplyState.FAILED)),
    )
    changed(session, drafts.values(state=ReplyState.CANCELLED))
