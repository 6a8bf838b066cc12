"""Working time against cases worked out by hand, and against what must hold for every calendar.

How the table was worked out: with pencil and a paper calendar. 18 November 2026 is a Wednesday. Kyiv is two hours ahead
of UTC in winter and three in summer; on 29 March 2026 its clocks jump from 03:00 to 04:00, on 25 October from 04:00 back
to 03:00, both at 01:00 UTC. Chișinău does the same an hour of its own earlier, at 00:00 UTC: 02:00 to 03:00, 03:00 to
02:00. Times are what the calendar's clock shows, or UTC where they end in Z (an hour that an autumn night has twice).
"""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.coverage import OpeningHours, parse_window
from monitor.hours import HORIZON, Calendar, Window, moment

KYIV, CHISINAU = ZoneInfo("Europe/Kyiv"), ZoneInfo("Europe/Chisinau")
H, M = timedelta(hours=1), timedelta(minutes=1)


def hours(
    week: object, zone: ZoneInfo = KYIV, countries: tuple[str, ...] = (), **days: list[str]
) -> Calendar:
    """A calendar as the configuration has it; days are d2026_11_20=["10:00-12:00"], or d08_24=[] for every year."""
    own = [{"date": day[1:].replace("_", "-"), "open": open_} for day, open_ in days.items()]
    said = {"week": week, "holidays": {"countries": countries, "days": own}}
    return OpeningHours.model_validate(said).calendar(zone)


WORKDAYS = {"monday-friday": "09:00-18:00"}
OFFICE = hours(WORKDAYS)
BREAK = hours({"monday-friday": ["09:00-13:00", "14:00-18:00"]})
NIGHT = hours({"daily": "22:00-06:00"})
NIGHT_MD = hours({"daily": "22:00-06:00"}, CHISINAU)
SKIPPED = hours({"sunday": ["03:15-03:45", "10:00-12:00"]})
EDGE = hours({"sunday": "03:30-05:00"})
TOUCHING = hours({"sunday": ["00:00-03:30", "03:30-06:00"]})
WHOLE_DAYS = hours({"daily": "00:00-24:00"})
OWN_DAYS = hours(WORKDAYS, d2026_11_19=["10:00-12:00"], d2026_11_20=[], d08_24=[])
MOLDOVA = hours(WORKDAYS, CHISINAU, ("MD",))
OPEN_ANYWAY = hours(WORKDAYS, CHISINAU, ("MD",), d2026_08_27=["09:00-18:00"])
NO_NIGHT = hours({"daily": "22:00-06:00"}, d2026_11_19=[])
ALWAYS = hours("always")

BY_HAND = [
    # calendar, start, working time, due
    (OFFICE, "2026-11-18 10:00", 1 * H, "2026-11-18 11:00"),
    (OFFICE, "2026-11-18 17:30", 1 * H, "2026-11-19 09:30"),  # half today, half tomorrow
    (OFFICE, "2026-11-18 17:00", 1 * H, "2026-11-18 18:00"),  # the closing itself, not the next opening
    (OFFICE, "2026-11-18 18:00", 1 * H, "2026-11-19 10:00"),
    (OFFICE, "2026-11-18 08:59", 1 * H, "2026-11-18 10:00"),
    (OFFICE, "2026-11-18 00:00", 1 * H, "2026-11-18 10:00"),
    (OFFICE, "2026-11-18 09:00", 9 * H, "2026-11-18 18:00"),
    (OFFICE, "2026-11-18 09:00", 9 * H + M, "2026-11-19 09:01"),
    (OFFICE, "2026-11-20 17:00", 2 * H, "2026-11-23 10:00"),  # a weekend between
    (OFFICE, "2026-11-21 12:00", 1 * H, "2026-11-23 10:00"),
    (OFFICE, "2026-11-22 23:59", 1 * H, "2026-11-23 10:00"),
    (OFFICE, "2026-11-18 12:00", 45 * H, "2026-11-25 12:00"),  # five days of nine hours: the same time next week
    (OFFICE, "2026-12-31 17:30", 1 * H, "2027-01-01 09:30"),  # no holidays here
    (OFFICE, "2028-02-28 17:30", 1 * H, "2028-02-29 09:30"),  # a leap year
    (OFFICE, "2026-03-27 17:00", 2 * H, "2026-03-30 10:00"),  # clocks change while we are closed
    (BREAK, "2026-11-18 12:30", 1 * H, "2026-11-18 14:30"),
    (BREAK, "2026-11-18 12:00", 1 * H, "2026-11-18 13:00"),
    (BREAK, "2026-11-18 13:00", 1 * H, "2026-11-18 15:00"),
    (BREAK, "2026-11-18 13:30", 30 * M, "2026-11-18 14:30"),
    (BREAK, "2026-11-18 12:00", 6 * H, "2026-11-19 10:00"),  # 1 before the break, 4 after it, 1 tomorrow
    (BREAK, "2026-11-20 17:59", 2 * M, "2026-11-23 09:01"),
    (NIGHT, "2026-11-18 23:00", 2 * H, "2026-11-19 01:00"),  # over midnight
    (NIGHT, "2026-11-18 05:00", 2 * H, "2026-11-18 23:00"),  # 1 of last night, 1 of this
    (NIGHT, "2026-11-18 12:00", 1 * H, "2026-11-18 23:00"),
    (NIGHT, "2026-11-18 22:00", 8 * H, "2026-11-19 06:00"),
    (NIGHT, "2026-11-18 21:59", 8 * H + M, "2026-11-19 22:01"),
    (NIGHT, "2026-03-28 22:00", 7 * H, "2026-03-29 06:00"),  # the short night has seven hours
    (NIGHT, "2026-03-28 22:00", 8 * H, "2026-03-29 23:00"),
    (NIGHT, "2026-03-29 02:30", 1 * H, "2026-03-29 04:30"),  # half an hour on each side of the gap
    (NIGHT, "2026-10-24 22:00", 8 * H, "2026-10-25 05:00"),  # the long night has nine
    (NIGHT, "2026-10-24 22:00", 9 * H, "2026-10-25 06:00"),
    (NIGHT, "2026-10-25 00:30Z", 1 * H, "2026-10-25 01:30Z"),  # from 03:30 to the second 03:30
    (NIGHT_MD, "2026-03-28 22:00", 7 * H, "2026-03-29 06:00"),
    (NIGHT_MD, "2026-03-29 01:30", 1 * H, "2026-03-29 03:30"),
    (NIGHT_MD, "2026-10-24 23:30Z", 1 * H, "2026-10-25 00:30Z"),  # from 02:30 to the second 02:30
    (NIGHT_MD, "2026-10-24 22:00", 9 * H, "2026-10-25 06:00"),
    (SKIPPED, "2026-03-29 02:00", 1 * H, "2026-03-29 11:00"),  # 03:15 to 03:45 never was
    (SKIPPED, "2026-03-22 02:00", 1 * H, "2026-03-22 10:30"),  # a week before it was
    (EDGE, "2026-03-29 02:00", 1 * H, "2026-03-29 05:00"),  # opens when the clocks jump to 04:00
    (EDGE, "2026-10-25 00:00Z", 2 * H, "2026-10-25 02:30Z"),  # opens at the first 03:30, which is 00:30 UTC
    (TOUCHING, "2026-10-25 00:00", 7 * H, "2026-10-25 06:00"),  # no hole between the two 03:30
    (TOUCHING, "2026-03-29 00:00", 5 * H, "2026-03-29 06:00"),
    (WHOLE_DAYS, "2026-10-25 00:00", 24 * H, "2026-10-25 23:00"),  # a day of 25 hours
    (WHOLE_DAYS, "2026-03-29 00:00", 24 * H, "2026-03-30 01:00"),  # and one of 23
    (OWN_DAYS, "2026-11-18 17:00", 2 * H, "2026-11-19 11:00"),  # Thursday is short: from ten
    (OWN_DAYS, "2026-11-18 17:00", 4 * H, "2026-11-23 10:00"),  # 1 + 2 + nothing on Friday + 1
    (OWN_DAYS, "2026-11-20 10:00", 1 * H, "2026-11-23 10:00"),
    (OWN_DAYS, "2026-08-21 17:00", 2 * H, "2026-08-25 10:00"),  # 24 August is closed, a Monday in 2026
    (OWN_DAYS, "2027-08-23 17:00", 2 * H, "2027-08-25 10:00"),  # and a Tuesday in 2027
    (MOLDOVA, "2026-08-26 17:00", 2 * H, "2026-08-28 10:00"),  # 27 August: independence
    (MOLDOVA, "2026-12-31 17:00", 2 * H, "2027-01-04 10:00"),  # New Year's Day is a Friday
    (OPEN_ANYWAY, "2026-08-26 17:00", 2 * H, "2026-08-27 10:00"),
    (NO_NIGHT, "2026-11-18 23:00", 8 * H, "2026-11-20 23:00"),  # Wednesday's night goes on into the closed day
    (ALWAYS, "2026-03-28 22:00", 8 * H, "2026-03-29 07:00"),
    (ALWAYS, "2026-11-21 22:00", 24 * H, "2026-11-22 22:00"),
]  # fmt: skip


def at(calendar: Calendar, text: str) -> datetime:
    if text.endswith("Z"):
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone).astimezone(UTC)


@pytest.mark.parametrize(("calendar", "start", "length", "due"), BY_HAND)
def test_working_time_is_added_and_counted_as_by_hand(
    calendar: Calendar, start: str, length: timedelta, due: str
) -> None:
    begin, end = at(calendar, start), at(calendar, due)
    assert calendar.add(begin, length) == end
    assert calendar.between(begin, end) == length


def test_nothing_is_worked_while_we_are_closed() -> None:
    closed = at(OFFICE, "2026-11-20 18:00"), at(OFFICE, "2026-11-23 09:00")
    assert OFFICE.between(*closed) == timedelta(0)
    assert OFFICE.add(closed[0], timedelta(0)) == closed[0]


def test_backwards_no_time_passes() -> None:
    for calendar in (OFFICE, ALWAYS):
        assert calendar.between(at(OFFICE, "2026-11-19 12:00"), at(OFFICE, "2026-11-18 12:00")) == 0 * H


@pytest.mark.parametrize(
    ("calendar", "moment_", "opens"),
    [
        (OFFICE, "2026-11-18 09:00", "2026-11-18 09:00"),  # open from its first moment
        (OFFICE, "2026-11-18 12:00", "2026-11-18 12:00"),
        (OFFICE, "2026-11-18 18:00", "2026-11-19 09:00"),  # closed at its last
        (BREAK, "2026-11-18 13:10", "2026-11-18 14:00"),
        (NIGHT, "2026-11-19 00:10", "2026-11-19 00:10"),
        (NIGHT, "2026-11-19 06:00", "2026-11-19 22:00"),
        (OWN_DAYS, "2026-11-19 12:00", "2026-11-23 09:00"),
        (EDGE, "2026-03-28 12:00", "2026-03-29 01:00Z"),
        (ALWAYS, "2026-11-21 03:00", "2026-11-21 03:00"),
    ],
)
def test_it_is_known_when_we_open_next(calendar: Calendar, moment_: str, opens: str) -> None:
    now = at(calendar, moment_)
    assert calendar.next_open(now) == at(calendar, opens)
    assert calendar.is_open(now) == (now == at(calendar, opens))


def test_moments_of_a_clock_that_changes() -> None:
    skipped, twice = date(2026, 3, 29), date(2026, 10, 25)
    assert moment(KYIV, skipped, 210) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert moment(KYIV, skipped, 210, last=True) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert moment(KYIV, twice, 210) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment(KYIV, twice, 210, last=True) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


# For every calendar

ZONES = ("Europe/Kyiv", "Europe/Chisinau", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
WINDOWS = st.builds(
    lambda start, length: Window(start, start + length), st.integers(0, 1439), st.integers(30, 1440)
)
DAYS = st.lists(WINDOWS, max_size=3).map(lambda found: tuple(sorted(found)))
CLOSED = st.frozensets(st.dates(date(2026, 3, 1), date(2026, 11, 30)), max_size=5)


@st.composite
def calendars(draw: st.DrawFn, zones: tuple[str, ...] = ZONES) -> Calendar:
    week = [draw(DAYS) for _ in range(7)]
    week[draw(st.integers(0, 6))] = (draw(WINDOWS),)
    closed = draw(CLOSED)
    return Calendar(
        ZoneInfo(draw(st.sampled_from(zones))), tuple(week), lambda day: () if day in closed else None
    )


MOMENTS = st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 (its API)
LENGTHS = st.timedeltas(timedelta(0), timedelta(hours=40))


@settings(max_examples=60, deadline=None)
@given(calendars(), MOMENTS, LENGTHS)
def test_counting_undoes_adding(calendar: Calendar, start: datetime, length: timedelta) -> None:
    assert calendar.between(start, calendar.add(start, length)) == length


@settings(max_examples=60, deadline=None)
@given(calendars(), MOMENTS, MOMENTS, LENGTHS)
def test_the_clock_never_runs_backwards(
    calendar: Calendar, one: datetime, other: datetime, length: timedelta
) -> None:
    early, late = sorted((one, other))
    assert early <= calendar.add(early, length) <= calendar.add(late, length)
    assert calendar.add(early, length) <= calendar.add(early, 2 * length)
    assert timedelta(0) <= calendar.between(early, late) <= late - early


@settings(max_examples=40, deadline=None)
@given(calendars(), MOMENTS, LENGTHS.filter(bool))
def test_a_promise_ends_while_we_are_open(calendar: Calendar, start: datetime, length: timedelta) -> None:
    assert calendar.is_open(calendar.add(start, length) - timedelta(microseconds=1))
    opens = calendar.next_open(start)
    assert calendar.is_open(opens)
    assert opens == start or not calendar.is_open(opens - timedelta(microseconds=1))


@settings(max_examples=40, deadline=None)
@given(calendars(), st.lists(MOMENTS, min_size=3, max_size=3))
def test_the_whole_is_the_sum_of_its_parts(calendar: Calendar, moments: list[datetime]) -> None:
    first, middle, last = sorted(moments)
    parts = calendar.between(first, middle) + calendar.between(middle, last)
    assert calendar.between(first, last) == parts


@settings(max_examples=30, deadline=None)
@given(calendars(("UTC",)), st.datetimes(datetime(2026, 4, 1), datetime(2026, 11, 1)))  # noqa: DTZ001 (its API)
def test_every_minute_counts_if_a_window_holds_it(calendar: Calendar, start: datetime) -> None:
    """Against a count by single minutes, which knows nothing of spans."""
    begin = start.replace(tzinfo=UTC, second=0, microsecond=0)
    minutes = [begin + n * M for n in range(3 * 1440)]
    assert calendar.between(begin, begin + 3 * 24 * H) == sum(holds(calendar, m) for m in minutes) * M


def holds(calendar: Calendar, minute: datetime) -> bool:
    today, yesterday = minute.date(), minute.date() - timedelta(days=1)
    number = 60 * minute.hour + minute.minute
    return any(w.start <= number < w.end for w in calendar.windows(today)) or any(
        w.start <= number + 1440 < w.end for w in calendar.windows(yesterday)
    )


def test_a_calendar_that_never_opens_ends_the_search() -> None:
    asked: list[date] = []
    never = Calendar(KYIV, ((),) * 7, lambda day: asked.append(day))
    start = datetime(2026, 11, 18, tzinfo=UTC)
    assert never.add(start, H) == start + HORIZON
    assert never.next_open(start) == start + HORIZON
    assert len(asked) <= 2 * HORIZON.days


def test_what_a_minute_a_week_can_not_keep_is_due_at_the_horizon() -> None:
    hardly = Calendar(KYIV, ((Window(600, 601),), *((),) * 6))
    start = datetime(2026, 11, 18, tzinfo=UTC)
    assert hardly.add(start, timedelta(days=366)) == start + HORIZON


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("09:00-18:00", Window(540, 1080)),
        ("9:00 – 18:30", Window(540, 1110)),
        ("22:00-06:00", Window(1320, 1800)),
        ("00:00-24:00", Window(0, 1440)),
        ("18:00-00:00", Window(1080, 1440)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, window: Window) -> None:
    assert parse_window(text) == window


@given(st.text(max_size=20) | st.from_regex(r"\d{1,3}:\d{2}-\d{1,3}:\d{2}", fullmatch=True))
def test_whatever_is_read_as_hours_is_a_window(text: str) -> None:
    with suppress(ValueError):
        window = parse_window(text)
        assert 0 <= window.start < 1440
        assert window.start < window.end <= window.start + 1440
