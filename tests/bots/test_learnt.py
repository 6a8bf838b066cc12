"""What the model learnt, in the staff chat: a lead says yes, no, or back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from bots.learnt import lesson
from demo.telegram import User
from models import Learnt, LearntState, Role
from monitor import learning
from monitor.learning import Active
from monitor.sentiment.learning.gain import Score
from monitor.sentiment.learning.head import Head, Side
from monitor.sentiment.learning.lesson import Lesson
from tests.bots.rendering import LANGUAGES, NOW, words
from tests.bots.room import Room, button, buttons

BASE = "b" * 64
LESSON = Lesson(
    Head({"negative": Side(np.zeros(4), -1.0, 1.0)}),
    Score(84, 61, 74, 0.52, 0.41),
    {"uk": Score(50, 36, 44, 0.5, 0.4), "ru": Score(34, 25, 30, 0.55, 0.42)},
    0.0023,
    0.0011,
    400,
    31,
    24,
    replaces=False,
    taught_by="c" * 64,
)


@pytest.fixture
def lead_room(room: Room) -> Room:
    """Олена is a lead."""
    olena, andriy = room.settings.staff.people
    people = (olena.model_copy(update={"role": Role.LEAD}), andriy)
    staff = room.settings.staff.model_copy(update={"people": people})
    room.settings = room.settings.model_copy(update={"staff": staff})
    room.restart()
    propose(room)
    return room


def propose(room: Room) -> int:
    with room.sessions.begin() as session:
        number = learning.propose(session, LESSON, BASE, room.settings, room.now).id
    room.pass_by()
    return number


def message(room: Room) -> dict[str, Any]:
    return room.last("The model learnt from")


def press(room: Room, who: User, part: str) -> tuple[str, bool]:
    said = message(room)
    return room.press(who, said, button(said, part))


def is_active(room: Room) -> bool:
    return Active(room.sessions)(BASE) is not None


def test_the_figures_and_a_question_come_to_the_chat(lead_room: Room) -> None:
    text = message(lead_room)["text"]
    assert "The model learnt from 84 corrections of yours" in text
    assert "Judged right: 61 → 74 / 84" in text
    assert "ukr: 36 → 44 / 50" in text
    assert "Chance alone would do as well in 0.2 % of cases." in text
    assert "Alerts among other posts: 31 → 24 of 400" in text
    assert "Compared with the shipped model." in text
    assert buttons(message(lead_room)) == ["Yes, use it", "No, leave it"]
    assert not is_active(lead_room)


def test_where_something_learnt_is_in_use_the_alerts_are_compared_with_it() -> None:
    figures = replace(LESSON, replaces=True).figures()
    row = Learnt(id=1, made_at=NOW, base=BASE, weights=b"", figures=figures, state=LearntState.PROPOSED)
    said = lesson(row, words("en"), NOW).text
    assert "Compared with the shipped model; the alerts, with what is in use." in said


def test_a_lead_says_yes_and_goes_back(lead_room: Room) -> None:
    assert press(lead_room, lead_room.olena, "Yes")[0] == "The next post is judged with it."
    assert is_active(lead_room)
    assert "Олена decided" in message(lead_room)["text"]
    assert press(lead_room, lead_room.olena, "Back")[0] == "The shipped model judges again."
    assert not is_active(lead_room)
    assert buttons(message(lead_room)) == []


def test_a_lead_says_no(lead_room: Room) -> None:
    assert press(lead_room, lead_room.olena, "No")[0] == "The model stays as it is."
    assert not is_active(lead_room)
    assert "Not used, Олена decided." in message(lead_room)["text"]


def test_who_is_no_lead_is_refused_and_the_buttons_stay(lead_room: Room) -> None:
    assert press(lead_room, lead_room.andriy, "Yes") == (
        "For that you need the role «lead»; yours is «staff».",
        True,
    )
    assert not is_active(lead_room)
    assert press(lead_room, lead_room.olena, "Yes")[0] == "The next post is judged with it."


def test_a_stranger_is_refused(lead_room: Room) -> None:
    stranger = lead_room.telegram.add_user("Хтось", "somebody", user_id=6666)
    lead_room.staff.members[stranger.id] = "member"
    assert press(lead_room, stranger, "Yes")[1]
    assert not is_active(lead_room)


def test_pressed_twice_it_is_done_once_and_said_twice(lead_room: Room) -> None:
    shown = message(lead_room)
    yes = button(shown, "Yes")
    number = lead_room.telegram.press(lead_room.olena, lead_room.staff, shown["message_id"], yes)
    again = lead_room.telegram.press(lead_room.olena, lead_room.staff, shown["message_id"], yes)
    lead_room.pass_by()
    said = {lead_room.telegram.answer(one).text for one in (number, again)}
    assert said == {"The next post is judged with it."}
    assert is_active(lead_room)


def test_a_button_pressed_too_late_says_so_and_shows_what_holds(lead_room: Room) -> None:
    overtaken = message(lead_room)
    propose(lead_room)
    assert lead_room.press(lead_room.olena, overtaken, "Yes, use it")[0] == "That was decided before."
    assert not is_active(lead_room)
    (redrawn,) = [m for m in lead_room.messages() if m["message_id"] == overtaken["message_id"]]
    assert "No longer in use." in redrawn["text"]
    assert buttons(redrawn) == []


def test_after_a_restart_and_a_week_the_buttons_still_work(lead_room: Room) -> None:
    lead_room.restart()
    lead_room.now += timedelta(days=7)
    assert press(lead_room, lead_room.olena, "Yes")[0] == "The next post is judged with it."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", LearntState)
@pytest.mark.parametrize("count", [1, 3, 84])
def test_it_is_said_in_every_language(language: str, state: LearntState, count: int) -> None:
    figures = {**LESSON.figures(), "corrections": count, "chance": 0.0001}
    row = Learnt(id=1, made_at=NOW, base=BASE, weights=b"", figures=figures, state=state, decided_at=NOW)
    said = lesson(row, words(language), NOW)
    assert str(count) in said.text
    assert "{" not in said.text
    assert len(said.text) < 600
    assert all(one.text for line in said.rows for one in line)
