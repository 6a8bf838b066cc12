"""The cases that the mentions of a batch may belong to, looked up at once and kept up to date as cases open."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from models import Case, Mention

SAME_THREAD_FOR = timedelta(days=60)
"""An author who comes back to a thread later than this has a new matter."""


class Neighbours:
    """Who wrote the same post, or wrote in the same thread before."""

    def __init__(self, session: Session, mentions: Collection[Mention]):
        self._session = session
        self._by_thread: dict[tuple[str, str, str], dict[str | None, Case]] = {}
        self._by_post: dict[tuple[str, str], Case] = {}
        for case, person in session.execute(_in_threads_of(mentions)).unique():
            self._note_thread(case, person)
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
        if not mention.is_copy and (mention.source, mention.author) == (case.source, case.author):
            self._note_thread(case, mention.author_id)

    def _note_thread(self, case: Case, person: str | None) -> None:
        if case.thread_id is not None:
            namesakes = self._by_thread.setdefault((case.source, case.thread_id, case.author), {})
            namesakes.pop(person, None)
            namesakes[person] = heir(self._session, case)


def may_be_one(person: str | None, other: str | None) -> bool:
    """Whether two of the same name may be one person: where the source tells who they are, it must be the same."""
    return person is None or other is None or person == other


def is_by_its_author() -> ColumnElement[bool]:
    """Joins a case to the posts that tell who its author is; those of a duplicate have moved."""
    return and_(
        Mention.case_id.in_((Case.id, Case.duplicate_of_id)),
        Mention.source == Case.source,
        Mention.thread_id == Case.thread_id,
        Mention.author == Case.author,
        Mention.author_id.is_not(None),
    )


def heir(session: Session, case: Case) -> Case:
    """The case that has its mentions: itself, unless it was a duplicate, or the duplicate of one."""
    while case.duplicate_of_id is not None:
        case = session.get_one(Case, case.duplicate_of_id)
    return case


def _in_threads_of(mentions: Iterable[Mention]) -> Select[Case, str | None]:
    threads = {m.thread_id for m in mentions if m.thread_id is not None}
    sources = {m.source for m in mentions}
    with_author = select(Case, Mention.author_id).outerjoin(Mention, is_by_its_author())
    return with_author.where(Case.source.in_(sources), Case.thread_id.in_(threads)).order_by(Case.id)


def _of_same_posts(mentions: Iterable[Mention]) -> Select[str, str, Case]:
    posts = {m.external_id for m in mentions}
    sources = {m.source for m in mentions}
    same = select(Mention.source, Mention.external_id, Case).join(Case, Case.id == Mention.case_id)
    return same.where(Mention.source.in_(sources), Mention.external_id.in_(posts)).order_by(Case.id)
