"""Corrections beyond the one-tap ones of acts.py: a duplicate of which case, and spam, whose author may be muted."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bots.act import Act, Outcome
from bots.card import line
from bots.message import Message, button
from bots.mutes import mute_menu
from bots.office import Office
from bots.pressed import read_number
from bots.words import Words
from models import Case, Happening, Status
from monitor import desk, duplicates
from monitor.cards import view
from monitor.db import reading
from monitor.desk import Refused

FORM = "/dup 123 45"


def duplicate(office: Office, act: Act) -> Outcome:
    """The button: without another number the likely cases, with it the merge."""
    into = read_number(act.extra[0]) if act.extra else None
    if into is None:
        return Outcome(show=_offer(office, act, act.number))
    return Outcome(edit=_merge(office, act, act.number, into))


def duplicate_command(office: Office, act: Act) -> Outcome:
    """/dup 123 45; in reply to a card, /dup 45 or /dup alone."""
    numbers = [read_number(word.lstrip("#")) for word in act.text.split()]
    if act.number and len(numbers) < 2:
        numbers = [act.number, *numbers]
    match numbers:
        case [int(case)]:
            return Outcome(show=_offer(office, act, case))
        case [int(case), int(into)]:
            return Outcome(show=_merge(office, act, case, into))
        case _:
            raise Refused("form", form=FORM)


def spam(office: Office, act: Act) -> Outcome:
    words = office.words(act.chat_id)
    with office.sessions.begin() as session:
        staff = office.person(session, act.telegram_id)
        case = desk.close(session, act.number, staff, office.clock(), Happening.SPAM)
        return Outcome(
            toast=act.words(office)("Thank you. Closed as spam."),
            show=mute_menu(session, case, office, words),
        )


def _offer(office: Office, act: Act, number: int) -> Message:
    words = office.words(act.chat_id)
    with reading(office.sessions) as session:
        case = desk.find(session, number)
        if case.status is Status.CLOSED:
            raise Refused("closed", case=number)
        return _choice(session, case, duplicates.likely(session, case), office, words)


def _choice(session: Session, case: Case, likely: Sequence[Case], office: Office, words: Words) -> Message:
    own = words("If it is none of these, write {form}.", form=f"<code>/dup {case.id} …</code>")
    if not likely:
        own = words("Which case has it already? Write {form}.", form=f"<code>/dup {case.id} …</code>")
        return Message(f"🧩 <b>#{case.id}</b>: {own}")
    asked = words("Which case has the posts of #{case} already?", case=case.id)
    views = [view(session, other, office.settings, office.clock()) for other in likely]
    lines = [f"🧩 <b>{asked}</b>", *(line(one, words) for one in views), own]
    chosen = [button(f"#{one.number}", "dup", case.id, one.number) for one in views]
    return Message("\n".join(lines), [chosen[:3], chosen[3:]])


def _merge(office: Office, act: Act, number: int, into: int) -> Message:
    words = office.words(act.chat_id)
    with office.sessions.begin() as session:
        staff = office.person(session, act.telegram_id)
        case, moved = duplicates.merge(session, number, into, staff, office.clock())
        said = words.plural(
            "#{number} is a duplicate of #{case} now: its {count} post moved there.",
            "#{number} is a duplicate of #{case} now: its {count} posts moved there.",
            moved,
            number=number,
            case=case.id,
        )
        if case.status is Status.CLOSED:
            said = f"{said} {words('Case #{case} is closed.', case=case.id)}"
        return Message(f"🧩 {said}", [[button(f"#{case.id}", "show", case.id)]])
