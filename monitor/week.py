"""The times that are counted: an ISO week where we live, or any span."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.keys import Weekday

WEEKDAYS: tuple[Weekday, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


@dataclass(frozen=True)
class Week:
    """An ISO week from Monday 00:00 to Monday 00:00 in a time zone."""

    year: int
    number: int
    zone: ZoneInfo

    @classmethod
    def of(cls, day: date, zone: ZoneInfo) -> "Week":
        year, number, _ = day.isocalendar()
        return cls(year, number, zone)

    @classmethod
    def parse(cls, name: str, zone: ZoneInfo) -> "Week":
        """Of a name such as 2026-W47. Raises ValueError with a sentence."""
        match = re.fullmatch(r"(\d{4})-W(\d{2})", name)
        try:
            assert match
            date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except (AssertionError, ValueError):
            raise ValueError(f"«{name}» is not a week; weeks are written as in 2026-W47.") from None
        return cls(int(match[1]), int(match[2]), zone)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def start(self) -> datetime:
        return datetime(self.monday.year, self.monday.month, self.monday.day, tzinfo=self.zone)

    @property
    def end(self) -> datetime:
        return self.next.start

    @property
    def next(self) -> "Week":
        return Week.of(self.monday + timedelta(days=7), self.zone)

    @property
    def before(self) -> "Week":
        return Week.of(self.monday - timedelta(days=7), self.zone)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"


@dataclass(frozen=True)
class Span:
    """Any time from a start to an end, for those who want no week."""

    start: datetime
    end: datetime
