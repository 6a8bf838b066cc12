"""Times as sites write them."""

from datetime import UTC, datetime

import pytest

from spiders._dates import read_time

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


def read(written: str, order: str = "DMY") -> str | None:
    time = read_time([written], now=NOW, timezone="Europe/Bucharest", order=order)
    return time.strftime("%m-%d %H:%M") if time else None


@pytest.mark.parametrize("written", ["Astăzi, 08:10", "astazi la 08:10", "ASTĂZI 08:10", "Azi, 08:10"])
def test_today_is_known_in_romanian(written: str) -> None:
    assert read(written) == "11-21 06:10"


@pytest.mark.parametrize(
    "written", ["Vin Noi 20, 2026 9:15 am", "20 Noi 2026, 09:15", "20-noi-2026 09:15", "20 NOI. 2026, 09:15"]
)
@pytest.mark.parametrize("order", ["DMY", "MDY"])
def test_november_is_known_by_its_romanian_short_name(written: str, order: str) -> None:
    assert read(written, order) == "11-20 07:15"


@pytest.mark.parametrize("written", ["noi", "2 mesaje noi", "2 noi răspunsuri"])
def test_what_is_new_in_romanian_is_no_time(written: str) -> None:
    assert read(written) is None


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("acum un minut", "11-21 17:59"),
        ("acum o oră", "11-21 17:00"),
        ("O ora în urmă", "11-21 17:00"),
        ("acum o zi", "11-20 18:00"),
        ("acum o săptămână", "11-14 18:00"),
        ("o lună în urmă", "10-21 18:00"),
    ],
)
def test_one_is_known_in_romanian_words(written: str, time: str) -> None:
    assert read(written) == time


@pytest.mark.parametrize("written", ["05.11.2026, 10:15", "05.11.26 10:15", "Чт, 05.11.2026 10:15"])
@pytest.mark.parametrize("order", ["DMY", "MDY"])
def test_with_dots_the_day_is_first_on_every_engine(written: str, order: str) -> None:
    assert read(written, order) == "11-05 08:15"


def test_with_slashes_the_engine_says_what_is_first() -> None:
    assert read("05/11/2026 10:15", "DMY") == "11-05 08:15"
    assert read("05/11/2026 10:15", "MDY") == "05-11 07:15"


@pytest.mark.parametrize(
    "written",
    [
        "менше хвилини тому",
        "меньше минуты назад",
        "менее минуты назад",
        "acum mai puțin de un minut",
        "кілька секунд тому",
        "несколько секунд назад",
        "acum câteva secunde",
        "a few seconds ago",
        "несколько минут назад",
    ],
)
def test_what_was_just_written_is_of_now(written: str) -> None:
    assert read(written) == "11-21 18:00"


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("день тому", "11-20 18:00"),
        ("тиждень тому", "11-14 18:00"),
        ("місяць тому", "10-21 18:00"),
        ("acum o jumătate de oră", "11-21 17:30"),
        ("у середу о 14:37", "11-18 12:37"),
        ("у п’ятницю о 14:37", "11-20 12:37"),
        ("середа, 14:37", "11-18 12:37"),
    ],
)
def test_relative_times_are_known_without_a_number(written: str, time: str) -> None:
    assert read(written) == time


@pytest.mark.parametrize(
    "written",
    [
        "П'ят листопада 20, 2026 2:37 pm",
        "П’ят, 20 лист 2026, 14:37",
        "Птн 20 ноя 2026 14:37",
        "Пятница, 20 ноября 2026 14:37",
        "vin., 20 nov. 2026, 14:37",
        "Vin Noi 20, 2026 2:37 pm",
        "Fri Nov 20, 2026 2:37 pm",
    ],
)
def test_the_day_of_the_week_before_a_date_says_nothing_new(written: str) -> None:
    assert read(written, "MDY") == "11-20 12:37"


@pytest.mark.parametrize(
    ("written", "time"),
    [("Сер 18, 2026 2:37 pm", "08-18 11:37"), ("Mar 3, 2026 2:37 pm", "03-03 12:37")],
)
def test_a_month_is_no_day_of_the_week(written: str, time: str) -> None:
    assert read(written, "MDY") == time
