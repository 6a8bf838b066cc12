"""Who is staff, and as what: the configuration's people and the invited, on every database."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Invitation, Role, Staff, Status
from monitor import desk, invitations, people
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.settings import Settings
from tests import builders
from tests.conftest import make_settings

TEXTS = {
    "p1": "Новолінія привезла не ті двері, і ніхто не бере слухавку.",
    "p2": "У Новолінії на касі нахамили через знижку, більше не прийду.",
    "p3": "Фарба з Новолінії засохла за день: гроші на вітер.",
}
HOURS = timedelta(hours=1)


def settings_with(*persons: dict[str, Any]) -> Settings:
    return make_settings(staff={"chats": [{"id": -100}], "people": list(persons)})


def invited(session: Session, settings: Settings, now: datetime, role: Role = Role.STAFF) -> Invitation:
    found = invitations.find(session, invitations.invite(session, role, None, now, settings))
    assert found is not None
    return found


def hire(
    session: Session, settings: Settings, now: datetime, role: Role = Role.STAFF, number: int = 9
) -> Staff:
    return invitations.accept(session, invited(session, settings, now, role), number, "Марта", now, settings)


# Roles


def test_where_nobody_is_named_admin_the_first_of_the_list_is() -> None:
    settings = settings_with(
        {"name": "Анна", "telegram": 1, "role": "viewer"}, {"name": "Іван", "telegram": 2, "role": "lead"}
    )
    assert [settings.staff.role_of(p) for p in settings.staff.people] == [Role.ADMIN, Role.LEAD]
    assert people.admins_said(settings).endswith("Анна (the first of the list: nobody has role: admin)")


def test_where_somebody_is_named_admin_the_list_says_it_all() -> None:
    settings = settings_with(
        {"name": "Анна", "telegram": 1}, {"name": "Іван", "telegram": 2, "role": "admin"}
    )
    assert [settings.staff.role_of(p) for p in settings.staff.people] == [Role.STAFF, Role.ADMIN]
    assert people.admins_said(settings) == "people in the configuration: 2, admin: Іван"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("wanted", Role)
def test_a_lead_invites_below_an_admin_anybody_and_nobody_else_anybody(role: Role, wanted: Role) -> None:
    table = {Role.ADMIN: set(Role), Role.LEAD: {Role.VIEWER, Role.STAFF}}
    assert invitations.may_invite(role, wanted) == (wanted in table.get(role, set()))


def test_leads_come_before_admins_and_staff_are_none(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        hire(session, settings, now, Role.LEAD)
        assert [m.name for m in people.leads(session, settings)] == ["Марта", "Олена"]


# Who is there


def test_a_colleague_without_a_row_is_known_by_the_configuration(
    sessions: Sessions, settings: Settings
) -> None:
    with sessions.begin() as session:
        seen = people.member(session, 8, settings)
        assert seen == people.Member(8, "Андрій", Role.STAFF, None, True)
        assert session.scalars(select(Staff)).all() == []


def test_the_configuration_is_followed_when_it_changes(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        hire(session, settings, now, Role.LEAD)
    named = settings_with(
        {"name": "Марта К.", "telegram": 9}, {"name": "Олена", "telegram": 7, "role": "admin"}
    )
    with sessions.begin() as session:
        row = people.known(session, 9, named)
        assert row
        assert (row.name, row.role) == ("Марта К.", Role.STAFF)
    with sessions.begin() as session:
        assert people.known(session, 9, settings) is None, "deleted from the configuration: gone"
        assert people.member(session, 9, settings) is None
        assert [m.id for m in people.everybody(session, settings)] == [7, 8]


def test_a_start_is_enough_for_the_configuration_to_take_over(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    """Or whoever was invited, then configured, then deleted there, would come back by the old invitation."""
    with sessions.begin() as session:
        hire(session, settings, now)
    people.register(sessions, settings_with({"name": "Марта", "telegram": 9}))
    with sessions.begin() as session:
        assert people.member(session, 9, settings) is None


def test_two_people_can_not_share_a_telegram_id() -> None:
    with pytest.raises(ValidationError, match="Анна and Іван have the same Telegram id, 1"):
        settings_with({"name": "Анна", "telegram": 1}, {"name": "Іван", "telegram": 1})


def test_the_language_of_a_colleague_is_kept(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        people.speak(session, 7, "ro", settings)
        people.speak(session, 666, "ro", settings)
    with sessions.begin() as session:
        assert [(m.id, m.language) for m in people.everybody(session, settings)] == [(7, "ro"), (8, None)]
        assert session.get(Staff, 666) is None


# Invitations


def test_only_the_hash_of_a_token_is_kept(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        token = invitations.invite(session, Role.STAFF, None, now, settings)
    assert 32 <= len(token) <= invitations.MAX_TOKEN
    with sessions() as session:
        row = session.scalars(select(Invitation)).one()
        assert token not in str(vars(row))
        assert invitations.find(session, token) is row
        assert invitations.find(session, row.token_hash) is None


@pytest.mark.parametrize("token", ["", "x" * 65, "\ud800", "' OR 1=1 --", "\x00"])
def test_nonsense_is_no_token(sessions: Sessions, settings: Settings, now: datetime, token: str) -> None:
    with sessions.begin() as session:
        invited(session, settings, now)
        assert invitations.find(session, token) is None


def test_of_two_who_open_a_link_at_once_one_gets_in(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    """Both have read it as unused; the database decides."""
    with sessions.begin() as session:
        number = invited(session, settings, now).id
    with sessions() as slow:
        seen = slow.get_one(Invitation, number)
        assert seen.used_at is None
        slow.rollback()
        with sessions.begin() as quick:
            invitations.accept(quick, quick.get_one(Invitation, number), 9, "Марта", now, settings)
        with pytest.raises(Refused, match="invitation_over"):
            invitations.accept(slow, seen, 10, "Іван", now, settings)


@pytest.mark.parametrize(("passed", "is_good"), [(47.9 * HOURS, True), (48 * HOURS, False), (-HOURS, True)])
def test_a_link_lasts_two_days(
    sessions: Sessions, settings: Settings, now: datetime, passed: timedelta, is_good: bool
) -> None:
    with sessions.begin() as session:
        invitation = invited(session, settings, now)
        if is_good:
            assert invitations.accept(session, invitation, 9, "Марта", now + passed, settings).id == 9
            return
        with pytest.raises(Refused, match="invitation_over"):
            invitations.accept(session, invitation, 9, "Марта", now + passed, settings)


def test_how_long_a_link_lasts_can_be_configured(sessions: Sessions, now: datetime) -> None:
    settings = make_settings(
        staff={
            "chats": [{"id": -100}],
            "people": [{"name": "Олена", "telegram": 7}],
            "invitation_lasts": "1h",
        }
    )
    with sessions.begin() as session, pytest.raises(Refused, match="invitation_over"):
        invitations.accept(session, invited(session, settings, now), 9, "Марта", now + HOURS, settings)


@pytest.mark.parametrize(
    ("name", "kept"), [("  Марта \n Коваль ", "Марта Коваль"), ("\t", "9"), ("я" * 99, "я" * 60)]
)
def test_a_name_is_one_short_line(
    sessions: Sessions, settings: Settings, now: datetime, name: str, kept: str
) -> None:
    with sessions.begin() as session:
        invitation = invited(session, settings, now)
        assert invitations.accept(session, invitation, 9, name, now, settings).name == kept


# Going


def test_nobody_of_the_configuration_can_be_removed_so_an_admin_always_stays(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        hire(session, settings, now, Role.ADMIN)
        invitations.remove(session, 9, now, settings)
        for person in settings.staff.people:
            with pytest.raises(Refused, match="configured"):
                invitations.remove(session, person.telegram, now, settings)
        assert [m.role for m in people.everybody(session, settings)] == [Role.ADMIN, Role.STAFF]


def test_whoever_leaves_frees_what_they_claimed_and_keeps_what_they_closed(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        marta = hire(session, settings, now)
        mine, closed, other = (
            builders.open_case(session, settings, now, key, thread_id=key, author=key, text=text).id
            for key, text in TEXTS.items()
        )
        for number in (mine, closed):
            desk.claim(session, number, marta, now)
        desk.close(session, closed, marta, now)
        desk.claim(session, other, builders.staff(session, settings), now)
        invitations.remove(session, 9, now, settings)
    with sessions() as session:
        rows = [session.get_one(Case, number) for number in (mine, closed, other)]
        assert [(case.status, case.claimed_by_id) for case in rows] == [
            (Status.OPEN, None),
            (Status.CLOSED, 9),
            (Status.CLAIMED, 7),
        ]


def test_a_second_removal_is_refused(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        hire(session, settings, now)
        invitations.remove(session, 9, now, settings)
        with pytest.raises(Refused, match="not_on_staff"):
            invitations.remove(session, 9, now, settings)
        with pytest.raises(Refused, match="not_on_staff"):
            invitations.remove(session, 404, now, settings)
