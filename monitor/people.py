"""Who is staff, and as what: the people of the configuration, and those who accepted an invitation."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Role, Staff
from monitor.db import Sessions
from monitor.settings import Settings
from monitor.staff_settings import Person


@dataclass(frozen=True)
class Member:
    """A member of staff, seen without writing anything."""

    id: int
    """Telegram's user id."""
    name: str
    role: Role
    language: str | None
    is_configured: bool
    """Named in the configuration, which alone says what they may do."""


def known(session: Session, telegram_id: int, settings: Settings) -> Staff | None:
    """The row of this member of staff, as the configuration has them now, or None for a stranger."""
    row = session.get(Staff, telegram_id)
    person = settings.staff.person(telegram_id)
    if person is None:
        return row if row is not None and row.joined_at else None
    if row is None:
        row = Staff(id=telegram_id)
        session.add(row)
    row.name, row.role = person.name, settings.staff.role_of(person)
    row.joined_at = None  # or whoever is deleted from the configuration would stay
    return row


def is_staff(row: Staff, settings: Settings) -> bool:
    """Still: they may have been removed, or deleted from the configuration."""
    return row.joined_at is not None or settings.staff.person(row.id) is not None


def register(sessions: Sessions, settings: Settings) -> None:
    """Give everybody of the configuration their row: from now on it alone says whether they are staff."""
    with sessions.begin() as session:
        for person in settings.staff.people:
            known(session, person.telegram, settings)


def member(session: Session, telegram_id: int, settings: Settings) -> Member | None:
    """What `known` says, for those who only look."""
    row = session.get(Staff, telegram_id)
    if person := settings.staff.person(telegram_id):
        return _configured(person, row, settings)
    return _invited(row) if row is not None and row.joined_at else None


def everybody(session: Session, settings: Settings) -> list[Member]:
    """The people of the configuration in its order, then who was invited, by name."""
    rows = {row.id: row for row in session.scalars(select(Staff))}
    configured = [_configured(p, rows.pop(p.telegram, None), settings) for p in settings.staff.people]
    invited = [_invited(row) for row in rows.values() if row.joined_at]
    return [*configured, *sorted(invited, key=lambda m: (m.name, m.id))]


def leads(session: Session, settings: Settings) -> list[Member]:
    """Who decides: leads first, then admins, who may do all that a lead may."""
    deciding = [m for m in everybody(session, settings) if m.role.reaches(Role.LEAD)]
    return sorted(deciding, key=lambda m: m.role is Role.ADMIN)


def speak(session: Session, telegram_id: int, language: str, settings: Settings) -> None:
    """Keep the language that a member of staff chose for what they alone read."""
    if staff := known(session, telegram_id, settings):
        staff.language = language


def admins_said(settings: Settings) -> str:
    """Who may invite, for whoever installs it."""
    admins = [p.name for p in settings.staff.people if settings.staff.role_of(p) is Role.ADMIN]
    why = "" if settings.staff.names_an_admin else " (the first of the list: nobody has role: admin)"
    return f"people in the configuration: {len(settings.staff.people)}, admin: {', '.join(admins)}{why}"


def _configured(person: Person, row: Staff | None, settings: Settings) -> Member:
    language = row.language if row else None
    return Member(person.telegram, person.name, settings.staff.role_of(person), language, True)


def _invited(row: Staff) -> Member:
    return Member(row.id, row.name, row.role, row.language, False)
