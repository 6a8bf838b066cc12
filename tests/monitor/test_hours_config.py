"""Hours, days off, shifts and promises as they are configured: what is taken, and what is refused with a sentence."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from monitor.days_off import in_year
from monitor.hours import Window
from monitor.timetable import timetable
from tests.monitor.configuration import GOOD, ROOT, problems, read

TWO = GOOD + "    - {name: Boris, telegram: 2, role: lead}\n"
BLOCKS = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "hours.md").read_text(encoding="utf-8"), re.DOTALL)
EVERY_DAY = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]
WEDNESDAY = datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_the_page_has_its_examples() -> None:
    assert len(BLOCKS) == 7


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_of_the_page_is_taken(tmp_path: Path, block: str) -> None:
    assert read(tmp_path, TWO + block)


def test_without_a_word_every_hour_counts_and_promises_are_as_ever(tmp_path: Path) -> None:
    plain = read(tmp_path, GOOD)
    assert plain.calendar("Acme").is_always
    assert [plain.sla.within(p, "Acme") for p in (1, 2, 3)] == [
        timedelta(hours=1),
        timedelta(hours=4),
        timedelta(days=1),
    ]
    assert plain.sla.next_within(2, "Acme") == timedelta(hours=4)
    assert plain.sla.resolved_within(1, "Acme") is None


def test_a_week_is_read_by_its_days(tmp_path: Path) -> None:
    hours = "hours: {week: {monday-friday: [14:00-18:00, 09:00-13:00], saturday: 10:00-16:00}}\n"
    calendar = read(tmp_path, GOOD + hours).calendar("Acme")
    workday = (Window(540, 780), Window(840, 1080))
    assert calendar.week == (*[workday] * 5, (Window(600, 960),), ())


def test_what_a_brand_leaves_out_is_as_for_all(tmp_path: Path) -> None:
    own = "hours:\n  week: {daily: 09:00-18:00}\n  timezone: Europe/Chisinau\n  brands: {Acme: {week: {monday: 10:00-12:00}}}\n"
    settings = read(tmp_path, GOOD + own)
    assert settings.calendar("Acme").zone.key == "Europe/Chisinau"
    assert settings.calendar("Acme").windows(date(2026, 11, 17)) == ()
    assert settings.calendar("another").windows(date(2026, 11, 17)) == (Window(540, 1080),)


def test_a_brand_may_be_always_open_where_the_others_are_not(tmp_path: Path) -> None:
    own = "hours: {week: {daily: 09:00-18:00}, brands: {Acme: {week: always}}}\n"
    assert read(tmp_path, GOOD + own).calendar("Acme").is_always


def test_days_off_close_a_calendar_that_is_always_open_otherwise(tmp_path: Path) -> None:
    own = 'hours: {holidays: {days: [{date: "08-24"}]}}\n'
    calendar = read(tmp_path, GOOD + own).calendar("Acme")
    assert calendar.windows(date(2027, 8, 24)) == ()
    assert calendar.windows(date(2027, 8, 25)) == (Window(0, 1440),)


def test_the_long_form_says_what_is_owed_next_and_a_brand_says_more(tmp_path: Path) -> None:
    sla = read(tmp_path, GOOD + BLOCKS[5]).sla
    minutes = timedelta(minutes=1)
    assert [sla.within(p, "Acme") / minutes for p in (1, 2, 3)] == [15, 240, 540]
    assert [sla.within(p, "another") / minutes for p in (1, 2, 3)] == [30, 240, 540]
    assert [sla.next_within(p, "Acme") / minutes for p in (1, 2, 3)] == [30, 120, 540]
    assert sla.resolved_within(3, "Acme") is None
    assert sla.resolved_within(1, "Acme") == timedelta(hours=9)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("hours: {week: {monday-fryday: 09:00-18:00}}", "hours.week", "«monday-fryday» is no day"),
        ("hours: {week: {monday: []}}", "hours.week", "never open keeps no promise"),
        ("hours: {week: {monday: 9-18}}", "hours.week", 'written as "09:00-18:00"'),
        ("hours: {week: {monday: 9}}", "hours.week", "one text, or a list"),
        ("hours: {week: {monday: 09:00-09:00}}", "hours.week", "begin when they end"),
        ("hours: {week: {monday: 24:30-09:00}}", "hours.week", "ends at 24:00"),
        ("hours: {week: {daily: 09:00-18:00, sunday: 10:00-11:00}}", "hours.week", "sunday is there twice"),
        (f"hours: {{week: {{monday: [{', '.join(['09:00-10:00'] * 25)}]}}}}", "hours.week", "more than 24"),
        (
            'hours: {week: {friday: ["09:00-14:00", "13:00-24:00"]}}',
            "hours.week",
            "friday: 09:00-14:00 and 13:00-24:00 overlap",
        ),
        ("hours: {week: {monday: 09:00-18:00, friday: 9-18}}", "hours.week", "friday: opening hours are"),
        ("hours: {week: {monday: 09:00-18:00, sunday: }}", "hours.week", "sunday: a day without hours"),
        ("hours: {week: {monday: 09:00-18:00, sunday: closed}}", "hours.week", "is closed; leave it out"),
        (
            'hours: {holidays: {days: [{date: "12-31"}, {date: "12-31", open: 09:00-12:00}]}}',
            "hours.holidays.days",
            "12-31 is there twice",
        ),
        ("shifts: {rotations: [{people: [Anna], start: soon}]}", "shifts.rotations.0.start", "2026-11-02"),
        ("shifts: {rotations: [{people: [Anna], start: 1}]}", "shifts.rotations.0.start", "2026-11-02"),
        ("hours: {week: soon}", "hours.week", "`always`, or days"),
        ("hours: {timezone: Europe/Kyyiv}", "hours.timezone", "not a time zone"),
        ("hours: {holidays: {countries: [XX]}}", "hours.holidays.countries.0", "not a country"),
        ('hours: {holidays: {days: [{date: "02-30"}]}}', "hours.holidays.days.0.date", "no such day"),
        ("hours: {holidays: {days: [{date: soon}]}}", "hours.holidays.days.0.date", "a date such as"),
        ("hours: {brands: {Acne: {week: always}}}", "hours.brands.Acne", "did you mean «Acme»?"),
        ("sla: {brands: {Acne: {first: {high: 1h}}}}", "sla.brands.Acne", "did you mean «Acme»?"),
        ("sla: {high: 1h, first: {high: 2h}}", "sla", "of high is there twice"),
        ("sla: {first: {hihg: 2h}}", "sla.first.hihg", "did you mean «high»?"),
        ("sla: {resolution: {high: soon}}", "sla.resolution.high", "a duration is"),
        (
            "shifts: {weekly: [{people: [Ann], week: always}]}",
            "shifts.weekly.0.people.0",
            "did you mean «Anna»?",
        ),
        (
            "shifts: {rotations: [{people: [], start: 2026-11-02}]}",
            "shifts.rotations.0.people",
            "at least one",
        ),
        ("shifts: {rotations: [{people: [Anna]}]}", "shifts.rotations.0.start", "this key is missing"),
    ],
)
def test_what_can_not_be_meant_is_refused_where_it_stands(
    tmp_path: Path, text: str, key: str, said: str
) -> None:
    (problem,) = problems(tmp_path, GOOD + text + "\n")
    assert problem.key == key
    assert said in problem.message


def test_days_off_that_leave_no_day_open_are_refused(tmp_path: Path) -> None:
    days = ", ".join(f'{{date: "{day:%m-%d}"}}' for day in EVERY_DAY)
    text = GOOD + f"hours: {{week: {{monday: 09:00-18:00}}, holidays: {{days: [{days}]}}}}\n"
    (problem,) = problems(tmp_path, text)
    assert "close every day that the week opens" in problem.message


@pytest.mark.parametrize("locale", ["C", "uk_UA.UTF-8"])
def test_holidays_have_english_names_whatever_the_locale_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert in_year.__wrapped__("MD", 2026)[date(2026, 12, 25)] == "Christmas Day (by new style)"


def test_check_tells_the_hours_the_rota_and_who_hears_of_late_answers(tmp_path: Path) -> None:
    text = """\
hours:
  week: {monday-thursday: ["09:00-13:00", "14:00-18:00"], friday: 22:00-06:00}
  holidays: {countries: [MD, UA], days: [{date: 2026-11-19, name: Inventory, open: 10:00-12:00}]}
  brands: {Acme: {week: always, holidays: {}}}
shifts:
  rotations: [{people: [Anna, Boris], start: 2026-11-02}]
"""
    (about, hours), *others = timetable(read(tmp_path, TWO + text), WEDNESDAY)
    assert about == "hours"
    assert hours.split("; ") == [
        "today (Wed 18 Nov) 09:00–13:00, 14:00–18:00",
        "tomorrow (Thu 19 Nov) 10:00–12:00 (Inventory)",
        "next (Fri 25 Dec) closed (Christmas Day (by new style))",
        "no holidays of UA are known for 2026, so list your own under holidays.days",
        "Europe/Kyiv",
    ]
    assert others == [
        ("hours of Acme", "always open"),
        ("on call", "Wed 18 Nov 14:00 – Mon 23 Nov 09:00: Anna"),
        ("on call", "Mon 23 Nov 09:00 – Wed 25 Nov 14:00: Boris"),
        ("late answers", "Boris"),
    ]


def test_where_nobody_leads_check_says_which_administrator_hears_of_late_answers(tmp_path: Path) -> None:
    assert list(timetable(read(tmp_path, GOOD), WEDNESDAY)) == [
        ("hours", "always open"),
        ("late answers", "Anna (nobody has role: lead)"),
    ]


def test_beside_a_lead_no_administrator_hears_of_late_answers(tmp_path: Path) -> None:
    carol = "    - {name: Carol, telegram: 3, role: admin}\n"
    assert list(timetable(read(tmp_path, TWO + carol), WEDNESDAY))[-1] == ("late answers", "Boris")
