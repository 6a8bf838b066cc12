"""Join the staff by a link that works once, and leave it."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from models import Case, Invitation, Role, Staff, Status
from monitor import desk, people
from monitor.db import changed
from monitor.desk import Refused
from monitor.settings import Settings

MAX_TOKEN = 64
"""Characters that Telegram lets a link carry."""
MAX_NAME = 60
BY_A_LEAD = (Role.VIEWER, Role.STAFF)


def may_invite(role: Role, wanted: Role) -> bool:
    """An admin invites anybody; a lead only those who decide less than a lead."""
    return role is Role.ADMIN or (role is Role.LEAD and wanted in BY_A_LEAD)


def invite(
    session: Session, role: Role, made_by: Staff | None, now: datetime, settings: Settings, name: str = ""
) -> str:
    """A token for the link; only its hash is kept. made_by: None in the terminal, which may invite anybody."""
    if made_by is not None and not may_invite(made_by.role, role):
        raise Refused("needs_role", needed=Role.ADMIN, own=made_by.role)
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            token_hash=_hash(token),
            role=role,
            name=_short(name),
            made_by=made_by.id if made_by else None,
            made_at=now,
            expires_at=now + settings.staff.invitation_lasts,
        )
    )
    return token


def find(session: Session, token: str) -> Invitation | None:
    """The invitation of a link, in whatever state, or None for a token that we never made."""
    if not 0 < len(token) <= MAX_TOKEN:
        return None
    return session.scalar(select(Invitation).where(Invitation.token_hash == _hash(token)))


def accept(
    session: Session,
    invitation: Invitation,
    telegram_id: int,
    name: str,
    now: datetime,
    settings: Settings,
) -> Staff:
    """Make this person staff, or give them the higher role. Raises Refused: no longer valid, or no need of it."""
    staff = people.known(session, telegram_id, settings)
    if staff is not None:
        is_configured = settings.staff.person(telegram_id) is not None
        if is_configured or staff.role.reaches(invitation.role):
            raise Refused("staff_already", role=staff.role)
    _use(session, invitation, telegram_id, now, settings)
    staff = staff or session.get(Staff, telegram_id) or Staff(id=telegram_id)
    staff.name = invitation.name or _short(name) or str(telegram_id)
    staff.role, staff.joined_at = invitation.role, now
    session.add(staff)
    return staff


def remove(session: Session, telegram_id: int, now: datetime, settings: Settings) -> Staff:
    """End somebody's membership; the cases that they claimed are free again. What they did is kept."""
    if person := settings.staff.person(telegram_id):
        raise Refused("configured", name=person.name)
    staff = people.known(session, telegram_id, settings)
    left = update(Staff).where(Staff.id == telegram_id, Staff.joined_at.is_not(None)).values(joined_at=None)
    count = changed(session, left)
    if staff is None or count == 0:
        raise Refused("not_on_staff")
    claimed = select(Case.id).where(Case.claimed_by_id == staff.id, Case.status != Status.CLOSED)
    for number in session.scalars(claimed).all():
        desk.release(session, number, staff, now)
    return staff


def _use(
    session: Session, invitation: Invitation, telegram_id: int, now: datetime, settings: Settings
) -> None:
    """Whoever made it must still be allowed to, and of two who open it at once only one gets in."""
    maker = people.member(session, invitation.made_by, settings) if invitation.made_by else None
    may_still = invitation.made_by is None or (maker is not None and may_invite(maker.role, invitation.role))
    used = update(Invitation).where(_is_open(invitation, now)).values(used_by=telegram_id, used_at=now)
    count = changed(session, used)
    if count == 0 or not may_still:
        raise Refused("invitation_over")


def _is_open(invitation: Invitation, now: datetime) -> ColumnElement[bool]:
    return and_(Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.expires_at > now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _short(name: str) -> str:
    """One line of at most MAX_NAME characters."""
    return " ".join(name.split())[:MAX_NAME].strip()
