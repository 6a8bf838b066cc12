"""Posts in, mentions stored, cursor moved: all of it or none of it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ANONYMOUS, Case, Mention, Reply, SourceDay, SourceState
from monitor import colleagues, edits, language, search
from monitor.colleagues import Accounts
from monitor.db import upsert
from monitor.matching import Match, Matcher
from monitor.neighbours import in_cases_of_authors, may_be_one
from monitor.relevance import PERHAPS, relevance
from monitor.source import Page, Post

FOLLOW_UPS_FOR = timedelta(days=60)
"""So long an author's next post in the thread belongs to the case, whether or not it names the brand."""
EDITABLE = ("title", "text", "language", "rating", "matches", "relevance")
SPOTS_AT_ONCE = 5_000
"""Databases bound the parameters of a query."""
MAX_TEXT = 20_000
MAX_LINE = 500
MAX_URL = 2_000


@dataclass(frozen=True)
class Listening:
    """Whom we listen for at one source."""

    source: str
    matcher: Matcher
    about: str | None = None
    """Every post there is about this brand."""
    accounts: Collection[str] = ()
    """Ours: what they write there is no mention."""
    colleagues: Accounts = field(default_factory=dict)
    """Those of our brands, which may answer there by hand."""
    zone: tzinfo = UTC
    """The team's: its days are counted."""


@dataclass(frozen=True)
class Found:
    """A post about a brand."""

    post: Post
    brand: str
    matches: list[Match]
    relevance: float
    language: str


Said = tuple[str | None, str, str | None, datetime, str]
"""In which thread, by whom (name and id) and when something was said, and about which brand."""


def recognise(post: Post, listening: Listening) -> list[Found]:
    """The brands that a post is about: none, one or several."""
    if _is_by_us(post, listening):
        return []
    spoken = cache(lambda: language.detect(post.text, post.language))
    by_brand = listening.matcher.match(
        post.text, title=post.title, author=post.author, source=listening.source, language=spoken
    )
    by_fields = cache(
        lambda: listening.matcher.match("", author=post.author, source=listening.source, language=spoken)
    )
    about = {brand: _relevance(post, brand, by_brand, by_fields) for brand in by_brand}
    if listening.about and not colleagues.speaks_for(post.author, listening.about, listening.colleagues):
        about[listening.about] = 1.0
    return [Found(post, brand, by_brand.get(brand, []), share, spoken()) for brand, share in about.items()]


def _is_by_us(post: Post, listening: Listening) -> bool:
    return post.author.casefold() in {account.casefold() for account in listening.accounts}


def store(session: Session, listening: Listening, page: Page, now: datetime) -> list[int]:
    """Keep what is new, or says something else since; return the ids of these mentions."""
    posts = [_bounded(post, now) for post in page.posts]
    _note_habit(session, listening.source, posts, listening.zone)
    if page.cursor is not None:
        session.get_one(SourceState, listening.source).cursor = page.cursor
    posts = _without_our_replies(session, listening.source, posts)
    _note_colleagues(session, listening, posts, now)
    found = [f for post in posts for f in recognise(post, listening)]
    found += _follow_ups(session, listening, posts, found)
    return _insert(session, listening.source, found, now)


def _insert(session: Session, source: str, found: Sequence[Found], now: datetime) -> list[int]:
    if not found:
        return []
    rows = {(f.post.id, f.brand): _row(source, f, now) for f in found}
    insert = upsert(session)(Mention).on_conflict_do_nothing().returning(Mention)
    new = session.scalars(insert, list(rows.values())).all()
    search.index(session, new)
    return [mention.id for mention in (*new, *_edited(session, source, rows, now))]


def _edited(
    session: Session, source: str, rows: Mapping[tuple[str, str], dict[str, Any]], now: datetime
) -> list[Mention]:
    """Have what its author changed judged anew. What has a case is staff's by now: it stays as they read it, and they are told."""
    known = select(Mention).where(Mention.source == source, Mention.external_id.in_({id for id, _ in rows}))
    edited = []
    for mention in session.scalars(known).all():
        row = rows.get((mention.external_id, mention.brand))
        if row is None or not _says_otherwise(row, mention):
            continue
        if mention.case_id is not None:
            edits.tell(session, mention, row["text"], row["rating"], now)
            continue
        for name in EDITABLE:
            setattr(mention, name, row[name])
        mention.judged_at = mention.mute_id = None
        edited.append(mention)
    if edited:
        search.index_again(session, edited)
    return edited


def _says_otherwise(row: Mapping[str, Any], mention: Mention) -> bool:
    """Whether its author changed it. The title of somebody else's thread is none of their words."""
    is_renamed = row["title_is_own"] and row["title"] != mention.title
    return is_renamed or (row["text"], row["rating"]) != (mention.text, mention.rating)


def _row(source: str, found: Found, now: datetime) -> dict[str, Any]:
    post = found.post
    return {
        "source": source,
        "external_id": post.id,
        "brand": found.brand,
        "thread_id": post.thread_id,
        "url": post.url,
        "author": post.author,
        "author_id": post.author_id,
        "reach": post.reach,
        "title": post.title,
        "title_is_own": post.title_is_own,
        "text": post.text,
        "language": found.language,
        "rating": post.rating,
        "answerable": post.answerable.value,
        "matches": [asdict(match) for match in found.matches],
        "relevance": found.relevance,
        "posted_at": post.posted_at,
        "found_at": now,
    }


def _bounded(post: Post, now: datetime) -> Post:
    """No clock is right everywhere: a post from the future was posted now."""
    return replace(
        post,
        id=_storable(post.id)[:MAX_LINE],
        thread_id=post.thread_id and _storable(post.thread_id)[:MAX_LINE],
        url=_link(post.url),
        author=_line(post.author) or ANONYMOUS,
        title=_line(post.title),
        text=_storable(post.text[:MAX_TEXT]),
        posted_at=min(post.posted_at, now),
        answers=post.answers and _storable(post.answers)[:MAX_LINE],
        author_id=post.author_id and _storable(post.author_id)[:MAX_LINE],
    )


def _line(text: str) -> str:
    return " ".join(_storable(text).split())[:MAX_LINE]


def _link(url: str) -> str:
    """Half an address leads nowhere: a long one is dropped whole."""
    return _storable(url) if url.startswith(("http://", "https://")) and len(url) <= MAX_URL else ""


def _storable(text: str) -> str:
    """Without zero bytes, which PostgreSQL refuses, and half characters (lone surrogates), which nobody takes."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _relevance(
    post: Post, brand: str, by_brand: Mapping[str, list[Match]], by_fields: Callable[[], Collection[str]]
) -> float:
    """by_fields: brands that its source or author alone make it about; others can't take the post from them."""
    hits = by_brand[brand]
    titled_by_others = bool(post.title) and not post.title_is_own
    of_another = titled_by_others and not hits and any(by_brand.values()) and brand not in by_fields()
    return relevance(
        post.text,
        hits,
        in_title=not hits and bool(post.title),
        brands=len(by_brand),
        speaks_of_another=of_another,
    )


def _without_our_replies(session: Session, source: str, posts: list[Post]) -> list[Post]:
    ids = [post.id for post in posts]
    ours = set(
        session.scalars(select(Reply.external_id).where(Reply.source == source, Reply.external_id.in_(ids)))
    )
    return [post for post in posts if post.id not in ours]


def _note_colleagues(session: Session, listening: Listening, posts: Sequence[Post], now: datetime) -> None:
    """Our own accounts' posts may answer cases."""
    own = [p for p in posts if colleagues.is_colleague(p.author, listening.colleagues, listening.accounts)]
    kept = colleagues.keep(session, listening.source, own)
    colleagues.settle(session, kept, listening.colleagues, now)


def _follow_ups(
    session: Session, listening: Listening, posts: Iterable[Post], found: Sequence[Found]
) -> list[Found]:
    """What the author of a case wrote next in its thread, though it names nobody."""
    named = {f.post.id for f in found}
    silent = [p for p in posts if p.thread_id and p.id not in named and not _is_by_us(p, listening)]
    if not silent:
        return []
    of_cases = _of_cases(session, listening.source, silent)
    before = [*map(_said_in, found), *_unjudged(session, listening.source, silent)]
    follow_ups = []
    for post in silent:
        if brand := _named_by(post, of_cases):
            follow_ups.append(_follow_up(post, brand, 1.0))
        elif brand := _named_by(post, (said for said in before if said[3] <= post.posted_at)):
            follow_ups.append(_follow_up(post, brand, PERHAPS))
    return follow_ups


def _follow_up(post: Post, brand: str, share: float) -> Found:
    return Found(post, brand, [], share, language.detect(post.text, post.language))


def _said_in(found: Found) -> Said:
    post = found.post
    return post.thread_id, post.author, post.author_id, post.posted_at, found.brand


def _unjudged(session: Session, source: str, posts: Iterable[Post]) -> Sequence[Said]:
    """What was said in these threads, in pages read before this one: nobody knows yet whether it opens a case."""
    threads = {post.thread_id for post in posts}
    waiting = select(
        Mention.thread_id, Mention.author, Mention.author_id, Mention.posted_at, Mention.brand
    ).where(Mention.source == source, Mention.thread_id.in_(threads), Mention.judged_at.is_(None))
    return session.execute(waiting.order_by(Mention.id)).all()


def _named_by(post: Post, said: Iterable[Said]) -> str | None:
    """The brand that the author of a post has spoken of in its thread; of what was said, the first counts."""
    return next(
        (
            brand
            for thread, author, person, _, brand in said
            if (thread, author) == (post.thread_id, post.author) and may_be_one(person, post.author_id)
        ),
        None,
    )


def _of_cases(session: Session, source: str, posts: Sequence[Post]) -> Sequence[Said]:
    """What is in cases of what their authors said in these threads; of each author in a thread the newest first."""
    since = min(post.posted_at for post in posts) - FOLLOW_UPS_FOR
    spots = list({(source, post.thread_id, post.author) for post in posts if post.thread_id})
    said = select(Mention.thread_id, Mention.author, Mention.author_id, Case.opened_at, Case.brand)
    in_cases = said.join(Case, Case.id == Mention.case_id).where(Case.opened_at >= since)
    found: list[Said] = []
    for at in range(0, len(spots), SPOTS_AT_ONCE):
        of_some = in_cases.where(in_cases_of_authors(spots[at : at + SPOTS_AT_ONCE]))
        found += session.execute(of_some.order_by(Mention.id.desc())).all()
    return found


def _note_habit(session: Session, source: str, posts: Sequence[Post], zone: tzinfo) -> None:
    """Count posts newer than any before, by day: what is usual at this source."""
    state = session.get(SourceState, source)
    if state is None:
        raise LookupError(f"the source {source!r} is not registered")
    last = state.last_post_at
    fresh = [post.posted_at for post in posts if last is None or post.posted_at > last]
    if not fresh:
        return
    state.last_post_at = max(fresh)
    days: dict[date, int] = {}
    for posted_at in fresh:
        day = posted_at.astimezone(zone).date()
        days[day] = days.get(day, 0) + 1
    insert = upsert(session)(SourceDay)
    add = insert.on_conflict_do_update(
        index_elements=["source", "day"], set_={"posts": SourceDay.posts + insert.excluded.posts}
    )
    session.execute(add, [{"source": source, "day": day, "posts": count} for day, count in days.items()])
