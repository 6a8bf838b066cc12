"""A lead who takes a late case has as much time for it as anybody who claims one."""

import pytest

from models import Status
from tests.bots.room import Room, buttons
from tests.bots.test_promises import configure, promising

__all__ = ["promising"]

HASTY = {"desk": {"undo": 0, "claim_expires": "30m"}, "sla": {"normal": "1h"}}


def test_the_claim_of_who_takes_over_begins_anew(promising: Room) -> None:
    configure(promising, **HASTY)
    number = promising.case()
    promising.pass_by(minutes=40)
    promising.press(promising.olena, promising.card(number), "Claim")
    promising.pass_by(minutes=28)
    promising.press(promising.andriy, promising.last("is late"), "Take it")
    promising.pass_by(minutes=29)
    case = promising.row(number)
    assert case.claimed_by is not None
    assert (case.status, case.claimed_by.name) == (Status.CLAIMED, "Андрій")
    promising.pass_by(minutes=1)
    assert promising.row(number).status is Status.OPEN
    assert "Андрій, case #1 is free again" in promising.last("is free again")["text"]


def test_a_lead_who_has_the_late_case_is_not_offered_to_take_it(promising: Room) -> None:
    number = promising.case()
    promising.press(promising.andriy, promising.card(number), "Claim")
    promising.pass_by(hours=4, seconds=1)
    late = promising.last("is late")
    assert late["text"] == "⏰ Андрій, case #1 is late: an answer was due by 18:00. You have it."
    assert buttons(late) == []


@pytest.mark.parametrize("claimer", ["olena", "andriy"])
def test_another_lead_is_offered_it(promising: Room, claimer: str) -> None:
    people = [
        {"name": "Андрій", "telegram": 1002, "role": "lead"},
        {"name": "Ірина", "telegram": 1003, "role": "lead"},
        {"name": "Олена", "telegram": 1001},
    ]
    promising.configure(staff={**promising.settings.staff.model_dump(), "people": people})
    number = promising.case()
    who = getattr(promising, claimer)
    promising.press(who, promising.card(number), "Claim")
    promising.pass_by(hours=4, seconds=1)
    late = promising.last("is late")
    assert buttons(late) == ["Take it"]
    assert late["text"].endswith(f"{who.name} has it.")
