"""Say to staff what waits: claim it in a short transaction, say it outside of any, record it in another.

An alert whose fate is unknown after a crash is sent again, and says so.
"""

from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from models import (
    Alert,
    Bundle,
    Case,
    Crisis,
    DigestIssue,
    Event,
    Notice,
    Priority,
    Reply,
    ReplyState,
    Status,
)
from monitor import bundles, crises, unposted
from monitor.bundles import bundle_morning, bundle_storm
from monitor.db import Sessions, reading
from monitor.due import LOST_AFTER, Clock, claim
from monitor.leaving import PASSED
from monitor.pace import Pace
from monitor.source import SourceError
from monitor.voice import Unsaid, Voice

log = structlog.get_logger()

FOR_CASES = 7
"""Of a chat's messages in a minute, so many are never taken by questions."""

Row = TypeVar("Row", Crisis, Alert, Bundle, Notice, DigestIssue)
LEAVES: dict[type[Any], int] = {Crisis: 0, Alert: 0, Bundle: 2, Notice: 2, DigestIssue: 8}
"""In the order in which they are said: for how many more urgent messages a minute each leaves room in its chat."""
KINDS = tuple(LEAVES)
NEW_CARD_LEAVES = {Priority.HIGH: 4, Priority.NORMAL: 6, Priority.LOW: 6}
"""Staff read no more than eight new cards a minute; what they do with those must be seen at once."""
RETRY_WITHIN = timedelta(minutes=5)
"""Telegram may be away for an hour; staff hear of everything soon after it is back."""
PERMANENT_WAIT = timedelta(hours=1)
"""What only staff can mend is still tried, so that nobody has to tell us that it is mended."""
LAST_EVENT = (
    select(func.coalesce(func.max(Event.id), 0)).where(Event.case_id == Reply.case_id).scalar_subquery()
)
"""Of a reply's case."""
NEWS_FOR = 24
"""So often, which is a day: a card is drawn as its case is then, but a word is as old as it is."""
READ_FIRST = (ReplyState.PREVIEW, ReplyState.WAITING)
"""In these the buttons of a preview make its words public."""
OUTAGE = 9
"""For more attempts than these Telegram's absence never counts: the pause between them has grown to RETRY_WITHIN."""


def deliver(sessions: Sessions, voice: Voice, pace: Pace, clock: Clock) -> int:
    """Say everything to staff that is due and that the pace allows; return how many messages that were."""
    _find_lost(sessions, clock())
    with sessions.begin() as session:
        bundle_morning(session, clock())
        crises.gather(session, clock())
        bundle_storm(session, clock())
        unposted.follow_calls(session, clock())
    said = _show_replies(sessions, voice, pace, clock)
    # After each message we look again from the top: something more urgent may have come.
    while any(_deliver_next(sessions, kind, voice, pace, clock) for kind in KINDS):
        said += 1
    return said


def _deliver_next(sessions: Sessions, kind: type[Row], voice: Voice, pace: Pace, clock: Clock) -> bool:
    row = _claim(sessions, kind, pace, clock())
    if row is None:
        return False
    pace.spoke(row.chat_id, clock())
    try:
        message_id = _say(voice, row)
    except Unsaid as error:
        if error.retry_after:
            pace.rest(row.chat_id, clock() + error.retry_after)
        if error.permanent:
            pace.refused(row.chat_id, clock())
        retry_at = _again_at(row, error, clock())
        counts = row.attempts if error.permanent else min(row.attempts, OUTAGE)
        _failed(sessions, kind, row.id, str(error), retry_at, counts, unsure=error.unsure)
        about = {"kind": kind.__name__, "id": row.id, "chat": row.chat_id}
        log.warning("not_said", **about, error=str(error), given_up=retry_at is None)
    except Exception as error:
        # What can't be drawn must not keep all others from being said; it is tried again, as it may be mended.
        log.exception("not_drawn", kind=kind.__name__, id=row.id)
        why = f"a bug ({type(error).__name__})"
        _failed(sessions, kind, row.id, why, clock() + RETRY_WITHIN, row.attempts)
    else:
        with sessions.begin() as session:
            _record(session, session.get_one(kind, row.id), row, message_id, clock())
    return True


def _again_at(row: Any, error: Unsaid, now: datetime) -> datetime | None:
    """When to try what was refused again; None for never: it stands there as it was, or it is no news any more."""
    if not error.permanent:
        return now + (error.retry_after or min(row.backoff(), RETRY_WITHIN))
    was_said = row.sent_at if isinstance(row, DigestIssue) else row.message_id
    has_passed = isinstance(row, Notice) and row.kind in PASSED
    is_old = isinstance(row, Notice | DigestIssue) and row.attempts >= NEWS_FOR
    return None if was_said or has_passed or is_old else now + PERMANENT_WAIT


def _failed(
    sessions: Sessions,
    kind: type[Row],
    row_id: int,
    error: str,
    retry_at: datetime | None,
    attempts: int,
    *,
    unsure: bool = False,
) -> None:
    with sessions.begin() as session:
        unsaid = session.get_one(kind, row_id)
        unsaid.failed(error, retry_at)
        unsaid.attempts = attempts
        if unsure and isinstance(unsaid, Alert) and unsaid.message_id is None:
            unsaid.perhaps_twice = True


def _claim(sessions: Sessions, kind: type[Row], pace: Pace, now: datetime) -> Row | None:
    with reading(sessions) as session:
        number = session.scalar(_due(kind, pace, now))
    if number is None:
        return None
    with sessions.begin() as session:
        if not claim(session, kind, number, now):
            return None
        return session.get_one(kind, number)


def _due(kind: type[Row], pace: Pace, now: datetime) -> Select[int]:
    """The row to be said next: where its chat is full, it keeps no other chat waiting."""
    due = select(kind.id).where(kind.due_at <= now, kind.claimed_at.is_(None)).limit(1)
    due = due.where(kind.chat_id.not_in(pace.full(now, leave=LEAVES[kind])))
    due = due.where(kind.error.is_(None) | kind.chat_id.not_in(pace.refusing(now)))
    if kind is Alert:
        due = due.join(Case, Case.id == Alert.case_id).where(~_must_wait(pace, now))
        is_question = Case.status == Status.ASKED  # real ones come first
        due = due.order_by(is_question, Case.priority, Case.answer_by)
    return due.order_by(kind.due_at, kind.id)


def _must_wait(pace: Pace, now: datetime) -> ColumnElement[bool]:
    """A new card whose chat has no room for more of its priority; a question leaves room for a case that comes a moment later."""
    full = [
        (Case.priority == priority) & Alert.chat_id.in_(pace.full(now, leave=leave))
        for priority, leave in NEW_CARD_LEAVES.items()
    ]
    full.append((Case.status == Status.ASKED) & Alert.chat_id.in_(pace.full(now, leave=FOR_CASES)))
    return Alert.message_id.is_(None) & or_(*full)


def _say(voice: Voice, row: Any) -> int | None:
    match row:
        case Alert():
            return voice.card(row)
        case Bundle():
            return voice.bundle(row)
        case Crisis():
            return voice.crisis(row)
        case Notice():
            return voice.notice(row)
        case _:
            voice.digest(row)
    return None


def _record(session: Session, row: Any, claimed: Any, message_id: int | None, now: datetime) -> None:
    changed_meanwhile = row.due_at != claimed.due_at
    due_at = row.due_at
    row.said()
    if changed_meanwhile:
        row.due_at = due_at  # the case went on while we spoke: once more
    if message_id is not None:
        row.message_id = message_id
    if isinstance(row, Bundle):
        bundles.delivered(session, row.id, now)
    else:
        row.sent_at = row.sent_at or now


def _find_lost(sessions: Sessions, now: datetime) -> None:
    """Whoever claimed these died while speaking. A double is harmless; silence is not."""
    with sessions.begin() as session:
        lost = select(Alert).where(Alert.claimed_at < now - LOST_AFTER, Alert.message_id.is_(None))
        for alert in session.scalars(lost).unique():
            alert.perhaps_twice = True
        for kind in KINDS:
            session.execute(update(kind).where(kind.claimed_at < now - LOST_AFTER).values(claimed_at=None))


def _show_replies(sessions: Sessions, voice: Voice, pace: Pace, clock: Clock) -> int:
    """Bring the preview messages up to date with what became of their replies."""
    with reading(sessions) as session:
        is_over = Reply.shown.is_(None) & Reply.state.not_in((ReplyState.DRAFT, *READ_FIRST))
        stale = Reply.preview_message_id.is_not(None) & ((Reply.shown != Reply.state) | is_over)
        rows = (
            session.execute(select(Reply, LAST_EVENT).where(stale).order_by(Reply.id).limit(50))
            .unique()
            .all()
        )
    shown = 0
    for reply, last_event in rows:
        if not pace.allows(reply.chat_id, clock()):
            continue
        shows: ReplyState | None = reply.state
        try:
            voice.preview(reply)
        except SourceError as error:  # asked as whom we answer there; nobody else's words wait for it
            log.warning("preview_not_drawn", source=reply.source, id=reply.id, error=str(error))
            continue
        except Unsaid as error:
            pace.spoke(reply.chat_id, clock())
            if not error.permanent:
                continue
            shows = _undrawn(reply)
        except Exception:
            log.exception("not_drawn", kind="preview", id=reply.id)
            shows = _undrawn(reply)
        else:
            pace.spoke(reply.chat_id, clock())
        with sessions.begin() as session:
            session.execute(update(Reply).where(_as_drawn(reply, last_event)).values(shown=shows))
        shown += 1
    return shown


def _undrawn(reply: Reply) -> ReplyState | None:
    """Older words still stand there: where a button may make them public, the newer ones must not count as seen."""
    return None if reply.shown is ReplyState.DRAFT and reply.state in READ_FIRST else reply.state


def _as_drawn(reply: Reply, last_event: int) -> ColumnElement[bool]:
    """What changed while it was being drawn has to be drawn again; that somebody answered is an event of the case."""
    return (
        (Reply.id == reply.id)
        & (Reply.state == reply.state)
        & (Reply.text == reply.text)
        & (Reply.shown == reply.shown)
        & (Reply.preview_message_id == reply.preview_message_id)
        & (last_event == LAST_EVENT)
    )
