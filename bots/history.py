"""What happened to a case, line by line."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bots.markup import escape, shorten
from bots.words import Words
from models import Case, Event, Happening

LAST = 20


def history(session: Session, case: Case, words: Words, now: datetime) -> str:
    """The newest events of a case, oldest first."""
    newest = select(Event).where(Event.case_id == case.id).order_by(Event.id.desc()).limit(LAST)
    events = reversed(session.scalars(newest).all())
    heading = f"<b>#{case.id}</b> {escape(case.brand)} · {escape(shorten(case.author, 60))}"
    return "\n".join([heading, *(f"{words.time(e.at, now)}  {_happened(e, words)}" for e in events)])


def _happened(event: Event, words: Words) -> str:
    name = f"<b>{escape(event.staff.name)}</b>" if event.staff else ""
    match event.kind:
        case Happening.OPENED:
            return words("opened")
        case Happening.JOINED:
            return words("one more post")
        case Happening.CLAIMED:
            return words("claimed by {name}", name=name)
        case Happening.RELEASED:
            return words("released by {name}", name=name)
        case Happening.ANSWERED:
            return words("answered by {name}", name=name)
        case Happening.WOKEN:
            return words("the author wrote again")
        case Happening.CLOSED:
            return words("closed by {name}", name=name)
        case Happening.NOT_OURS:
            return words("closed as not about us by {name}", name=name)
        case Happening.WRONG_TONE:
            return words("closed as wrong tone by {name}", name=name)
        case Happening.CHANGED_THERE:
            return _changed(event, name, words)
        case Happening.ANSWERED_THERE:
            account = escape(shorten(str((event.values or {}).get("account", "")), 60))
            return words("answered at the source by {account}", account=f"<b>{account}</b>")
        case _:
            return event.kind.value


def _changed(event: Event, name: str, words: Words) -> str:
    match (event.values or {}).get("what"):
        case "to_delete":
            return words("{name} wants the answer deleted at the source", name=name)
        case "deleted":
            return words("answer deleted at the source")
        case _:
            return words("answer edited at the source by {name}", name=name)
