"""The cases that the mentions of a batch may belong to, looked up at once and kept up to date as cases open."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from models import ANONYMOUS, Case, Mention

SAME_THREAD_FOR = timedelta(days=60)
"""An author who comes back to a thread later than this has a new matter."""
Spot = tuple[str, str | None, str]
"""A source, a thread there, and who writes in it."""


class Neighbours:
    """Who wrote the same post, or wrote in the same thread before."""

    def __init__(self, session: Session, mentions: Collection[Mention]):
        self._session = session
        self._by_thread: dict[Spot, dict[str | None, Case]] = {}
        self._by_post: dict[tuple[str, str], Case] = {}
        for source, thread, author, person, case in session.execute(_in_threads_of(mentions)).unique():
            self._note_thread((source, thread, author), person, case)
        for source, external_id, case in session.execute(_of_same_posts(mentions)).unique():
            self._by_post[source, external_id] = case

    def case_of(self, mention: Mention) -> Case | None:
        """The case of another brand named in the very same post, or the newest of this author in this thread."""
        same_post = self._by_post.get((mention.source, mention.external_id))
        if same_post is not None or mention.thread_id is None:
            return same_post
        namesakes = self._by_thread.get((mention.source, mention.thread_id, mention.author), {})
        newest_first = reversed(namesakes.items())
        case = next((c for person, c in newest_first if may_be_one(person, mention.author_id)), None)
        return case if case and case.opened_at >= mention.posted_at - SAME_THREAD_FOR else None

    def joined(self, mention: Mention, case: Case) -> None:
        """The mention belongs to the case now, and so does what its author says next in the thread."""
        self._by_post[mention.source, mention.external_id] = case
        if mention.thread_id is not None and (
            not mention.is_copy or is_by_author(self._session, case, mention)
        ):
            spot = mention.source, mention.thread_id, mention.author
            self._note_thread(spot, mention.author_id, case)

    def _note_thread(self, spot: Spot, person: str | None, case: Case) -> None:
        namesakes = self._by_thread.setdefault(spot, {})
        namesakes.pop(person, None)
        namesakes[person] = heir(self._session, case)


def may_be_one(person: str | None, other: str | None) -> bool:
    """Whether two of the same name may be one person: where the source tells who they are, it must be the same."""
    return person is None or other is None or person == other


def is_by_author(session: Session, case: Case, mention: Mention) -> bool:
    """Whether the case is the matter of whoever wrote the mention: one of their posts in it is nobody's copy."""
    if mention.author == ANONYMOUS:
        return False
    own = (Mention.case_id == case.id) & Mention.is_copy.is_(False)
    by_name = (Mention.source == mention.source) & (Mention.author == mention.author)
    people = session.scalars(select(Mention.author_id).where(own & by_name))
    return any(may_be_one(person, mention.author_id) for person in people)


def in_cases_of_authors(spots: Collection[Spot]) -> ColumnElement[bool]:
    """The mentions of cases that stand there, written by those whose matter the cases are; as ``is_by_author``."""
    own = aliased(Mention)
    is_one = or_(own.author_id.is_(None), Mention.author_id.is_(None), own.author_id == Mention.author_id)
    is_own = and_(
        own.case_id == Mention.case_id,
        own.source == Mention.source,
        own.author == Mention.author,
        own.is_copy.is_(False),
        is_one,
    )
    by_author = (Mention.author != ANONYMOUS) & select(own.id).where(is_own).exists()
    # SQLite finds the threads by an index, but not a spot as a whole.
    sources, threads = {source for source, _, _ in spots}, {thread for _, thread, _ in spots}
    in_threads = Mention.source.in_(sources) & Mention.thread_id.in_(threads)
    stands_there = in_threads & tuple_(Mention.source, Mention.thread_id, Mention.author).in_(spots)
    return stands_there & Mention.case_id.is_not(None) & (Mention.is_copy.is_(False) | by_author)


def heir(session: Session, case: Case) -> Case:
    """The case that has its mentions: itself, unless it was a duplicate, or the duplicate of one."""
    while case.duplicate_of_id is not None:
        case = session.get_one(Case, case.duplicate_of_id)
    return case


def _in_threads_of(mentions: Iterable[Mention]) -> Select[str, str | None, str, str | None, Case]:
    spots = {(m.source, m.thread_id, m.author) for m in mentions if m.thread_id is not None}
    said = select(Mention.source, Mention.thread_id, Mention.author, Mention.author_id, Case)
    in_cases = said.join(Case, Case.id == Mention.case_id).where(in_cases_of_authors(spots))
    return in_cases.order_by(Mention.id)


def _of_same_posts(mentions: Iterable[Mention]) -> Select[str, str, Case]:
    posts = {m.external_id for m in mentions}
    sources = {m.source for m in mentions}
    same = select(Mention.source, Mention.external_id, Case).join(Case, Case.id == Mention.case_id)
    return same.where(Mention.source.in_(sources), Mention.external_id.in_(posts)).order_by(Case.id)
