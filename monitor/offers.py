"""Saved answers on their way to a customer: which to offer, what they say, and whether three in a row got the same."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Reply, ReplyState
from monitor.fields import bare, fill, is_filled_from
from monitor.saved import OFFERED, SavedAnswer, SavedAnswers

LEFT = (ReplyState.QUEUED, ReplyState.SENT, ReplyState.HANDED_OFF)
IN_A_ROW = 3
LOOKED_AT = 20


@dataclass(frozen=True)
class Offer:
    name: str
    title: str
    language: str


def offered(saved: SavedAnswers, reply: Reply, language: str) -> list[Offer]:
    """The likeliest beginnings of this answer, but the one that it began from; language: of ours, where theirs is unknown."""
    post = reply.mention
    alike = saved.like(f"{post.title} {post.text}", [reply.case.brand], post.language)
    others = [answer for answer in alike if answer.name != reply.saved]
    return [Offer(a.name, a.title, a.language_for(post.language, language)) for a in others[:OFFERED]]


def filled(answer: SavedAnswer, reply: Reply, language: str) -> str:
    """Its text in the customer's language, with what we know filled in."""
    return fill(answer.texts[answer.language_for(reply.mention.language, language)], known_of(reply))


def known_of(reply: Reply) -> dict[str, object]:
    case = reply.case
    return {
        "author": reply.mention.author,
        "case": case.id,
        "staff": reply.staff.name,
        "brand": case.brand,
    }


def is_one_of_three(session: Session, saved: SavedAnswers, reply: Reply) -> bool:
    """Did the brand's last two customers get these very words, fields apart?"""
    before = _last_to_others(session, reply)
    return len(before) == IN_A_ROW - 1 and all(_says_the_same(saved, reply, other) for other in before)


def _last_to_others(session: Session, reply: Reply) -> Collection[Reply]:
    """The newest answer to each of the last customers, this one apart."""
    case = reply.case
    newest = (
        select(Reply)
        .join(Case, Case.id == Reply.case_id)
        .where(Case.brand == case.brand, Reply.state.in_(LEFT), Reply.id != reply.id)
        .order_by(Reply.id.desc())
        .limit(LOOKED_AT)
    )
    by_customer: dict[tuple[str, str], Reply] = {}
    for other in session.scalars(newest).unique():
        by_customer.setdefault((other.source, other.mention.author), other)
    by_customer.pop((reply.source, reply.mention.author), None)
    return list(by_customer.values())[: IN_A_ROW - 1]


def _says_the_same(saved: SavedAnswers, one: Reply, other: Reply) -> bool:
    if bare(one.text, known_of(one)) == bare(other.text, known_of(other)):
        return True
    answer = saved.named(one.saved) if one.saved else None
    templates = answer.texts.values() if answer else ()
    return any(is_filled_from(t, one.text) and is_filled_from(t, other.text) for t in templates)
