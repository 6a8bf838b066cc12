"""What looks something up, tried in the ways that go wrong: twice, late, by strangers, after a restart."""

import pytest

from bots.commands import COMMANDS
from bots.looking import LOOKS, TURNS
from monitor import search
from tests.bots.room import Room, button, buttons
from tests.builders import mention


def put(room: Room, number: int, data: str) -> dict[str, int]:
    """A message of ours whose one button calls back with data."""
    with room.telegram.lock:
        message = room.staff.messages[room.card(number)["message_id"]]
        message.markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    return {"message_id": message.id}


def test_every_command_that_looks_something_up_is_in_the_menu() -> None:
    assert set(LOOKS) <= {command.name for command in COMMANDS}


@pytest.mark.parametrize("verb", sorted(TURNS))
def test_a_strangers_press_does_nothing(room: Room, verb: str) -> None:
    number = room.case()
    guest = room.telegram.add_user("Гість", user_id=667)
    room.staff.members[guest.id] = "member"
    before = len(room.messages())
    said, alert = room.press(guest, put(room, number, f"{verb}:{number}"), "x")
    assert "for the staff of a company" in said
    assert alert
    assert (room.row(number).status, len(room.messages())) == ("open", before)


@pytest.mark.parametrize("verb", ["dup", "spam", "mute", "why", "history", "unmute"])
def test_of_a_case_that_is_not_there_a_button_says_so(room: Room, verb: str) -> None:
    number = room.case()
    said, alert = room.press(room.olena, put(room, number, f"{verb}:99"), "x")
    assert alert
    assert said


def test_spam_pressed_twice_closes_once(room: Room) -> None:
    number = room.case()
    button_ = put(room, number, f"spam:{number}")
    assert room.press(room.olena, button_, "x") == ("Thank you. Closed as spam.", False)
    assert room.press(room.andriy, put(room, number, f"spam:{number}"), "x") == (
        f"Case #{number} is closed.",
        True,
    )


def test_what_another_has_claimed_is_no_spam_and_no_duplicate(room: Room) -> None:
    first, second = room.case(), room.case("p2", text="Новолінія: не ті двері привезли")
    room.write(room.olena, f"/claim {first}")
    for data in (f"spam:{first}", f"dup:{first}:{second}"):
        said, alert = room.press(room.andriy, put(room, first, data), "x")
        assert (said, alert) == (f"Олена has claimed case #{first} already.", True)
    assert room.row(first).status == "claimed"


def test_a_mute_pressed_twice_is_one(room: Room) -> None:
    number = room.case()
    for _ in range(2):
        room.press(room.olena, put(room, number, f"mute:{number}:a7"), "x")
    room.write(room.olena, "/muted")
    assert "1 mute\n" in room.last("1 mute")["text"]


def test_pages_are_turned_after_a_restart_too(room: Room) -> None:
    with room.sessions.begin() as session:
        for n in range(7):
            mention(session, room.now, f"m{n}", author=f"автор {n}", text="Гроші де?", thread_id=str(n))
    search.index_older(room.sessions)
    room.write(room.olena, "/find гроші")
    page = room.last("7 places")
    room.restart()
    room.press(room.andriy, page, button(page, "Next"))
    assert buttons(room.last("7 places")) == ["‹ Previous"]
