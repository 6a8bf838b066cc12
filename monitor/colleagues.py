"""A colleague's answer at the source itself: posts of our own accounts, recognised as answers to cases.

To stop a clock wrongly is worse than to leave it running: an answer counts where the source says which post it answers,
or where no other case of the thread waits. Otherwise staff are asked to look.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Mention, Notice, OwnPost, Reply, ReplyState, Status
from monitor import answered, replies
from monitor.cases import redraw
from monitor.db import upsert
from monitor.folding import words
from monitor.notices import ring
from monitor.settings import Brand
from monitor.source import Post
from monitor.whom import posts_to_answer

ALIKE = 90.0
"""Per cent of the letters: sites change quotes, links and spaces."""
WAITING = (Status.OPEN, Status.CLAIMED)
IS_BEING_POSTED = (Reply.state == ReplyState.QUEUED) & Reply.claimed_at.is_not(None)
PERHAPS_OURS = IS_BEING_POSTED | (Reply.state == ReplyState.UNKNOWN)
"""Replies that may be at the source under an id which we don't know yet; one that only waits is not."""
IS_OURS = select(Reply.id).where(Reply.source == OwnPost.source, Reply.external_id == OwnPost.external_id)

Accounts = Mapping[str, Collection[str]]
"""Each own account and the brands that it speaks for."""


def accounts_of(brands: Iterable[Brand], source: str) -> Accounts:
    """Those at one source: the configuration names some with their source, as in telegram:@acme_care."""
    found: dict[str, set[str]] = {}
    for brand in brands:
        for account in brand.own_accounts:
            where, _, name = account.rpartition(":")
            if where.casefold() in ("", source.casefold()):
                found.setdefault(_same(name), set()).add(brand.name)
    return found


def is_colleague(author: str, accounts: Accounts, of_source: Iterable[str]) -> bool:
    """of_source: the names under which we write there ourselves."""
    return _same(author) in accounts or _same(author) in map(_same, of_source)


def speaks_for(author: str, brand: str, accounts: Accounts) -> bool:
    return brand in accounts.get(_same(author), ())


def keep(session: Session, source: str, posts: Iterable[Post]) -> list[OwnPost]:
    """Remember what our accounts wrote in threads; return what is new."""
    rows = [_row(source, post) for post in posts if post.thread_id]
    if not rows:
        return []
    insert = upsert(session)(OwnPost).on_conflict_do_nothing().returning(OwnPost.id)
    ids = list(session.scalars(insert, rows))
    return list(session.scalars(select(OwnPost).where(OwnPost.id.in_(ids)).order_by(OwnPost.posted_at)))


def settle(
    session: Session,
    posts: Iterable[OwnPost],
    accounts: Accounts,
    now: datetime,
    about: Case | None = None,
) -> None:
    """Find the case that each of these answered, if any, and stop its clock; with about, only for this case's sake."""
    for post in posts:
        if post.case_id is not None or _is_a_reply(session, post, accounts, now):
            continue
        waiting = _waiting(session, post, accounts.get(_same(post.account)))
        if about is not None and about not in waiting:
            continue
        answered = _answered(session, post, waiting)
        if answered is not None:
            _record(session, answered, post, now)
        elif not post.answers:
            _ask_to_look(session, waiting, post, now)


def settle_seen_late(
    session: Session, cases: Collection[Case], brands: Iterable[Brand], now: datetime
) -> None:
    """A colleague may have been quicker than we: look for answers to cases that have just been opened or woken."""
    of_case = {case.id: case for case in cases}
    for (number, source), posts in _unused(session, of_case).items():
        settle(session, posts, accounts_of(brands, source), now, about=of_case[number])


def settle_set_aside(session: Session, reply: Reply, brands: Iterable[Brand], now: datetime) -> None:
    """We know where a reply is, or that it is not there: what else might have been it, while nobody knew, is a colleague's."""
    if reply.replaces_id is None:  # the place of an edit is known all the while
        _settle_aside(session, reply, accounts_of(brands, reply.source), now)


def _settle_aside(session: Session, reply: Reply, accounts: Accounts, now: datetime) -> None:
    """Before the reply is recorded: when those were written, its author waited, too."""
    thread = reply.mention.thread_id or reply.mention.external_id
    in_thread = (OwnPost.source == reply.source) & (OwnPost.thread_id == thread)
    unused = select(OwnPost).where(in_thread, OwnPost.case_id.is_(None), ~IS_OURS.exists())
    seen = session.scalars(unused.order_by(OwnPost.posted_at)).all()
    aside = [post for post in seen if _may_be(post, reply)]
    settle(session, aside, accounts, now)


def _unused(session: Session, cases: Collection[int]) -> Mapping[tuple[int, str], Sequence[OwnPost]]:
    """What our accounts wrote at a source in the threads of each of these cases, and what has answered no case so far."""
    threads = select(Mention.case_id, Mention.source, Mention.thread_id).distinct()
    own = threads.where(Mention.case_id.in_(cases), Mention.is_copy.is_(False)).subquery()
    in_thread = (own.c.source == OwnPost.source) & (own.c.thread_id == OwnPost.thread_id)
    unused = select(own.c.case_id, OwnPost).join(own, in_thread)
    unused = unused.where(OwnPost.case_id.is_(None), ~IS_OURS.exists()).order_by(OwnPost.posted_at)
    found: dict[tuple[int, str], list[OwnPost]] = {}
    for number, post in session.execute(unused):
        found.setdefault((number, post.source), []).append(post)
    return found


def _waiting(session: Session, post: OwnPost, brands: Collection[str] | None) -> Sequence[Case]:
    """The cases whose authors waited in its thread when it was written; brands: None for any."""
    written_before = (
        select(Mention.case_id)
        .where(Mention.source == post.source, Mention.thread_id == post.thread_id, Mention.is_copy.is_(False))
        .group_by(Mention.case_id)
        .having(func.max(Mention.posted_at) < post.posted_at)
    )
    cases = select(Case).where(Case.status.in_(WAITING), Case.id.in_(written_before))
    found = session.scalars(cases.order_by(Case.id)).unique()
    ours = [case for case in found if brands is None or case.brand in brands]
    waiting = [case for case in ours if _waits_there(session, case, post)]
    return [] if _placeless(session, post, PERHAPS_OURS) else waiting


def _waits_there(session: Session, case: Case, post: OwnPost) -> bool:
    """What staff take up again, or put together, may have gone on in another thread than it began in."""
    newest = posts_to_answer(session, case)[-1]
    return (newest.source, newest.thread_id) == (post.source, post.thread_id)


def _is_a_reply(session: Session, post: OwnPost, accounts: Accounts, now: datetime) -> bool:
    """Is it a reply whose place we did not know: posted by hand, or of a fate that was or is unknown? Then we know it now."""
    known = Reply.state.in_((ReplyState.HANDED_OFF, ReplyState.UNKNOWN, ReplyState.SENT))
    for reply in _placeless(session, post, known):
        if fuzz.ratio(" ".join(words(reply.text)), " ".join(words(post.text))) >= ALIKE:
            _found(session, reply, post, accounts, now)
            return True
    return False


def _placeless(session: Session, post: OwnPost, which: ColumnElement[bool]) -> list[Reply]:
    """Those of the replies in its thread whose place we don't know, and which it may be."""
    in_thread = func.coalesce(Mention.thread_id, Mention.external_id) == post.thread_id
    placeless = (
        select(Reply)
        .join(Mention, Mention.id == Reply.mention_id)
        .where(Reply.source == post.source, in_thread, Reply.external_id.is_(None), which)
    )
    found = session.scalars(placeless.order_by(Reply.id)).unique()
    return [reply for reply in found if _may_be(post, reply)]


def _may_be(post: OwnPost, reply: Reply) -> bool:
    """By its time and by what it answers. Sites tell the time to the minute."""
    is_older = post.posted_at < reply.created_at.replace(second=0, microsecond=0)
    return not is_older and post.answers in (None, reply.mention.external_id)


def _found(session: Session, reply: Reply, post: OwnPost, accounts: Accounts, now: datetime) -> None:
    if reply.state is ReplyState.UNKNOWN:
        replies.move(session, reply, (ReplyState.UNKNOWN,), ReplyState.SENT)
        reply.external_id, reply.url = post.external_id, post.url
        _settle_aside(session, reply, accounts, now)
        answered.record(session, reply, now, at=max(post.posted_at, reply.case.opened_at))
    elif reply.shown is reply.state:
        reply.shown = ReplyState.PREVIEW  # its message gets the link
    reply.external_id, reply.url = post.external_id, post.url
    redraw(session, reply.case, now)


def _answered(session: Session, post: OwnPost, waiting: Sequence[Case]) -> Case | None:
    if post.answers:
        return next((c for c in waiting if post.answers in {m.external_id for m in c.mentions}), None)
    alone = waiting[0] if len(waiting) == 1 else None
    return None if alone is None or _is_asked_about(session, post, alone) else alone


def _is_asked_about(session: Session, post: OwnPost, case: Case) -> bool:
    """Others waited, too, when it was read: that they wait no more does not say whom it answers."""
    return session.scalar(select(Notice.id).where(Notice.key == _wrote_there(post, case))) is not None


def _record(session: Session, case: Case, post: OwnPost, now: datetime) -> None:
    """The author has an answer since it was posted; for our figures not before the case was opened."""
    post.case_id = case.id
    answered.mark(session, case, max(post.posted_at, case.opened_at))
    values = {"account": post.account, "url": post.url, "posted_at": post.posted_at.isoformat()}
    session.add(Event(case_id=case.id, kind=Happening.ANSWERED_THERE, at=now, values=values))
    answered.show_previews_anew(session, case)
    redraw(session, case, now)


def _ask_to_look(session: Session, cases: Sequence[Case], post: OwnPost, now: datetime) -> None:
    """Several wait, and nothing says whom it answers: each is told of it once."""
    for case in cases:
        values = {"account": post.account, "text": post.text, "url": post.url}
        ring(session, case, _wrote_there(post, case), "wrote_there", values, now)


def _wrote_there(post: OwnPost, case: Case) -> str:
    return f"wrote_there:{post.id}:{case.id}"


def _row(source: str, post: Post) -> dict[str, Any]:
    return {
        "source": source,
        "external_id": post.id,
        "thread_id": post.thread_id,
        "account": post.author,
        "answers": post.answers,
        "url": post.url,
        "text": post.text,
        "posted_at": post.posted_at,
    }


def _same(account: str) -> str:
    return account.casefold().removeprefix("@")
