"""Post staff's answers at their sources: claim one in a short transaction, post it outside of any, record it in another.

A public reply is never sent twice: where its fate is unknown the source is asked whether it got there, and where the
source can't tell, staff are.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Mention, OwnPost, Reply, ReplyState
from monitor import answered, colleagues, unposted
from monitor.cases import redraw
from monitor.db import Sessions, reading
from monitor.due import LOST_AFTER, MAX_ATTEMPTS, Clock, claim
from monitor.settings import Brand
from monitor.source import CanEdit, CanReply, Posted, PostRef, SourceError
from monitor.windows import answer_until, post_ref

log = structlog.get_logger()

PERHAPS_THERE = (ReplyState.SENT, ReplyState.HANDED_OFF, ReplyState.UNKNOWN)
"""Replies that stand in their thread, or may, though we don't always know where."""


def deliver(sessions: Sessions, sources: Mapping[str, object], brands: Iterable[Brand], clock: Clock) -> int:
    """Post every queued reply at its source, one after the other; return how many were tried."""
    tried = 0
    _settle_lost(sessions, sources, brands, clock())
    while (reply := _claim(sessions, clock())) is not None:
        _post(sessions, reply, sources.get(reply.source), brands, clock)
        tried += 1
    return tried


def _claim(sessions: Sessions, now: datetime) -> Reply | None:
    """The next to be posted; those that a colleague's answer has overtaken are held back."""
    with sessions.begin() as session:
        while (reply := _win(session, now)) is not None:
            if not unposted.hold_back(session, reply, now):
                return reply
    return None


def _win(session: Session, now: datetime) -> Reply | None:
    due = select(Reply).where(
        Reply.state == ReplyState.QUEUED, Reply.due_at <= now, Reply.claimed_at.is_(None)
    )
    reply = session.scalar(due.order_by(Reply.due_at, Reply.id).limit(1))
    # Undone by its writer since we looked, it must not leave.
    if reply is None or not claim(session, Reply, reply.id, now, Reply.state == ReplyState.QUEUED):
        return None
    session.refresh(reply)
    return reply


def _post(sessions: Sessions, reply: Reply, source: object, brands: Iterable[Brand], clock: Clock) -> None:
    if not isinstance(source, CanReply):
        error = SourceError(f"{reply.source} can no longer post replies; look at its login.", permanent=True)
        return _record_failure(sessions, reply, error, brands, clock())
    try:
        posted = _post_or_edit(sessions, source, reply, clock())
    except SourceError as error:
        if error.unsure:
            return _settle(sessions, reply, source, str(error), brands, clock())
        return _record_failure(sessions, reply, error, brands, clock())
    except Exception as error:
        # A bug of the source's, after which nobody knows what was posted.
        log.exception("reply_bug", source=reply.source)
        return _record_unknown(sessions, reply, _broke_off(reply, error), clock())
    return _record_posted(sessions, reply, posted, brands, clock())


def _post_or_edit(sessions: Sessions, source: CanReply, reply: Reply, now: datetime) -> Posted:
    if reply.replaces_id is None:
        until = answer_until(source, reply.mention)
        if until is not None and until <= now:
            raise SourceError(f"{reply.source} takes no more answers to this post.", permanent=True)
        return source.reply(_ref(reply), reply.text)
    if not isinstance(source, CanEdit) or reply.external_id is None:
        raise SourceError(f"{reply.source} can no longer edit replies.", permanent=True)
    with reading(sessions) as session:
        if session.get_one(Reply, reply.replaces_id).state is not ReplyState.SENT:
            raise SourceError("Meanwhile it was edited again, or deleted.", permanent=True)
    return source.edit(Posted(reply.external_id, reply.url or ""), reply.text)


def _settle_lost(
    sessions: Sessions, sources: Mapping[str, object], brands: Iterable[Brand], now: datetime
) -> None:
    with reading(sessions) as session:
        lost = select(Reply).where(Reply.state == ReplyState.QUEUED, Reply.claimed_at < now - LOST_AFTER)
        replies = session.scalars(lost).unique().all()
    for reply in replies:
        source = sources.get(reply.source)
        if isinstance(source, CanReply):
            _settle(
                sessions, reply, source, "It was interrupted, and it is not in the thread yet.", brands, now
            )
        else:
            _record_unknown(sessions, reply, f"{reply.source} is no longer configured to reply.", now)


def _settle(
    sessions: Sessions, reply: Reply, source: CanReply, why: str, brands: Iterable[Brand], now: datetime
) -> None:
    """Its fate is unknown: ask the source. What it doesn't see may be held for a moderator, so then staff are asked."""
    try:
        posted = source.find_reply(_ref(reply), reply.text)
    except SourceError as error:
        return _record_unknown(sessions, reply, str(error), now)
    except Exception as error:
        log.exception("find_reply_bug", source=reply.source)
        return _record_unknown(sessions, reply, _broke_off(reply, error), now)
    if posted is None or _is_anothers(sessions, reply, posted):
        return _record_unknown(sessions, reply, why, now)
    return _record_posted(sessions, reply, posted, brands, now, at=reply.claimed_at)


def _broke_off(reply: Reply, error: Exception) -> str:
    return f"{reply.source} broke off ({type(error).__name__})."


def _is_anothers(sessions: Sessions, reply: Reply, found: Posted) -> bool:
    """Saved words are said to many: what the source found may be what somebody else in the thread was answered."""
    if reply.replaces_id is not None:
        return found.id != reply.external_id
    post = reply.mention
    same_thread = func.coalesce(Mention.thread_id, Mention.external_id) == (
        post.thread_id or post.external_id
    )
    placeless = Reply.external_id.is_(None) & Reply.state.in_(PERHAPS_THERE)
    same_words = placeless & same_thread & (Reply.text == reply.text)
    other = select(Reply.id).join(Mention, Mention.id == Reply.mention_id)
    other = other.where(
        Reply.source == reply.source, Reply.id != reply.id, (Reply.external_id == found.id) | same_words
    )
    by_hand = select(OwnPost.id).where(
        OwnPost.source == reply.source, OwnPost.external_id == found.id, OwnPost.case_id.is_not(None)
    )
    with reading(sessions) as session:
        return session.scalar(other.limit(1)) is not None or session.scalar(by_hand.limit(1)) is not None


def _ref(reply: Reply) -> PostRef:
    return post_ref(reply.mention)


def _record_posted(
    sessions: Sessions,
    reply: Reply,
    posted: Posted,
    brands: Iterable[Brand],
    now: datetime,
    at: datetime | None = None,
) -> None:
    with sessions.begin() as session:
        row = session.get_one(Reply, reply.id)
        row.state, row.external_id, row.url = ReplyState.SENT, posted.id, posted.url
        colleagues.settle_set_aside(session, row, brands, now)
        answered.record(session, row, now, at)


def _record_failure(
    sessions: Sessions, reply: Reply, error: SourceError, brands: Iterable[Brand], now: datetime
) -> None:
    """Nothing was posted. Try again where that may help; otherwise staff decide."""
    with sessions.begin() as session:
        row = session.get_one(Reply, reply.id)
        if error.permanent or row.attempts >= MAX_ATTEMPTS:
            row.state = ReplyState.FAILED
            row.failed(str(error), None)
            unposted.tell_writer(session, row, now)
        else:
            row.failed(str(error), now + (error.retry_after or row.backoff()))
            row.shown = None if row.shown is None else ReplyState.PREVIEW  # show the delay
        colleagues.settle_set_aside(session, row, brands, now)
        redraw(session, row.case, now)


def _record_unknown(sessions: Sessions, reply: Reply, error: str, now: datetime) -> None:
    with sessions.begin() as session:
        row = session.get_one(Reply, reply.id)
        row.state = ReplyState.UNKNOWN
        row.failed(error, None)
        row.claimed_at = reply.claimed_at
        unposted.tell_writer(session, row, now)
        redraw(session, row.case, now)
