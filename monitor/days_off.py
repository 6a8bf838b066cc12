"""Days that are not as the week says: a country's holidays, as the library knows them, and the configuration's own."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import holidays

from monitor.hours import Windows


@dataclass(frozen=True)
class OwnDay:
    """A day of the configuration: once, or every year where it has no year. Closed where it has no hours."""

    year: int | None
    month: int
    day: int
    name: str = ""
    open: Windows = ()

    def __str__(self) -> str:
        """As the configuration has it: 2026-12-31, or 08-24 for every year."""
        year = f"{self.year}-" if self.year else ""
        return f"{year}{self.month:02}-{self.day:02}"

    def is_it(self, day: date) -> bool:
        return (self.month, self.day) == (day.month, day.day) and self.year in (None, day.year)


@dataclass(frozen=True)
class DaysOff:
    """Ask it of a day, and it says the day's windows, or None for an ordinary day. Own days win over a country's."""

    countries: tuple[str, ...] = ()
    own: tuple[OwnDay, ...] = ()

    def __call__(self, day: date) -> Windows | None:
        if own := self._own(day):
            return own.open
        return () if any(day in in_year(country, day.year) for country in self.countries) else None

    def name(self, day: date) -> str:
        """What the day is called; empty for an ordinary day, and for one without a name."""
        if own := self._own(day):
            return own.name
        names = (in_year(country, day.year).get(day) for country in self.countries)
        return next((name for name in names if name), "")

    def _own(self, day: date) -> OwnDay | None:
        """One with a year says more than one of every year."""
        found = [own for own in self.own if own.is_it(day)]
        return max(found, key=lambda own: own.year is not None, default=None)


def is_country(code: str) -> bool:
    return code in holidays.list_supported_countries()


@cache
def in_year(country: str, year: int) -> dict[date, str]:
    """A country's days off in a year; none where the library knows of none, as for Ukraine under martial law."""
    # Named in English, as check says all else: without a language the names would follow the machine's locale.
    found: Any = holidays.country_holidays(country, years=year, language="en_US")
    return dict(found.items())
