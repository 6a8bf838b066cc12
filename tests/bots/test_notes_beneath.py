"""What the bot says of a case stands in the case's thread: what staff answer to it is a note, and never public."""

import pytest

from tests.bots.room import Room


@pytest.mark.parametrize(
    ("button", "saying"), [("Why?", "Model:"), ("Author", "First seen"), ("Mute", "Mute what")]
)
def test_an_answer_to_what_the_menu_told_is_a_note(room: Room, button: str, saying: str) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), button)
    written = room.write(room.andriy, "She called twice.", to=room.last(saying))
    assert "1 note" in room.card(number)["text"]
    heard = next(m for m in room.messages() if m["message_id"] == written["message_id"])
    assert heard["text"] == "She called twice."
    room.pass_by(days=1)
    assert room.forum.posted == []
