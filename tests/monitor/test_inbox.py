from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Status
from monitor import desk, inbox
from monitor.db import Sessions
from monitor.inbox import Look, Shelf
from monitor.settings import Settings
from tests.builders import open_case, staff
from tests.conftest import make_settings

TEXTS = (
    "Новолінія: не ті двері.",
    "Новолінія, де мої гроші?",
    "Новолінія зіпсувала свято!",
    "Лінія Дім бреше",
)
TWO = [{"name": "Новолінія", "query": "x"}, {"name": "Лінія Дім", "query": "y"}]


@pytest.fixture
def settings() -> Settings:
    return make_settings(brands=TWO)


def cases(session: Session, settings: Settings, now: datetime) -> list[Case]:
    """Of priorities 3, 1, 2 and 2; the last is of the other brand."""
    brands = ["Новолінія"] * 3 + ["Лінія Дім"]
    made = [
        open_case(session, settings, now, f"p{n}", thread_id=f"t{n}", author=f"a{n}", text=text, brand=brand)
        for n, (text, brand) in enumerate(zip(TEXTS, brands, strict=True))
    ]
    made[0].priority, made[1].priority = 3, 1
    session.flush()
    return made


def ids(session: Session, look: Look, now: datetime, size: int = 8, reader: int = 7) -> list[int]:
    return [case.id for case in inbox.page(session, look, reader, now, size).cases]


def test_the_most_urgent_promise_comes_first(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        low, high, normal, other = cases(session, settings, now)
        found = inbox.page(session, Look(), 7, now, 3)
        assert [case.id for case in found.cases] == [high.id, normal.id, other.id]
        assert (found.total, found.by_brand) == (4, {"Новолінія": 3, "Лінія Дім": 1})
        assert ids(session, Look(offset=3), now, 3) == [low.id]
        assert ids(session, Look(brand="Лінія Дім"), now) == [other.id]


def test_of_the_answered_the_longest_silent_comes_first(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    """Silent since the last answer, whoever gave it, not since the first."""
    last_answers = {0: 5, 1: 3, 2: 4, 3: 2}  # hours after the first
    with sessions.begin() as session:
        for n, case in enumerate(cases(session, settings, now)):
            case.answered(now)
            for hours in (0, last_answers[n]):
                kind = Happening.ANSWERED_THERE if n == 1 and hours else Happening.ANSWERED
                session.add(Event(case_id=case.id, kind=kind, at=now + timedelta(hours=hours)))
        assert ids(session, Look(Shelf.ANSWERED), now) == [4, 2, 3, 1]


def test_each_shelf_has_what_belongs_there(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        claimed, answered, closed, snoozed = cases(session, settings, now)
        desk.claim(session, claimed.id, staff(session, settings), now)
        answered.answered(now)
        closed.close(now)
        snoozed.snoozed_until = now + timedelta(hours=1)
        asked = open_case(session, settings, now, "p8", thread_id="8", author="a8", text="Новолінія? Гм.")
        asked.status = Status.ASKED
        session.flush()
        found = {shelf: ids(session, Look(shelf), now) for shelf in Shelf}
        assert found == {
            Shelf.OPEN: [claimed.id],
            Shelf.MINE: [claimed.id],
            Shelf.LATE: [],
            Shelf.ANSWERED: [answered.id],
            Shelf.ASKED: [asked.id],
            Shelf.SNOOZED: [snoozed.id],
        }
        assert inbox.page(session, Look(), 7, now, 8).counts == {s: len(n) for s, n in found.items()}
        assert ids(session, Look(Shelf.MINE), now, reader=8) == []
        later = now + timedelta(hours=5)
        assert ids(session, Look(Shelf.LATE), later) == [snoozed.id, claimed.id]
        assert ids(session, Look(Shelf.SNOOZED), later) == []


def test_of_a_page_that_is_no_more_the_nearest_is_shown(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        made = cases(session, settings, now)
        found = inbox.page(session, Look(offset=10**17), 7, now, 3)
        assert (found.look.offset, [case.id for case in found.cases]) == (3, [made[0].id])
        for case in made:
            case.close(now)
        session.flush()
        found = inbox.page(session, Look(offset=3), 7, now, 3)
        assert (found.look.offset, found.cases, found.total) == (0, [], 0)
