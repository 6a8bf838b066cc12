"""What the author has been answered: recording it, and asking what came since."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Mention, Reply, ReplyState
from monitor import changes, search
from monitor.cases import KIND_FROM, redraw


def record(session: Session, reply: Reply, now: datetime, at: datetime | None = None) -> None:
    """The author has an answer: the case is answered, and the card says so.

    at: since when, where we only hear of it now; what the author wrote in between is not answered.
    """
    reply.said()
    if reply.replaces_id is not None:
        return changes.record_edit(session, reply, now)
    reply.sent_at = at or now
    mark(session, reply.case, reply.sent_at)
    session.add(Event(case_id=reply.case_id, kind=Happening.ANSWERED, at=now, staff_id=reply.staff_id))
    search.index_reply(session, reply)
    show_previews_anew(session, reply.case)
    redraw(session, reply.case, now)


def mark(session: Session, case: Case, at: datetime) -> None:
    """The case is answered from then on, unless its author wrote since, and no thanks; one that somebody closes in this very moment stays closed."""
    session.execute(select(Case.id).where(Case.id == case.id).with_for_update())
    session.refresh(case)
    since = (Mention.case_id == case.id) & (Mention.posted_at > at) & Mention.is_copy.is_(False)
    is_content = func.coalesce(Mention.positive, 0.0) >= KIND_FROM
    if session.scalar(select(Mention.id).where(since, ~is_content).limit(1)) is None:
        case.answered(at)
    else:
        case.first_answered_at = case.first_answered_at or at


def show_previews_anew(session: Session, case: Case) -> None:
    """They say that somebody was quicker."""
    shown = (ReplyState.PREVIEW, ReplyState.WAITING)
    drafts = select(Reply).where(Reply.case_id == case.id, Reply.shown.in_(shown))
    for draft in session.scalars(drafts).unique():
        draft.shown = ReplyState.DRAFT


def after(session: Session, reply: Reply, since: datetime, *conditions: ColumnElement[bool]) -> Event | None:
    """The newest answer that the author has got since then; to an edit it makes no difference."""
    if reply.replaces_id is not None:
        return None
    given = (Happening.ANSWERED, Happening.ANSWERED_THERE)
    newer = select(Event).where(Event.case_id == reply.case_id, Event.kind.in_(given), Event.at > since)
    newest = newer.where(*conditions).order_by(Event.id.desc()).limit(1)
    return session.scalars(newest).unique().first()


def overtaken_by(session: Session, reply: Reply) -> Event | None:
    """The newest answer by anybody else that the author has got since its writer sent this one."""
    by_others = Event.staff_id.is_distinct_from(reply.staff_id)
    return after(session, reply, reply.touched_at or reply.created_at, by_others)
