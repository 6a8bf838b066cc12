"""A lead who takes a late case has as much time for it as anybody who claims one."""

from typing import Any

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


def people(room: Room, **roles: str) -> None:
    ids = {"Олена": 1001, "Андрій": 1002, "Ірина": 1003}
    staff = [{"name": name, "telegram": ids[name], "role": role} for name, role in roles.items()]
    room.configure(staff={**room.settings.staff.model_dump(), "people": staff})


def late(room: Room, who: str) -> dict[str, Any]:
    """What is said of a late case that one of the two has claimed."""
    room.press(getattr(room, who), room.card(room.case()), "Claim")
    room.pass_by(hours=4, seconds=1)
    return room.last("is late")


def test_whoever_decides_alone_is_not_offered_what_they_have(promising: Room) -> None:
    people(promising, Андрій="admin", Олена="staff")
    told = late(promising, "andriy")
    assert told["text"] == "⏰ Андрій, case #1 is late: an answer was due by 18:00. You have it."
    assert buttons(told) == []


@pytest.mark.parametrize(
    ("claimer", "roles", "told"),
    [
        ("olena", {"Андрій": "lead", "Ірина": "lead", "Олена": "admin"}, "Андрій, Ірина"),
        ("andriy", {"Андрій": "lead", "Ірина": "lead", "Олена": "admin"}, "Ірина"),
        ("andriy", {"Андрій": "lead", "Ірина": "admin", "Олена": "staff"}, "Ірина"),
        ("olena", {"Андрій": "lead", "Ірина": "admin", "Олена": "staff"}, "Андрій"),
    ],
)
def test_who_is_told_is_somebody_who_does_not_have_it(
    promising: Room, claimer: str, roles: dict[str, str], told: str
) -> None:
    people(promising, **roles)
    said = late(promising, claimer)
    assert said["text"].startswith(f"⏰ {told}, case #1 is late")
    assert said["text"].endswith(f"{getattr(promising, claimer).name} has it.")
    assert buttons(said) == ["Take it"]


def test_a_lead_on_call_who_has_it_is_no_reason_to_tell_nobody_else(promising: Room) -> None:
    promising.configure(shifts={"weekly": [{"people": ["Андрій"], "week": "always"}]})
    assert late(promising, "andriy")["text"].startswith("⏰ Ірина, case #1 is late")
