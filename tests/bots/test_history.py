from datetime import datetime, timedelta

import pytest

from bots.history import LAST, history
from models import Event, Happening
from monitor import desk
from monitor.db import Sessions
from monitor.settings import Settings
from tests import builders
from tests.bots.rendering import LANGUAGES, seen, words


def test_what_happened_is_told_line_by_line_oldest_first(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = builders.open_case(session, settings, now)
        staff = builders.staff(session, settings)
        desk.claim(session, case.id, staff, now + timedelta(minutes=5))
        desk.close(session, case.id, staff, now + timedelta(days=1), Happening.WRONG_TONE)
        session.flush()
        shown = seen(history(session, case, words("en"), now))
    assert shown.text.splitlines() == [
        f"#{case.id} Новолінія · oksana",
        "14:00  opened",
        "14:05  claimed by Олена",
        "19 Nov, 14:00  closed as wrong tone by Олена",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_happen_has_words(
    sessions: Sessions,
    settings: Settings,
    now: datetime,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bots.history.LAST", 100)
    with sessions.begin() as session:
        case = builders.open_case(session, settings, now, author="<b>" * 100)
        session.flush()
        builders.staff(session, settings)
        session.add_all(Event(case_id=case.id, kind=kind, at=now, staff_id=7) for kind in Happening)
        session.flush()
        lines = seen(history(session, case, words(language), now)).text.splitlines()
    assert len(set(lines)) == 1 + len(Happening)
    assert len(lines[0]) < 100


def test_of_a_long_history_the_newest_part_is_told(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = builders.open_case(session, settings, now)
        session.flush()
        session.add_all(
            Event(case_id=case.id, kind=Happening.JOINED, at=now + timedelta(minutes=n)) for n in range(50)
        )
        session.flush()
        lines = history(session, case, words("en"), now).splitlines()
    assert lines[1] == f"<i>the last {LAST} of 51</i>"
    assert len(lines) == 2 + LAST
    assert lines[-1].startswith("14:49")
