"""What the bot answers from the database, at its most awkward: histories, finds, mutes, the staff."""

import random
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from bots.acts import Act, Outcome, show
from bots.handlers import BUTTONS
from bots.looking import LOOKS
from bots.message import Message
from bots.office import Office
from bots.reception import ask_removal, invite, language, listed, whom
from models import Alert, Case, Event, Happening, Note, Role, Staff
from monitor import search
from monitor.db import Sessions
from tests import builders
from tests.bots.awkward import HANDLE, NAME, NUMBER, OUTSIDE, TEXT, URL
from tests.conftest import make_settings

CHAT, ADMIN = -100, 7
CASES = 8


def desk(sessions: Sessions, spoken: str, now: datetime) -> Iterator[Message]:
    """Commands and buttons of an office whose chat speaks this language."""
    people = [{"name": NAME, "telegram": ADMIN, "role": "admin"}]
    settings = make_settings(staff={"chats": [{"id": CHAT, "language": spoken}], "people": people})
    office = Office(sessions, settings, {}, lambda: now)
    _fill(office, now)
    search.index_older(sessions)
    for outcome in (*_cases(office), *_mutes(office), *_staff(office)):
        shown = (outcome.edit, outcome.ask, outcome.show, outcome.whisper and outcome.whisper.message)
        yield from (message for message in shown if message)


def _act(number: int = 0, text: str = "", *extra: str) -> Act:
    return Act(ADMIN, CHAT, number, text, message_id=NUMBER, pressed=True, extra=extra)


def _fill(office: Office, now: datetime) -> None:
    with office.sessions.begin() as session:
        for number in range(CASES):
            letters = random.Random(number).choices("абвгдежзийклмн", k=900)
            text = (
                f"Новолінія {TEXT[:1_000]} {' '.join(''.join(letters[n : n + 6]) for n in range(0, 900, 6))}"
            )
            case = builders.open_case(
                session, office.settings, now, f"p{number}", thread_id=f"t{number}", author=f"{number} {HANDLE}",
                text=text, title=TEXT[:500], url=URL, matches=[], reach=99_000_000,
            )  # fmt: skip
            session.query(Alert).filter_by(case_id=case.id).one().message_id = number + 1
        session.add_all(
            Staff(id=1_000 + n, name=f"{n} {NAME}", role=Role.STAFF, joined_at=now) for n in range(40)
        )
        session.flush()
        _happen(session, session.get_one(Case, 1), now)


def _happen(session: Session, case: Case, now: datetime) -> None:
    """Everything that can happen to a case."""
    staff = session.get_one(Staff, 1_000)
    note = Note(case_id=case.id, staff_id=staff.id, text=TEXT, at=now, chat_id=CHAT, message_id=1)
    session.add(note)
    session.flush()
    values = {"note": note.id, "name": NAME, "of": NUMBER, "account": HANDLE, "until": now.isoformat()}
    for kind in Happening:
        session.add(Event(case=case, kind=kind, at=now, staff_id=staff.id, values=values))


def _cases(office: Office) -> Iterator[Outcome]:
    yield show(office, _act(1))
    with office.sessions.begin() as session:
        session.query(Event).filter(Event.case_id == 1, Event.kind != Happening.NOTED).delete()
    yield show(office, _act(1))
    yield LOOKS["inbox"](office, _act())
    yield LOOKS["why"](office, _act(2))
    yield LOOKS["history"](office, _act(2))
    yield LOOKS["history"](office, _act(0, NAME))
    yield from (LOOKS["find"](office, _act(0, text)) for text in ("Новолінія", OUTSIDE * 300))
    yield BUTTONS["find"](office, _act(5, "", "1"))
    yield from (LOOKS["dup"](office, _act(0, text)) for text in ("2", "3 4"))
    yield from (
        BUTTONS[verb](office, _act(2)) for verb in ("claim", "more", "hand", "later", "reply", "spam")
    )
    with office.sessions.begin() as session:
        asked = builders.open_case(
            session, office.settings, office.clock(), "unsure", thread_id="unsure", text=TEXT, url=URL, matches=[], negative=0.5
        )  # fmt: skip
        number = asked.id
    yield BUTTONS["inno"](office, _act(number))


def _mutes(office: Office) -> Iterator[Outcome]:
    yield LOOKS["muted"](office, _act())
    for number in range(4, CASES + 1):
        yield BUTTONS["mute"](office, _act(number))
        yield from (BUTTONS["mute"](office, _act(number, "", chosen)) for chosen in ("a7", "t0"))
    yield LOOKS["mute"](office, _act(0, f"word {OUTSIDE * 60} 7d"))
    yield from (BUTTONS["muted"](office, _act(offset)) for offset in (0, 6))
    yield BUTTONS["unmute"](office, _act(1, "", "0"))
    yield BUTTONS["unmute"](office, _act(2))


def _staff(office: Office) -> Iterator[Outcome]:
    yield from (listed(office, _act()), whom(office, _act()), whom(office, _act(0, "nobody at all")))
    yield from (ask_removal(office, _act(1_001)), BUTTONS["removeyes"](office, _act(1_001)))
    yield from (invite(office, _act(0, text), "vidhuk_bot") for text in ("staff", "king"))
    yield from (language(office, _act(0, text)) for text in ("", "uk"))
