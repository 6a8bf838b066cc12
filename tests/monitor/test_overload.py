"""More to say than a chat takes: what waits, what is said once for many, and that nothing is given up."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Alert, Case, Notice
from monitor import outbox
from monitor.cases import SETTLES, redraw
from monitor.db import Sessions
from monitor.pace import Pace
from monitor.settings import Settings
from monitor.voice import Unsaid
from tests import builders
from tests.monitor.listeners import Ear, deliver, opened

WAIT = timedelta(seconds=30)


def test_where_telegram_asks_us_to_wait_the_rest_of_the_chat_is_not_even_tried(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    class Refusing(Ear):
        tries = 0

        def card(self, alert: Alert) -> int:
            self.tries += 1
            return super().card(alert)

    ear, pace = Refusing(Unsaid("wait", retry_after=WAIT)), Pace()
    opened(sessions, settings, now, 5)
    deliver(sessions, ear, now, pace)
    assert ear.tries == 1
    ear.refusal = None
    assert deliver(sessions, ear, now + WAIT - timedelta(seconds=1), pace) == 0
    assert deliver(sessions, ear, now + WAIT, pace) == 5


@pytest.mark.parametrize("refusal", [Unsaid("no network"), Unsaid("wait", retry_after=WAIT)])
def test_after_a_night_without_telegram_everything_is_still_said(
    sessions: Sessions, settings: Settings, now: datetime, refusal: Unsaid
) -> None:
    ear, pace = Ear(refusal), Pace()
    (number,) = opened(sessions, settings, now)
    for minutes in range(60):
        deliver(sessions, ear, now + timedelta(minutes=10 * minutes), pace)
    ear.refusal = None
    deliver(sessions, ear, now + timedelta(hours=10), pace)
    assert ear.heard == [f"card {number}"]


def test_hundreds_that_wait_for_a_full_chat_keep_no_other_chat_waiting(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        for n in range(150):
            session.add(_notice(f"a{n}", -100, now - timedelta(minutes=1)))
        session.add(_notice("b", -200, now))
    pace, ear = Pace(), Ear()
    pace.rest(-100, now + WAIT)
    assert deliver(sessions, ear, now, pace) == 1
    with sessions() as session:
        sent = session.scalars(select(Notice.key).where(Notice.sent_at.is_not(None))).all()
    assert sent == ["b"]


def test_a_wave_of_copies_is_one_edit_and_an_act_of_staff_is_drawn_at_once(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear = Ear()
    with sessions.begin() as session:
        number = builders.open_case(session, settings, now).id
    deliver(sessions, ear, now)
    for n in range(10):
        with sessions.begin() as session:
            joined = builders.considered(
                session, settings, now, f"copy{n}", thread_id=f"c{n}", author=f"c{n}"
            )
            assert joined is not None
        deliver(sessions, ear, now + timedelta(seconds=n))
    assert ear.heard == [f"card {number}"]
    deliver(sessions, ear, now + SETTLES)
    assert ear.heard == [f"card {number}", f"card {number} edited"]
    with sessions.begin() as session:
        redraw(session, session.get_one(Case, number), now + SETTLES)
    assert outbox.deliver(sessions, ear, Pace(), lambda: now + SETTLES) == 1


def _notice(key: str, chat_id: int, due_at: datetime) -> Notice:
    return Notice(key=key, kind="source_speaks", values={"source": "forum"}, chat_id=chat_id, due_at=due_at)
