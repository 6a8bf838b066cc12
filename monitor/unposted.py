"""Answers that did not arrive, or were held back. Whoever wrote one is called at once, a lead where the writer is away; each once a failure."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from models import Case, Event, Happening, Notice, Reply, ReplyState, Staff, Status
from monitor import answered, replies
from monitor.cases import redraw
from monitor.db import changed
from monitor.keys import NEVER
from monitor.notices import ring
from monitor.promise import heard_at
from monitor.reminders import leads_to_tell
from monitor.settings import Settings

NOT_THERE = (ReplyState.FAILED, ReplyState.UNKNOWN)


def tell_writer(session: Session, reply: Reply, now: datetime) -> None:
    """Call whoever wrote it, and whoever has the case now."""
    reply.unheeded_since = now
    people = {reply.staff.id: reply.staff}
    if owner := reply.case.claimed_by:
        people[owner.id] = owner
    _tell(session, reply, _what(reply), list(people.values()), now)


def hold_back(session: Session, reply: Reply, now: datetime) -> bool:
    """Give a queued answer back to its writer where a colleague has answered since it was sent: they send it, or not."""
    if answered.overtaken_by(session, reply) is None:
        return False
    replies.move(session, reply, (ReplyState.QUEUED,), ReplyState.PREVIEW)
    reply.said()
    _tell(session, reply, "overtaken", [reply.staff], now)
    redraw(session, reply.case, now)
    return True


def tell_of_deletion(session: Session, reply: Reply, now: datetime) -> None:
    """Call whoever wanted it deleted: what they believe to be gone is still there."""
    changes = select(Event).where(Event.case_id == reply.case_id, Event.kind == Happening.CHANGED_THERE)
    asked = session.scalars(changes.order_by(Event.id.desc()).limit(1)).unique().first()
    _tell(session, reply, "deletion", [(asked and asked.staff) or reply.staff], now)


def tell_leads(session: Session, settings: Settings, now: datetime) -> None:
    """Tell them of the failures whose writers are away: off shift, or without a sign of life as long as a claim lasts."""
    for reply in _unheeded(session):
        if heard_at(reply.case, settings, now) > now or not _is_away(reply, settings, now):
            continue
        leads = [lead for lead in leads_to_tell(session, settings, now) if lead["telegram"] != reply.staff_id]
        since = reply.unheeded_since
        if _first(session, reply) and leads:
            values = {**_values(reply, _what(reply)), "people": leads, "writer": reply.staff.name}
            key = f"not_posted_lead:{reply.id}:{since}"
            ring(session, reply.case, key, "not_posted_lead", values, now, reply.id)


def follow_calls(session: Session, now: datetime) -> None:
    """Have every call say what its answer is by now: nobody should look, or try again, where somebody has."""
    calls = select(Notice, Reply).join(Reply, Reply.id == Notice.reply_id).where(Notice.sent_at.is_not(None))
    for call, reply in session.execute(calls).unique().all():
        what = _what_now(session, call, reply)
        # The preview shows the answer itself.
        is_preview = (call.chat_id, call.message_id) == (reply.chat_id, reply.preview_message_id)
        if what == call.values["what"] and not is_preview:
            continue
        if what == "seen_to" or is_preview:
            call.reply_id = None
        if not is_preview:
            call.values, call.due_at = {**call.values, "what": what}, now


def is_called(session: Session, reply: Reply, chat_id: int, message_id: int) -> bool:
    """Does this message call somebody to this answer, as it is now?"""
    here = (Notice.chat_id == chat_id) & (Notice.message_id == message_id)
    return session.scalar(select(Notice.id).where(Notice.reply_id == reply.id, here)) is not None


def _what_now(session: Session, call: Notice, reply: Reply) -> str:
    if call.kind == "approval_asked":
        return "approval" if reply.state is ReplyState.WAITING else "seen_to"
    return "seen_to" if _is_seen_to(session, reply, call) else _what(reply)


def _tell(session: Session, reply: Reply, what: str, people: Sequence[Staff], now: datetime) -> None:
    event = Event(case_id=reply.case_id, kind=Happening.NOT_POSTED, at=now, values={"what": what})
    session.add(event)
    session.flush()
    called = [{"name": person.name, "telegram": person.id} for person in people]
    values = {**_values(reply, what), "people": called}
    looked_at = None if what in ("deletion", "overtaken") else reply.id
    ring(session, reply.case, f"not_posted:{event.id}", "not_posted", values, now, looked_at)


def _is_seen_to(session: Session, reply: Reply, call: Notice) -> bool:
    """Somebody has tried again, or has answered the author; of one that may be there somebody has to look all the same."""
    if reply.state is ReplyState.FAILED and call.sent_at is not None:
        return answered.after(session, reply, call.sent_at) is not None
    return reply.state not in NOT_THERE


def _values(reply: Reply, what: str) -> dict[str, object]:
    author, owner = reply.mention.author, reply.case.claimed_by
    return {
        "case": reply.case_id,
        "reply": reply.id,
        "what": what,
        "author": author,
        "error": reply.error,
        "url": reply.mention.url,
        "owner": owner.name if owner and owner.id != reply.staff_id else None,
    }


def _what(reply: Reply) -> str:
    if reply.state is ReplyState.UNKNOWN:
        return "unknown"
    return "edit" if reply.replaces_id is not None else "answer"


def _unheeded(session: Session) -> Sequence[Reply]:
    """Those that failed, and that nobody has tried anything else instead of, here or at the source."""
    newer = aliased(Reply)
    instead = select(newer.id).where(
        newer.case_id == Reply.case_id, newer.id > Reply.id, newer.state != ReplyState.CANCELLED
    )
    failed = (
        select(Reply)
        .join(Case)
        .where(
            Reply.unheeded_since.is_not(None),
            Reply.state.in_(NOT_THERE),
            Case.status.in_([Status.OPEN, Status.CLAIMED]),
            ~instead.exists(),
        )
    )
    rows = session.scalars(failed.order_by(Reply.id)).unique()
    return [row for row in rows if not _is_answered(session, row)]


def _is_answered(session: Session, reply: Reply) -> bool:
    since = reply.unheeded_since
    return since is not None and answered.after(session, reply, since) is not None


def _is_away(reply: Reply, settings: Settings, now: datetime) -> bool:
    """A case that a colleague has claimed meanwhile is in their hands; one that nobody has is in none."""
    case, expires = reply.case, settings.desk.claim_expires
    if case.claimed_by_id != reply.staff_id:
        return case.claimed_by_id is None
    if _is_off_shift(reply.staff.name, settings, now):
        return True
    alive_at = case.alive_at or reply.unheeded_since
    return expires != NEVER and alive_at is not None and alive_at <= now - expires


def _is_off_shift(name: str, settings: Settings, now: datetime) -> bool:
    """Somebody who has shifts, and none now."""
    rota = settings.rota
    return any(name in shift.people for shift in rota.shifts) and name not in rota.on_call(now)


def _first(session: Session, reply: Reply) -> bool:
    """Two workers can't both tell, on any database."""
    untold = (Reply.id == reply.id) & (Reply.unheeded_since == reply.unheeded_since)
    return changed(session, update(Reply).where(untold).values(unheeded_since=None)) == 1
