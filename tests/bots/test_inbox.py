"""The inbox as staff see it, and what its buttons carry."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bots.inbox import PAGE, Inbox, brand_code, inbox, look_of
from bots.pressed import Pressed, read_pressed
from models import ReplyState, Status
from monitor.cards import AnsweredThere
from monitor.inbox import Look, Shelf
from tests.bots.rendering import HOSTILE, LANGUAGES, NOW, answer, case_view, seen, words
from tests.bots.room import Room, button, buttons

BRANDS = ("Новолінія", "Лінія Дім")


def found(count: int = 0, **changes: Any) -> Inbox:
    values: dict[str, Any] = {
        "look": Look(),
        "cases": [case_view(number=n + 1) for n in range(min(count, PAGE))],
        "counts": dict.fromkeys(Shelf, 0) | {Shelf.OPEN: count},
        "by_brand": {"Новолінія": count},
        "brands": BRANDS[:1],
        "reader": "Олена",
        **changes,
    }
    return Inbox(**values)


def test_an_empty_inbox_says_that_nobody_waits_and_keeps_the_ways_to_the_rest() -> None:
    shown = seen(inbox(found(), words("en"), NOW))
    assert "Nobody waits for an answer." in shown.text
    assert [b.text for b in shown.buttons] == ["• Open cases 0", "Mine 0", "Late 0", "Answered 0"]


def test_each_case_has_a_line_with_its_promise_and_a_button() -> None:
    late = case_view(number=2, late=True, claimed_by="Олена", status=Status.CLAIMED)
    shown = seen(inbox(found(2, cases=[case_view(number=1), late]), words("en"), NOW))
    assert shown.text.startswith("2 cases wait\n🔴 #1 · ⏳ 15:00\nфорум «Покупець» · Третій тиждень")
    assert "🔴 #2 · ⏰ 15:00 · 🙋 Олена" in shown.text
    assert [b.callback_data for b in shown.buttons][:2] == ["show:1", "show:2"]


def test_an_answered_case_says_since_when_its_author_is_silent() -> None:
    case = case_view(status=Status.ANSWERED, answer=answer(ReplyState.SENT, at=NOW))
    look, counts = Look(Shelf.ANSWERED), dict.fromkeys(Shelf, 1)
    shown = seen(inbox(found(cases=[case], look=look, counts=counts), words("en"), NOW))
    assert shown.text.startswith("1 case waits for its author\n🟢 #17")
    assert "✅ just now" in shown.text
    assert "To judge 1" in [b.text for b in shown.buttons]


def test_a_case_that_a_colleague_answered_there_says_it_too() -> None:
    there = AnsweredThere("novolinia-care", "Веземо.", "https://forum.example/t/7#c", NOW)
    case = case_view(status=Status.ANSWERED, answer=None, answered_there=there)
    look, counts = Look(Shelf.ANSWERED), dict.fromkeys(Shelf, 1)
    assert "✅ just now" in seen(inbox(found(cases=[case], look=look, counts=counts), words("en"), NOW)).text


def test_a_long_shelf_is_turned_page_by_page_and_keeps_its_brand() -> None:
    def turns(offset: int) -> list[str]:
        look = Look(Shelf.OPEN, BRANDS[0], offset)
        shown = seen(inbox(found(20, look=look), words("en"), NOW))
        return [str(b.callback_data) for b in shown.buttons if b.text.endswith("›") or b.text.startswith("‹")]

    code = brand_code(BRANDS[0])
    assert turns(0) == [f"inbox:{PAGE}:open:{code}"]
    assert turns(PAGE) == [f"inbox:0:open:{code}", f"inbox:{2 * PAGE}:open:{code}"]
    assert turns(2 * PAGE) == [f"inbox:{PAGE}:open:{code}"]


def test_several_brands_have_a_button_each() -> None:
    shown = seen(inbox(found(3, brands=BRANDS, look=Look(brand="Новолінія")), words("en"), NOW))
    assert [b.text for b in shown.buttons][-3:] == ["All brands", "• Новолінія 3", "Лінія Дім 0"]
    assert "3 cases wait · Новолінія" in shown.text


@given(st.sampled_from(list(Shelf)), st.sampled_from([None, *BRANDS]), st.integers(0, 10**17))
def test_a_button_brings_back_what_it_was_made_of(shelf: Shelf, brand: str | None, offset: int) -> None:
    code = brand_code(brand) if brand else ""
    pressed = read_pressed(f"inbox:{offset}:{shelf}:{code}")
    assert pressed is not None
    assert look_of(pressed, BRANDS) == Look(shelf, brand, offset)


@given(st.text(max_size=64))
def test_nothing_that_a_button_says_breaks_it(data: str) -> None:
    for callback in (data, f"inbox:{data}", f"inbox:8:{data}"):
        pressed = read_pressed(callback)
        if pressed is not None:
            assert look_of(Pressed("inbox", pressed.number, pressed.extra), BRANDS).offset >= 0


@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(LANGUAGES),
    text=HOSTILE,
    name=HOSTILE.map(lambda name: name[:60] or "?"),
    shelf=st.sampled_from(list(Shelf)),
)
def test_whatever_is_in_it_the_inbox_is_valid(language: str, text: str, name: str, shelf: Shelf) -> None:
    views = [
        case_view(number=n, text=text, author=text, place="м" * 60, claimed_by=name) for n in range(PAGE)
    ]
    brands = [f"{n}{name}"[:60] for n in range(12)]
    made = found(99, cases=views, look=Look(shelf, brands[0], 8), brands=brands, reader=name)
    made.counts.update(dict.fromkeys(Shelf, 99))  # type: ignore[attr-defined]  # a dict here
    assert seen(inbox(made, words(language), NOW)).text


# In the room


def test_staff_turn_to_another_shelf_in_the_same_message(room: Room) -> None:
    first, second = room.case(), room.case("p2", text="Новолінія: не ті двері привезли")
    room.write(room.olena, f"/claim {first}")
    room.write(room.olena, "/inbox")
    page = room.last("2 cases wait")
    room.press(room.andriy, page, button(page, "Mine"))
    assert "Андрій has no case" in room.last("has no case")["text"]
    page = room.last("has no case")
    room.press(room.olena, page, button(page, "Mine"))
    page = room.last("Олена has 1 case")
    assert f"#{first}" in buttons(page)
    assert f"#{second}" not in buttons(page)
    room.pass_by(hours=5)
    room.press(room.olena, page, button(page, "Late"))
    assert "2 cases are late" in room.last("cases are late")["text"]


def test_a_button_of_an_older_inbox_shows_the_nearest_page(room: Room) -> None:
    number = room.case()
    room.write(room.olena, "/inbox")
    page = room.last("1 case waits")
    with room.telegram.lock:
        message = room.staff.messages[page["message_id"]]
        keys = [
            {"text": "old", "callback_data": "inbox:80"},
            {"text": "odd", "callback_data": "inbox:8:x:y:z"},
        ]
        message.markup = {"inline_keyboard": [keys]}
    room.press(room.olena, page, "old")
    assert f"#{number}" in buttons(room.last("1 case waits"))
