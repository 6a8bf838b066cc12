"""Whose a case is, over time: a claim lives as long as its owner gives signs of life."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Reply, ReplyState, Staff, Status
from monitor.cases import redraw
from monitor.db import changed
from monitor.keys import NEVER
from monitor.notices import ring
from monitor.settings import Settings

UNSENT = (ReplyState.DRAFT, ReplyState.PREVIEW)


def sign_of_life(case: Case, staff: Staff, now: datetime) -> None:
    """The claimer pressed, wrote or noted something: the claim begins anew."""
    if case.claimed_by_id == staff.id:
        case.alive_at = now


def release_silent(session: Session, settings: Settings, now: datetime) -> int:
    """Release the claims that gave no sign of life for too long, with a word to their owners; return how many."""
    if (expires := settings.desk.claim_expires) == NEVER:
        return 0
    for reply in _forgotten(session, now - expires):
        reply.touched_at = None
        redraw(session, reply.case, now)
    return sum(_release(session, case, expires, now) for case in _silent(session, now - expires))


def _silent(session: Session, since: datetime) -> Sequence[Case]:
    alive = func.coalesce(Case.alive_at, Case.claimed_at)
    silent = select(Case).where(
        Case.status == Status.CLAIMED,
        Case.claimed_by_id.is_not(None),
        Case.snoozed_until.is_(None),
        alive <= since,
        (Case.woken_at.is_(None)) | (Case.woken_at <= since),
        ~_is_anothers_turn(),
    )
    return session.scalars(silent).unique().all()


def _is_anothers_turn() -> ColumnElement[bool]:
    """The claimer has done their part: an answer is on its way, or theirs waits for a colleague."""
    waits = (Reply.state == ReplyState.WAITING) & (Reply.staff_id == Case.claimed_by_id)
    on_its_way = Reply.state == ReplyState.QUEUED
    return select(Reply.id).where(Reply.case_id == Case.id, waits | on_its_way).exists()


def _release(session: Session, case: Case, expires: timedelta, now: datetime) -> bool:
    """False where the owner pressed something in this very moment."""
    owner, alive_at = case.claimed_by, case.alive_at
    assert owner is not None
    unchanged = Case.alive_at.is_(None) if alive_at is None else Case.alive_at == alive_at
    still = update(Case).where(Case.id == case.id, Case.claimed_by_id == owner.id, unchanged)
    free = {"claimed_by_id": None, "claimed_at": None, "alive_at": None, "status": Status.OPEN}
    count = changed(session, still.where(Case.status == Status.CLAIMED).values(free))
    session.refresh(case)
    if count == 0:
        return False
    event = Event(
        case_id=case.id, kind=Happening.RELEASED, at=now, staff_id=owner.id, values={"silent": True}
    )
    session.add(event)
    session.flush()
    minutes = int(expires.total_seconds() // 60)
    values = {"case": case.id, "staff": owner.id, "name": owner.name, "minutes": minutes}
    values["draft"] = _has_draft(session, case, owner)
    ring(session, case, f"expired:{event.id}", "claim_expired", values, now)
    redraw(session, case, now)
    return True


def _has_draft(session: Session, case: Case, owner: Staff) -> bool:
    """They have written something; who was only asked for the text has not."""
    written = select(Reply.id).where(
        Reply.case_id == case.id, Reply.staff_id == owner.id, Reply.state == ReplyState.PREVIEW
    )
    return session.scalar(written.limit(1)) is not None


def _forgotten(session: Session, since: datetime) -> Sequence[Reply]:
    """Drafts that nobody writes on any more; they stay, for their writers to go on with."""
    old = select(Reply).where(Reply.state.in_(UNSENT), Reply.touched_at <= since)
    return session.scalars(old).unique().all()
