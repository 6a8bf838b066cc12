from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from demo.town import Town, Week, load_week

MONDAY = datetime(2026, 11, 16, tzinfo=ZoneInfo("Europe/Kyiv"))
PASSWORD = "a password of the tests"


@dataclass
class Clock:
    at: datetime = field(default=MONDAY)

    def __call__(self) -> datetime:
        return self.at

    def go_to(self, days: int, hours: int = 0, minutes: int = 0) -> None:
        self.at = MONDAY + timedelta(days=days, hours=hours, minutes=minutes)

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def week() -> Week:
    return load_week(MONDAY)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.go_to(7)
    return clock


@pytest.fixture
def town(week: Week, clock: Clock) -> Town:
    return Town(week, now=clock, password=PASSWORD)


@pytest.fixture
def visitor(town: Town) -> Iterator[TestClient]:
    with TestClient(town.app) as client:
        yield client
