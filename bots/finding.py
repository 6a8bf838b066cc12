"""/find: where words were said, by authors and by us, with the numbers of the cases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bots.act import Act, Outcome
from bots.markup import escape, link, quote, shorten
from bots.message import Message, button, pages
from bots.office import Office
from bots.pressed import read_number
from bots.words import Words
from models import Mention, Reply, ReplyState, Search
from monitor import search
from monitor.db import reading
from monitor.desk import Refused
from monitor.search import Found, words_of

PAGE = 5
NAME = 40
SHOWN = 160
"""Units of a text around what was found."""
SAID = (ReplyState.SENT, ReplyState.HANDED_OFF)


def find(office: Office, act: Act) -> Outcome:
    """/find words: all of them, in any form and order."""
    if not words_of(act.text):
        raise Refused("form", form="/find …")
    with office.sessions.begin() as session:
        kept = search.remember(session, act.text, office.clock())
        return Outcome(show=_page(session, kept, 0, office, act))


def turn_found(office: Office, act: Act) -> Outcome:
    """The button carries the place to go on from and the search."""
    with reading(office.sessions) as session:
        kept = session.get(Search, (read_number(act.extra[0]) or 0) if act.extra else 0)
        if kept is None:
            raise Refused("search_over")
        return Outcome(edit=_page(session, kept, act.number, office, act))


def _page(session: Session, kept: Search, offset: int, office: Office, act: Act) -> Message:
    words, asked = office.words(act.chat_id), f"<b>{escape(kept.asked)}</b>"
    found, total = search.find(session, kept.asked, offset, PAGE)
    if not found and total:
        offset = (total - 1) // PAGE * PAGE
        found, total = search.find(session, kept.asked, offset, PAGE)
    if not total:
        return Message("🔍 " + words("Nobody said {words}, as far as we heard.", words=asked))
    heading = words.plural("{words}: {count} place", "{words}: {count} places", total, words=asked)
    now = office.clock()
    lines = [
        f"🔍 {heading}",
        *(_found(session, one, words_of(kept.asked), office, words, now) for one in found),
    ]
    numbers = [button(f"#{one.case_id}", "show", one.case_id) for one in found if one.case_id is not None]
    return Message(
        "\n".join(lines), [numbers[:3], numbers[3:], pages("find", offset, PAGE, total, words, kept.id)]
    )


def _found(
    session: Session, one: Found, asked: Sequence[str], office: Office, words: Words, now: datetime
) -> str:
    mention = one.mention
    source = office.settings.source(mention.source)
    place = source.place if source else mention.source
    number = f"<b>#{one.case_id}</b> " if one.case_id is not None else ""
    said = f"{number}{link(mention.url, shorten(place, NAME))} · {escape(shorten(mention.author, NAME))}"
    return f"{said} · {words.ago(mention.posted_at, now)}\n{_quoted(session, mention, asked, words)}"


def _quoted(session: Session, mention: Mention, asked: Sequence[str], words: Words) -> str:
    """The author's text around the words; ours, where only we said them."""
    found = search.places(mention.text, mention.language, asked)
    if found:
        return quote(mention.text, found, SHOWN)
    ours = select(Reply).where(Reply.mention_id == mention.id, Reply.state.in_(SAID)).order_by(Reply.id)
    for reply in session.scalars(ours).unique():
        if found := search.places(reply.text, mention.language, asked):
            name = escape(reply.staff.name)
            return words("{name} answered:", name=name) + quote(reply.text, found, SHOWN)
    return quote(mention.title or mention.text, (), SHOWN)
