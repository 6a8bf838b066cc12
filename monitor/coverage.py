"""When we promise to answer, as the configuration says it: weekly hours, days off, a brand's own."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator, model_validator

from monitor.days_off import DaysOff, OwnDay, is_country
from monitor.hours import DAY, Calendar, Window, Windows
from monitor.keys import Section, TimeZone

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALL_DAY: Windows = (Window(0, DAY),)
WHOLE_WEEK = (ALL_DAY,) * 7
MOST_WINDOWS = 24
"""In a day; every promise walks through them."""
LEAP_YEAR = 2028
ANY_YEAR = 2027
"""Of 365 days; only to see whether own days leave any open."""


def parse_window(value: object) -> Window:
    """09:00-18:00, or past midnight as in 22:00-06:00; 00:00-24:00 is the whole day. Raises ValueError."""
    if isinstance(value, Window):
        return value
    clock = r"([01]?\d|2[0-4]):([0-5]\d)"
    match = re.fullmatch(rf"{clock}\s*[-–]\s*{clock}", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('opening hours are written as "09:00-18:00", or "22:00-06:00" past midnight')
    start, end = (60 * int(match[i]) + int(match[i + 1]) for i in (1, 3))
    if start >= DAY or end > DAY:
        raise ValueError("a day ends at 24:00; hours past midnight are written as in 22:00-06:00")
    if start == end:
        raise ValueError("these hours begin when they end; the whole day is 00:00-24:00")
    return Window(start, end if end > start else end + DAY)


def _windows(value: object) -> object:
    """One window, or several with breaks between them, in order."""
    if isinstance(value, str | Window):
        value = [value]
    if not isinstance(value, list | tuple):
        return value
    if len(value) > MOST_WINDOWS:
        raise ValueError(f"more than {MOST_WINDOWS} times of opening in a day")
    windows = tuple(sorted(map(parse_window, value)))
    for one, other in pairwise(windows):
        if other.start < one.end:
            raise ValueError(f"{one} and {other} overlap; write them as one, or with a break between them")
    return windows


def _week(value: object) -> object:
    """`always`, or windows by day: monday, monday-friday or daily. Seven days, Monday first."""
    if value is None or value == "always":
        return None
    if isinstance(value, tuple):
        return value
    if isinstance(value, dict):
        return _seven_days(value)
    raise ValueError("a week is `always`, or days with their hours, as in monday-friday: 09:00-18:00")


def _seven_days(hours_by_days: dict[object, object]) -> tuple[Windows, ...]:
    week: list[Windows | None] = [None] * 7
    for days, hours in hours_by_days.items():
        for day in _days(str(days)):
            if week[day] is not None:
                raise ValueError(f"{WEEK[day]} is there twice; give each day its hours once")
            week[day] = _hours(str(days), hours)
    if not any(week):
        raise ValueError("a week that is never open keeps no promise; leave it out to be open always")
    return tuple(day or () for day in week)


def _days(name: str) -> list[int]:
    if name == "daily":
        return list(range(7))
    first, _, last = (part.strip() for part in name.partition("-"))
    if first not in WEEK or (last or first) not in WEEK:
        raise ValueError(f"«{name[:40]}» is no day; there are monday, monday-friday and daily")
    start, end = WEEK.index(first), WEEK.index(last or first)
    return [(start + n) % 7 for n in range((end - start) % 7 + 1)]


def _hours(days: str, value: object) -> Windows:
    if value in (None, "closed"):
        raise ValueError(f"{days}: a day without hours is closed; leave it out")
    try:
        windows = _windows(value)
    except ValueError as error:
        raise ValueError(f"{days}: {error}") from None
    if isinstance(windows, tuple):
        return windows
    raise ValueError(f"{days}: hours are one text, or a list of several")


def _day(value: object) -> object:
    """2026-12-31, or 08-24 for every year, as (year, month, day)."""
    if isinstance(value, date):
        return value.year, value.month, value.day
    if isinstance(value, str) and (match := re.fullmatch(r"(?:(\d{4})-)?(\d\d)-(\d\d)", value)):
        return _existing(int(match[1]) if match[1] else None, int(match[2]), int(match[3]))
    raise ValueError('a day is a date such as 2026-12-31, or "08-24" for every year')


def _existing(year: int | None, month: int, day: int) -> tuple[int | None, int, int]:
    try:
        date(year or LEAP_YEAR, month, day)
    except ValueError:
        raise ValueError("there is no such day") from None
    return year, month, day


def _country(value: object) -> object:
    if isinstance(value, str) and not is_country(value):
        raise ValueError(
            "not a country that we know holidays of; countries are two letters, such as MD or RO"
        )
    return value


Hours = Annotated[Windows, BeforeValidator(_windows)]
Week = Annotated[tuple[Windows, ...] | None, BeforeValidator(_week)]
Country = Annotated[str, BeforeValidator(_country)]


class SpecialDay(Section):
    """Closed, or open for other hours than the week says."""

    date: Annotated[tuple[int | None, int, int], BeforeValidator(_day)]
    name: Annotated[str, Field(max_length=60)] = ""
    open: Hours = ()

    @property
    def own(self) -> OwnDay:
        return OwnDay(*self.date, name=self.name, open=self.open)


class Holidays(Section):
    countries: tuple[Country, ...] = ()
    days: Annotated[tuple[SpecialDay, ...], Field(max_length=400)] = ()

    @field_validator("days")
    @classmethod
    def _are_there_once(cls, days: tuple[SpecialDay, ...]) -> tuple[SpecialDay, ...]:
        for day, count in Counter(str(one.own) for one in days).items():
            if count > 1:
                raise ValueError(f"{day} is there twice; give each day its hours once")
        return days

    @property
    def off(self) -> DaysOff:
        return DaysOff(self.countries, tuple(day.own for day in self.days))


class OpeningHours(Section):
    week: Week = None
    """Always where it is left out."""
    timezone: TimeZone | None = None
    """The installation's where it is left out."""
    holidays: Holidays = Holidays()

    def calendar(self, zone: ZoneInfo) -> Calendar:
        off = self.holidays.off
        if not (off.countries or off.own):
            return Calendar(self._zone(zone), self.week)
        return Calendar(self._zone(zone), self.week or WHOLE_WEEK, off)

    def _zone(self, zone: ZoneInfo) -> ZoneInfo:
        return ZoneInfo(self.timezone) if self.timezone else zone

    @model_validator(mode="after")
    def _is_ever_open(self) -> Any:
        every_year = DaysOff(own=tuple(d for d in self.holidays.off.own if d.year is None))
        calendar = Calendar(ZoneInfo("UTC"), self.week or WHOLE_WEEK, every_year)
        if not any(calendar.windows(date(ANY_YEAR, 1, 1) + timedelta(days=n)) for n in range(365)):
            raise ValueError(
                "the days off close every day that the week opens; a calendar must be open somewhen"
            )
        return self


class Coverage(OpeningHours):
    """The hours in which promises run. Always where nothing is said."""

    brands: dict[str, OpeningHours] = Field(default={})
    """What a brand's entry leaves out is as for all."""

    def calendar_of(self, brand: str, zone: ZoneInfo) -> Calendar:
        own = self.brands.get(brand)
        if own is None:
            return self.calendar(zone)
        said = {key: getattr(own, key) for key in own.model_fields_set}
        return OpeningHours.model_construct(**(self._general() | said)).calendar(zone)

    def _general(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in OpeningHours.model_fields}
