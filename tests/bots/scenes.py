"""A scene for every button: the case and its messages as they stand just before somebody presses it.

Олена may do everything, Андрій is staff. The case is Олена's where it is anybody's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from models import Case, Crisis, Event, Learnt, Mute, Reply, Staff
from monitor import search
from monitor.saved import SavedAnswer, SavedAnswers
from monitor.source import Posted, SourceError
from tests.bots import test_crisis, test_learnt
from tests.bots.room import ANSWER, Forum, Room, press_send

LEGAL = "Зустрінемося в суді."
UNSURE = {"text": "Новолінія, а чому двері без ручки? Замовляли ж із ручкою.", "matches": [], "negative": 0.5}
OTHERS = ("двері", "плитка", "фарба", "дриль", "каса", "лінолеум", "шпалери", "кран", "цвяхи")
Shown = dict[str, Any]
Scene = Callable[[Room], Shown]


@dataclass
class Obedient(Forum):
    """A forum where an answer can be edited and deleted."""

    edited: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def edit(self, posted: Posted, text: str) -> Posted:
        self.edited.append(text)
        return posted

    def delete(self, posted: Posted) -> None:
        self.deleted.append(posted.id)


def furnish(room: Room) -> None:
    """The desk that every scene plays at."""
    room.forum = Obedient()
    texts = {"uk": "Вибачте: посилки немає, гроші повернемо."}
    room.saved = SavedAnswers(
        answers=(SavedAnswer.model_validate({"name": "sorry", "title": "Вибачення", "texts": texts}),)
    )
    room.configure(
        desk={"undo": 20, "claim_expires": "never"},
        approval=[{"name": "Legal words", "words": ["суд"]}],
        sla={"normal": "30d", "high": "30d"},
        crisis={"at_least": 8},
    )


def shown(room: Room, message: Shown) -> Shown:
    """The message as it is now."""
    return next(m for m in room.messages() if m["message_id"] == message["message_id"])


# Cards


def opened(room: Room) -> Shown:
    return room.card(room.case())


def claimed(room: Room) -> Shown:
    room.press(room.olena, opened(room), "Claim")
    return room.card(1)


def menu(room: Room) -> Shown:
    room.press(room.olena, claimed(room), "⋯")
    return room.card(1)


def menu_of_an_open_case(room: Room) -> Shown:
    room.press(room.olena, opened(room), "⋯")
    return room.card(1)


def to_whom(room: Room) -> Shown:
    room.press(room.olena, menu(room), "Hand over")
    return room.card(1)


def until_when(room: Room) -> Shown:
    room.press(room.olena, menu(room), "Later")
    return room.card(1)


def put_off(room: Room) -> Shown:
    room.press(room.olena, until_when(room), "Monday 9:00")
    room.press(room.olena, room.card(1), "⋯")
    return room.card(1)


def closed(room: Room) -> Shown:
    room.press(room.olena, claimed(room), "Close")
    return room.card(1)


def late(room: Room) -> Shown:
    """Андрій has it and is late: whoever leads is asked to take it."""
    room.configure(sla={"normal": "1h", "high": "1h"})
    number = room.case()
    room.press(room.andriy, room.card(number), "Claim")
    room.pass_by(hours=2)
    return room.last("is late")


def asked(room: Room) -> Shown:
    return room.card(room.case(**UNSURE))


def said_no(room: Room) -> Shown:
    room.press(room.olena, asked(room), "No")
    return room.card(1)


# Answers


def previewed(room: Room) -> Shown:
    opened(room)
    return room.previewed(1)


def leaving(room: Room) -> Shown:
    press_send(room, previewed(room))
    return room.last("It leaves at")


def failed(room: Room) -> Shown:
    message = leaving(room)
    room.forum.refusal = SourceError("The thread is locked.", permanent=True)
    room.pass_by(seconds=25)
    room.forum.refusal = None
    return shown(room, message)


def called(room: Room) -> Shown:
    """The message that calls whoever wrote what failed."""
    failed(room)
    return room.last("was not posted.\nThe thread")


def unknown(room: Room) -> Shown:
    message = leaving(room)
    room.forum.refusal = SourceError("The forum did not answer.", unsure=True)
    room.pass_by(seconds=25)
    room.forum.refusal = None
    return shown(room, message)


def by_hand(room: Room) -> Shown:
    number = room.case(source="blog", answerable="hand_off", url="https://blog.example/7")
    room.write(room.olena, ANSWER, to=room.card(number))
    return room.last("Only a person can post there")


def waiting(room: Room) -> Shown:
    opened(room)
    room.write(room.olena, LEGAL, to=room.card(1))
    press_send(room, room.last("Preview"), "Ask for approval")
    return room.last("asks a colleague to look first")


def posted(room: Room) -> Shown:
    message = leaving(room)
    room.pass_by(seconds=25)
    return shown(room, message)


def to_delete(room: Room) -> Shown:
    message = posted(room)
    room.press(room.olena, message, "🗑 Delete the answer")
    return shown(room, message)


# Lists and looks


def inbox(room: Room) -> Shown:
    claimed(room)
    room.write(room.olena, "/inbox")
    return room.last("1 case waits")


def inbox_with_a_question(room: Room) -> Shown:
    asked(room)
    room.write(room.olena, "/inbox")
    return room.last("To judge")


def inbox_after_a_no(room: Room) -> Shown:
    message = inbox_with_a_question(room)
    room.press(room.olena, message, "1 No")
    return shown(room, message)


def bundled(room: Room) -> Shown:
    """A storm of nine: three cards, and the rest in one message."""
    for n, word in enumerate(OTHERS):
        room.open_case(f"p{n + 1}", text=f"Новолінія, жах: {word * 30}")
    room.pass_by()
    return room.last("6 more new cases")


def found(room: Room) -> Shown:
    for n, word in enumerate(OTHERS[:7]):
        room.case(f"p{n + 1}", text=f"Новолінія, жах: {word * 30}")
    search.index_older(room.sessions)
    room.write(room.olena, "/find жах")
    return room.last("7 places")


def likely(room: Room) -> Shown:
    """Case 1 and another of the same thread: which one has it already?"""
    claimed(room)
    room.case("p2", thread_id="p1", text="Новолінія, де стіл? Ганьба.")
    room.write(room.olena, "/dup 1")
    return room.last("Which case has the posts of #1 already?")


def what_to_mute(room: Room) -> Shown:
    claimed(room)
    room.write(room.olena, "/mute 1")
    return room.last("Mute what, and for how long?")


def muted_one(room: Room) -> Shown:
    message = what_to_mute(room)
    room.press(room.olena, message, "👤 7 days")
    return shown(room, message)


def muted_list(room: Room) -> Shown:
    claimed(room)
    for word in OTHERS[:7]:
        room.write(room.olena, f"/mute word {word} 30d")
    room.write(room.olena, "/muted")
    return room.last("7 mutes")


def sources(room: Room) -> Shown:
    claimed(room)
    room.write(room.olena, "/sources")
    return room.last("Sources")


def stats(room: Room) -> Shown:
    claimed(room)
    room.write(room.olena, "/stats")
    return room.last("The last 7 days")


def offered(room: Room) -> Shown:
    """The saved answers beneath the question for the text."""
    room.press(room.olena, claimed(room), "Reply")
    return next(m for m in room.messages() if "📋" in str(m.get("reply_markup")))


# People, waves, what was learnt


def languages(room: Room) -> Shown:
    claimed(room)
    room.write(room.olena, "/lang")
    return room.last("In which language")


def whom(room: Room) -> Shown:
    claimed(room)
    with room.sessions.begin() as session:
        session.add(Staff(id=1003, name="Марта", joined_at=room.now))
    room.write(room.olena, "/remove")
    return room.last("Whom shall I take off")


def surely(room: Room) -> Shown:
    message = whom(room)
    room.press(room.olena, message, "Марта · staff")
    return shown(room, message)


def wave(room: Room) -> Shown:
    claimed(room)
    test_crisis.rage(room)
    test_crisis.look(room)
    return test_crisis.card(room)


def wave_in_one_message(room: Room) -> Shown:
    room.press(room.olena, wave(room), "Bundle further alerts here")
    return test_crisis.card(room)


def learnt(room: Room) -> Shown:
    claimed(room)
    test_learnt.propose(room)
    return test_learnt.message(room)


def in_use(room: Room) -> Shown:
    learnt(room)
    test_learnt.press(room, room.olena, "Yes")
    return test_learnt.message(room)


# How things stand


def state(room: Room) -> str:
    """How the desk stands, short: case 1, the newest reply, and whatever else a button can change."""
    with room.sessions() as session:
        case = session.get_one(Case, 1)
        parts = [case.status.value, case.claimed_by.name if case.claimed_by else ""]
        if case.snoozed_until:
            parts.append("put off")
        if reply := session.scalars(select(Reply).order_by(Reply.id.desc()).limit(1)).unique().first():
            parts.append(f"{reply.state.value} {reply.text[:3]}".strip())
        active = Mute.ended_at.is_(None)
        if mutes := session.scalar(select(func.count()).select_from(Mute).where(active)):
            parts.append(f"mutes {mutes}")
        if crisis := session.scalars(select(Crisis)).first():
            parts.append("over" if crisis.ended_at else "one message" if crisis.bundles else "wave")
        if model := session.scalars(select(Learnt)).unique().first():
            parts.append(model.state.value)
        if (marta := session.get(Staff, 1003)) is not None:
            parts.append("Марта" if marta.joined_at else "без Марти")
        parts.append(str(((olena := session.get(Staff, room.olena.id)) and olena.language) or ""))
    forum = room.forum
    assert isinstance(forum, Obedient)
    done = {"posted": len(forum.posted), "edited": len(forum.edited), "deleted": len(forum.deleted)}
    parts += [f"{what} {count}" for what, count in done.items() if count]
    return " · ".join(filter(None, parts))


def events(room: Room) -> int:
    with room.sessions() as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0
