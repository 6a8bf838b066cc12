"""What staff no longer want to hear of. Muted mentions are kept, judged and counted; they open no case and wake none."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import ANONYMOUS, Case, Event, Happening, Mention, Mute, MuteKind, Role, Staff
from monitor import folding
from monitor.db import changed
from monitor.desk import Refused
from monitor.muted import works

LONGEST_WORD = 60


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to mute, and what staff call it."""

    kind: MuteKind
    source: str | None
    value: str
    label: str


def author_of(case: Case) -> Wanted | None:
    """Who they are rather than what they are called, where the source tells; None where it names nobody."""
    if case.author == ANONYMOUS:
        return None
    own = [m for m in case.mentions if (m.source, m.author) == (case.source, case.author)]
    if person := next((m.author_id for m in own if m.author_id), None):
        return Wanted(MuteKind.PERSON, case.source, person, case.author)
    return Wanted(MuteKind.AUTHOR, case.source, case.author, case.author)


def thread_of(case: Case) -> Wanted | None:
    """None where the source knows no threads."""
    if case.thread_id is None:
        return None
    title = next((m.title for m in case.mentions if m.title), case.thread_id)
    return Wanted(MuteKind.THREAD, case.source, case.thread_id, title)


def word(said: str) -> Wanted:
    """A word, or several that stand in one post in any order and form. Raises Refused where there is none."""
    said = " ".join(said.split())[:LONGEST_WORD]
    words = folding.words(said)
    if not words:
        raise Refused("form", form="/mute word … 7d")
    return Wanted(MuteKind.WORD, None, " ".join(words), said)


def mute(session: Session, wanted: Wanted, lasts: timedelta | None, staff: Staff, now: datetime) -> Mute:
    """Mute for a time, or for good; what is muted already gets the new end."""
    if wanted.kind is MuteKind.WORD:
        _only_lead(staff)
    found = select(Mute).where(
        works(now), Mute.kind == wanted.kind, Mute.source == wanted.source, Mute.value == wanted.value
    )
    row = session.scalars(found.limit(1)).unique().first()
    if row is None:
        row = Mute(kind=wanted.kind, source=wanted.source, value=wanted.value, label=wanted.label)
        session.add(row)
    row.until = now + lasts if lasts else None
    row.at, row.staff = now, staff
    session.flush()
    return row


def note(session: Session, case: Case, muted: Mute, now: datetime) -> None:
    """The case's history says what was muted from it."""
    values = {"mute": muted.id, "kind": muted.kind.value}
    session.add(Event(case_id=case.id, kind=Happening.MUTED, at=now, staff_id=muted.staff_id, values=values))


def unmute(session: Session, mute_id: int, staff: Staff, now: datetime) -> Mute:
    """End a mute. Raises Refused where it has ended already, or is not this person's to end."""
    row = session.get(Mute, mute_id)
    if row is None:
        raise Refused("not_muted")
    if row.kind is MuteKind.WORD:
        _only_lead(staff)
    mine = update(Mute).where(Mute.id == mute_id, works(now)).values(ended_at=now)
    ended = changed(session, mine.execution_options(synchronize_session=False))
    session.refresh(row)
    if ended == 0:
        raise Refused("not_muted")
    return row


def active(session: Session, now: datetime, offset: int, size: int) -> tuple[Sequence[Mute], int]:
    """The newest mutes that still work, and how many there are."""
    total = session.scalar(select(func.count()).select_from(Mute).where(works(now))) or 0
    newest = select(Mute).where(works(now)).order_by(Mute.at.desc(), Mute.id.desc())
    return session.scalars(newest.offset(offset).limit(size)).unique().all(), total


def hits(session: Session, mutes: Collection[Mute]) -> Mapping[int, int]:
    """How many posts each of them was upon, also those that would have alerted nobody."""
    rows = session.execute(
        select(Mention.mute_id, func.count(Mention.post.distinct()))
        .where(Mention.mute_id.in_([mute.id for mute in mutes]))
        .group_by(Mention.mute_id)
    )
    return Counter({mute_id: count for mute_id, count in rows if mute_id is not None})


def _only_lead(staff: Staff) -> None:
    if not staff.role.reaches(Role.LEAD):
        raise Refused("lead_only")
