"""/history @author: what we know of somebody at one source. Pure, but for the act."""

from datetime import datetime

from sqlalchemy.orm import Session

from bots.act import Act, Outcome
from bots.markup import escape, shorten
from bots.message import Message, button
from bots.office import Office
from bots.pressed import read_number
from bots.words import Words
from models import Case, Happening, Mention, Reply, Status
from monitor import desk
from monitor.acquaintance import Acquaintance, acquaintance, met
from monitor.db import reading
from monitor.desk import Refused

NAME = 60
SAID = 160
"""Units of an answer that the list quotes."""


def meet(office: Office, act: Act) -> Outcome:
    """/history oksana, /history in reply to a card, and the buttons: of a case, or of one source among several."""
    with reading(office.sessions) as session:
        if act.extra:
            mention = session.get(Mention, read_number(act.extra[0]) or 0)
            if mention is None:
                raise Refused("outdated")
            return Outcome(edit=_known(session, mention.source, mention.author, office, act))
        if act.number and not act.text:
            case = desk.find(session, act.number)
            return Outcome(show=_known(session, case.source, case.author, office, act), case=case.id)
        if not act.text:
            raise Refused("form", form="/history @author")
        return Outcome(show=_named(session, act.text, office, act))


def _named(session: Session, name: str, office: Office, act: Act) -> Message:
    """Where several sources know the name, staff say which: it may be another person there."""
    found, words = met(session, name), office.words(act.chat_id)
    if not found:
        return Message(
            words("We have met nobody called {name}.", name=f"<b>{escape(shorten(name, NAME))}</b>")
        )
    if len(found) == 1:
        return _known(session, found[0].source, found[0].author, office, act)
    asked = words(
        "{name} is known at several places, perhaps different people. Where?",
        name=escape(shorten(name, NAME)),
    )
    rows = [
        [button(f"{shorten(_place(m.source, office), 40)} · {shorten(m.author, 30)}", "history", 0, m.id)]
        for m in found
    ]
    return Message(asked, rows)


def _known(session: Session, source: str, author: str, office: Office, act: Act) -> Message:
    found = acquaintance(session, source, author)
    if found is None:
        raise Refused("outdated")
    return acquaintance_message(found, _place(source, office), office.words(act.chat_id), office.clock())


def acquaintance_message(found: Acquaintance, place: str, words: Words, now: datetime) -> Message:
    """Since when, how much, which cases and how they ended, what we answered last."""
    posts = words.plural("{count} post", "{count} posts", found.posts)
    unhappy = words.plural("{count} unhappy", "{count} unhappy", found.unhappy)
    lines = [
        f"👤 <b>{escape(shorten(found.author, NAME))}</b> · {escape(place)}",
        words("First seen {time}", time=words.time(found.first_at, now)) + f" · {posts} · {unhappy}",
    ]
    lines += [_case(one, end, words, now) for one, end in found.cases]
    if found.all_cases > len(found.cases):
        lines.append(words("… and {count} more", count=found.all_cases - len(found.cases)))
    lines += [_answer(reply, words, now) for reply in found.answers]
    numbers = [button(f"#{one.id}", "show", one.id) for one, _ in found.cases]
    return Message("\n".join(lines), [numbers[:4], numbers[4:]])


def _case(one: Case, end: Happening | None, words: Words, now: datetime) -> str:
    return f"<b>#{one.id}</b> {words.time(one.opened_at, now)} · {_outcome(one, end, words)}"


def _outcome(one: Case, end: Happening | None, words: Words) -> str:
    if one.duplicate_of_id is not None:
        return words("Duplicate of #{case}", case=one.duplicate_of_id)
    match end:
        case Happening.NOT_OURS:
            return words("Not ours")
        case Happening.WRONG_TONE:
            return words("Wrong tone")
        case Happening.SPAM:
            return words("spam")
    if one.first_response_time is not None:
        return words("answered after {time}", time=words.span(one.first_response_time))
    match one.status:
        case Status.ASKED:
            return words("To judge")
        case Status.CLOSED:
            return words("Closed")
        case _:
            return words("waits for an answer")


def _answer(reply: Reply, words: Words, now: datetime) -> str:
    at = words.time(reply.sent_at, now) if reply.sent_at else ""
    return f"💬 {at} {escape(reply.staff.name)}: {escape(shorten(' '.join(reply.text.split()), SAID))}"


def _place(name: str, office: Office) -> str:
    source = office.settings.source(name)
    return source.place if source else name
