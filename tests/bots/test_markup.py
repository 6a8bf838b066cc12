import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.markup import escape, is_link, link, quote, shorten, shown_length, units
from bots.plain import plain
from demo.telegram.html_markup import utf16_length
from tests.bots.rendering import HOSTILE, seen


@given(text=HOSTILE.map(lambda text: text[:2000]))
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    if text.strip():
        assert seen(f"x{escape(text)}x").text == f"x{text}x"


@given(text=HOSTILE, limit=st.integers(2, 400))
def test_what_is_shortened_fits_and_is_a_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert utf16_length(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_a_text_is_cut_at_a_word() -> None:
    assert shorten("Третій тиждень чекаю на відповідь", 20) == "Третій тиждень…"
    assert shorten("Коротко", 20) == "Коротко"


def test_no_comma_stands_before_the_mark_of_omission() -> None:
    assert shorten("Чекаю, чекаю, а нічого немає", 15) == "Чекаю, чекаю…"
    assert shorten("Пішов дим. Знайомство закінчилось", 15) == "Пішов дим…"


def test_a_word_longer_than_all_room_is_cut_through() -> None:
    assert shorten("ш" * 50, 10) == "ш" * 9 + "…"


def test_an_emoji_counts_as_two_and_is_never_halved() -> None:
    assert units("😀") == 2
    assert shorten("😀😀😀", 4) == "😀…"


@settings(max_examples=100)
@given(
    text=HOSTILE,
    spans=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 30)), max_size=4),
    limit=st.integers(40, 900),
)
def test_bold_is_exactly_what_matched_and_the_quotation_fits(
    text: str, spans: list[tuple[int, int]], limit: int
) -> None:
    matches = [{"start": start, "end": start + size} for start, size in spans]
    shown = seen("." + quote(text, matches, limit))
    assert utf16_length(shown.text) <= limit + 1
    matched = [text[m["start"] : m["end"]] for m in matches]
    for bold in shown.marked("bold"):
        assert bold in matched
    assert shown.text[1:].strip("…") in text


@given(before=st.integers(0, 6000), after=st.integers(0, 6000), spaced=st.booleans())
def test_what_matched_is_always_in_the_part_that_is_shown(before: int, after: int, spaced: bool) -> None:
    filling = "слово " if spaced else "слово-"
    text = filling * (before // 6) + "Новолінія " + filling * (after // 6)
    start = text.index("Новолінія")
    shown = seen(quote(text, [{"start": start, "end": start + 9}]))
    assert shown.marked("bold") == ["Новолінія"]


def test_overlapping_matches_are_bold_once() -> None:
    shown = seen(quote("Нова Пошта мовчить", [{"start": 0, "end": 10}, {"start": 5, "end": 10}]))
    assert shown.marked("bold") == ["Нова Пошта"]


def test_a_long_quotation_is_folded_and_a_short_one_is_not() -> None:
    assert seen(quote("слово " * 60)).entities[0]["type"] == "expandable_blockquote"
    assert seen(quote("слово " * 5)).entities[0]["type"] == "blockquote"


@given(url=HOSTILE, text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_a_link_cannot_be_broken_out_of(url: str, text: str) -> None:
    assert seen("x" + link(url[:3000], text)).text == "x" + text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://forum.example/t/7?a=1&b=2#p1", True),
        ("http://127.0.0.1:8000/forum", True),
        ("https://приклад.укр/тема", True),
        ("", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://localhost/x", False),
        ("https://forum.example/a b", False),
        ("https://[broken", False),
        ("https://forum..example/", False),
        ("https://forum.example/" + "x" * 3000, False),
    ],
)
def test_only_what_telegram_takes_becomes_a_button(url: str, expected: bool) -> None:
    assert is_link(url) is expected


@given(text=HOSTILE.map(lambda text: text[:2000]))
def test_the_shown_length_is_telegrams(text: str) -> None:
    html = f"<b>{escape(text)}</b>" + link("https://x.example/", "там")
    assert shown_length(html) == utf16_length(seen(html).text)


def test_on_a_terminal_a_link_keeps_its_address() -> None:
    html = f"<b>Шість &lt; сім</b> {link('https://x.example/?a=1&b=2', 'там')}"
    assert plain(html) == "Шість < сім там (https://x.example/?a=1&b=2)"
