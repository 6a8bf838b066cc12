"""Public previews of Telegram channels."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug import Response

from monitor.source import CanReply, SourceError
from spiders.telegram_channel import Source, message_numbers, parse, views

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SHARED = Path(__file__).parents[2] / "../shared/recordings/telegram-t.me-s"


def preview(*numbers: int) -> str:
    messages = (
        f"<div class='tgme_widget_message_wrap'><div class='tgme_widget_message' data-post='dvoryk/{number}'>"
        f"<div class='tgme_widget_message_text js-message_text'>words {number}</div></div></div>"
        for number in numbers
    )
    return f"<html><body class='tgme_webpreview'><div class='tgme_channel_info'></div>{''.join(messages)}</body></html>"


@pytest.fixture
def channel(httpserver):
    """A channel in which messages can be posted; 20 are shown at a time, as t.me does."""
    posted: list[int] = []

    def show(request):
        before = int(request.args.get("before", 10**9))
        return Response(preview(*[number for number in posted if number < before][-20:]))

    httpserver.expect_request("/robots.txt").respond_with_data(status=404)
    httpserver.expect_request("/s/dvoryk").respond_with_handler(show)
    return posted


@pytest.fixture
def source(httpserver, request):
    site = httpserver.url_for("").rstrip("/")
    return Source(name="c", channel="@dvoryk", site=site, allow_private=True, contact=request.node.name)


def previews_asked(httpserver) -> int:
    return len([request for request, _ in httpserver.log if request.path == "/s/dvoryk"])


def test_it_is_answered_by_hand(source):
    assert not isinstance(source, CanReply)
    assert parse(preview(1).encode(), now=NOW)[0].answerable == "hand_off"


@pytest.mark.parametrize(
    "channel", ["dvoryk", "@dvoryk", "t.me/dvoryk", "https://t.me/s/dvoryk", " dvoryk/ "]
)
def test_a_channel_can_be_written_as_people_do(channel):
    assert Source(name="c", channel=channel)._address == "https://t.me/s/dvoryk"


@pytest.mark.parametrize(
    "channel", ["", "@", "../etc", "a b", "https://evil.example/x", "t.me/+invite", "дворик"]
)
def test_what_is_no_channel_is_refused(channel):
    with pytest.raises(SourceError, match="not the name of a Telegram channel") as refusal:
        Source(name="c", channel=channel)
    assert refusal.value.permanent


def test_the_first_time_one_page_is_read_and_then_only_what_is_new(source, channel, httpserver):
    channel += range(1, 31)
    (first,) = source.poll(None)
    assert [int(post.id) for post in first.posts] == list(range(11, 31))
    assert first.cursor == "dvoryk/30"
    assert previews_asked(httpserver) == 1
    assert list(source.poll(first.cursor)) == []
    channel += [31, 33]
    (second,) = source.poll(first.cursor)
    assert ([post.id for post in second.posts], second.cursor) == (["31", "33"], "dvoryk/33")


def test_pages_are_turned_back_until_what_is_known(source, channel, httpserver):
    channel += range(1, 100)
    (page,) = source.poll("dvoryk/40")
    assert [int(post.id) for post in page.posts] == list(range(41, 100))
    assert previews_asked(httpserver) == 3


def test_turning_back_is_bounded(source, channel, httpserver):
    channel += range(1, 1000)
    (page,) = source.poll("5")
    assert len(page.posts) == 200
    assert previews_asked(httpserver) == 10


def test_a_page_that_always_shows_the_same_is_not_turned_for_ever(source, httpserver):
    httpserver.expect_request("/robots.txt").respond_with_data(status=404)
    httpserver.expect_request("/s/dvoryk").respond_with_data(preview(50, 51))
    (page,) = source.poll("5")
    assert len(page.posts) == 2
    assert previews_asked(httpserver) == 2


def test_a_message_without_words_moves_the_cursor(source, httpserver):
    httpserver.expect_request("/robots.txt").respond_with_data(status=404)
    httpserver.expect_request("/s/dvoryk").respond_with_data(
        "<div class='tgme_widget_message_wrap'><div class='tgme_widget_message' data-post='dvoryk/7'></div></div>"
    )
    (page,) = source.poll("dvoryk/6")
    assert (page.posts, page.cursor) == ([], "dvoryk/7")


def test_a_channel_without_a_preview_is_for_staff(source, httpserver):
    httpserver.expect_request("/robots.txt").respond_with_data(status=404)
    httpserver.expect_request("/s/dvoryk").respond_with_data(status=302, headers={"Location": "/dvoryk"})
    httpserver.expect_request("/dvoryk").respond_with_data("<div class='tgme_page'>View in Telegram</div>")
    with pytest.raises(SourceError, match="no public preview") as refusal:
        list(source.poll(None))
    assert refusal.value.permanent


def test_robots_txt_is_obeyed(source, httpserver):
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /s/")
    with pytest.raises(SourceError, match="asks programs not to read"):
        list(source.poll(None))


def test_an_empty_channel_gives_nothing(source, channel):
    (page,) = source.poll(None)
    assert page.posts == []


def test_another_channel_under_the_same_name_is_read_from_its_beginning(source, channel):
    channel += [498, 499]
    (first,) = source.poll("busy/90004")
    assert ([post.id for post in first.posts], first.cursor) == (["498", "499"], "dvoryk/499")
    channel.append(500)
    (second,) = source.poll(first.cursor)
    assert [post.id for post in second.posts] == ["500"]


def test_a_cursor_from_before_channels_were_named_in_it_goes_on(source, channel):
    channel += [498, 499]
    (page,) = source.poll("498")
    assert ([post.id for post in page.posts], page.cursor) == (["499"], "dvoryk/499")


def test_a_channel_written_in_other_letters_is_the_same(httpserver, source, channel):
    channel += [498, 499]
    (page,) = source.poll(None)
    httpserver.expect_request("/s/DVORYK").respond_with_data(preview(498, 499))
    assert list(replace(source, channel="t.me/DVORYK").poll(page.cursor)) == []


@pytest.mark.parametrize("cursor", ["7", "dvoryk/7"])
def test_a_channel_that_shows_no_message_any_more_is_for_staff(source, channel, cursor):
    with pytest.raises(SourceError, match="shows no message any more") as refusal:
        list(source.poll(cursor))
    assert refusal.value.permanent


@pytest.mark.parametrize("cursor", ["", "x", "-5", "²", "5.5", "dvoryk/", "dvoryk/x", "/", "a/b/5"])
def test_a_cursor_of_somebody_else_is_a_new_beginning(source, channel, cursor):
    channel += [1, 2]
    (page,) = source.poll(cursor)
    assert len(page.posts) == 2


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        ("873", 873),
        ("1.2K", 1200),
        ("12.3K", 12300),
        ("1.4M", 1_400_000),
        ("2B", 2_000_000_000),
        ("", None),
        ("K", None),
        ("1e9", None),
        ("9" * 400, 999_999_999_999_999),
    ],
)
def test_views_are_read(shown, count):
    assert views(shown) == count


FRAGMENTS = [
    "<div class='tgme_widget_message' data-post='a/1'>",
    "<div class='js-message_text'>",
    "</div>",
    "words",
]
FRAGMENTS += [
    "<time datetime='x'>",
    "<a class='tgme_widget_message_date'><time datetime='9999-12-31T23:59:59-23:59'>",
]
FRAGMENTS += [
    "<span class='tgme_widget_message_views'>9K</span>",
    "data-post=''",
    "<!--",
    "\x00",
    "<script>",
    "ї",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=15))
@settings(max_examples=200, deadline=None)
def test_any_heap_of_tags_is_read(fragments):
    content = ("<div class='tgme_channel_info'></div>" + "".join(fragments)).encode()
    assert all(post.posted_at <= NOW and post.author for post in parse(content, now=NOW))
    message_numbers(content)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"<html>", b"{}", b"<div>" * 100_000])
def test_noise_is_refused_with_a_sentence_in_time(content):
    started = time.monotonic()
    with pytest.raises(SourceError):
        parse(content, now=NOW)
    assert time.monotonic() - started < 5


@pytest.mark.skipif(not SHARED.is_dir(), reason="recorded previews are not there: recordings/telegram-t.me-s")
def test_recorded_fragments_are_read():
    now = datetime.now(UTC)
    read = {
        path.stem: parse(path.read_bytes(), now=now)
        for path in SHARED.glob("*.html")
        if path.stem != "tchan_1"
    }
    posts = [post for found in read.values() for post in found]
    assert len(read) == 15
    assert 9 <= len(posts) <= 11
    assert all(post.url.startswith("https://t.me/") and post.posted_at.year in (2022, 2023) for post in posts)
    assert all(post.text and "<" not in post.text and post.reach is not None for post in posts)
    assert read["tchan_3"] == []
    assert read["tchan_25"] == []
    assert read["tchan_21"][0].reach == 1200
