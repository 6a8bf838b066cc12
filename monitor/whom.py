"""Whom a case answers next. Where staff put the cases of two people together, that is who wrote last that staff know of."""

from collections.abc import Sequence

from sqlalchemy import String, cast, literal, select
from sqlalchemy.orm import Session

from models import Case, Mention, Notice

WROTE = "author:"
"""The key of the notice that an author wrote, before the mention's number."""


def posts_to_answer(session: Session, case: Case) -> Sequence[Mention]:
    """What the person wrote who waits, oldest first; none where staff moved it all to another case."""
    own = (Mention.case_id == case.id) & Mention.is_copy.is_(False)
    posts = session.scalars(select(Mention).where(own).order_by(Mention.posted_at, Mention.id)).all()
    who = _told_of(session, case) or (case.source, case.author)
    return [post for post in posts if (post.source, post.author) == who] or posts


def _told_of(session: Session, case: Case) -> tuple[str, str] | None:
    """Whoever wrote what staff were told of last."""
    told = select(Mention).join(Notice, Notice.key == literal(WROTE) + cast(Mention.id, String))
    last = told.where(Mention.case_id == case.id, Notice.case_id == case.id).order_by(Notice.id.desc())
    post = session.scalars(last.limit(1)).first()
    return (post.source, post.author) if post else None
