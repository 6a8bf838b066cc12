"""From markup to plain text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders._text import cut, one_line, plain, tidy


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Просто текст", "Просто текст"),
        ("<p>Привіт,&nbsp;<b>світе</b>!</p>", "Привіт, світе!"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one</p>\n  <p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/><br/>three", "one\ntwo\n\nthree"),
        ("<div>one<div>two</div></div>three", "one\ntwo\nthree"),
        ("<ul><li>a<li>b</ul>", "– a\n– b"),
        ("<table><tr><td>1<td>2<tr><td>3</table>", "1 2\n3"),
        ("see <a href='https://a.example/x'>our page</a>.", "see our page."),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
        ("&lt;b&gt; &#1111;", "<b> ї"),
        ("a  \t b\n c", "a b c"),
        ("<?xml version='1.0' encoding='koi8-r'?><p>ї</p>", "ї"),
    ],
)
def test_markup_becomes_what_a_browser_shows(markup, text):
    markup = markup if "<" in markup or "\n" not in markup else f"<p>{markup}"
    assert plain(markup) == text


@pytest.mark.parametrize(
    "unread",
    [
        "<script>alert(1)</script>",
        "<style>p{color:red}</style>",
        "<!-- note -->",
        "<blockquote>what he said <p>more</p></blockquote>",
        "<div class='bbCodeBlock quote'>what he said</div>",
        "<noscript>x</noscript>",
        "<iframe src=x>y</iframe>",
        "<img src=x onerror=alert(1)>",
        "<svg><text>x</text></svg>",
        "<textarea>x</textarea>",
        "<?php echo 1 ?>",
    ],
)
def test_scripts_quotations_and_forms_are_dropped_and_what_follows_is_kept(unread):
    assert plain(f"before {unread} after").split() == ["before", "after"]


def test_characters_that_deceive_the_reader_are_dropped():
    assert tidy("a\x00b\u202ec\u2066d\x1b[31m\ud800") == "abcd[31m"
    assert tidy("👨‍👩‍👧 ok") == "👨‍👩‍👧 ok"


def test_lines_are_kept_but_not_heaps_of_empty_ones():
    assert tidy(" a \r\n\r\n\r\n\n b\rc ") == "a\n\nb\nc"


def test_a_title_is_one_line():
    assert one_line(" A\n\tlong   title ") == "A long title"
    assert len(one_line("слово " * 500)) <= 300


def test_long_text_is_cut_at_a_word():
    assert cut("one two three", 11) == "one two…"
    assert cut("one two three", 13) == "one two three"
    assert cut("x" * 100, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "x",
        "<p>a<b>c" * 100_000,
        "<br>" * 200_000,
        "<a " + "x=1 " * 200_000,
        "&amp;" * 200_000,
    ],
    ids=["deep", "wide", "breaks", "attributes", "entities"],
)
def test_markup_made_to_tire_us_is_read_in_time_and_bounded(markup):
    started = time.monotonic()
    assert len(plain(markup)) <= 20_000
    assert time.monotonic() - started < 5


@given(st.text(alphabet=st.sampled_from("<>&;/!-=\"' \n\x00\ud800їабpdivscript"), max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_markup_is_read_without_a_crash_and_within_the_limit(markup):
    assert len(plain(markup, limit=20)) <= 20
    assert "\x00" not in plain(markup)


@given(st.text(max_size=200), st.integers(1, 50))
@settings(max_examples=200, deadline=None)
def test_tidy_text_stays_as_it_is_when_tidied_again(text, limit):
    once = tidy(text, limit=limit)
    assert len(once) <= limit
    assert tidy(once, limit=limit) == once
