"""A staff chat that left the configuration: what waited there comes to the chat that has the brand now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from models import Alert, Bundle, Case, Crisis, Notice, Status
from monitor import desk, leaving
from monitor.cases import redraw
from monitor.db import Sessions
from monitor.settings import Settings
from monitor.voice import Unsaid
from tests.builders import considered, open_case, staff
from tests.conftest import make_settings
from tests.monitor.listeners import Ear, deliver, opened

OLD, NEW = -100, -1001
MINUTE = timedelta(minutes=1)
GONE = Unsaid("The group became a supergroup.", permanent=True)


@dataclass
class Chats(Ear):
    """Several chats; under the ids of the dead ones nothing can be said."""

    dead: set[int] = field(default_factory=set)

    def card(self, alert: Alert) -> int:
        return self._in(alert.chat_id, super().card, alert)

    def bundle(self, bundle: Bundle) -> int:
        return self._in(bundle.chat_id, super().bundle, bundle)

    def notice(self, notice: Notice) -> int:
        return self._in(notice.chat_id, super().notice, notice)

    def crisis(self, crisis: Crisis) -> int:
        return self._in(crisis.chat_id, lambda _: self._hear("crisis"), crisis)

    def _in(self, chat_id, say, row):
        if chat_id in self.dead:
            raise GONE
        number = say(row)
        self.heard[-1] += f" in {chat_id}"
        return number


def moved(*chats: dict[str, object]) -> Settings:
    people = [{"name": "Олена", "telegram": 7, "role": "lead"}, {"name": "Андрій", "telegram": 8}]
    return make_settings(staff={"chats": list(chats) or [{"id": NEW, "language": "uk"}], "people": people})


def leave(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        leaving.leave(session, settings, now)


def test_what_a_group_missed_while_its_id_was_the_old_one_comes_under_the_new_one(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear = Chats()
    (first,) = opened(sessions, settings, now)
    deliver(sessions, ear, now)
    ear.dead.add(OLD)
    with sessions.begin() as session:
        desk.claim(session, first, staff(session, settings), now)
        second = open_case(session, settings, now, "x", thread_id="x", author="x").id
        considered(
            session, settings, now, "again", thread_id="t0", author="a0", text="Досі тиша!", matches=[]
        )
    for minutes in range(3):
        deliver(sessions, ear, now + minutes * MINUTE)
    ear.heard.clear()
    leave(sessions, moved(), now + 10 * MINUTE)
    deliver(sessions, ear, now + 10 * MINUTE)
    assert sorted(ear.heard) == [
        f"card {first} in {NEW}",
        f"card {second} in {NEW}",
        f"notice author_wrote in {NEW}",
    ]
    with sessions() as session:
        assert not session.scalars(select(Alert).where(Alert.error.is_not(None))).unique().all()


def test_leaving_again_moves_nothing_twice(sessions: Sessions, settings: Settings, now: datetime) -> None:
    ear = Chats()
    opened(sessions, settings, now, 2)
    deliver(sessions, ear, now)
    for _ in range(2):
        leave(sessions, moved(), now)
        deliver(sessions, ear, now)
    assert [said for said in ear.heard if str(NEW) in said] == [f"card 1 in {NEW}", f"card 2 in {NEW}"]


def test_where_the_chat_stays_nothing_happens(sessions: Sessions, settings: Settings, now: datetime) -> None:
    ear = Chats()
    opened(sessions, settings, now)
    deliver(sessions, ear, now)
    leave(sessions, settings, now)
    assert deliver(sessions, ear, now) == 0


def test_nobody_is_called_for_what_waits_for_nobody_but_it_wakes_in_the_new_chat(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear = Chats()
    (number,) = opened(sessions, settings, now)
    deliver(sessions, ear, now)
    with sessions.begin() as session:
        desk.close(session, number, staff(session, settings), now)
    deliver(sessions, ear, now)
    ear.heard.clear()
    leave(sessions, moved(), now)
    assert deliver(sessions, ear, now) == 0
    with sessions.begin() as session:
        case = session.get_one(Case, number)
        case.status = Status.OPEN
        redraw(session, case, now)
    deliver(sessions, ear, now)
    assert ear.heard == [f"card {number} in {NEW}"]


def test_the_cases_of_a_chat_that_is_given_up_come_to_the_one_that_has_their_brand(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear = Chats()
    opened(sessions, settings, now)
    deliver(sessions, ear, now)
    leave(sessions, moved({"id": -7, "brands": ["Будсвіт"]}, {"id": -8, "brands": ["Новолінія"]}), now)
    deliver(sessions, ear, now)
    assert ear.heard == [f"card 1 in {OLD}", "card 1 in -8"]


def test_a_storm_comes_as_a_storm(sessions: Sessions, settings: Settings, now: datetime) -> None:
    ear = Chats()
    opened(sessions, settings, now, 20)
    deliver(sessions, ear, now)
    ear.heard.clear()
    leave(sessions, moved(), now)
    deliver(sessions, ear, now)
    assert len([said for said in ear.heard if said.startswith("card")]) == 3
    assert ear.heard[-1] == f"bundle in {NEW}"


def test_what_came_while_we_are_closed_waits_there_for_the_opening(sessions: Sessions, now: datetime) -> None:
    hours = {"week": {"monday-friday": "09:00-18:00"}}
    office = make_settings(hours=hours)
    evening = now.replace(hour=18)
    with sessions.begin() as session:
        open_case(session, office, evening, "p1")
    leave(sessions, moved().model_copy(update={"hours": office.hours}), evening)
    assert deliver(sessions, Chats(), evening) == 0
    ear = Chats()
    deliver(sessions, ear, evening + timedelta(hours=13))
    assert ear.heard == [f"card 1 in {NEW}"]


def test_a_crisis_goes_on_in_the_new_chat(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        crisis = Crisis(brand="Новолінія", chat_id=OLD, message_id=5, bundles=False, attempts=0)
        crisis.began_at = crisis.seen_at = now
        crisis.hours, crisis.count, crisis.expected, crisis.peak, crisis.posts = 1, 9, 1.0, 9, 9
        session.add(crisis)
    ear = Chats(dead={OLD})
    leave(sessions, moved(), now)
    deliver(sessions, ear, now)
    assert ear.heard == [f"crisis in {NEW}"]


def test_the_supergroup_is_told_once_what_has_to_be_done(sessions: Sessions, now: datetime) -> None:
    for _ in range(2):
        with sessions.begin() as session:
            leaving.tell_moved(session, NEW, now)
    ear = Chats()
    deliver(sessions, ear, now)
    assert ear.heard == [f"notice chat_moved in {NEW}"]
