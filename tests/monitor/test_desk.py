from datetime import datetime

import pytest

from models import Alert, Case, Status
from monitor import desk
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.settings import Settings
from tests.builders import open_case, staff

OLENA, ANDRIY = 7, 8


@pytest.fixture
def number(sessions: Sessions, settings: Settings, now: datetime) -> int:
    with sessions.begin() as session:
        return open_case(session, settings, now).id


def test_the_first_claim_wins_and_the_other_sees_who(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        desk.claim(session, number, staff(session, settings, OLENA), now)
    with pytest.raises(Refused) as refusal, sessions.begin() as session:
        desk.claim(session, number, staff(session, settings, ANDRIY), now)
    assert (refusal.value.code, refusal.value.values["by"]) == ("taken", "Олена")
    with sessions() as session:
        case = session.get_one(Case, number)
        assert (case.status, case.claimed_by_id) == (Status.CLAIMED, OLENA)


def test_claiming_twice_is_claiming_once(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        person = staff(session, settings)
        assert desk.claim(session, number, person, now) is desk.claim(session, number, person, now)


def test_a_released_case_can_be_claimed_by_another(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        desk.claim(session, number, staff(session, settings, OLENA), now)
        desk.release(session, number, staff(session, settings, OLENA), now)
        assert desk.claim(session, number, staff(session, settings, ANDRIY), now).claimed_by_id == ANDRIY


def test_only_the_claimer_can_release_or_close(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        desk.claim(session, number, staff(session, settings, OLENA), now)
    for act in (desk.release, desk.close):
        with pytest.raises(Refused) as refusal, sessions.begin() as session:
            act(session, number, staff(session, settings, ANDRIY), now)
        assert refusal.value.code == "taken"


def test_a_closed_case_is_closed_once(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        desk.close(session, number, staff(session, settings), now)
    with pytest.raises(Refused, match="closed"), sessions.begin() as session:
        desk.close(session, number, staff(session, settings), now)


def test_what_is_not_there_is_refused(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with pytest.raises(Refused, match="no_such_case"), sessions.begin() as session:
        desk.claim(session, 999, staff(session, settings), now)


def test_every_act_has_the_card_redrawn(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        session.query(Alert).one().due_at = None
        desk.claim(session, number, staff(session, settings), now)
        session.flush()
        assert session.query(Alert).one().due_at == now


def test_strangers_are_not_known(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        assert desk.known(session, 666, settings) is None
