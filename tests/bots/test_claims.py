"""Whose a case is over time: who is at it, who is given it, and whose claim runs out."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import Event, Happening, Role, Status
from monitor.source import SourceError
from tests.bots.room import ANSWER, Room, button, buttons, press_send


@pytest.fixture
def strict(room: Room) -> Room:
    """A room where a claim lasts for half an hour."""
    room.configure(desk={"undo": 0, "claim_expires": "30m"})
    return room


def said(room: Room, text: str) -> list[dict[str, Any]]:
    return [m for m in room.messages() if text in m.get("text", "")]


def events(room: Room, kind: Happening) -> list[dict[str, Any] | None]:
    with room.sessions() as session:
        return list(session.scalars(select(Event.values).where(Event.kind == kind)))


def make_lead(room: Room, who: int) -> None:
    staff = room.settings.staff.model_dump()
    for person in staff["people"]:
        person["role"] = Role.LEAD if person["telegram"] == who else Role.STAFF
    room.configure(staff=staff)


# Who is answering


def test_the_card_says_who_is_answering_until_it_is_sent_or_cancelled(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), button(room.card(number), "Reply"))
    assert "✍️ Олена is answering" in room.card(number)["text"]
    room.write(room.olena, ANSWER, to=room.last("write your answer"))
    assert "✍️ Олена is answering" in room.card(number)["text"]
    press_send(room, room.last("Preview"), "Cancel")
    assert "answering" not in room.card(number)["text"]
    assert "Claimed by Олена" in room.card(number)["text"]
    press_send(room, room.previewed(number))
    assert "answering" not in room.card(number)["text"]


def test_a_draft_that_nobody_goes_on_with_is_no_answering(strict: Room) -> None:
    number = strict.case()
    strict.previewed(number)
    strict.pass_by(minutes=20)
    strict.write(strict.olena, f"/note {number} Зараз повернуся.")
    strict.pass_by(minutes=15)
    assert "answering" not in strict.card(number)["text"]
    assert "Claimed by Олена" in strict.card(number)["text"]
    press_send(strict, strict.last("Preview"), "Edit")
    assert "✍️ Олена is answering" in strict.card(number)["text"]


# A claim runs out


def test_a_claim_without_a_sign_of_life_is_released_once_and_its_owner_is_told(strict: Room) -> None:
    number = strict.case()
    strict.press(strict.olena, strict.card(number), "Claim")
    strict.pass_by(minutes=29)
    assert strict.row(number).claimed_by_id == strict.olena.id
    strict.pass_by(minutes=1)
    assert strict.row(number).status is Status.OPEN
    assert strict.row(number).claimed_by_id is None
    (told,) = said(strict, "is free again")
    assert told["text"].startswith("⌛️ Олена, case #")
    assert {"type": "text_mention", "user": 1001} in [
        {"type": e["type"], "user": e.get("user", {}).get("id")} for e in told["entities"]
    ]
    assert told["reply_to_message"]["message_id"] == strict.card(number)["message_id"]
    assert "Claim" in buttons(strict.card(number))
    strict.restart()
    strict.pass_by(days=1)
    assert len(said(strict, "is free again")) == 1
    assert events(strict, Happening.RELEASED) == [{"silent": True}]


@pytest.mark.parametrize("sign", ["claim", "note", "reply", "edit", "card"])
def test_every_sign_of_life_prolongs_a_claim(strict: Room, sign: str) -> None:
    number = strict.case()
    strict.press(strict.olena, strict.card(number), "Claim")
    if sign == "edit":
        strict.previewed(number)
    strict.pass_by(minutes=20)
    match sign:
        case "claim":
            strict.write(strict.olena, f"/claim {number}")
        case "note":
            strict.write(strict.olena, f"/note {number} Дзвоню їм.")
        case "reply":
            strict.press(strict.olena, strict.card(number), "Reply")
        case "edit":
            press_send(strict, strict.last("Preview"), "Edit")
        case _:
            strict.write(strict.olena, ANSWER, to=strict.card(number))
    strict.pass_by(minutes=20)
    assert strict.row(number).claimed_by_id == strict.olena.id
    strict.pass_by(minutes=10)
    assert strict.row(number).claimed_by_id is None


def test_a_colleague_s_note_is_no_sign_of_the_claimer(strict: Room) -> None:
    number = strict.case()
    strict.press(strict.olena, strict.card(number), "Claim")
    strict.pass_by(minutes=20)
    strict.write(strict.andriy, f"/note {number} Де Олена?")
    strict.pass_by(minutes=10)
    assert strict.row(number).claimed_by_id is None


def test_the_draft_is_kept_and_sending_it_claims_the_case_again(strict: Room) -> None:
    number = strict.case()
    preview = strict.previewed(number)
    strict.pass_by(minutes=30)
    assert strict.row(number).claimed_by_id is None
    press_send(strict, preview)
    assert strict.forum.posted == [("p1", ANSWER)]
    assert strict.row(number).claimed_by_id == strict.olena.id


def test_a_draft_is_said_to_be_kept_only_where_somebody_has_written_one(strict: Room) -> None:
    number = strict.case()
    strict.press(strict.olena, strict.card(number), "Reply")
    strict.pass_by(minutes=30)
    assert "draft" not in strict.last("is free again")["text"]
    strict.write(strict.olena, ANSWER, to=strict.card(number))
    strict.pass_by(minutes=30)
    assert strict.last("is free again")["text"].endswith("for 30 min. Your draft is kept.")


def test_the_draft_of_a_case_that_another_has_taken_does_not_leave(strict: Room) -> None:
    number = strict.case()
    preview = strict.previewed(number)
    strict.pass_by(minutes=30)
    strict.press(strict.andriy, strict.card(number), "Claim")
    assert press_send(strict, preview) == (f"Андрій has claimed case #{number} already.", True)
    assert strict.forum.posted == []


def posting_by_hand(room: Room) -> tuple[int, dict[str, Any]]:
    """Олена is at the blog to post her answer when her claim runs out, and Андрій claims the case."""
    number = room.case(source="blog", answerable="hand_off", url="https://blog.example/7")
    room.write(room.olena, ANSWER, to=room.card(number))
    steps = room.last("Only a person can post there")
    room.pass_by(minutes=31)
    room.press(room.andriy, room.card(number), "Claim")
    return number, steps


def test_what_was_posted_by_hand_counts_though_a_colleague_has_claimed_the_case_and_they_are_told(
    strict: Room,
) -> None:
    number, steps = posting_by_hand(strict)
    press_send(strict, steps, "Done")
    assert strict.row(number).status is Status.ANSWERED
    assert strict.row(number).claimed_by_id == strict.andriy.id
    assert "Олена answered at 14:31" in strict.card(number)["text"]
    (told,) = said(strict, "there by hand. Look before you answer too.")
    assert told["text"].startswith(f"🤝 Андрій, Олена has answered the author of case #{number}")
    assert any(e.get("user", {}).get("id") == strict.andriy.id for e in told["entities"])


def test_who_is_writing_sees_on_the_preview_that_a_colleague_has_answered(strict: Room) -> None:
    number, steps = posting_by_hand(strict)
    strict.write(strict.andriy, "Гроші не повернемо.", to=strict.card(number))
    preview = strict.last("Only a person can post there")
    strict.pass_by(minutes=1)
    press_send(strict, steps, "Done")
    shown = strict.last("⚠️ Олена has answered the author meanwhile.")
    assert shown["message_id"] == preview["message_id"]


def test_nobody_is_told_of_what_they_posted_by_hand_themselves(strict: Room) -> None:
    number = strict.case(source="blog", answerable="hand_off", url="https://blog.example/7")
    strict.write(strict.olena, ANSWER, to=strict.card(number))
    strict.pass_by(minutes=31)
    press_send(strict, strict.last("Only a person can post there"), "Done")
    assert strict.row(number).status is Status.ANSWERED
    assert said(strict, "there by hand") == []


def test_an_answered_case_stays_with_who_answered_and_wakes_for_them(strict: Room) -> None:
    number = strict.case()
    press_send(strict, strict.previewed(number))
    strict.pass_by(days=1)
    assert strict.row(number).claimed_by_id == strict.olena.id
    strict.wake(number)
    strict.pass_by(minutes=29)
    assert strict.row(number).claimed_by_id == strict.olena.id
    strict.pass_by(minutes=1)
    assert strict.row(number).claimed_by_id is None


def handed_over_while_it_waits(room: Room) -> int:
    """Олена's answer waits for approval, and the case is Андрій's now."""
    room.configure(
        desk={"undo": 0, "claim_expires": "30m"}, approval=[{"name": "Legal words", "words": ["суд"]}]
    )
    number = room.case()
    room.write(room.olena, "Зустрінемося в суді.", to=room.card(number))
    press_send(room, room.last("Preview"), "Ask for approval")
    room.pass_by(minutes=40)
    assert room.row(number).claimed_by_id == room.olena.id
    room.press(room.olena, room.card(number), "Hand over")
    room.press(room.olena, room.card(number), "Андрій")
    return number


def test_an_answer_that_waits_for_a_colleague_keeps_its_writers_claim_alone(room: Room) -> None:
    number = handed_over_while_it_waits(room)
    room.pass_by(minutes=29)
    assert room.row(number).claimed_by_id == room.andriy.id
    room.pass_by(minutes=1)
    assert room.row(number).status is Status.OPEN
    assert "Андрій, case #1 is free again" in room.last("is free again")["text"]


def test_an_answer_on_its_way_keeps_whoevers_claim(strict: Room) -> None:
    number = strict.case()
    preview = strict.previewed(number)
    strict.forum.refusal = SourceError("Not now.", retry_after=timedelta(hours=3))
    press_send(strict, preview)
    strict.press(strict.olena, strict.card(number), "Hand over")
    strict.press(strict.olena, strict.card(number), "Андрій")
    strict.pass_by(hours=2)
    assert strict.row(number).claimed_by_id == strict.andriy.id


def test_never_is_never(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), "Claim")
    room.pass_by(days=300)
    assert room.row(number).claimed_by_id == room.olena.id


# Handing over


def test_a_case_is_handed_over_and_the_colleague_is_rung_for_once(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), "Claim")
    room.press(room.olena, room.card(number), "Hand over")
    assert buttons(room.card(number)) == ["Андрій", "‹ Back"]
    assert room.press(room.olena, room.card(number), "Андрій") == ("The case is Андрій's now.", False)
    assert "Claimed by Андрій" in room.card(number)["text"]
    (told,) = said(room, "hands case")
    assert told["text"] == f"🤝 Андрій, Олена hands case #{number} over to you."
    assert any(e.get("user", {}).get("id") == room.andriy.id for e in told["entities"])
    assert events(room, Happening.HANDED_OVER) == [{"to": 1002, "name": "Андрій"}]
    room.write(room.olena, f"/case {number}")
    assert "Олена handed it over to Андрій" in room.last("opened")["text"]


def test_only_the_claimer_or_a_lead_hands_over(room: Room) -> None:
    number = room.case()
    assert room.press(room.andriy, room.card(number), "Hand over") == (
        f"Nobody has claimed case #{number}.",
        True,
    )
    room.press(room.andriy, room.card(number), "‹ Back")
    room.press(room.olena, room.card(number), "Claim")
    assert room.press(room.andriy, room.card(number), "Hand over")[0] == (
        f"Олена has claimed case #{number} already."
    )
    make_lead(room, room.andriy.id)
    room.press(room.andriy, room.card(number), "Hand over")
    room.press(room.andriy, room.card(number), "Андрій")
    assert room.row(number).claimed_by_id == room.andriy.id


def test_handing_over_twice_is_done_once(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), "Claim")
    room.press(room.olena, room.card(number), "Hand over")
    message = room.card(number)["message_id"]
    presses = [room.telegram.press(room.olena, room.staff, message, "Андрій") for _ in range(2)]
    room.pass_by()
    assert [room.telegram.answer(press).show_alert for press in presses] == [False, True]
    assert len(said(room, "hands case")) == 1
    assert room.row(number).claimed_by_id == room.andriy.id


def test_nobody_is_given_a_case_who_is_no_colleague(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), "Claim")
    staff = room.settings.staff.model_dump()
    room.press(room.olena, room.card(number), "Hand over")
    message = room.card(number)["message_id"]
    press = room.telegram.press(room.olena, room.staff, message, "Андрій")
    staff["people"] = [p for p in staff["people"] if p["telegram"] != 1002]
    room.configure(staff=staff)
    room.pass_by()
    assert room.telegram.answer(press).text == "That colleague can't take cases."
    assert room.row(number).claimed_by_id == room.olena.id
