"""What we know of an author, at one source: names elsewhere may be other people's, so they are never put together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Mention, Reply, ReplyState, Status

CASES = 8
ANSWERS = 3
MOST_PLACES = 6
SAID = (ReplyState.SENT, ReplyState.HANDED_OFF)
ENDS = (Happening.CLOSED, Happening.NOT_OURS, Happening.WRONG_TONE, Happening.DUPLICATE, Happening.SPAM)


@dataclass(frozen=True)
class Acquaintance:
    source: str
    author: str
    posts: int
    first_at: datetime
    last_at: datetime
    unhappy: int
    """Of the posts, those whose likeliest tone is that."""
    cases: Sequence[tuple[Case, Happening | None]]
    """The newest, each with how it ended."""
    all_cases: int
    answers: Sequence[Reply]
    """The newest of ours."""


def met(session: Session, name: str) -> Sequence[Mention]:
    """The newest mention by an author of this name, @ or not, at each source where there is one.

    Capitals count only where they tell two authors apart: a phone writes its own.
    """
    bare = name.lstrip("@")
    as_written = {name, bare, f"@{bare}"}
    found = _newest(session, as_written)
    return found or _newest(session, _alike(session, bare))


def _newest(session: Session, names: Collection[str]) -> Sequence[Mention]:
    newest = select(func.max(Mention.id)).where(Mention.author.in_(names))
    found = select(Mention).where(Mention.id.in_(newest.group_by(Mention.source, Mention.author)))
    return session.scalars(found.order_by(Mention.posted_at.desc()).limit(MOST_PLACES)).all()


def _alike(session: Session, bare: str) -> Collection[str]:
    """Not asked of the database: SQLite knows capitals of ASCII only."""
    wanted = _folded(bare)
    names = session.scalars(select(Mention.author).distinct())
    return list(islice((name for name in names if _folded(name.lstrip("@")) == wanted), MOST_PLACES))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def acquaintance(session: Session, source: str, author: str) -> Acquaintance | None:
    """None for somebody who never wrote there."""
    theirs = (Mention.source == source) & (Mention.author == author)
    is_sad = Mention.negative > func.coalesce(Mention.neutral, 0) + func.coalesce(Mention.positive, 0)
    posts, first_at, last_at, unhappy = session.execute(
        select(
            func.count(Mention.external_id.distinct()),
            func.min(Mention.posted_at),
            func.max(Mention.posted_at),
            func.count(case((is_sad, Mention.external_id)).distinct()),
        ).where(theirs)
    ).one()
    if first_at is None or last_at is None:
        return None
    own = (Case.source == source) & (Case.author == author)
    newest = session.scalars(select(Case).where(own).order_by(Case.id.desc()).limit(CASES)).unique().all()
    return Acquaintance(
        source=source,
        author=author,
        posts=posts,
        first_at=first_at,
        last_at=last_at,
        unhappy=unhappy,
        cases=[(one, _end(session, one)) for one in newest],
        all_cases=session.scalar(select(func.count()).select_from(Case).where(own)) or 0,
        answers=_answers(session, source, author),
    )


def _end(session: Session, one: Case) -> Happening | None:
    if one.status is not Status.CLOSED:
        return None
    ends = select(Event.kind).where(Event.case_id == one.id, Event.kind.in_(ENDS))
    return session.scalar(ends.order_by(Event.id.desc()).limit(1))


def _answers(session: Session, source: str, author: str) -> Sequence[Reply]:
    given = select(Reply).join(Mention, Mention.id == Reply.mention_id)
    theirs = given.where(Mention.source == source, Mention.author == author, Reply.state.in_(SAID))
    return session.scalars(theirs.order_by(Reply.sent_at.desc()).limit(ANSWERS)).unique().all()
