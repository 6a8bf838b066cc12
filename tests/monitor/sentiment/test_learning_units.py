"""Which corrections stand or fall together."""

from time import perf_counter

import numpy as np
import pytest

from monitor.sentiment.learning.units import units

LONG = "Третій тиждень чекаю на шафу з Новолінії: гроші списали, посилки немає, телефон мовчить, і ніхто не перепросив."
EDITED = "Третій тиждень чекаю на шафу з Новолінії: гроші списали, посилки нема, телефон мовчить, ніхто не перепросив!"
OTHER = (
    "Дуже чемні продавці в новому магазині на Подолі, підібрали стіл за десять хвилин і привезли того ж дня."
)


def of(*posts: tuple[str, int]) -> list[int]:
    return units([text for text, _ in posts], [case for _, case in posts]).tolist()


def test_posts_of_one_case_are_one() -> None:
    assert of(("Жах", 5), ("Дякую", 8), ("Де ручка?", 5)) == [0, 1, 0]


@pytest.mark.parametrize("again", ["не працює", "НЕ ПРАЦЮЄ!!!", "не працює https://example.org @novolinia"])
def test_equal_words_are_one_however_short(again: str) -> None:
    assert of(("Не працює…", 1), (again, 2)) == [0, 0]


def test_a_long_text_and_its_copy_with_small_edits_are_one() -> None:
    assert of((OTHER, 1), (LONG, 2), (EDITED, 3)) == [0, 1, 1]


def test_short_texts_that_are_only_alike_are_two() -> None:
    assert of(("Не працює", 1), ("Не працюю", 2)) == [0, 1]


def test_texts_without_words_are_one_only_where_they_are_equal() -> None:
    assert of(("😡", 1), ("👍", 2), ("😡", 3)) == [0, 1, 0]


def test_what_belongs_to_a_third_belongs_together() -> None:
    assert of((OTHER, 1), (LONG, 1), (EDITED, 2), ("Жах", 2), ("Жах!", 3)) == [0, 0, 0, 0, 0]


def test_hundreds_of_copies_are_told_apart_in_seconds() -> None:
    texts = [LONG if number % 2 else f"{number} {OTHER}" for number in range(500)]
    started = perf_counter()
    assert len(np.unique(units(texts, range(500)))) == 2
    assert perf_counter() - started < 20
