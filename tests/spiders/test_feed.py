"""Feeds: conditional requests, what is new, and feeds that mean harm."""

import re
from datetime import UTC, datetime

import pytest

from monitor.source import CanReply, SourceError
from spiders._feed_cursor import FeedCursor
from spiders._seen import Seen
from spiders.feed import Source, parse

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://feed.example/rss"


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>".encode()


def item(number: int, **fields: str) -> str:
    content = {"title": f"Title {number}", "guid": str(number), "description": f"Text {number}", **fields}
    elements = "".join(f"<{name}>{value}</{name}>" for name, value in content.items())
    return f"<item>{elements}</item>".replace("<guid>", "<guid isPermaLink='false'>")


def read(content: bytes, **arguments):
    return parse(content, **{"url": URL, "now": NOW, **arguments})


def source(httpserver) -> Source:
    return Source(name="feed", url=httpserver.url_for("/rss"), allow_private=True, contact="test")


def test_a_feed_is_read_to_be_answered_by_a_person(httpserver):
    assert not isinstance(source(httpserver), CanReply)
    assert read(rss(item(1)))[0].answerable == "hand_off"


def test_only_what_is_new_is_given(httpserver):
    httpserver.expect_ordered_request("/rss").respond_with_data(
        rss(item(2), item(1)), headers={"ETag": '"a"'}
    )
    httpserver.expect_ordered_request("/rss").respond_with_data(rss(item(3), item(2)))
    (first,) = source(httpserver).poll(None)
    (second,) = source(httpserver).poll(first.cursor)
    assert [post.text for post in first.posts] == ["Text 1", "Text 2"]
    assert [post.text for post in second.posts] == ["Text 3"]
    assert httpserver.log[1][0].headers["If-None-Match"] == '"a"'


def test_an_unchanged_feed_gives_nothing(httpserver):
    httpserver.expect_ordered_request("/rss").respond_with_data(
        rss(item(1)), headers={"Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}
    )
    httpserver.expect_ordered_request("/rss").respond_with_data(status=304)
    (first,) = source(httpserver).poll(None)
    assert list(source(httpserver).poll(first.cursor)) == []
    assert httpserver.log[1][0].headers["If-Modified-Since"] == "Sat, 21 Nov 2026 10:00:00 GMT"


def test_the_encoding_of_the_header_is_believed(httpserver):
    httpserver.expect_request("/rss").respond_with_data(
        rss(item(1, description="Їжак")).decode().encode("windows-1251"),
        content_type="application/rss+xml; charset=windows-1251",
    )
    (page,) = source(httpserver).poll(None)
    assert page.posts[0].text == "Їжак"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "koi8-u", "windows-1251", "iso-8859-5"])
def test_a_declared_encoding_is_read(encoding):
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    feed = f"<?xml version='1.0' encoding='{declared}'?>" + rss(item(1, description="Посылка")).decode()
    assert read(feed.encode(encoding))[0].text == "Посылка"


@pytest.mark.parametrize("wrong", ["utf-8", "utf-16", "no-such-encoding"])
def test_a_wrongly_declared_encoding_is_survived(wrong):
    feed = f"<?xml version='1.0' encoding='{wrong}'?>" + rss(item(1, description="Посылка")).decode()
    assert [post.text for post in read(feed.encode("windows-1251"))] == ["Посылка"]


@pytest.mark.parametrize("declaration", ["", "<?xml version='1.0' encoding='utf-8'?>"])
@pytest.mark.parametrize("content_type", ["", "text/xml", "application/rss+xml; charset=utf-8"])
def test_one_cut_letter_does_not_change_the_encoding_of_a_feed(declaration, content_type):
    feed = declaration.encode() + rss(
        item(1, description="Нова Пошта загубила мою посилку"), item(2, description="Гроші зникЖ")
    ).replace("Ж".encode(), b"\xd0")
    first, second = sorted(read(feed, content_type=content_type), key=lambda post: post.id)
    assert first.text == "Нова Пошта загубила мою посилку"
    assert second.text.startswith("Гроші зник")


def test_an_old_encoding_that_nobody_declares_is_guessed():
    cyrillic = rss(item(1, description="Нова Пошта")).decode().encode("windows-1251")
    assert read(cyrillic)[0].text == "Нова Пошта"
    romanian = rss("<language>ro-RO</language>", item(1, description="Aştept răspuns")).decode()
    assert read(romanian.encode("cp1250"))[0].text == "Aştept răspuns"


def test_a_cursor_of_somebody_else_is_a_new_beginning(httpserver):
    httpserver.expect_request("/rss").respond_with_data(rss(item(1)))
    for cursor in (
        "",
        "{",
        "[]",
        "5",
        '{"seen": 3, "etag": ["x"], "modified": "a\\nb"}',
        '{"seen": [1, null]}',
    ):
        (page,) = source(httpserver).poll(cursor)
        assert len(page.posts) == 1


def test_the_cursor_stays_small_however_many_entries_pass():
    seen = Seen()
    for round_ in range(10):
        seen = seen.plus([f"{round_}-{n}" for n in range(2000)])
    assert len(FeedCursor(seen=seen).dump()) < 80_000
    assert seen.unseen(["9-5", "0-5"]) == {"0-5"}


def test_what_stays_in_the_feed_is_remembered_longest():
    seen = Seen().plus(["pinned"])
    for round_ in range(10):
        seen = seen.plus(["pinned", *(f"{round_}-{n}" for n in range(1999))])
    assert seen.unseen(["pinned"]) == set()


def test_an_entry_without_an_id_keeps_the_same_one():
    nameless = rss("<item><description>Text</description></item>")
    assert read(nameless)[0].id == read(nameless, now=datetime(2026, 11, 22, tzinfo=UTC))[0].id
    assert read(nameless)[0].id.startswith("sha256:")


def test_an_id_that_comes_twice_is_read_once():
    assert [post.text for post in read(rss(item(1), item(1, description="again")))] == ["Text 1"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "data:text/html,x", "//"]
)
def test_a_link_that_leads_out_of_the_web_is_replaced_by_the_feed(link):
    assert read(rss(item(1, link=link)))[0].url == URL


ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry>{}<title>Word</title></entry></feed>"
JSON_FEED = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_text": "Word"}]}'


@pytest.mark.parametrize(
    "content",
    [
        rss(item(1)),
        rss("<item><guid>posts/1</guid><description>Word</description></item>"),
        rss(item(1, link="/posts/1")),
        rss(item(1, link="?post=1")),
        rss(item(1, link="#post-1")),
        ATOM.format("<id>posts/1</id><link href='/posts/1'/>").encode(),
        JSON_FEED.encode(),
    ],
)
def test_the_password_and_the_key_of_a_feed_are_on_no_card(content):
    (post,) = read(content, url="https://reader:secret@feed.example/rss?key=token")
    assert post.url.startswith("https://feed.example/")
    assert not {"secret", "token"} & set(re.split(r"\W", post.id + " " + post.url))


def test_the_feed_that_a_page_names_is_told_without_a_password():
    html = b"<html><link rel=alternate type=application/rss+xml href=/rss>"
    with pytest.raises(SourceError, match=r"names this feed: https://feed\.example/rss"):
        read(html, url="https://reader:secret@feed.example/")
