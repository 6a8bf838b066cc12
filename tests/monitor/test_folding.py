from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.folding import WORD, Folded, fold

HOSTILE = st.text(
    st.sampled_from("аеіїйёґАЕІЇЙЁҐaeiyAEIYșțăȘŞﬁßİ①é'’ʼ`- .\n0\u00ad\u200b\ufe0f\u0301\u0306\u0308👍👨‍👩‍👧")
    | st.characters(),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("НОВА Пошта", "нова пошта"),
        ("Ёлка", "елка"),
        ("ґанок", "ганок"),
        ("Livrări și țări", "livrari si tari"),
        ("Livrãri şi ţări", "livrari si tari"),
        ("п'ять п’ять пʼять п`ять", "пять пять пять пять"),
        ("Но́ва", "нова"),
        ("По\u00adшта По\u200bшта", "пошта пошта"),
        ("Ｎｏｖａ", "nova"),
        ("ﬁrma", "firma"),
        ("Straße", "strasse"),
        ("Café Łódź", "cafe lodz"),
        ("'Apple'", "'apple'"),
    ],
)
def test_spellings_of_the_same_word_fold_together(text: str, folded: str):
    assert fold(text) == folded


@pytest.mark.parametrize(("one", "other"), [("кий", "кии"), ("їжак", "іжак"), ("має", "мае"), ("рис", "ріс")])
def test_letters_that_tell_words_apart_stay_apart(one: str, other: str):
    assert fold(one) != fold(other)


def test_decomposed_letters_are_the_composed_ones():
    assert fold("и\u0306ї") == fold("йі\u0308") == "йї"


@pytest.mark.parametrize(
    ("mixed", "clean"),
    [
        ("Hова", "нова"),  # Latin H
        ("Новолiнiя", "новолінія"),  # Latin i, as on Russian keyboards
        ("Аpple", "apple"),  # Cyrillic А
        ("OLХ", "olx"),  # Cyrillic Х
        ("Linеlla", "linella"),  # Cyrillic е
        ("ATБ", "атб"),  # Latin A and T: Б has no twin, so the commoner letters are the masks
        ("POЗETKA", "розетка"),  # all but З
        ("Сомfу", "comfy"),  # all but f
    ],
)
def test_look_alikes_of_the_other_alphabet_are_unmasked(mixed: str, clean: str):
    assert fold(mixed) == clean


@pytest.mark.parametrize("word", ["boltом", "olxу", "wifiшний", "iphoneом", "юmoney"])
def test_latin_words_with_cyrillic_endings_are_left_alone(word: str):
    assert fold(word) == word


def test_a_folded_word_is_found_again_in_the_original():
    text = "Це 👍🏻 «Но́ва\u200b По\u00adшта» … п’ять"
    folded = Folded(text)
    start = folded.text.index("нова")
    assert text[slice(*folded.span(start, start + len("нова пошта")))] == "Но́ва\u200b По\u00adшта"
    start = folded.text.index("пять")
    assert text[slice(*folded.span(start, start + 4))] == "п’ять"


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_folding_twice_changes_nothing(text: str):
    assert fold(fold(text)) == fold(text)


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
@example("ß①’a")
def test_every_folded_word_comes_from_the_place_that_it_is_traced_to(text: str):
    folded = Folded(text)
    for match in WORD.finditer(folded.text):
        start, end = folded.span(*match.span())
        assert 0 <= start < end <= len(text)
        assert match.group() in fold(text[start:end])


@settings(max_examples=200, deadline=None)
@given(HOSTILE, HOSTILE)
def test_places_are_in_order(first: str, second: str):
    folded = Folded(first + " " + second)
    places = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert places == sorted(places)
    assert all(start <= end <= len(folded.original) for start, end in places)


@pytest.mark.parametrize(
    "text", ["а" * 1_000_000, "👍" * 50_000, "а" + "\u0301\u0323" * 200_000, "a'" * 300_000, "aа" * 300_000]
)
def test_hostile_texts_fold_in_linear_time(text: str):
    started = perf_counter()
    Folded(text).span(0, 1)
    assert perf_counter() - started < 3
