"""What counts as an author's earlier complaint."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import ANONYMOUS, Priority
from monitor import mutes
from monitor.db import Sessions
from monitor.settings import Settings
from tests.builders import mention, open_case

DAY = timedelta(days=1)
TEXT = "Новолінія третій раз привезла не ту плитку, міняти не хоче."


def earlier(session: Session, now: datetime, **changes: Any) -> None:
    """Two posts of the author's in other threads, of the days before."""
    for n in (1, 2):
        said = {"thread_id": f"old{n}", "text": f"Новолінія: {n}.", "posted_at": now - n * DAY, **changes}
        mention(session, now, f"old{n}", **said)


@pytest.mark.parametrize(
    ("before", "priority"),
    [
        ({"negative": 0.9}, Priority.HIGH),
        ({"negative": 0.1, "complaint": 0.9}, Priority.HIGH),  # polite, and a complaint all the same
        ({"negative": 0.1, "complaint": 0.2}, Priority.NORMAL),
        ({"brand": "Будсвіт"}, Priority.NORMAL),  # a competitor's matter
        ({"source": "blog"}, Priority.NORMAL),  # perhaps somebody else
        ({"author": "oksana2"}, Priority.NORMAL),
        ({"posted_at": datetime(2026, 10, 1, tzinfo=UTC)}, Priority.NORMAL),  # long ago
    ],
)
def test_the_third_complaint_of_an_author_is_urgent(
    sessions: Sessions, settings: Settings, now: datetime, before: dict[str, Any], priority: Priority
) -> None:
    with sessions.begin() as session:
        earlier(session, now, **before)
        assert open_case(session, settings, now, "new", thread_id="new", text=TEXT).priority == priority


@pytest.mark.parametrize(
    ("before", "priority"), [("11", Priority.HIGH), ("22", Priority.NORMAL), (None, Priority.HIGH)]
)
def test_the_complaints_of_namesakes_are_not_counted_together(
    sessions: Sessions, settings: Settings, now: datetime, before: str | None, priority: Priority
) -> None:
    with sessions.begin() as session:
        earlier(session, now, author_id=before)
        case = open_case(session, settings, now, "new", thread_id="new", text=TEXT, author_id="11")
        assert case.priority == priority


def test_posts_of_nobody_known_are_nobodys_habit(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        earlier(session, now, author=ANONYMOUS)
        case = open_case(session, settings, now, "new", thread_id="new", text=TEXT, author=ANONYMOUS)
        assert case.priority == Priority.NORMAL
        assert mutes.author_of(case) is None
