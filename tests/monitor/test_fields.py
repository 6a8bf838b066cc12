import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fields import KNOWN, bare, fill, is_filled_from, mistakes, unfilled

PIECES = st.lists(
    st.sampled_from(["{author}", "{{the day}}", "{", "}", "{{", "}}", "{nobody}", "слово ", "{{}}"]),
    max_size=12,
).map("".join)


def test_what_we_know_is_filled_in_and_what_we_do_not_is_left_to_staff() -> None:
    text = fill("{author}, {{the day}}, {case}, {brand}", {"author": "oksana", "case": 7})
    assert text == "oksana, {{the day}}, 7, {{brand}}"
    assert unfilled(text) == ["the day", "brand"]


def test_braces_of_a_name_are_no_fields() -> None:
    assert fill("{author}!", {"author": "{{evil}} {case}"}) == "evil case!"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{autor}", "unknown field {autor}; there are: {author}, {case}, {staff}, {brand}"),
        ("{", "a brace without its partner"),
        ("a }", "a brace without its partner"),
        ("{{ }}", "needs a name"),
        ("{the day}", "what staff fill in has two braces: {{the day}}"),
    ],
)
def test_a_field_that_is_none_is_said(text: str, said: str) -> None:
    (mistake,) = mistakes(text)
    assert said in mistake


@given(PIECES)
def test_a_text_without_mistakes_is_filled_whole(text: str) -> None:
    if mistakes(text):
        return
    known = dict.fromkeys(KNOWN, "x")
    filled = fill(text, known)
    assert fill(filled, known) == filled
    assert "{author}" not in filled.replace("{{author}}", "")
    assert unfilled(filled) == unfilled(text), "what staff fill in is left to them, and nothing else"


def test_the_same_words_are_known_whatever_stands_in_the_fields() -> None:
    template = "{author}, вибачте! Веземо {{коли}}."
    assert is_filled_from(template, "oksana, вибачте! Веземо завтра.")
    assert is_filled_from(template, "Іван,  Вибачте!\nВеземо у п’ятницю до обіду.")
    assert not is_filled_from(template, "oksana, вибачте! Перевіримо і напишемо.")
    assert not is_filled_from(
        template, "oksana, вибачте! Веземо завтра. " + "Розповім, що сталося на складі. " * 5
    )


def test_names_and_numbers_apart_the_words_are_the_same() -> None:
    one = bare("Oksana, вибачте! Справа 12.", {"author": "oksana", "case": 12})
    assert one == bare("petro, ВИБАЧТЕ: справа 13", {"author": "petro", "case": 13})
    assert one != bare("petro, вибачте: справа 14", {"author": "petro", "case": 13})
