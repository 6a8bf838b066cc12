"""A promise that runs out, through the real bot: who is reminded, who is told, who takes over, and what waits for the morning.

Олена is staff and Андрій a lead; it is Wednesday, 14:00 in Kyiv. A case of normal priority is owed an answer in 4 hours.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from models import Case, Happening, Status
from models.case import Event
from monitor.db import Sessions
from monitor.settings import Settings
from tests.bots.room import ANSWER, Line, Room, button, buttons, open_room
from tests.conftest import make_settings

OFFICE = {"week": {"monday-friday": "09:00-18:00"}}
ON_CALL = {"weekly": [{"people": ["Олена"], "week": {"monday-friday": "14:30-23:00"}}]}
TEXTS = (
    "Новолінія не привезла двері вже другий тиждень поспіль.",
    "У Новолінії нахамили на касі при дитині, жахливо!",
    "Новолінія бреше про знижки на фарбу, обурливо.",
    "Кур'єр Новолінії розбив плитку і втік, ганьба.",
    "Новолінія не повертає гроші за зламаний дриль.",
)


@pytest.fixture
def promising(line: tuple[Line, str], one_database: Sessions, now: datetime) -> Iterator[Room]:
    with open_room(line, one_database, now) as room:
        configure(room)
        yield room


def configure(room: Room, *, leads: bool = True, **changes: Any) -> Settings:
    """The room with other settings, as after a restart."""
    people = [
        {"name": "Ірина", "telegram": 1003, "role": "admin"},
        {"name": "Олена", "telegram": 1001},
        {"name": "Андрій", "telegram": 1002, "role": "lead" if leads else "staff"},
    ]
    chats = [{"id": room.staff.id, "language": "en"}]
    room.settings = make_settings(language="en", staff={"chats": chats, "people": people}, **changes)
    room.restart()
    return room.settings


def saying(room: Room, text: str) -> list[dict[str, Any]]:
    return [m for m in room.messages() if m["from"]["is_bot"] and text in m.get("text", "")]


def happened(room: Room, number: int) -> list[Happening]:
    with room.sessions() as session:
        return [event.kind for event in session.query(Event).filter_by(case_id=number).order_by(Event.id)]


# Half of the time


def test_half_way_whoever_claimed_is_reminded_beneath_the_card_once(promising: Room) -> None:
    number = promising.case()
    promising.press(promising.olena, promising.card(number), "Claim")
    promising.pass_by(hours=1, minutes=59)
    assert saying(promising, "half of the time") == []
    promising.pass_by(minutes=1)
    (reminder,) = saying(promising, "half of the time")
    assert reminder["text"] == f"⏳ Олена, half of the time for case #{number} is gone: answer by 18:00."
    assert reminder["reply_to_message"]["message_id"] == promising.card(number)["message_id"]
    promising.restart()
    promising.pass_by(minutes=30)
    assert len(saying(promising, "half of the time")) == 1
    promising.write(promising.olena, f"/case {number}")
    assert "half of the time was gone" in promising.last("opened")["text"]


def test_the_next_promise_is_reminded_of_again(promising: Room) -> None:
    number = promising.case()
    promising.press(promising.olena, promising.card(number), "Claim")
    promising.pass_by(hours=2)
    preview = promising.previewed(number)
    promising.press(promising.olena, preview, button(preview, "Send"))
    promising.pass_by(hours=20)
    assert len(saying(promising, "half of the time")) == 1
    promising.wake(number)
    promising.pass_by(hours=2)
    assert len(saying(promising, "half of the time")) == 2


def test_unclaimed_at_half_time_whoever_is_on_call_is_named_once(promising: Room) -> None:
    configure(promising, shifts=ON_CALL)
    number = promising.case()
    promising.pass_by(hours=2)
    promising.pass_by(minutes=10)
    (call,) = saying(promising, "nobody has claimed")
    assert call["text"] == f"⏳ Олена, nobody has claimed case #{number}: answer by 18:00."
    assert [e["user"]["id"] for e in call["entities"] if e["type"] == "text_mention"] == [1001]


def test_without_shifts_nobody_is_called_for_what_nobody_claimed(promising: Room) -> None:
    promising.case()
    promising.pass_by(hours=3)
    assert saying(promising, "⏳ Олена") == saying(promising, "nobody has claimed") == []


def test_what_was_answered_or_put_off_is_not_reminded_of(promising: Room) -> None:
    answered, put_off = promising.case(), promising.case("p2", text=TEXTS[1])
    for number in (answered, put_off):
        promising.press(promising.olena, promising.card(number), "Claim")
    preview = promising.previewed(answered)
    promising.press(promising.olena, preview, button(preview, "Send"))
    with promising.sessions.begin() as session:
        session.get_one(Case, put_off).snoozed_until = promising.now + timedelta(hours=3)
    promising.pass_by(hours=2)
    assert saying(promising, "half of the time") == []
    promising.pass_by(hours=1)
    (reminder,) = saying(promising, "half of the time")
    assert f"#{put_off}" in reminder["text"]


# Late


def test_a_card_turns_late_by_itself_and_a_lead_is_told_once(promising: Room) -> None:
    number = promising.case()
    promising.press(promising.olena, promising.card(number), "Claim")
    promising.pass_by(hours=4)
    assert "Answer by 18:00" in promising.card(number)["text"]
    promising.pass_by(seconds=10)
    assert "Late: an answer was due by 18:00" in promising.card(number)["text"]
    (told,) = saying(promising, "is late")
    assert told["text"] == f"⏰ Андрій, case #{number} is late: an answer was due by 18:00. Олена has it."
    assert buttons(told) == ["Take it"]
    promising.restart()
    promising.pass_by(hours=1)
    assert len(saying(promising, "is late")) == 1
    assert Happening.ESCALATED in happened(promising, number)


def test_where_nobody_leads_an_administrator_is_told(promising: Room) -> None:
    configure(promising, leads=False)
    number = promising.case()
    promising.pass_by(hours=5)
    assert "Late" in promising.card(number)["text"]
    (told,) = saying(promising, "is late")
    assert told["text"].startswith("⏰ Ірина, ")


def test_the_next_answer_can_be_late_too(promising: Room) -> None:
    number = promising.case()
    preview = promising.previewed(number)
    promising.press(promising.olena, preview, button(preview, "Send"))
    promising.wake(number)
    promising.pass_by(hours=5)
    assert "Late: an answer was due by 18:00" in promising.card(number)["text"]
    assert len(saying(promising, "is late")) == 1


def test_a_matter_that_is_not_solved_in_time_is_told_to_a_lead(promising: Room) -> None:
    configure(promising, sla={"resolution": {"normal": "9h"}})
    number = promising.case()
    preview = promising.previewed(number)
    promising.press(promising.olena, preview, button(preview, "Send"))
    assert "🏁 Solve by 23:00" in promising.card(number)["text"]
    promising.pass_by(hours=9, minutes=1)
    assert "⏰ Solve by 23:00" in promising.card(number)["text"]
    promising.pass_by(hours=1)
    (told,) = saying(promising, "to be solved")
    assert told["text"] == f"⏰ Андрій, case #{number} was to be solved by 23:00 and is open still."
    promising.press(promising.olena, promising.card(number), "Close")
    assert "Solve by" not in promising.card(number)["text"]


# Taking over


def late_case(room: Room) -> tuple[int, dict[str, Any]]:
    """A case that Олена has claimed, and the word to the lead that it is late."""
    number = room.case()
    room.press(room.olena, room.card(number), "Claim")
    room.pass_by(hours=4, minutes=1)
    return number, room.last("is late")


def test_a_lead_takes_a_late_case_and_whoever_had_it_is_told(promising: Room) -> None:
    number, told = late_case(promising)
    assert promising.press(promising.andriy, told, "Take it") == ("The case is yours.", False)
    assert promising.row(number).claimed_by_id == promising.andriy.id
    assert "Claimed by Андрій" in promising.card(number)["text"]
    (word,) = saying(promising, "taken case")
    assert word["text"] == f"🤝 Олена, Андрій has taken case #{number} over."
    assert happened(promising, number)[-1] is Happening.CLAIMED


def test_taking_twice_and_after_a_restart_changes_nothing_more(promising: Room) -> None:
    number, told = late_case(promising)
    andriy, message = promising.andriy, told["message_id"]
    presses = [promising.telegram.press(andriy, promising.staff, message, "Take it") for _ in range(2)]
    promising.restart()
    promising.pass_by()
    assert {promising.telegram.answer(press).text for press in presses} == {"The case is yours."}
    assert buttons(promising.last("is late")) == []
    assert len(saying(promising, "taken case")) == 1
    assert happened(promising, number).count(Happening.CLAIMED) == 2


def test_what_its_former_owner_had_written_can_not_be_sent_any_more(promising: Room) -> None:
    number = promising.case()
    preview = promising.previewed(number)
    promising.pass_by(hours=4, minutes=1)
    promising.press(promising.andriy, promising.last("is late"), "Take it")
    refused = promising.press(promising.olena, preview, button(preview, "Send"))
    assert refused == (f"Андрій has claimed case #{number} already.", True)
    assert promising.forum.posted == []


def test_only_a_lead_takes_a_case_over(promising: Room) -> None:
    number = promising.case()
    promising.pass_by(hours=4, minutes=1)
    refused = promising.press(promising.olena, promising.last("is late"), "Take it")
    assert refused == ("For that you need the role «lead»; yours is «staff».", True)
    assert promising.row(number).claimed_by_id is None


def test_a_stranger_takes_nothing(promising: Room) -> None:
    number, told = late_case(promising)
    stranger = promising.telegram.add_user("Хтось", user_id=4040)
    promising.staff.members[stranger.id] = "member"
    said, _ = promising.press(stranger, told, "Take it")
    assert "for the staff of a company" in said
    assert promising.row(number).claimed_by_id == promising.olena.id


@pytest.mark.parametrize("ended", ["answered", "closed"])
def test_a_lead_who_comes_too_late_is_told_so(promising: Room, ended: str) -> None:
    number, told = late_case(promising)
    if ended == "answered":
        preview = promising.previewed(number, ANSWER)
        promising.press(promising.olena, preview, button(preview, "Send"))
    else:
        promising.press(promising.olena, promising.card(number), "Close")
    said = {"answered": f"Case #{number} has been answered.", "closed": f"Case #{number} is closed."}[ended]
    assert promising.press(promising.andriy, told, "Take it")[0] == said
    assert buttons(promising.last("is late")) == [], "a button that can do nothing is gone"
    assert promising.row(number).claimed_by_id == promising.olena.id


# While we are closed


def test_in_the_evening_nobody_is_spoken_to_and_the_clock_stands(promising: Room) -> None:
    configure(promising, hours=OFFICE)
    promising.now += timedelta(hours=3)  # 17:00
    number = promising.case()
    assert "Answer by 19 Nov, 12:00" in promising.card(number)["text"]
    promising.press(promising.olena, promising.card(number), "Claim")
    promising.pass_by(hours=14)
    assert saying(promising, "half of the time") == []
    promising.pass_by(hours=3)  # 10:00: one hour yesterday, one today
    assert len(saying(promising, "half of the time")) == 1


def test_a_card_that_turns_late_at_the_closing_says_so_and_the_lead_hears_of_it_in_the_morning(
    promising: Room,
) -> None:
    configure(promising, hours=OFFICE)
    number = promising.case()
    promising.pass_by(hours=4, seconds=10)
    assert "Late" in promising.card(number)["text"]
    assert saying(promising, "is late") == []
    promising.pass_by(hours=15)
    assert len(saying(promising, "is late")) == 1


def test_high_priority_breaks_through_also_when_it_is_late(promising: Room) -> None:
    configure(promising, hours=OFFICE, sla={"high": "4h"})
    number = promising.case(reach=99_999)
    promising.pass_by(hours=4, seconds=10)
    assert f"#{number}" in promising.last("is late")["text"]


def test_at_night_the_most_urgent_comes_at_once_and_the_rest_as_one_message_at_the_opening(
    promising: Room,
) -> None:
    configure(promising, hours=OFFICE, sla={"normal": "4h", "low": "9h"})
    promising.now += timedelta(hours=8)  # 22:00
    low = promising.open_case("p0", text=TEXTS[0], negative=0.65)
    others = [promising.open_case(f"p{n}", text=TEXTS[n]) for n in (1, 2)]
    high = promising.open_case("p3", text=TEXTS[3], reach=99_999)
    promising.pass_by()
    assert promising.card(high)
    promising.pass_by(hours=10, minutes=59)
    assert [m for m in promising.messages() if "#" in m.get("text", "")] == []
    promising.pass_by(minutes=1)
    (morning,) = saying(promising, "while we were closed")
    assert morning["text"].startswith("🌅 3 cases came while we were closed  🟠 2  🟡 1")
    places = [morning["text"].index(f"#{number}") for number in (*others, low)]
    assert places == sorted(places), "the oldest promise first"
    assert promising.press(promising.olena, morning, "Show the most urgent")[0] == "3 cards are coming"
    assert all("Answer by" in promising.card(number)["text"] for number in (*others, low))
    assert promising.last("while we were closed")["text"] == (
        "🌅 3 cases came while we were closed\n3 have their own cards"
    )


def test_after_some_of_the_night_got_cards_the_heading_counts_those_and_the_rest(promising: Room) -> None:
    configure(promising, hours=OFFICE)
    promising.now += timedelta(hours=8)
    for n, word in enumerate(("двері", "плитка", "фарба", "дриль", "каса", "лінолеум", "шпалери", "кран")):
        promising.open_case(f"p{n}", text=f"{TEXTS[n % 5]} {word * 30}")
    promising.pass_by(hours=11)
    morning = promising.last("8 cases came while we were closed")
    promising.write(promising.olena, "/close 8")
    promising.press(promising.olena, morning, "Show the most urgent")
    assert promising.last("while we were closed")["text"].splitlines()[:2] == [
        "🌅 8 cases came while we were closed",
        "5 have their own cards · 1 is closed · 2 are still here",
    ]
    promising.restart()
    promising.press(promising.andriy, morning, "Show the most urgent")
    over = promising.last("while we were closed")
    assert over["text"].splitlines()[1:] == ["7 have their own cards · 1 is closed"]
    assert buttons(over) == []


def test_one_case_alone_in_the_night_is_just_its_card(promising: Room) -> None:
    configure(promising, hours=OFFICE)
    promising.now += timedelta(hours=8)
    number = promising.open_case("p1")
    closed = promising.open_case("p2", text=TEXTS[1])
    with promising.sessions.begin() as session:
        session.get_one(Case, closed).status = Status.CLOSED
    promising.restart()
    promising.pass_by(hours=11)
    assert "Answer by 13:00" in promising.card(number)["text"]
    assert saying(promising, "while we were closed") == []


def test_a_copy_in_the_night_wakes_nobody_and_asked_for_by_its_number_the_card_comes(promising: Room) -> None:
    configure(promising, hours=OFFICE)
    promising.now += timedelta(hours=8)
    number = promising.open_case("p1")
    promising.open_case("p2", author="repost")
    promising.pass_by(hours=1)
    assert saying(promising, "Answer by") == []
    promising.write(promising.olena, f"/case {number}")
    assert "+1 copy" in promising.card(number)["text"]


def test_an_author_who_writes_again_at_night_is_heard_in_the_morning(promising: Room) -> None:
    configure(promising, hours=OFFICE)
    number = promising.case()
    preview = promising.previewed(number)
    promising.press(promising.olena, preview, button(preview, "Send"))
    promising.now += timedelta(hours=8)
    promising.wake(number)
    assert saying(promising, "wrote again:") == []
    assert "The author wrote again" in promising.card(number)["text"], "an edit wakes nobody"
    promising.pass_by(hours=11)
    assert len(saying(promising, "wrote again:")) == 1
    assert "Answer by 19 Nov, 13:00" in promising.card(number)["text"]


# The rota


def test_a_change_of_the_rota_is_told_once_and_quietly(promising: Room) -> None:
    configure(promising, shifts=ON_CALL)
    promising.pass_by(minutes=29)
    assert saying(promising, "On call") == []
    promising.pass_by(minutes=2)
    promising.restart()
    promising.pass_by(minutes=10)
    (told,) = saying(promising, "On call")
    assert told["text"] == "📟 On call now: Олена"
    (sent,) = [given for _, given in promising.telegram.calls if "📟" in str(given.get("text"))]
    assert str(sent["disable_notification"]).lower() == "true"
    promising.pass_by(hours=9)
    assert len(saying(promising, "On call")) == 1, "that nobody is on call is no news"


def test_the_change_is_not_told_where_nobody_wants_it(promising: Room) -> None:
    configure(promising, shifts={**ON_CALL, "tell": False})
    promising.pass_by(minutes=31)
    assert saying(promising, "On call") == []
