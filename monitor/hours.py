"""When we work, and arithmetic in working time. Pure: aware datetimes in, UTC out.

A window belongs to the day on which it begins, also where it passes midnight. What a zone does to its clocks is taken
so that windows that touch on the clock touch in time as well: a time that a spring night leaves out is the moment of
the change; one that an autumn night has twice opens the first time, and closes the second.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 1440
"""Minutes."""
HORIZON = timedelta(days=3653)
"""Nobody looks further ahead: work on an absurd calendar ends, and what is not open by then is due then."""


@dataclass(frozen=True, order=True)
class Window:
    """Open from start to end, minutes after the day's midnight; an end after 1440 is on the next day."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{'24:00' if self.end == DAY else _clock(self.end)}"


Windows = tuple[Window, ...]
Special = Callable[[date], Windows | None]
"""The windows of a day that is not as the week says, such as a holiday; None for an ordinary day."""


def ordinary(_: date) -> None:
    """No day is special."""


@dataclass(frozen=True)
class Calendar:
    """Weekly hours with breaks, and days that differ. Without a week it is always open."""

    zone: ZoneInfo
    week: tuple[Windows, ...] | None = None
    """Seven days, Monday first."""
    special: Special = ordinary

    @property
    def is_always(self) -> bool:
        return self.week is None

    def add(self, start: datetime, working_time: timedelta) -> datetime:
        """The first moment by which so much working time has passed since start."""
        if self.is_always or working_time <= timedelta(0):
            return start + max(working_time, timedelta(0))
        left = working_time
        for opens, closes in self.spans(start):
            begins = max(opens, start)
            if closes - begins >= left:
                return begins + left
            left -= closes - begins
        return start.astimezone(UTC) + HORIZON

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments; none where the second is the earlier one."""
        if self.is_always or end <= start:
            return max(end - start, timedelta(0))
        worked = timedelta(0)
        for opens, closes in self.spans(start):
            if opens >= end:
                break
            worked += min(closes, end) - max(opens, start)
        return worked

    def is_open(self, at: datetime) -> bool:
        return self.next_open(at) == at

    def next_open(self, at: datetime) -> datetime:
        """This moment where we are open, or else the next opening."""
        if self.is_always:
            return at
        opens = next((opens for opens, _ in self.spans(at)), at.astimezone(UTC) + HORIZON)
        return max(opens, at)

    def spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open times that end after since, in order; some touch, none overlap."""
        # A window of the day before may reach into this one.
        first = since.astimezone(self.zone).date() - timedelta(days=1)
        reached = since - HORIZON
        for number in range(HORIZON.days):
            day = first + timedelta(days=number)
            for window in self.windows(day):
                opens = max(moment(self.zone, day, window.start), reached)
                closes = moment(self.zone, day, window.end, last=True)
                reached = max(reached, closes)
                if opens < closes and closes > since:
                    yield opens, closes

    def windows(self, day: date) -> Windows:
        """The hours that begin on this day of the calendar's zone, in order."""
        special = self.special(day)
        if special is not None:
            return special
        return self.week[day.weekday()] if self.week is not None else (Window(0, DAY),)


def moment(zone: ZoneInfo, day: date, minute: int, *, last: bool = False) -> datetime:
    """When the clocks of a zone show a time, minutes after a day's midnight; the last such moment where there are two."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minute)
    at = shown.replace(tzinfo=zone, fold=int(last)).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == shown:
        return at
    return _change(zone, shown)


def _clock(minute: int) -> str:
    return f"{minute % DAY // 60:02}:{minute % 60:02}"


def _change(zone: ZoneInfo, skipped: datetime) -> datetime:
    """The moment at which the clocks skip this time. PEP 495: fold=1 lies before it, fold=0 after it."""
    before = skipped.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = skipped.replace(tzinfo=zone, fold=0).astimezone(UTC)
    new = after.astimezone(zone).utcoffset()

    def is_changed(second: int) -> bool:
        return (before + timedelta(seconds=second)).astimezone(zone).utcoffset() == new

    seconds = int((after - before).total_seconds())
    return before + timedelta(seconds=bisect_left(range(seconds), True, key=is_changed))
