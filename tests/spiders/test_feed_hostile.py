"""Feeds that mean harm, or are none."""

import contextlib
import dataclasses
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.source import SourceError
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


def test_an_id_of_a_megabyte_is_shortened():
    assert len(read(rss(item(1, guid="x" * 1_000_000)))[0].id) < 100


@pytest.mark.parametrize(
    "guid", ["a&#xD800;b", "a\x00b", "&#0;", "&#x110000;", "&#99999999999;", "a&#x202E;b"]
)
def test_an_id_that_no_database_takes_is_replaced(guid):
    (post,) = read(rss(item(1, guid=guid, link=guid, author=guid)))
    stored = json.dumps(dataclasses.asdict(post), default=str, ensure_ascii=False)
    stored.encode("utf-8")
    assert "\x00" not in stored


def test_an_id_of_json_that_no_database_takes_is_replaced():
    feed = rb'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "\ud800\u0000", "title": "\ud800T", "url": "\ud800"}]}'
    (post,) = read(feed)
    assert (post.id[:7], post.title, post.text, post.url) == ("sha256:", "", "T", URL)


EVIL = (
    "&lt;script&gt;alert(1)&lt;/script&gt;<![CDATA[<img src=x onerror=alert(2)><script>alert(3)</script>]]>"
)


def test_scripts_in_every_field_are_gone():
    fields = dict.fromkeys(
        ("title", "description", "author", "guid", "link", "pubDate", "category"), f"ok {EVIL}"
    )
    (post,) = read(rss(item(1, **fields)))
    assert "alert" not in post.title + post.text
    assert post.url == URL


def test_a_json_feed_with_scripts_is_plain_text():
    evil = "<script>alert(1)</script>ok"
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "content_html": evil, "url": evil}],
    }
    (post,) = read(json.dumps(feed).encode())
    assert (post.text, post.url) == ("ok", URL)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "lol">%s]>
<rss version="2.0"><channel><title>T</title><item><title>&a9;</title><description>x</description></item></channel></rss>"""
NESTED = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))


def test_a_billion_laughs_are_not_laughed():
    started = time.monotonic()
    posts = read(LAUGHS % NESTED)
    assert len(str(posts)) < 10_000
    assert time.monotonic() - started < 5


def test_an_entity_never_opens_a_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2")
    feed = f"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>
    <rss version="2.0"><channel><item><title>T</title><description>a &x; b</description></item></channel></rss>"""
    assert "hunter2" not in str(read(feed.encode()))


def test_fifty_thousand_items_are_bounded_and_read_in_time():
    started = time.monotonic()
    posts = read(rss(*(item(n) for n in range(50_000))))
    assert len(posts) == 2_000
    assert {post.text for post in posts} == {f"Text {n}" for n in range(2_000)}
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "content",
    [
        b"<" * 200_000,
        b"<rss>" + b"&" * 200_000,
        b"<rss><![CDATA[" * 20_000,
        b"<!--" * 50_000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'<rss version="2.0"><channel>' + b"<item" * 50_000,
    ],
    ids=["lt", "ampersands", "cdata", "comments", "json arrays", "json objects", "items"],
)
def test_noise_is_refused_or_read_as_nothing_in_time(content):
    started = time.monotonic()
    posts = []
    with contextlib.suppress(SourceError):
        posts = read(content)
    assert posts == []
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<!DOCTYPE html><p>hello", "web page"),
        (b"<?xml version='1.0'?><recipe/>", "not a feed"),
        (b"just words", "not a feed"),
        (b"\x00\xff\x80" * 100, "not a feed"),
        (b"{}", "not a JSON Feed"),
        (b"[1]", "not a JSON Feed"),
        (b'{"version": 5}', "not a JSON Feed"),
        (b'{"version"', "broken"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "no list of items"),
        (
            b'{"version": "https://jsonfeed.org/version/1.1", "error": "db", "items": null}',
            "no list of items",
        ),
    ],
)
def test_what_is_not_a_feed_is_refused_with_the_reason(content, words):
    with pytest.raises(SourceError, match=words):
        read(content)


HEAD = "<?xml version='1.0'?><rss version='2.0'><channel><title>T</title><link>https://b.example/</link>"


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "<br />\n<b>Fatal error</b>:  Allowed memory size of 134217728 bytes exhausted in <b>x.php</b>",
        "<item>",
        "<item><",
        "Error establishing a database connection</channel>",
    ],
    ids=["cut", "fatal error", "item", "half a tag", "half closed"],
)
def test_a_feed_that_breaks_before_its_first_entry_is_refused(rest):
    with pytest.raises(SourceError, match="broken and nothing in it can be read"):
        read((HEAD + rest).encode())


@pytest.mark.parametrize("before", ["", "\n\n", "\ufeff \n"])
def test_a_whole_feed_in_which_nobody_has_written_is_fine(before):
    assert read((before + HEAD + "</channel></rss>").encode()) == []


def test_a_feed_that_is_too_big_is_refused(httpserver):
    httpserver.expect_request("/rss").respond_with_data(b" " * 5_000_001)
    with pytest.raises(SourceError, match="more than 5 MB"):
        list(Source(name="feed", url=httpserver.url_for("/rss"), allow_private=True).poll(None))


def test_what_makes_feedparser_fail_is_a_sentence(monkeypatch):
    def fail(*arguments, **options):
        raise AttributeError("deep inside")

    monkeypatch.setattr("feedparser.parse", fail)
    with pytest.raises(SourceError, match=r"broken.*AttributeError"):
        read(rss(item(1)))


FRAGMENTS = [
    "<rss version='2.0'>",
    "<channel>",
    "<item>",
    "</item>",
    "<title>",
    "</title>",
    "<guid>",
    "<link>x",
]
FRAGMENTS += [
    "<pubDate>Sat, 31 Feb 9999 99:99:99 +9999",
    "</pubDate>",
    "<description>",
    "<![CDATA[",
    "]]>",
    "&#0;",
]
FRAGMENTS += [
    "&lt;",
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<entry>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "&b;",
]
FRAGMENTS += [
    "<author>a@b",
    "</author>",
    "ї",
    "\x00",
    "<id>",
    "</entry>",
    "<published>0000-00-00",
    "<updated>",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25))
@settings(max_examples=300, deadline=None)
def test_any_heap_of_tags_is_read_or_refused(fragments):
    try:
        posts = read("".join(fragments).encode())
    except SourceError:
        return
    assert all(
        post.posted_at <= NOW and post.id and post.author and post.url.startswith("http") for post in posts
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9),
    lambda x: st.lists(x, max_size=3),
    max_leaves=5,
)
KEYS = [
    "id",
    "url",
    "title",
    "content_html",
    "content_text",
    "date_published",
    "authors",
    "author",
    "summary",
]


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5), max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_json_feed_is_read(items):
    posts = read(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}).encode())
    assert all(post.posted_at <= NOW and post.id and post.author for post in posts)
