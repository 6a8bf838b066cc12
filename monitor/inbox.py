"""The cases that somebody may want to see, shelf by shelf, and how many lie on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Status

WAITING = (Status.OPEN, Status.CLAIMED)


class Shelf(StrEnum):
    OPEN = "open"  # somebody owes an answer
    MINE = "mine"
    LATE = "late"
    ANSWERED = "answered"  # the author has the word
    ASKED = "asked"
    SNOOZED = "snoozed"


@dataclass(frozen=True)
class Look:
    """What somebody wants to see."""

    shelf: Shelf = Shelf.OPEN
    brand: str | None = None
    """Of all brands where it is empty."""
    offset: int = 0


@dataclass(frozen=True)
class Page:
    look: Look
    """As it could be had: of a page that is no more, the nearest."""
    cases: Sequence[Case]
    counts: Mapping[Shelf, int]
    """Of the brand that is looked at."""
    by_brand: Mapping[str, int]
    """Of the shelf that is looked at."""

    @property
    def total(self) -> int:
        return self.counts[self.look.shelf]


def page(session: Session, look: Look, staff_id: int, now: datetime, size: int) -> Page:
    """The cases of a shelf: those that wait by urgency, the answered ones by how long they are silent."""
    on = {shelf: _on(shelf, staff_id, now) for shelf in Shelf}
    of_brand = Case.brand == look.brand if look.brand else None
    counts = _counts(session, on, of_brand)
    last = max(0, (counts[look.shelf] - 1) // size * size)
    look = Look(look.shelf, look.brand, min(look.offset // size * size, last))
    found = select(Case).where(on[look.shelf], *([] if of_brand is None else [of_brand]))
    order = [_silent_since()] if look.shelf is Shelf.ANSWERED else [Case.priority, Case.answer_by]
    rows = session.scalars(found.order_by(*order, Case.id).offset(look.offset).limit(size)).all()
    return Page(look, rows, counts, _by_brand(session, on[look.shelf]))


def _silent_since() -> ColumnElement[Any]:
    """The last answer, here or at the source itself."""
    answers = (Event.case_id == Case.id) & Event.kind.in_((Happening.ANSWERED, Happening.ANSWERED_THERE))
    return select(func.max(Event.at)).where(answers).scalar_subquery()


def _on(shelf: Shelf, staff_id: int, now: datetime) -> ColumnElement[bool]:
    """What lies on a shelf. A snoozed case leaves the others until it wakes, but stays its owner's."""
    waits = Case.status.in_(WAITING)
    awake = or_(Case.snoozed_until.is_(None), Case.snoozed_until <= now)
    match shelf:
        case Shelf.OPEN:
            return and_(waits, awake)
        case Shelf.MINE:
            return and_(waits, Case.claimed_by_id == staff_id)
        case Shelf.LATE:
            return and_(waits, awake, Case.answer_by < now)
        case Shelf.ANSWERED:
            return Case.status == Status.ANSWERED
        case Shelf.ASKED:
            return Case.status == Status.ASKED
        case Shelf.SNOOZED:
            return and_(waits, Case.snoozed_until > now)


def _counts(
    session: Session, on: Mapping[Shelf, ColumnElement[bool]], of_brand: ColumnElement[bool] | None
) -> dict[Shelf, int]:
    sums = [func.coalesce(func.sum(case((lies, 1), else_=0)), 0) for lies in on.values()]
    alive = select(*sums).where(Case.status != Status.CLOSED)
    row = session.execute(alive if of_brand is None else alive.where(of_brand)).one()
    return dict(zip(on, map(int, row), strict=True))


def _by_brand(session: Session, lies: ColumnElement[bool]) -> dict[str, int]:
    rows = session.execute(select(Case.brand, func.count()).where(lies).group_by(Case.brand))
    return dict(rows.all())
