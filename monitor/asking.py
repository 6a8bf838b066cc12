"""Cases that staff are only asked about: is it a complaint? Nothing is promised to the author until somebody says yes."""

from collections import Counter
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Alert, Case, Event, Happening, Priority, Status
from monitor.promise import promise
from monitor.settings import Settings

ASKED_FOR = timedelta(days=7)
"""A question that nobody answered in this time leaves by itself."""


class Questions:
    """How many more may be put into each chat today; the rest wait in the inbox."""

    def __init__(self, session: Session, settings: Settings, now: datetime):
        self._session, self._a_day = session, settings.triage.asked_a_day
        today = now.astimezone(settings.zone).date()
        self._since = datetime.combine(today, time(), settings.zone)
        self._put: Counter[int] = Counter()
        self._looked_up: set[int] = set()

    def take(self, chat_id: int) -> bool:
        """Whether one more may be put into the chat; it is counted."""
        if chat_id not in self._looked_up:
            self._looked_up.add(chat_id)
            self._put[chat_id] += self._already(chat_id)
        if self._put[chat_id] >= self._a_day:
            return False
        self._put[chat_id] += 1
        return True

    def _already(self, chat_id: int) -> int:
        told = (Alert.chat_id == chat_id) & (Alert.sent_at.is_not(None) | Alert.due_at.is_not(None))
        asked = (Event.kind == Happening.ASKED) & (Event.at >= self._since)
        counted = select(func.count(Event.id)).join(Alert, Alert.case_id == Event.case_id)
        return self._session.scalar(counted.where(asked, told)) or 0


def becomes_real(case: Case, priority: Priority, settings: Settings, now: datetime) -> None:
    """It is a complaint: an answer is promised from now on."""
    case.status = Status.OPEN
    case.promised = True
    case.priority = min(case.priority, priority)
    case.opened_at, case.closed_at = now, None
    promise(case, settings, now)
