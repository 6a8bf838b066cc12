"""Who is on call. Worked out by hand: 2 November 2026 is a Monday, 26 October too; Kyiv's clocks go back on 25 October."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.shifts import Rota, Rotation, Shifts

KYIV = ZoneInfo("Europe/Kyiv")


def rota(**shifts: Any) -> Rota:
    return Shifts.model_validate(shifts).rota(KYIV)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV).astimezone(UTC)


WEEKS = rota(rotations=[{"people": ["Anna", "Boris", "Vira"], "start": "2026-10-19", "at": "09:00"}])
BY_HAND = [
    ("2026-10-19 08:59", ()),  # it has not begun
    ("2026-10-19 09:00", ("Anna",)),
    ("2026-10-26 08:59", ("Anna",)),  # the week of 169 hours
    ("2026-10-26 09:00", ("Boris",)),
    ("2026-11-02 08:59", ("Boris",)),
    ("2026-11-02 09:00", ("Vira",)),
    ("2026-11-09 09:00", ("Anna",)),
    ("2027-03-29 08:59", ("Boris",)),  # 23 weeks from the start: turn 22, and 22 = 3 × 7 + 1
    ("2027-03-29 09:00", ("Vira",)),  # the clocks went forward on the 28th
]


@pytest.mark.parametrize(("at", "people"), BY_HAND)
def test_a_rotation_changes_at_its_hour_on_the_clock(at: str, people: tuple[str, ...]) -> None:
    assert WEEKS.on_call(local(at)) == people


@pytest.mark.parametrize(
    ("at", "people"),
    [
        (datetime(2026, 10, 25, 0, 29, tzinfo=UTC), ("Anna",)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ("Boris",)),  # the first 03:30
        (datetime(2026, 10, 25, 1, 10, tzinfo=UTC), ("Boris",)),  # 03:10 again: nobody hands back
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ("Boris",)),
    ],
)
def test_an_hour_that_comes_twice_changes_the_rota_once(at: datetime, people: tuple[str, ...]) -> None:
    nightly = rota(rotations=[{"people": ["Anna", "Boris"], "start": "2026-10-24", "at": "03:30", "days": 1}])
    assert nightly.on_call(at) == people


def test_a_change_in_the_hour_that_is_left_out_happens_at_the_jump() -> None:
    nightly = rota(rotations=[{"people": ["Anna", "Boris"], "start": "2026-03-28", "at": "03:30", "days": 1}])
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert nightly.on_call(jump - timedelta(seconds=1)) == ("Anna",)
    assert nightly.on_call(jump) == ("Boris",)


def test_weekly_hours_and_rotations_are_on_call_together_each_once() -> None:
    both = rota(
        weekly=[{"people": ["Anna", "Hanna"], "week": {"monday-friday": "09:00-18:00"}}],
        rotations=[{"people": ["Anna"], "start": "2026-11-02"}],
    )
    assert both.on_call(local("2026-11-04 12:00")) == ("Anna", "Hanna")
    assert both.on_call(local("2026-11-04 20:00")) == ("Anna",)


def test_the_turns_of_a_week_are_told_from_change_to_change() -> None:
    found = list(WEEKS.turns(local("2026-10-30 12:00"), local("2026-11-10 12:00")))
    assert [(t.start, t.people) for t in found] == [
        (local("2026-10-30 12:00"), ("Boris",)),
        (local("2026-11-02 09:00"), ("Vira",)),
        (local("2026-11-09 09:00"), ("Anna",)),
    ]
    assert found[-1].end == local("2026-11-10 12:00")


def test_a_shift_over_midnight_is_one_turn() -> None:
    nights = rota(weekly=[{"people": ["Anna"], "week": {"daily": "22:00-06:00"}}])
    people = [t.people for t in nights.turns(local("2026-11-02 12:00"), local("2026-11-03 12:00"))]
    assert people == [(), ("Anna",), ()]


def test_one_who_is_always_on_call_has_one_turn() -> None:
    always = rota(weekly=[{"people": ["Anna"], "week": "always"}])
    assert len(list(always.turns(local("2026-11-02 12:00"), local("2026-11-09 12:00")))) == 1


def test_without_shifts_nobody_is_on_call() -> None:
    assert rota().on_call(local("2026-11-04 12:00")) == ()


@settings(max_examples=80, deadline=None)
@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.integers(1, 10),
    st.datetimes(datetime(2026, 2, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (its API)
)
def test_a_rotation_only_moves_on(start: date, at: Any, days: int, now: datetime) -> None:
    """At every change the next of five comes, and nobody else comes in between."""
    people = ("a", "b", "c", "d", "e")
    one = Rota((Rotation(people=people, start=start, at=at, days=days),), KYIV)
    turns = list(one.turns(now, now + timedelta(days=40)))
    said = [people.index(t.people[0]) for t in turns if t.people]
    assert all((later - earlier) % 5 == 1 for earlier, later in pairwise(said))
