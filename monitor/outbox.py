"""Say what waits: claim it in a short transaction, say it outside of any, record it in another.

What a crash means is decided here. An alert whose fate is unknown is sent again, and says so. A public reply is
never sent twice: the source is asked whether it got there, and where the source can't tell, staff are.
"""

from collections.abc import Callable, Mapping
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
    Mention,
    Notice,
    OwnPost,
    Priority,
    Reply,
    ReplyState,
    Status,
)
from monitor import answers, bundles, crises, unposted
from monitor.bundles import bundle_morning, bundle_storm
from monitor.cases import redraw
from monitor.db import Sessions, changed, reading
from monitor.pace import Pace
from monitor.source import CanEdit, CanReply, Posted, PostRef, SourceError
from monitor.voice import Unsaid, Voice
from monitor.windows import answer_until, post_ref

log = structlog.get_logger()

LOST_AFTER = timedelta(minutes=5)
"""A claim older than any time-out of ours: whoever made it died."""
PERHAPS_THERE = (ReplyState.SENT, ReplyState.HANDED_OFF, ReplyState.UNKNOWN)
"""Replies that stand in their thread, or may, though we don't always know where."""
MAX_ATTEMPTS = 8
FOR_CASES = 7
"""Of a chat's messages in a minute, so many are never taken by questions."""

Clock = Callable[[], datetime]
Row = TypeVar("Row", Crisis, Alert, Bundle, Notice, DigestIssue)
LEAVES: dict[type[Any], int] = {Crisis: 0, Alert: 0, Bundle: 2, Notice: 2, DigestIssue: 8}
"""In the order in which they are said: for how many more urgent messages a minute each leaves room in its chat."""
KINDS = tuple(LEAVES)
NEW_CARD_LEAVES = {Priority.HIGH: 4, Priority.NORMAL: 6, Priority.LOW: 6}
"""Staff read no more than eight new cards a minute; what they do with those must be seen at once."""
RETRY_WITHIN = timedelta(minutes=5)
"""Telegram may be away for an hour; staff hear of everything soon after it is back."""


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


def deliver_replies(sessions: Sessions, sources: Mapping[str, object], clock: Clock) -> int:
    """Post every queued reply at its source, one after the other; return how many were tried."""
    tried = 0
    _settle_lost_replies(sessions, sources, clock())
    while (reply := _claim_reply(sessions, clock())) is not None:
        _post(sessions, reply, sources.get(reply.source), clock)
        tried += 1
    return tried


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
        wait = error.retry_after or min(row.backoff(), RETRY_WITHIN)
        retry_at = None if error.permanent else clock() + wait
        _failed(sessions, kind, row.id, str(error), retry_at, unsure=error.unsure)
        about = {"kind": kind.__name__, "id": row.id, "chat": row.chat_id}
        log.warning("not_said", **about, error=str(error), given_up=error.permanent)
    except Exception as error:
        # What can't be drawn must not keep all others from being said; it is tried again, as it may be mended.
        log.exception("not_drawn", kind=kind.__name__, id=row.id)
        _failed(sessions, kind, row.id, f"a bug ({type(error).__name__})", clock() + RETRY_WITHIN)
    else:
        with sessions.begin() as session:
            _record(session, session.get_one(kind, row.id), row, message_id, clock())
    return True


def _failed(
    sessions: Sessions,
    kind: type[Row],
    row_id: int,
    error: str,
    retry_at: datetime | None,
    *,
    unsure: bool = False,
) -> None:
    with sessions.begin() as session:
        unsaid = session.get_one(kind, row_id)
        unsaid.failed(error, retry_at)
        if unsure and isinstance(unsaid, Alert) and unsaid.message_id is None:
            unsaid.perhaps_twice = True


def _claim(sessions: Sessions, kind: type[Row], pace: Pace, now: datetime) -> Row | None:
    with reading(sessions) as session:
        number = session.scalar(_due(kind, pace, now))
    if number is None:
        return None
    with sessions.begin() as session:
        if not _win(session, kind, number, now):
            return None
        return session.get_one(kind, number)


def _due(kind: type[Row], pace: Pace, now: datetime) -> Select[int]:
    """The row to be said next: where its chat is full, it keeps no other chat waiting."""
    due = select(kind.id).where(kind.due_at <= now, kind.claimed_at.is_(None)).limit(1)
    due = due.where(kind.chat_id.not_in(pace.full(now, leave=LEAVES[kind])))
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


def _win(
    session: Session, kind: type[Any], row_id: int, now: datetime, *conditions: ColumnElement[bool]
) -> bool:
    """Two workers can't both win, on any database."""
    mine = update(kind).where(kind.id == row_id, kind.claimed_at.is_(None), kind.due_at <= now, *conditions)
    return changed(session, mine.values(claimed_at=now, attempts=kind.attempts + 1)) == 1


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
        stale = (Reply.preview_message_id.is_not(None)) & (Reply.shown != Reply.state)
        rows = session.scalars(select(Reply).where(stale).order_by(Reply.id).limit(50)).unique().all()
    shown = 0
    for reply in rows:
        if not pace.allows(reply.chat_id, clock()):
            continue
        try:
            voice.preview(reply)
        except SourceError as error:  # asked as whom we answer there; nobody else's words wait for it
            log.warning("preview_not_drawn", source=reply.source, id=reply.id, error=str(error))
            continue
        except Unsaid as error:
            pace.spoke(reply.chat_id, clock())
            if not error.permanent:
                continue
        except Exception:
            log.exception("not_drawn", kind="preview", id=reply.id)
        else:
            pace.spoke(reply.chat_id, clock())
        with sessions.begin() as session:
            session.get_one(Reply, reply.id).shown = reply.state
        shown += 1
    return shown


def _claim_reply(sessions: Sessions, now: datetime) -> Reply | None:
    """The next to be posted; those that a colleague's answer has overtaken are held back."""
    with sessions.begin() as session:
        while (reply := _win_reply(session, now)) is not None:
            if not unposted.hold_back(session, reply, now):
                return reply
    return None


def _win_reply(session: Session, now: datetime) -> Reply | None:
    due = select(Reply).where(
        Reply.state == ReplyState.QUEUED, Reply.due_at <= now, Reply.claimed_at.is_(None)
    )
    reply = session.scalar(due.order_by(Reply.due_at, Reply.id).limit(1))
    # Undone by its writer since we looked, it must not leave.
    if reply is None or not _win(session, Reply, reply.id, now, Reply.state == ReplyState.QUEUED):
        return None
    session.refresh(reply)
    return reply


def _post(sessions: Sessions, reply: Reply, source: object, clock: Clock) -> None:
    if not isinstance(source, CanReply):
        error = SourceError(f"{reply.source} can no longer post replies; look at its login.", permanent=True)
        return _record_failure(sessions, reply, error, clock())
    try:
        posted = _post_or_edit(source, reply, clock())
    except SourceError as error:
        if error.unsure:
            return _settle(sessions, reply, source, str(error), clock())
        return _record_failure(sessions, reply, error, clock())
    except Exception as error:
        # A bug of the source's, after which nobody knows what was posted.
        log.exception("reply_bug", source=reply.source)
        return _record_unknown(sessions, reply, _broke_off(reply, error), clock())
    return _record_posted(sessions, reply, posted, clock())


def _post_or_edit(source: CanReply, reply: Reply, now: datetime) -> Posted:
    if reply.replaces_id is None:
        until = answer_until(source, reply.mention)
        if until is not None and until <= now:
            raise SourceError(f"{reply.source} takes no more answers to this post.", permanent=True)
        return source.reply(_ref(reply), reply.text)
    if not isinstance(source, CanEdit) or reply.external_id is None:
        raise SourceError(f"{reply.source} can no longer edit replies.", permanent=True)
    return source.edit(Posted(reply.external_id, reply.url or ""), reply.text)


def _settle_lost_replies(sessions: Sessions, sources: Mapping[str, object], now: datetime) -> None:
    with reading(sessions) as session:
        lost = select(Reply).where(Reply.state == ReplyState.QUEUED, Reply.claimed_at < now - LOST_AFTER)
        replies = session.scalars(lost).unique().all()
    for reply in replies:
        source = sources.get(reply.source)
        if isinstance(source, CanReply):
            _settle(sessions, reply, source, "It was interrupted, and it is not in the thread yet.", now)
        else:
            _record_unknown(sessions, reply, f"{reply.source} is no longer configured to reply.", now)


def _settle(sessions: Sessions, reply: Reply, source: CanReply, why: str, now: datetime) -> None:
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
    return _record_posted(sessions, reply, posted, now)


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


def _record_posted(sessions: Sessions, reply: Reply, posted: Posted, now: datetime) -> None:
    with sessions.begin() as session:
        row = session.get_one(Reply, reply.id)
        row.state, row.external_id, row.url = ReplyState.SENT, posted.id, posted.url
        answers.record_answer(session, row, now)


def _record_failure(sessions: Sessions, reply: Reply, error: SourceError, now: datetime) -> None:
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
        redraw(session, row.case, now)


def _record_unknown(sessions: Sessions, reply: Reply, error: str, now: datetime) -> None:
    with sessions.begin() as session:
        row = session.get_one(Reply, reply.id)
        row.state = ReplyState.UNKNOWN
        row.failed(error, None)
        unposted.tell_writer(session, row, now)
        redraw(session, row.case, now)
