"""Twenty seconds in which an answer can be taken back."""

import pytest
from sqlalchemy import select, update

from models import Event, Happening, Reply, ReplyState, Role
from monitor.source import SourceError
from tests.bots.room import ANSWER, Room, button, buttons, press_send


@pytest.fixture
def patient(room: Room) -> Room:
    """A room where an answer waits for twenty seconds before it leaves."""
    room.configure(desk={"undo": 20})
    return room


def test_an_answer_leaves_when_its_time_has_come_and_not_before(patient: Room) -> None:
    number = patient.case()
    press_send(patient, patient.previewed(number))
    waiting = patient.last("It leaves at 14:00:20.")
    assert buttons(waiting) == ["↩️ Undo"]
    assert "Олена's answer leaves at 14:00:20" in patient.card(number)["text"]
    patient.pass_by(seconds=19)
    assert patient.forum.posted == []
    patient.pass_by(seconds=1)
    assert patient.forum.posted == [("p1", ANSWER)]
    posted = patient.last("Posted.")
    assert posted["message_id"] == waiting["message_id"]
    assert buttons(posted) == []


def test_undo_brings_the_preview_back_and_nothing_leaves(patient: Room) -> None:
    number = patient.case()
    press_send(patient, patient.previewed(number))
    said, _ = press_send(patient, patient.last("It leaves at"), "Undo")
    assert said == "Stopped. Nothing was posted."
    patient.pass_by(days=1)
    assert patient.forum.posted == []
    assert patient.reply_row().state is ReplyState.PREVIEW
    with patient.sessions() as session:
        assert Happening.UNDONE in session.scalars(select(Event.kind)).all()
    press_send(patient, patient.last("Preview"))
    patient.pass_by(seconds=20)
    assert patient.forum.posted == [("p1", ANSWER)]


def test_an_undone_answer_can_be_written_anew(patient: Room) -> None:
    press_send(patient, patient.previewed(patient.case()))
    press_send(patient, patient.last("It leaves at"), "Undo")
    press_send(patient, patient.last("Preview"), "Edit")
    patient.write(patient.olena, "Краще так.", to=patient.last("write your answer"))
    press_send(patient, patient.last("Краще так."))
    patient.pass_by(seconds=20)
    assert patient.forum.posted == [("p1", "Краще так.")]


def test_undo_after_it_left_says_so(patient: Room) -> None:
    press_send(patient, patient.previewed(patient.case()))
    waiting = patient.last("It leaves at")
    press = patient.telegram.press(
        patient.olena, patient.staff, waiting["message_id"], button(waiting, "Undo")
    )
    with patient.sessions.begin() as session:  # the outbox was faster
        session.execute(update(Reply).values(claimed_at=patient.now))
    patient.pass_by(seconds=5)
    answer = patient.telegram.answer(press)
    assert (answer.text, answer.show_alert) == ("This answer has left already.", True)
    assert patient.reply_row().state is ReplyState.QUEUED


def test_undo_pressed_twice_stops_it_once(patient: Room) -> None:
    press_send(patient, patient.previewed(patient.case()))
    waiting = patient.last("It leaves at")
    presses = [
        patient.telegram.press(patient.olena, patient.staff, waiting["message_id"], "↩️ Undo")
        for _ in range(2)
    ]
    patient.pass_by()
    assert [patient.telegram.answer(press).show_alert for press in presses] == [False, True]
    with patient.sessions() as session:
        assert len(session.scalars(select(Event).where(Event.kind == Happening.UNDONE)).all()) == 1


def test_a_colleague_does_not_undo_but_a_lead_may(patient: Room) -> None:
    press_send(patient, patient.previewed(patient.case()))
    waiting = patient.last("It leaves at")
    assert patient.press(patient.andriy, waiting, "↩️ Undo") == ("Олена is writing this answer.", True)
    people = patient.settings.staff.model_dump()
    people["people"][1]["role"] = Role.LEAD
    patient.configure(staff=people)
    assert "Stopped" in patient.press(patient.andriy, waiting, "↩️ Undo")[0]
    patient.pass_by(days=1)
    assert patient.forum.posted == []


def test_a_restart_neither_forgets_nor_hastens_it(patient: Room) -> None:
    press_send(patient, patient.previewed(patient.case()))
    patient.restart()
    patient.pass_by(seconds=10)
    assert patient.forum.posted == []
    patient.restart()
    patient.pass_by(seconds=10)
    patient.pass_by(seconds=10)
    assert patient.forum.posted == [("p1", ANSWER)]


def test_what_a_source_refuses_for_now_can_be_stopped_too(patient: Room) -> None:
    press_send(patient, patient.previewed(patient.case()))
    patient.forum.refusal = SourceError("The forum asks to wait.")
    patient.pass_by(seconds=20)
    delayed = patient.last("Not yet: The forum asks to wait.")
    assert "Олена's answer is on its way" in patient.card(patient.reply_row().case_id)["text"]
    patient.forum.refusal = None
    press_send(patient, delayed, "Undo")
    patient.pass_by(days=1)
    assert patient.forum.posted == []
