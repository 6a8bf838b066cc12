"""Delete at the source what staff want gone: claim it, say it, record it.

To delete twice is the same as to delete once, so what was interrupted is simply said again.
"""

from collections.abc import Mapping

import structlog
from sqlalchemy import select, update

from models import Reply, ReplyState
from monitor import changes, unposted
from monitor.cases import redraw
from monitor.db import Sessions
from monitor.due import LOST_AFTER, MAX_ATTEMPTS, Clock, claim
from monitor.source import CanDelete, Posted, SourceError

log = structlog.get_logger()


def deliver(sessions: Sessions, sources: Mapping[str, object], clock: Clock) -> int:
    """Delete what is due, one after the other; return how many were tried."""
    tried = 0
    _find_lost(sessions, clock)
    while (reply := _claim(sessions, clock)) is not None:
        _delete(sessions, reply, sources.get(reply.source), clock)
        tried += 1
    return tried


def _find_lost(sessions: Sessions, clock: Clock) -> None:
    with sessions.begin() as session:
        lost = (Reply.state == ReplyState.DELETING) & (Reply.claimed_at < clock() - LOST_AFTER)
        session.execute(update(Reply).where(lost).values(claimed_at=None))


def _claim(sessions: Sessions, clock: Clock) -> Reply | None:
    with sessions.begin() as session:
        waits = (Reply.state == ReplyState.DELETING) & (Reply.claimed_at.is_(None))
        due = select(Reply).where(waits, Reply.due_at <= clock()).order_by(Reply.due_at, Reply.id)
        reply = session.scalar(due.limit(1))
        if reply is None:
            return None
        won = claim(session, Reply, reply.id, clock(), waits)
        session.refresh(reply)
        return reply if won else None


def _delete(sessions: Sessions, reply: Reply, source: object, clock: Clock) -> None:
    try:
        if not isinstance(source, CanDelete) or reply.external_id is None:
            raise SourceError(f"{reply.source} can no longer delete replies.", permanent=True)
        source.delete(Posted(reply.external_id, reply.url or ""))
    except SourceError as error:
        return _record_failure(sessions, reply, error, clock)
    except Exception as error:
        log.exception("deletion_bug", source=reply.source)
        broke = SourceError(f"{reply.source} broke off ({type(error).__name__}).", permanent=True)
        return _record_failure(sessions, reply, broke, clock)
    with sessions.begin() as session:
        changes.record_deletion(session, session.get_one(Reply, reply.id), clock())
    return None


def _record_failure(sessions: Sessions, reply: Reply, error: SourceError, clock: Clock) -> None:
    """It is still there, as far as we know: the preview says why, and staff may press again."""
    with sessions.begin() as session:
        row = session.get_one(Reply, reply.id)
        if error.permanent or row.attempts >= MAX_ATTEMPTS:
            row.state = ReplyState.SENT
            row.failed(str(error), None)
            unposted.tell_of_deletion(session, row, clock())
        else:
            row.failed(str(error), clock() + (error.retry_after or row.backoff()))
            row.shown = None if row.shown is None else ReplyState.SENT  # show the delay
        redraw(session, row.case, clock())
