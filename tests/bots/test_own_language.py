"""Each person is spoken to in their language; the group and its cards keep their own. And Telegram's own menus."""

import pytest

from bots.reception import LANGUAGES, own_name
from demo.telegram import Chat, User
from demo.telegram.view import commands
from models import Staff
from monitor import invitations
from tests.bots.room import Room, buttons


def start(room: Room, user: User) -> Chat:
    private = room.telegram.private_chat(user)
    room.write(user, "/start", chat=private)
    return private


def menu(room: Room, chat: Chat, user: User) -> dict[str, str]:
    with room.telegram.lock:
        return {c["command"]: c["description"] for c in commands(room.telegram.world, chat, user)}


def wait_for_menu(room: Room, chat: Chat, user: User, name: str) -> dict[str, str]:
    """Menus are set beside the rest."""

    def look() -> dict[str, str]:
        found = menu(room, chat, user)
        return found if name in found else {}

    return room.telegram.wait_for(look)


def test_the_first_start_in_private_takes_telegrams_language(room: Room) -> None:
    private = start(room, room.olena)
    assert "справи, що чекають на відповідь" in room.last("", private)["text"]
    room.write(room.olena, "/help")
    assert "cases that wait for an answer" in room.last()["text"]


@pytest.mark.parametrize("language", ["pt-br", "", "x" * 100])
def test_a_language_that_is_not_ours_is_the_installations(room: Room, language: str) -> None:
    room.olena.language = language
    assert "cases that wait for an answer" in room.last("", start(room, room.olena))["text"]


def test_a_chosen_language_is_not_guessed_away(room: Room) -> None:
    private = room.telegram.private_chat(room.olena)
    room.write(room.olena, "/lang ro", chat=private)
    assert room.last("", private)["text"].startswith("De acum vă vorbesc în română")
    start(room, room.olena)
    assert "/claim 123 – " in room.last("", private)["text"]
    assert "claim a case" not in room.last("", private)["text"]


def test_lang_alone_offers_four_languages_by_their_own_names(room: Room) -> None:
    private = room.telegram.private_chat(room.olena)
    room.write(room.olena, "/lang", chat=private)
    asked = room.last("In which language", private)
    assert buttons(asked) == ["✓ English", "Українська", "Русский", "Română"]
    said, _ = room.press(room.olena, asked, "Українська", private)
    assert said.startswith("Тепер я говорю з вами українською")
    assert buttons(room.last("", private)) == ["English", "✓ Українська", "Русский", "Română"]


def test_in_the_group_a_press_is_answered_in_ones_own_language_and_the_card_stays(room: Room) -> None:
    number = room.case()
    room.write(room.andriy, "/lang")
    asked = room.last("In which language")
    assert room.press(room.andriy, asked, "Русский")[0].startswith("Теперь я говорю с вами по-русски")
    assert buttons(room.last("In which language")) == buttons(asked)
    assert room.press(room.andriy, room.card(number), "Claim")[0] == "Дело ваше."
    assert "Claimed by Андрій" in room.card(number)["text"]
    refused, _ = room.press(room.andriy, room.card(number), "Not ours")
    assert "Спасибо" in refused
    room.write(room.olena, f"/claim {number}")
    assert room.last()["text"] == f"Case #{number} is closed."


def test_an_unknown_language_is_answered_with_the_choice(room: Room) -> None:
    room.write(room.olena, "/lang tlh")
    assert len(buttons(room.last("In which language"))) == 4


def test_a_language_survives_a_restart(room: Room) -> None:
    number = room.case()
    room.write(room.andriy, "/lang uk")
    room.restart()
    assert room.press(room.andriy, room.card(number), "Claim")[0] == "Справа ваша."


def test_languages_call_themselves_by_their_names() -> None:
    assert [own_name(code) for code in LANGUAGES] == ["English", "Українська", "Русский", "Română"]


# Telegram's own menu


def test_the_menu_of_the_group_is_each_ones_own(room: Room) -> None:
    assert "remove" in wait_for_menu(room, room.staff, room.olena, "remove")
    assert "invite" not in wait_for_menu(room, room.staff, room.andriy, "claim")
    guest = room.telegram.add_user("Гість", user_id=667)
    room.staff.members[guest.id] = "member"
    assert "claim" not in menu(room, room.staff, guest)


def test_a_stranger_sees_only_help_in_the_language_of_their_telegram(room: Room) -> None:
    somebody = room.telegram.add_user("Хтось", user_id=666, language="ro")
    private = room.telegram.private_chat(somebody)
    wait_for_menu(room, room.staff, room.olena, "remove")  # set after those of strangers
    assert menu(room, private, somebody) == {"help": "ce pot face"}


def test_the_menu_follows_the_language_and_the_role(room: Room) -> None:
    private = start(room, room.andriy)
    assert wait_for_menu(room, private, room.andriy, "claim")["claim"] == "взяти справу"
    room.write(room.andriy, "/lang en", chat=private)
    assert menu(room, private, room.andriy)["claim"] == "claim a case"
    assert menu(room, room.staff, room.andriy)["claim"] == "claim a case"


def test_who_comes_gets_a_menu_and_who_goes_loses_it(room: Room) -> None:
    marta = room.telegram.add_user("Марта", user_id=1003, language="en")
    room.staff.members[marta.id] = "member"
    with room.sessions.begin() as session:
        token = invitations.invite(session, invitations.Role.STAFF, None, room.now, room.settings)
    private = room.telegram.open_link(marta, f"https://t.me/vidhuk_bot?start={token}")
    room.pass_by()
    assert "claim" in menu(room, private, marta)
    assert "claim" in menu(room, room.staff, marta)
    room.write(room.olena, "/remove")
    asked = room.last("Whom")
    room.press(room.olena, asked, "Марта · staff")
    room.press(room.olena, asked, "Remove")
    assert "claim" not in menu(room, private, marta)
    assert "claim" not in menu(room, room.staff, marta)


def test_a_chat_that_telegram_does_not_know_stops_nobody(room: Room) -> None:
    with room.sessions.begin() as session:
        session.add(Staff(id=9_999, name="Ніхто", joined_at=room.now))
    room.restart()
    wait_for_menu(room, room.staff, room.andriy, "claim")
    room.write(room.andriy, "/inbox")
    assert "Nobody waits" in room.last()["text"]
