"""Whom a case answers next. Where staff put the cases of two people together, that is who wrote last that staff know of."""

from collections.abc import Sequence

from sqlalchemy import String, cast, literal, select
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Mention, Notice
from monitor.neighbours import may_be_one

WROTE = "author:"
"""The key of the notice that an author wrote, before the mention's number."""


def posts_to_answer(session: Session, case: Case) -> Sequence[Mention]:
    """What the person wrote who waits, oldest first; none where staff moved it all to another case."""
    own = (Mention.case_id == case.id) & Mention.is_copy.is_(False)
    posts = session.scalars(select(Mention).where(own).order_by(Mention.posted_at, Mention.id)).all()
    told_of = _told_of(session, case)
    who = (told_of.source, told_of.author) if told_of else (case.source, case.author)
    person = told_of.author_id if told_of else _opened_by(session, case)
    theirs = [post for post in posts if (post.source, post.author) == who]
    return [post for post in theirs if may_be_one(person, post.author_id)] or posts


def _told_of(session: Session, case: Case) -> Mention | None:
    """What staff were told of last."""
    told = select(Mention).join(Notice, Notice.key == literal(WROTE) + cast(Mention.id, String))
    last = told.where(Mention.case_id == case.id, Notice.case_id == case.id).order_by(Notice.id.desc())
    return session.scalars(last.limit(1)).first()


def _opened_by(session: Session, case: Case) -> str | None:
    """The id of the case's own author, where the source tells it: staff may have put a namesake's posts there."""
    opened = (Event.case_id == case.id) & Event.kind.in_((Happening.OPENED, Happening.ASKED))
    first = select(Mention.author_id).join(Event, Event.mention_id == Mention.id).where(opened)
    return session.scalar(first.order_by(Event.id).limit(1))
