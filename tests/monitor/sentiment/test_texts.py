"""What the model gets to see of a text."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sentiment.texts import MAX_CHARACTERS, prepare


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("дякую @lina_dostavka!", "дякую @user!"),
        ("пишіть на skarga@ridnolan.example, чекаю", "пишіть на @mail, чекаю"),
        ("см. https://shop.example/a?b=c и www.shop.example", "см. http и http"),
        ("зателефонуйте +380 (00) 000-00-00", "зателефонуйте 000"),
        ("посилка 20450000000000 зникла", "посилка 000 зникла"),
    ],
)
def test_what_identifies_people_is_masked(text: str, seen: str) -> None:
    assert prepare(text) == seen


@pytest.mark.parametrize(
    "text", ["за 25 грн", "10000 грн", "2 тижні", "ora 14:30", "1 200 lei", "user@", "a @ b"]
)
def test_prices_times_and_lone_signs_are_kept(text: str) -> None:
    assert prepare(text) == text


def test_a_run_of_one_character_keeps_three() -> None:
    assert prepare("ужаааааас!!!!!!") == "ужааас!!!"


def test_control_characters_and_invisible_ones_are_dropped() -> None:
    assert prepare("ду\u200bже\x00 по\u202eгано\r\n\tтак") == "дуже погано так"


def test_an_emoji_sequence_stays_whole() -> None:
    assert prepare("👩\u200d🔧❤\ufe0f") == "👩\u200d🔧❤\ufe0f"


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert prepare("так\ud800ні") == "так?ні"


@pytest.mark.parametrize(
    "unit", ["a", "a.", "a@", "@a", "1", "1 ", "+1(", "http://", "www.", " ", "aaab", "😡😱"]
)
def test_a_megabyte_of_anything_takes_no_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = perf_counter()
    assert len(prepare(text)) <= MAX_CHARACTERS
    assert perf_counter() - started < 0.5


@given(st.text(st.characters(codec=None), max_size=300))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_in_can_be_encoded_and_is_prepared_once(text: str) -> None:
    seen = prepare(text)
    assert seen.encode("utf-8").decode("utf-8") == seen
    assert len(seen) <= MAX_CHARACTERS
