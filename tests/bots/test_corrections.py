"""Duplicate, spam and mute, pressed by staff."""

import pytest

from models import Role, Status
from tests.bots.room import Room, button, buttons
from tests.builders import considered

OTHER = "Новолінія: не ті двері привезли, міняти не хочуть."


def press(room: Room, number: int, verb: str) -> tuple[str, bool]:
    """Press a button of the card's menu."""
    with room.telegram.lock:
        message = room.staff.messages[room.card(number)["message_id"]]
        message.markup = {"inline_keyboard": [[{"text": verb, "callback_data": f"{verb}:{number}"}]]}
    return room.press(room.olena, {"message_id": message.id}, verb)


def two(room: Room) -> tuple[int, int]:
    """Cases of one author."""
    return room.case(author="oksana"), room.case("p2", author="oksana", text=OTHER)


def make_lead(room: Room) -> None:
    people = [p.model_copy(update={"role": Role.LEAD}) for p in room.settings.staff.people[:1]]
    object.__setattr__(room.settings.staff, "people", (*people, *room.settings.staff.people[1:]))


# Duplicate


def test_a_duplicate_is_one_tap_away_from_its_likely_cases(room: Room) -> None:
    first, second = two(room)
    press(room, second, "dup")
    offer = room.last("Which case has the posts")
    assert buttons(offer) == [f"#{first}"]
    room.press(room.olena, offer, f"#{first}")
    assert f"#{second} is a duplicate of #{first} now: its 1 post moved there." in room.last("🧩")["text"]
    assert f"Duplicate of #{first}" in room.card(second)["text"]
    assert "2 posts" in room.card(first)["text"]
    room.write(room.olena, f"/case {second}")
    assert f"closed as a duplicate of #{first} by Олена" in room.last("opened")["text"]


def test_a_late_press_finds_nothing_to_merge(room: Room) -> None:
    first, second = two(room)
    press(room, second, "dup")
    press(room, second, "dup")
    earlier, later = [m for m in room.messages() if "Which case has the posts" in m.get("text", "")]
    room.press(room.olena, earlier, f"#{first}")
    said, alert = room.press(room.andriy, later, f"#{first}")
    assert (said, alert) == (f"Case #{second} is a duplicate of #{first} already.", True)
    assert len(room.row(first).reasons) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("/dup", "It is written like this: /dup 123 45"),
        ("/dup x y", "It is written like this: /dup 123 45"),
        ("/dup 1 2 3", "It is written like this: /dup 123 45"),
        ("/dup 1 1", "Case #1 can't be a duplicate of itself."),
        ("/dup 1 99", "There is no case #99."),
        ("/dup 99", "There is no case #99."),
        ("/dup 1", "Which case has it already? Write /dup 1 …."),
    ],
)
def test_a_wrong_duplicate_is_answered_with_what_is_right(room: Room, wrong: str, said: str) -> None:
    room.case()
    room.write(room.olena, wrong)
    assert said in room.last()["text"]
    assert room.row(1).status is Status.OPEN


def test_in_reply_to_a_card_a_number_is_enough(room: Room) -> None:
    first, second = two(room)
    room.write(room.olena, f"/dup #{first}", to=room.card(second))
    assert room.row(second).duplicate_of_id == first


# Spam and mutes


def test_spam_closes_the_case_and_offers_to_mute_its_author(room: Room) -> None:
    number = room.case(author="bot9000", title="Купи")
    assert press(room, number, "spam") == ("Thank you. Closed as spam.", False)
    assert room.row(number).status is Status.CLOSED
    menu = room.last("Mute what")
    assert "👤 bot9000\n🧵 Купи" in menu["text"]
    room.press(room.olena, menu, "👤 for good")
    assert room.last("Олена muted 👤 bot9000 (форум «Покупець»), for good.")
    assert press(room, number, "spam")[1]


def test_a_muted_author_is_heard_again_after_unmute(room: Room) -> None:
    number = room.case(author="oksana")
    press(room, number, "mute")
    menu = room.last("Mute what")
    assert [b for b in buttons(menu) if b.startswith("👤")] == [
        "👤 1 day",
        "👤 7 days",
        "👤 30 days",
        "👤 for good",
    ]
    room.press(room.olena, menu, "👤 7 days")
    said = room.last("muted 👤 oksana")
    assert "until" in said["text"]
    room.press(room.olena, said, "Unmute")
    assert room.last("No longer muted: 👤 oksana")
    room.write(room.olena, f"/case {number}")
    assert "Олена muted it" in room.last("opened")["text"]


def test_mutes_are_listed_with_the_posts_that_they_were_upon(room: Room) -> None:
    room.write(room.olena, "/muted")
    assert room.last("Nothing is muted.")
    numbers = [room.case(f"p{n}", author=f"a{n}", text=f"Новолінія: жах №{n}") for n in range(7)]
    for number in numbers:
        press(room, number, "mute")
        room.press(room.olena, room.last("Mute what"), "👤 1 day")
    with room.sessions.begin() as session:
        said = considered(session, room.settings, room.now, "again", author="a6", thread_id="другий")
        assert said is None
        considered(
            session, room.settings, room.now, "again", brand="Будсвіт", author="a6", thread_id="другий"
        )
    room.write(room.andriy, "/muted")
    page = room.last("7 mutes")
    assert "1. 👤 a6 (форум «Покупець»)" in page["text"]
    assert "· 1 muted post · Олена" in page["text"]
    room.press(room.andriy, page, button(page, "Next"))
    page = room.last("7 mutes")
    assert "7. 👤 a0" in page["text"]
    room.press(room.andriy, page, "7. Unmute")
    assert "1. 👤 a6" in room.last("6 mutes")["text"]


def test_a_word_is_muted_by_a_lead(room: Room) -> None:
    room.write(room.andriy, "/mute word прелюдія 7d")
    assert room.last("Only a lead may do that.")
    make_lead(room)
    room.write(room.olena, "/mute word прелюдія 7d")
    assert room.last("Олена muted 🔤 прелюдія, until")
    room.write(room.olena, "/mute word нова колекція forever")
    assert room.last("Олена muted 🔤 нова колекція, for good.")


@pytest.mark.parametrize("wrong", ["/mute", "/mute word", "/mute x", "/mute word …", "/mute -1"])
def test_a_wrong_mute_is_answered_with_the_right_form(room: Room, wrong: str) -> None:
    make_lead(room)
    room.write(room.olena, wrong)
    assert "It is written like this: /mute" in room.last()["text"]


@pytest.mark.parametrize("length", ["2y", "7 днів", "400d", "0d", "-1d", "7", "1h30m"])
def test_a_length_that_can_not_be_read_is_said_and_mutes_nothing(room: Room, length: str) -> None:
    make_lead(room)
    room.write(room.olena, f"/mute word прелюдія {length}")
    assert room.last()["text"] == (
        f"Nothing is muted: «{length}» is no length of time. Write one at the end, at most a year, such as 12h, 7d or 4w; or forever."
    )
    room.write(room.olena, "/muted")
    assert room.last("Nothing is muted.")


@pytest.mark.parametrize(
    ("said", "muted"), [("iPhone 15 7d", "iPhone 15"), ("iPhone 15 2W", "iPhone 15"), ("5g", "5g")]
)
def test_a_number_can_be_muted_where_a_length_follows_or_nothing_else_stands(
    room: Room, said: str, muted: str
) -> None:
    make_lead(room)
    room.write(room.olena, f"/mute word {said}")
    assert f"muted 🔤 {muted}, until" in room.last()["text"]


def test_an_odd_mute_button_is_outdated(room: Room) -> None:
    number = room.case()
    for code in ("x1", "a9", "a", "", "tt"):
        with room.telegram.lock:
            message = room.staff.messages[room.card(number)["message_id"]]
            message.markup = {
                "inline_keyboard": [[{"text": "odd", "callback_data": f"mute:{number}:{code}"}]]
            }
        assert room.press(room.olena, {"message_id": message.id}, "odd")[1]
