"""What happened to a case, line by line."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bots.markup import escape, shorten, shown_length
from bots.words import Words
from models import Case, Event, Happening, Note
from monitor import notes

LAST = 20
NOTE = 600
FITS = 3_500
"""Units of a message, less its heading."""


def history(session: Session, case: Case, words: Words, now: datetime, fits: int = FITS) -> str:
    """The newest events of a case, oldest first, in so many units less the heading."""
    its = Event.case_id == case.id
    total = session.scalar(select(func.count(Event.id)).where(its)) or 0
    newest = select(Event).where(its).order_by(Event.id.desc()).limit(LAST)
    said = notes.of_case(session, case.id)
    lines: list[str] = []
    for event in session.scalars(newest):
        line = f"{words.time(event.at, now)}  {_happened(event, words, said)}"
        if sum(map(shown_length, lines)) + shown_length(line) > fits:
            break
        lines.insert(0, line)
    return "\n".join([*_heading(case, len(lines), total, words), *lines])


def _heading(case: Case, shown: int, total: int, words: Words) -> list[str]:
    """Says so where there is more than is told."""
    heading = f"<b>#{case.id}</b> {escape(case.brand)} · {escape(shorten(case.author, 60))}"
    if shown == total:
        return [heading]
    return [heading, "<i>" + words("the last {count} of {total}", count=shown, total=total) + "</i>"]


def _happened(event: Event, words: Words, said: Mapping[int, Note]) -> str:
    name = f"<b>{escape(event.staff.name)}</b>" if event.staff else ""
    match event.kind:
        case Happening.OPENED:
            return words("opened")
        case Happening.JOINED if event.values and "case" in event.values:
            return words("{name} put the posts of #{case} here", name=name, case=event.values["case"])
        case Happening.JOINED:
            return words("one more post")
        case Happening.CLAIMED:
            return words("claimed by {name}", name=name)
        case Happening.RELEASED if (event.values or {}).get("silent"):
            return words("{name}'s claim ran out", name=name)
        case Happening.RELEASED:
            return words("released by {name}", name=name)
        case Happening.HANDED_OVER:
            to = escape(str((event.values or {}).get("name", "")))
            return words("{name} handed it over to {to}", name=name, to=f"<b>{to}</b>")
        case Happening.SNOOZED:
            return _snoozed(event, words, name)
        case Happening.REOPENED if (event.values or {}).get("asked"):
            return words("{name} asks again whether it is a complaint", name=name)
        case Happening.REOPENED:
            return words("reopened by {name}", name=name)
        case Happening.ANSWERED:
            return words("answered by {name}", name=name)
        case Happening.WOKEN:
            return words("the author wrote again")
        case Happening.CLOSED if event.staff is None:
            return words("closed: nobody said whether it is a complaint")
        case Happening.ASKED:
            return words("asked whether it is a complaint")
        case Happening.COMPLAINT:
            return words("a complaint, says {name}", name=name)
        case Happening.NO_COMPLAINT:
            return words("no complaint, says {name}", name=name)
        case Happening.CLOSED:
            return words("closed by {name}", name=name)
        case Happening.NOT_OURS:
            return words("closed as not about us by {name}", name=name)
        case Happening.WRONG_TONE:
            return words("closed as wrong tone by {name}", name=name)
        case Happening.REMINDED:
            return words("half of the time was gone")
        case Happening.ESCALATED:
            return words("late: a lead was told")
        case Happening.NOTED:
            return f"📝 {name}: {_note(event, said)}"
        case Happening.APPROVAL_ASKED:
            return words("{name} asked for approval", name=name)
        case Happening.APPROVED:
            return words("answer approved by {name}", name=name)
        case Happening.SENT_BACK:
            return words("{name} sent the answer back", name=name)
        case Happening.UNDONE:
            return words("{name} stopped the answer", name=name)
        case Happening.DUPLICATE:
            of = (event.values or {}).get("of", "?")
            return words("closed as a duplicate of #{case} by {name}", name=name, case=of)
        case Happening.SPAM:
            return words("closed as spam by {name}", name=name)
        case Happening.MUTED:
            return words("{name} muted it", name=name)
        case Happening.NOT_POSTED:
            return _not_posted(event, words)
        case Happening.CHANGED_THERE:
            return _changed(event, name, words)
        case Happening.ANSWERED_THERE:
            account = escape(shorten(str((event.values or {}).get("account", "")), 60))
            return words("answered at the source by {account}", account=f"<b>{account}</b>")
        case never:
            assert_never(never)


def _snoozed(event: Event, words: Words, name: str) -> str:
    until = (event.values or {}).get("until")
    if not until:
        return words("brought back by {name}", name=name)
    time = words.time(datetime.fromisoformat(until), event.at)
    return words("{name} put it off until {time}", name=name, time=time)


def _note(event: Event, said: Mapping[int, Note]) -> str:
    note = said.get((event.values or {}).get("note", 0))
    return escape(shorten(" ".join(note.text.split()), NOTE)) if note else ""


def _changed(event: Event, name: str, words: Words) -> str:
    match (event.values or {}).get("what"):
        case "to_delete":
            return words("{name} wants the answer deleted at the source", name=name)
        case "deleted":
            return words("answer deleted at the source")
        case _:
            return words("answer edited at the source by {name}", name=name)


def _not_posted(event: Event, words: Words) -> str:
    match (event.values or {}).get("what"):
        case "unknown":
            return words("nobody knew whether the answer is there")
        case "deletion":
            return words("the answer could not be deleted at the source")
        case "overtaken":
            return words("the answer was held back: the author had been answered meanwhile")
        case "edit":
            return words("the new wording was not posted")
        case _:
            return words("the answer was not posted")
