"""Rows and posts for tests, with only what matters said."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models import BrandState, Case, Mention, SourceState, Staff
from monitor import desk
from monitor.cases import Consideration
from monitor.db import Sessions
from monitor.settings import Settings
from monitor.source import Post
from monitor.urgent import UrgentWords

ANGRY = "Третій тиждень чекаю на відповідь від Новолінії: гроші списали, посилки немає, телефон мовчить."


def post(id: str = "p1", *, at: datetime, **changes: Any) -> Post:
    said = {
        "url": f"https://forum.example/t/7#{id}",
        "author": "oksana",
        "text": ANGRY,
        "thread_id": "7",
        "posted_at": at,
        **changes,
    }
    return Post(id=id, **said)


def mention(session: Session, now: datetime, external_id: str = "p1", **changes: Any) -> Mention:
    """A judged mention, unhappy unless told otherwise."""
    values: dict[str, Any] = {
        "source": "forum",
        "external_id": external_id,
        "brand": "Новолінія",
        "thread_id": "7",
        "url": f"https://forum.example/t/7#{external_id}",
        "author": "oksana",
        "title": "",
        "text": ANGRY,
        "language": "uk",
        "answerable": "api",
        "matches": [{"term": "Новолінія", "start": 33, "end": 42}],
        "relevance": 1.0,
        "posted_at": now - timedelta(minutes=14),
        "found_at": now,
        "judged_at": now,
        "negative": 0.94,
        "neutral": 0.04,
        "positive": 0.02,
        **changes,
    }
    row = Mention(**values)
    session.add(row)
    session.flush()
    return row


def considered(
    session: Session, settings: Settings, now: datetime, *args: Any, **changes: Any
) -> Case | None:
    row = mention(session, now, *args, **changes)
    return Consideration(session, [row], UrgentWords({}), settings, now).consider_all()[0]


def open_case(session: Session, settings: Settings, now: datetime, *args: Any, **changes: Any) -> Case:
    case = considered(session, settings, now, *args, **changes)
    assert case is not None
    return case


def staff(session: Session, settings: Settings, telegram_id: int = 7) -> Staff:
    person = desk.known(session, telegram_id, settings)
    assert person is not None
    return person


def register(sessions: Sessions, now: datetime, *names: str) -> None:
    with sessions.begin() as session:
        session.add_all(
            SourceState(name=name, known_since=now, next_due_at=now) for name in names or ("forum",)
        )
        session.add_all(BrandState(name=name, known_since=now) for name in ("Новолінія", "Будсвіт"))
