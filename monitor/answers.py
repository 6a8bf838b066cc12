"""Staff's answer, from the first word to the outbox. Only what was previewed leaves, and it leaves once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Mention, Reply, ReplyState, Role, Staff, Status
from monitor import answered, colleagues, desk, replies
from monitor.cases import redraw
from monitor.claims import UNSENT, sign_of_life
from monitor.desk import Refused
from monitor.fields import unfilled
from monitor.neighbours import heir
from monitor.notices import ring
from monitor.settings import Brand
from monitor.source import Answerable
from monitor.whom import posts_to_answer

MAX_DRAFT = 20_000
READY = (ReplyState.PREVIEW, ReplyState.FAILED)


def begin(session: Session, case_id: int, staff: Staff, chat_id: int, now: datetime) -> Reply:
    """Claim the case for this person, and start an answer to the author's newest post."""
    case = desk.claim(session, case_id, staff, now)
    post = newest_post(session, case)
    if post.answerable == Answerable.NONE:
        raise Refused("not_answerable", case=case_id)
    return replies.begin(session, case, post, staff, chat_id, now)


def touch(session: Session, reply: Reply, staff: Staff, now: datetime) -> None:
    """Its writer is at it: the card says so, and the claim lives on."""
    if reply.touched_at is None:
        redraw(session, reply.case, now)
    reply.touched_at = now
    sign_of_life(reply.case, staff, now)


def newest_post(session: Session, case: Case) -> Mention:
    """The author's last post, which is the one to answer."""
    return posts_to_answer(session, case)[-1]


def write(session: Session, reply: Reply, text: str, now: datetime) -> Reply:
    """Set the text; the preview shows it. Raises Refused for an empty one, or one that has left or moved on meanwhile."""
    if reply.state is ReplyState.CANCELLED:
        raise Refused("replaced", case=reply.case_id)
    if reply.case.status is Status.CLOSED:
        raise Refused("closed", case=reply.case_id)
    if reply.state not in (*UNSENT, ReplyState.WAITING, ReplyState.FAILED):
        raise Refused("already_sent", case=reply.case_id)
    text = text.strip()[:MAX_DRAFT]
    if not text:
        raise Refused("empty", case=reply.case_id)
    values: dict[str, Any] = {"text": text, "error": None}
    if text != reply.text:
        values |= {"rule": None, "approved_by_id": None}  # what was approved is not this text
    if reply.state not in UNSENT:
        redraw(session, reply.case, now)
    replies.move(session, reply, (reply.state,), ReplyState.PREVIEW, **values)
    if reply.preview_message_id is not None:
        # It shows other words, until it is drawn anew or another takes its place.
        reply.shown = ReplyState.DRAFT
    return reply


def by_prompt(session: Session, chat_id: int, message_id: int) -> Reply | None:
    """The answer that the bot asked for in this message. What is said to a preview is said to colleagues."""
    asked = (Reply.chat_id == chat_id) & (Reply.prompt_message_id == message_id)
    return session.scalar(select(Reply).where(asked))


def send(
    session: Session,
    reply_id: int,
    staff: Staff,
    max_length: int,
    account: str,
    now: datetime,
    grace: timedelta = timedelta(0),
    until: datetime | None = None,
) -> Reply:
    """Put a previewed answer, or one that failed, into the outbox, where it lies for the grace before it leaves.

    A second press finds nothing to send. Until is when the platform takes no more answers to that post.
    """
    reply = leaving(session, reply_id, staff, now)
    return queue(session, reply, READY, max_length, account, now, grace, until)


def leaving(session: Session, reply_id: int, staff: Staff, now: datetime) -> Reply:
    """Their own answer, to a case that is open and, from now on at the latest, theirs. Raises Refused.

    What failed, a lead too may send again: its writer has pressed Send once. Where the author has been answered since
    it was begun, it has to be read once more.
    """
    reply = replies.get(session, reply_id)
    is_own = reply.staff_id == staff.id or not _may_send_again(reply, staff)
    if is_own:
        _mine(session, reply_id, staff)
    if reply.case.status is Status.CLOSED:
        raise Refused("closed", case=reply.case_id)
    _refuse_unfilled(reply)
    if reply.state is ReplyState.FAILED and answered.after(session, reply, reply.created_at):
        raise Refused("answered_since", case=reply.case_id)
    if is_own:
        desk.claim(session, reply.case_id, staff, now)  # it may have been released meanwhile
    reply.touched_at = now  # whoever sends it knows what the author was told until now
    return reply


def post_by_hand(session: Session, reply_id: int, staff: Staff, now: datetime) -> Reply:
    """What failed becomes the way to post it as a person. Raises Refused."""
    reply = _mine(session, reply_id, staff)
    if reply.case.status is Status.CLOSED:
        raise Refused("closed", case=reply.case_id)
    desk.claim(session, reply.case_id, staff, now)
    replies.move(session, reply, (ReplyState.FAILED,), ReplyState.PREVIEW)
    reply.by_hand, reply.error = True, None
    touch(session, reply, staff, now)
    redraw(session, reply.case, now)
    return reply


def queue(
    session: Session,
    reply: Reply,
    from_states: tuple[ReplyState, ...],
    max_length: int,
    account: str,
    now: datetime,
    grace: timedelta,
    until: datetime | None = None,
) -> Reply:
    """Into the outbox. Raises Refused where the text is too long, it is too late there, or somebody was faster."""
    if len(reply.text) > max_length:
        raise Refused("too_long", by=len(reply.text) - max_length, limit=max_length)
    if reply.replaces_id and replies.get(session, reply.replaces_id).state is not ReplyState.SENT:
        raise Refused("outdated", case=reply.case_id)
    if until is not None and until <= now and reply.state in from_states:
        raise Refused("window_closed", case=reply.case_id)
    replies.move(session, reply, from_states, ReplyState.QUEUED)
    is_too_long = until is not None and until <= now + grace  # an Undo would cost us the answer
    reply.due_at, reply.account = now if is_too_long else now + grace, account
    reply.error, reply.attempts = None, 0
    redraw(session, reply.case, now)
    return reply


def undo(session: Session, reply_id: int, staff: Staff, now: datetime) -> Reply:
    """Take an answer out of the outbox, unless it is on its way: who claims it first, we or the outbox, decides."""
    reply = replies.get(session, reply_id)
    if staff.id not in (reply.staff_id, reply.approved_by_id) and not staff.role.reaches(Role.LEAD):
        raise Refused("not_your_draft", by=reply.staff.name)
    replies.move(session, reply, (ReplyState.QUEUED,), ReplyState.PREVIEW, Reply.claimed_at.is_(None))
    reply.due_at = reply.error = None
    touch(session, reply, staff, now)
    session.add(Event(case_id=reply.case_id, kind=Happening.UNDONE, at=now, staff_id=staff.id))
    redraw(session, reply.case, now)
    return reply


def cancel(session: Session, reply_id: int, staff: Staff, now: datetime) -> Reply:
    reply = _mine(session, reply_id, staff)
    replies.move(session, reply, (*UNSENT, ReplyState.WAITING, ReplyState.FAILED), ReplyState.CANCELLED)
    sign_of_life(reply.case, staff, now)
    redraw(session, reply.case, now)
    return reply


def handed_off(session: Session, reply_id: int, staff: Staff, now: datetime) -> Reply:
    """Staff posted it at the source themselves: a press is all that we ask. It is there, whoever has the case by now."""
    reply = replies.get(session, reply_id)
    if reply.staff_id != staff.id:
        _mine(session, reply_id, staff)
    _refuse_unfilled(reply)
    replies.move(session, reply, (ReplyState.PREVIEW,), ReplyState.HANDED_OFF)
    reply.case = heir(session, reply.case)  # a duplicate's author waits in the case that is left
    answered.record(session, reply, now)
    _tell_owner(session, reply, now)
    return reply


def confirm(
    session: Session, reply_id: int, staff: Staff, brands: Iterable[Brand], now: datetime, *, is_there: bool
) -> Reply:
    """Staff looked whether an answer of unknown fate is there. If not, it may be sent again."""
    reply = replies.get(session, reply_id)
    replies.move(session, reply, (ReplyState.UNKNOWN,), ReplyState.SENT if is_there else ReplyState.FAILED)
    if is_there:
        answered.record(session, reply, now, at=reply.claimed_at)
    else:
        reply.claimed_at = None
        colleagues.settle_set_aside(session, reply, brands, now)
        redraw(session, reply.case, now)
    return reply


def _tell_owner(session: Session, reply: Reply, now: datetime) -> None:
    """A colleague who has claimed the case meanwhile should not answer too without knowing."""
    owner = reply.case.claimed_by
    if owner is None or owner.id == reply.staff_id:
        return
    values = {"case": reply.case_id, "staff": owner.id, "name": owner.name, "by": reply.staff.name}
    ring(session, reply.case, f"answered_by_hand:{reply.id}", "answered_by_hand", values, now)


def _may_send_again(reply: Reply, staff: Staff) -> bool:
    return reply.state is ReplyState.FAILED and staff.role.reaches(Role.LEAD)


def _mine(session: Session, reply_id: int, staff: Staff) -> Reply:
    reply = replies.get(session, reply_id)
    if reply.case.claimed_by_id not in (None, staff.id):
        raise desk.taken(reply.case)
    if reply.staff_id != staff.id:
        raise Refused("not_your_draft", by=reply.staff.name)
    return reply


def _refuse_unfilled(reply: Reply) -> None:
    if fields := unfilled(reply.text):
        raise Refused("unfilled", fields=", ".join(fields)[:100])
