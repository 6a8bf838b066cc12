"""Who is on call: people with weekly hours, and rotations in which one takes over from the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from monitor.coverage import Week
from monitor.hours import Calendar, moment
from monitor.keys import Name, Section, TimeOfDay, TimeZone

People = tuple[str, ...]


@dataclass(frozen=True)
class Turn:
    """From a change of the rota to the next, in UTC."""

    start: datetime
    end: datetime
    people: People


class WeeklyShift(Section):
    """These people, at these hours of every week."""

    people: Annotated[tuple[Name, ...], Field(min_length=1)]
    week: Week

    def on_call(self, at: datetime, zone: ZoneInfo) -> People:
        return self.people if Calendar(zone, self.week).is_open(at) else ()

    def changes(self, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        if self.week is None:
            return
        for opens, closes in Calendar(zone, self.week).spans(since):
            if opens > until:
                return
            yield from (opens, closes)


class Rotation(Section):
    """One after the other, each for some days; the change is at a time of day on the clock."""

    people: Annotated[tuple[Name, ...], Field(min_length=1)]
    start: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
    at: TimeOfDay = time(9, 0)
    days: Annotated[int, Field(ge=1, le=366)] = 7

    def on_call(self, at: datetime, zone: ZoneInfo) -> People:
        number = self._turn(at, zone)
        return (self.people[number % len(self.people)],) if number >= 0 else ()

    def changes(self, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        number = max(0, self._turn(since, zone))
        while (change := self._change(number, zone)) <= until:
            yield change
            number += 1

    def _turn(self, at: datetime, zone: ZoneInfo) -> int:
        """How many changes there were; below zero before the first."""
        number = (at.astimezone(zone).date() - self.start).days // self.days
        # On the day of the change, before its hour, it is still the turn before.
        return number if self._change(number, zone) <= at else number - 1

    def _change(self, number: int, zone: ZoneInfo) -> datetime:
        day = self.start + timedelta(days=number * self.days)
        return moment(zone, day, 60 * self.at.hour + self.at.minute)


class Shifts(Section):
    timezone: TimeZone | None = None
    """The installation's where it is left out."""
    tell: bool = True
    """One quiet line in the chat when somebody else is on call."""
    weekly: tuple[WeeklyShift, ...] = ()
    rotations: tuple[Rotation, ...] = ()

    def rota(self, zone: ZoneInfo) -> "Rota":
        return Rota((*self.weekly, *self.rotations), ZoneInfo(self.timezone) if self.timezone else zone)


@dataclass(frozen=True)
class Rota:
    shifts: tuple[WeeklyShift | Rotation, ...]
    zone: ZoneInfo

    def on_call(self, at: datetime) -> People:
        """Each once, in the order of the configuration."""
        return tuple(dict.fromkeys(name for shift in self.shifts for name in shift.on_call(at, self.zone)))

    def turns(self, since: datetime, until: datetime) -> Iterator[Turn]:
        """Who is on call from since to until, without two turns in a row of the same people."""
        changes = {c for shift in self.shifts for c in shift.changes(since, until, self.zone)}
        edges = sorted({since, until} | {c for c in changes if since < c < until})
        turn: Turn | None = None
        for start, end in pairwise(edges):
            people = self.on_call(start)
            if turn and turn.people != people:
                yield turn
                turn = None
            turn = Turn(turn.start if turn else start, end, people)
        if turn:
            yield turn
