"""Shifts and rules name people of the configuration: nobody else is meant, whatever they are called."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models import Notice, Role, Staff
from monitor import reminders
from monitor.db import Sessions
from tests.builders import open_case
from tests.conftest import make_settings
from tests.monitor.configuration import GOOD, problems

PEOPLE = [
    {"name": "Олена", "telegram": 7},
    {"name": "Андрій", "telegram": 8, "role": "lead"},
    {"name": "Марта", "telegram": 9, "role": "admin"},
]
ON_CALL = {"weekly": [{"people": ["Олена", "Андрій"], "week": "always"}]}


def invite(sessions: Sessions, telegram: int, name: str, role: Role, now: datetime) -> None:
    with sessions.begin() as session:
        session.add(Staff(id=telegram, name=name, role=role, joined_at=now))


def test_who_was_invited_under_the_name_of_somebody_on_call_is_not_on_call(
    sessions: Sessions, now: datetime
) -> None:
    settings = make_settings(
        staff={"chats": [{"id": -100}], "people": PEOPLE}, shifts=ON_CALL, sla={"normal": "4h"}
    )
    invite(sessions, 70, "Олена", Role.STAFF, now)
    invite(sessions, 80, "Андрій", Role.LEAD, now)
    with sessions.begin() as session:
        open_case(session, settings, now)
        assert [lead["telegram"] for lead in reminders.leads_to_tell(session, settings, now)] == [8]
        reminders.keep_promises(session, settings, now + timedelta(hours=2))
        (notice,) = session.query(Notice).all()
        assert [person["telegram"] for person in notice.values["people"]] == [7, 8]


@pytest.mark.parametrize("name", ["Anna", " Anna ", "anna"])
def test_two_people_of_one_name_are_refused(tmp_path: Path, name: str) -> None:
    (problem,) = problems(tmp_path, GOOD + f'    - {{name: "{name}", telegram: 2}}\n')
    assert problem.key == "staff.people"
    assert "two people are called" in problem.message
