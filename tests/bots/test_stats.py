from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.stats import stats_message
from models import Happening
from monitor.case_numbers import CaseNumbers
from monitor.stats import Stats
from tests.bots.rendering import HOSTILE, LANGUAGES, seen, words
from tests.bots.room import Room

NUMBERS = CaseNumbers(
    opened=50,
    answered=38,
    late=5,
    waiting=10,
    first_response=timedelta(minutes=40),
    detection=None,
    detection_p95=None,
    first_response_p90=timedelta(hours=3),
    kept=36,
)


def a_time(**changes: Any) -> Stats:
    values: dict[str, Any] = {
        "lasts": timedelta(days=7),
        "cases": NUMBERS,
        "by_brand": {"Новолінія": 50},
        "by_person": {"Олена": 30, "Андрій": 12},
        "done": 40,
        "called": {Happening.WRONG_TONE: 3, Happening.SPAM: 1, Happening.DUPLICATE: 2},
        **changes,
    }
    return Stats(**values)


def test_every_number_says_what_it_is_of() -> None:
    assert seen(stats_message(a_time(), words("en"))).text.splitlines() == [
        "📈 The last 7 days",
        "Cases: 50 opened, 38 answered, 5 late, 10 waiting",
        "First response: half within 40 min, 90 % within 3 hr",
        "Promise kept: 88 % (36 of 41 answered or late)",
        "Of 40 alerts that staff have dealt with, they called 3 not unhappy, 0 not ours, 1 spam. Right: 90 %.",
        "💬 Answers: Андрій 12 · Олена 30",
    ]


def test_times_that_count_in_opening_hours_say_so() -> None:
    shown = seen(stats_message(a_time(cases=replace(NUMBERS, in_opening_hours=True)), words("en"))).text
    assert shown.splitlines()[3] == "Times count in opening hours."


def test_where_nothing_is_answered_yet_there_is_no_figure(room: Room) -> None:
    room.case()
    room.write(room.olena, "/stats")
    shown = room.last("The last 7 days")["text"].splitlines()
    assert shown[1:] == [
        "Cases: 1 opened, 0 answered, 0 late, 1 waiting",
        "Promise kept: – (nothing was answered yet)",
    ]


def test_where_there_were_no_cases_no_promise_is_spoken_of(room: Room) -> None:
    room.write(room.olena, "/stats")
    assert "Promise" not in room.last("The last 7 days")["text"]


def test_of_several_brands_each_is_counted() -> None:
    text = seen(stats_message(a_time(by_brand={"Б": 1, "А": 9}), words("en"))).text
    assert "🏷 А 9 · Б 1" in text


@given(st.sampled_from(LANGUAGES), HOSTILE)
def test_whatever_the_names_it_is_valid(language: str, name: str) -> None:
    names = {f"{n}{name}"[:60]: n for n in range(40)}
    assert seen(stats_message(a_time(by_brand=names, by_person=names), words(language))).text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("/stats", "The last 7 days"),
        ("/stats 30d", "The last 30 days"),
        ("/stats 12h", "The last 12 hr"),
        ("/stats x", "It is written like this: /stats 7d"),
        ("/stats 0d", "It is written like this: /stats 7d"),
    ],
)
def test_staff_ask_for_any_time(room: Room, asked: str, said: str) -> None:
    room.case()
    room.write(room.olena, asked)
    assert said in room.last()["text"]


def test_another_time_is_one_tap_away(room: Room) -> None:
    room.case()
    room.write(room.olena, "/stats")
    room.press(room.andriy, room.last("The last 7 days"), "1 day")
    assert "Cases: 1 opened" in room.last("The last 1 day")["text"]
