"""What a storm leaves behind: hours later all its cases are late at once, and nobody's phone rings for an hour."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from models import Case, Event, Happening
from monitor import desk, escalation, waves
from tests import builders
from tests.bots.room import Room, buttons
from tests.bots.test_promises import configure, promising, saying
from tests.monitor.test_promise import unlike

__all__ = ["promising"]

ON_CALL = {"weekly": [{"people": ["Олена"], "week": "always"}]}
STORM = 20


def storm(room: Room, count: int = STORM, **changes: Any) -> None:
    for n in range(count):
        room.open_case(f"s{n}", text=unlike(n), **changes)
    room.pass_by(minutes=2)


def test_the_lead_hears_of_the_first_and_of_how_many_more(promising: Room) -> None:
    storm(promising)
    promising.pass_by(hours=4)
    promising.pass_by(minutes=2)
    singly = saying(promising, "is late: an answer was due")
    (together,) = saying(promising, "more cases are late")
    assert len(singly) == waves.FEW
    assert together["text"] == f"⏰ Андрій, {STORM - waves.FEW} more cases are late."
    assert buttons(together) == ["Late"]
    promising.press(promising.andriy, together, "Late")
    assert f"{STORM} cases are late" in together_now(promising, together)
    with promising.sessions() as session:
        told = select(func.count()).where(Event.kind == Happening.ESCALATED)
        assert session.scalar(told) == STORM


def together_now(room: Room, message: dict[str, Any]) -> str:
    return str(next(m["text"] for m in room.messages() if m["message_id"] == message["message_id"]))


def test_a_restart_and_another_look_say_nothing_again(promising: Room) -> None:
    storm(promising)
    promising.pass_by(hours=4)
    promising.restart()
    promising.pass_by(minutes=2)
    promising.restart()
    promising.pass_by(hours=1)
    assert len(saying(promising, "are late")) == 1
    assert len(saying(promising, "is late")) == waves.FEW


def test_who_is_on_call_is_not_rung_for_each_that_nobody_claimed(promising: Room) -> None:
    configure(promising, shifts=ON_CALL)
    storm(promising)
    promising.pass_by(hours=2)
    promising.pass_by(minutes=2)
    assert len(saying(promising, "nobody has claimed case")) == waves.FEW
    (together,) = saying(promising, "nobody has claimed 15 more cases")
    assert buttons(together) == ["Open cases"]


def test_a_claimer_is_reminded_of_every_case_of_theirs(
    promising: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waves, "FEW", 2)
    storm(promising, 4)
    with promising.sessions.begin() as session:
        olena = builders.staff(session, promising.settings, promising.olena.id)
        for number in range(1, 5):
            desk.claim(session, number, olena, promising.now)
    promising.pass_by(hours=2)
    assert len(saying(promising, "half of the time for case")) == 4


def test_a_rule_that_fires_for_many_says_how_many_more(
    promising: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waves, "FEW", 2)
    configure(promising, triggers=[{"name": "Slow", "unanswered": "3h"}], sla={"normal": "9h"})
    storm(promising, 5)
    promising.pass_by(hours=3)
    with promising.sessions.begin() as session:
        assert escalation.sweep(session, promising.settings, promising.now) == 5
    promising.pass_by(minutes=2)
    with promising.sessions.begin() as session:
        assert escalation.sweep(session, promising.settings, promising.now) == 0
    assert len(saying(promising, "Rule «Slow»: the author has waited")) == 2
    (together,) = saying(promising, "Rule «Slow»: 3 more cases")
    assert buttons(together) == ["Open cases"]


def test_a_quarter_of_an_hour_later_single_cases_are_told_singly_again(promising: Room) -> None:
    storm(promising)
    promising.pass_by(hours=4)
    number = promising.case("another", text="Кур'єр Новолінії розбив плитку і втік, ганьба.")
    promising.pass_by(minutes=16)
    promising.pass_by(hours=4)
    last = saying(promising, "is late")[-1]
    assert re.search(rf"case #{number} is late", last["text"])
    with promising.sessions() as session:
        assert session.get_one(Case, number).late_told_of is not None
