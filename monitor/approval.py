"""A second pair of eyes: which answers need one, and whose count."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, Event, Happening, Notice, Reply, ReplyState, Role, Staff, Status
from monitor import answers, desk, notes, replies
from monitor.cases import redraw
from monitor.desk import Refused
from monitor.matching import BrandTerms, Matcher
from monitor.notices import ring
from monitor.settings import ApprovalRule, Settings
from monitor.source import CanReply


def needed(reply: Reply, settings: Settings) -> ApprovalRule | None:
    """The first rule that wants a second person to look at this text, unless one has."""
    if reply.approved_by_id is not None or not settings.approval:
        return None
    found = _found(reply, settings.approval)
    fitting = [rule for rule in settings.approval if _fits(rule, reply, found)]
    return next((rule for rule in fitting if rule.by == "lead"), next(iter(fitting), None))


def rule_of(reply: Reply, settings: Settings) -> ApprovalRule | None:
    """The rule for which an answer waits; None where the configuration has it no more."""
    return next((rule for rule in settings.approval if rule.name == reply.rule), None)


def ask(session: Session, reply_id: int, staff: Staff, rule: ApprovalRule, now: datetime) -> Reply:
    """Instead of leaving, the answer waits for a colleague, who is told in the thread, and shown it where it is not there."""
    reply = answers.leaving(session, reply_id, staff, now)
    replies.move(session, reply, answers.READY, ReplyState.WAITING)
    reply.rule = rule.name
    event = _happened(session, reply, Happening.APPROVAL_ASKED, staff, now)
    values = {
        "case": reply.case_id,
        "by": staff.name,
        "rule": rule.name,
        "lead": rule.by == "lead",
        "what": "approval",
    }
    _end_older_calls(session, reply, now)
    to_look_at = reply.id if _is_elsewhere(session, reply) else None
    ring(session, reply.case, f"approval:{event.id}", "approval_asked", values, now, to_look_at)
    redraw(session, reply.case, now)
    return reply


def approve(
    session: Session,
    reply_id: int,
    staff: Staff,
    source: CanReply | None,
    settings: Settings,
    now: datetime,
    grace: timedelta,
    until: datetime | None = None,
) -> Reply:
    """It leaves as it is; where only a person can post it, or it is too late (until) for us to, its writer is asked to.

    Raises Refused.
    """
    reply = _to_look_at(session, reply_id, staff, settings)
    waiting, is_shut = (ReplyState.WAITING,), until is not None and until <= now
    if source is None or is_shut:
        replies.move(session, reply, waiting, ReplyState.PREVIEW)
        answers.touch(session, reply, reply.staff, now)
    else:
        answers.queue(session, reply, waiting, source.max_length, source.account, now, grace, until)
    reply.approved_by_id = staff.id
    session.flush()
    session.refresh(reply)
    event = _happened(session, reply, Happening.APPROVED, staff, now)
    if reply.state is ReplyState.PREVIEW:
        values = {"staff": reply.staff_id, "name": reply.staff.name, "by": staff.name, "shut": is_shut}
        ring(session, reply.case, f"to_post:{event.id}", "to_post", values, now)
    redraw(session, reply.case, now)
    return reply


def to_send_back(session: Session, reply_id: int, staff: Staff, settings: Settings) -> Reply:
    """The answer that this person may send back, once they said why. Raises Refused."""
    reply = _to_look_at(session, reply_id, staff, settings)
    if reply.state is not ReplyState.WAITING:
        raise Refused("not_waiting", case=reply.case_id)
    return reply


def send_back(
    session: Session,
    reply_id: int,
    staff: Staff,
    reason: str,
    chat_id: int,
    message_id: int,
    settings: Settings,
    now: datetime,
) -> Reply:
    """To its writer, with the reason, which is kept as a note."""
    reply = to_send_back(session, reply_id, staff, settings)
    note = notes.take(session, reply.case_id, staff, reason, chat_id, message_id, now)
    replies.move(session, reply, (ReplyState.WAITING,), ReplyState.PREVIEW)
    answers.touch(session, reply, reply.staff, now)
    _happened(session, reply, Happening.SENT_BACK, staff, now)
    values = {"staff": reply.staff_id, "name": reply.staff.name, "by": staff.name, "reason": note.text}
    ring(session, reply.case, f"sent_back:{note.id}", "sent_back", values, now)
    redraw(session, reply.case, now)
    return reply


def _is_elsewhere(session: Session, reply: Reply) -> bool:
    """Is the preview out of the colleagues' sight, such as in its writer's private chat?"""
    return session.scalar(select(Alert.chat_id).where(Alert.case_id == reply.case_id)) != reply.chat_id


def _end_older_calls(session: Session, reply: Reply, now: datetime) -> None:
    """They show a text that is not the answer any more: nobody may approve it from there."""
    calls = select(Notice).where(Notice.reply_id == reply.id, Notice.kind == "approval_asked")
    for call in session.scalars(calls.where(Notice.chat_id != reply.chat_id)):
        call.values, call.reply_id = {**call.values, "what": "seen_to"}, None
        call.due_at = now if call.message_id else None


def _to_look_at(session: Session, reply_id: int, staff: Staff, settings: Settings) -> Reply:
    """An answer that waits for somebody like this person."""
    reply = replies.get(session, reply_id)
    if reply.case.status is Status.CLOSED:
        raise Refused("closed", case=reply.case_id)
    if reply.case.claimed_by_id not in (None, reply.staff_id):
        raise desk.taken(reply.case)
    if staff.id == reply.staff_id:
        raise Refused("own_answer", case=reply.case_id)
    if not staff.role.reaches(Role.STAFF) or any(staff.name in rule.staff for rule in settings.approval):
        raise Refused("in_training", case=reply.case_id)
    rule = rule_of(reply, settings)
    if rule is not None and rule.by == "lead" and not staff.role.reaches(Role.LEAD):
        raise Refused("needs_lead", case=reply.case_id)
    return reply


def _happened(session: Session, reply: Reply, kind: Happening, staff: Staff, now: datetime) -> Event:
    values = {"rule": reply.rule}
    event = Event(case_id=reply.case_id, kind=kind, at=now, staff_id=staff.id, values=values)
    session.add(event)
    session.flush()
    return event


def _fits(rule: ApprovalRule, reply: Reply, found: Sequence[str]) -> bool:
    return (
        (not rule.words or rule.name in found)
        and (not rule.sources or reply.source in rule.sources)
        and (not rule.brands or reply.case.brand in rule.brands)
        and (not rule.staff or reply.staff.name in rule.staff)
        and (rule.reach is None or _reach(reply) >= rule.reach)
    )


def _reach(reply: Reply) -> int:
    return max((mention.reach or 0 for mention in reply.case.mentions), default=0)


def _found(reply: Reply, rules: tuple[ApprovalRule, ...]) -> Sequence[str]:
    """The names of the rules whose words are in the answer, or in what the author wrote."""
    written = [mention.text for mention in reply.case.mentions if not mention.is_copy]
    matcher = _matcher(rules)
    return [name for text in (reply.text, *written) for name, hits in matcher.match(text).items() if hits]


@cache
def _matcher(rules: tuple[ApprovalRule, ...]) -> Matcher:
    return Matcher([BrandTerms(rule.name, " OR ".join(rule.words)) for rule in rules if rule.words])
