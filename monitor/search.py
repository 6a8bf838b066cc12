"""Full text over mentions and our replies to them: an index of stems that serves SQLite and PostgreSQL alike."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, delete, func, select
from sqlalchemy.orm import Session

from models import Mention, MentionWord, Reply, Search
from monitor import folding
from monitor.db import Sessions, changed, reading, upsert
from monitor.stems import sought, stems, stems_of

INDEXED = ""
"""The stem in a row of every mention: it is in the index."""
AT_ONCE = 500
MOST_WORDS = 8
KEPT_FOR = timedelta(days=7)
"""So long the buttons beneath what was found turn its pages."""
LONGEST = 200
"""Characters that somebody may look for."""


@dataclass(frozen=True)
class Found:
    """One case, or one post without a case, that has all the words."""

    mention: Mention
    """The newest with them."""
    case_id: int | None


def index(session: Session, mentions: Iterable[Mention]) -> None:
    """Make mentions findable, in one insert; those that are already stay as they are."""
    rows = [
        {"stem": stem, "mention_id": mention.id}
        for mention in mentions
        for stem in {INDEXED, *stems(f"{mention.title}\n{mention.text}", mention.language)}
    ]
    _insert(session, rows)


def index_again(session: Session, mentions: Collection[Mention]) -> None:
    """Make mentions findable by the words that they have now."""
    session.execute(delete(MentionWord).where(MentionWord.mention_id.in_([m.id for m in mentions])))
    index(session, mentions)


def index_reply(session: Session, reply: Reply) -> None:
    """What we said belongs to the mention that it answers."""
    found = stems(reply.text, reply.mention.language)
    _insert(session, [{"stem": stem, "mention_id": reply.mention_id} for stem in found])


def index_older(sessions: Sessions) -> int:
    """Index some of the mentions that were here before the index, newest first; return how many there were."""
    with reading(sessions) as session:
        oldest = session.scalar(select(func.min(MentionWord.mention_id)).where(MentionWord.stem == INDEXED))
        older = select(Mention).order_by(Mention.id.desc()).limit(AT_ONCE)
        found = session.scalars(older.where(Mention.id < oldest) if oldest else older).all()
    if not found:
        return 0
    with sessions.begin() as session:
        index(session, found)
        _index_replies_to(session, [mention.id for mention in found])
    return len(found)


def remember(session: Session, asked: str, now: datetime) -> Search:
    """Keep what somebody looks for: a button has no room for it."""
    search = Search(asked=" ".join(asked.split())[:LONGEST], at=now)
    session.add(search)
    session.flush()
    return search


def forget_old(session: Session, now: datetime) -> int:
    """Forget what was looked for long ago; return how much that was."""
    return changed(session, delete(Search).where(Search.at <= now - KEPT_FOR))


def find(session: Session, asked: str, offset: int, size: int) -> tuple[Sequence[Found], int]:
    """The cases and posts that have all the words, newest first, and how many there are; each counts once."""
    words = words_of(asked)
    if not words:
        return [], 0
    latest = (Mention.posted_at.desc(), Mention.id.desc())
    thing = func.coalesce(cast(Mention.case_id, String), Mention.post)
    place = func.row_number().over(partition_by=thing, order_by=latest).label("place")
    ranked = select(Mention.id, place).where(*map(_has, words)).subquery()
    newest = select(ranked.c.id).where(ranked.c.place == 1)
    total = session.scalar(select(func.count()).select_from(newest.subquery())) or 0
    page = select(Mention).where(Mention.id.in_(newest)).order_by(*latest)
    rows = session.scalars(page.offset(offset).limit(size))
    return [Found(mention, mention.case_id) for mention in rows], total


def words_of(asked: str) -> list[str]:
    """The words to look for, folded, without repetition."""
    return list(dict.fromkeys(folding.words(asked[:LONGEST])))[:MOST_WORDS]


def places(text: str, language: str, words: Sequence[str]) -> list[dict[str, int]]:
    """Where the words stand in a text, in any of their forms: {"start", "end"}."""
    wanted = frozenset[str]().union(*map(sought, words))
    folded = folding.Folded(text)
    found = (
        word
        for word in folding.WORD.finditer(folded.text)
        if not wanted.isdisjoint(stems_of(word.group(), language))
    )
    spans = (folded.span(*word.span()) for word in found)
    return [{"start": start, "end": end} for start, end in spans]


def _has(word: str) -> ColumnElement[bool]:
    return Mention.id.in_(select(MentionWord.mention_id).where(MentionWord.stem.in_(sorted(sought(word)))))


def _index_replies_to(session: Session, mention_ids: Collection[int]) -> None:
    said = select(Reply).where(Reply.mention_id.in_(mention_ids), Reply.sent_at.is_not(None))
    for reply in session.scalars(said).unique():
        index_reply(session, reply)


def _insert(session: Session, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        # Into the table, not the class: the ORM would look at every row.
        session.execute(upsert(session)(MentionWord.__table__).on_conflict_do_nothing(), rows)
