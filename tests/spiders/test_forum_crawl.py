"""The crawl of a forum through Scrapy in a child process, against a forum on loopback."""

import contextlib
import gzip
import itertools
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from monitor.source import Post, SourceError
from spiders import _child, forum
from spiders._forum_crawl import MAX_TRIES
from spiders._forum_cursor import Cursor
from tests.spiders.forum_town import NOW, SELECTORS, Town, open_town


@pytest.fixture
def town() -> Iterator[Town]:
    with open_town() as opened:
        yield opened


def source(town: Town, **keys: Any) -> forum.Source:
    base = {
        "name": "town",
        "url": town.url,
        "engine": "custom",
        "selectors": SELECTORS,
        "allow_private": True,
    }
    return forum.Source(**base | keys)


def poll(reader: forum.Source, cursor: str | None = None) -> tuple[list[Post], str | None]:
    posts: list[Post] = []
    for page in reader.poll(cursor):
        posts.extend(page.posts)
        cursor = page.cursor
    return posts, cursor


def test_every_post_of_every_thread_is_found_once_and_then_only_new_ones(town: Town) -> None:
    long = town.thread("Cars", "A long story", 10)
    for number in range(4):
        town.thread("Homes", f"Home {number}", 2, hours_ago=40 + number)
    reader = source(town)

    posts, cursor = poll(reader)
    assert Counter(post.id for post in posts) == Counter(str(post.id) for post in town.all_posts())
    assert posts == sorted(posts, key=lambda post: post.posted_at)
    first = next(post for post in posts if post.id == str(long.posts[0].id))
    assert first.author == "Guest0"
    assert first.text == "Word 0 of A long story"
    assert first.title == "A long story"
    assert first.url == f"{town.url}p/{first.id}"
    assert first.posted_at == long.posts[0].at
    assert len({post.thread_id for post in posts if post.title == "A long story"}) == 1

    town.asked.clear()
    again, cursor = poll(reader, cursor)
    assert again == []
    assert not [path for path in town.asked if path.startswith("/t/")], (
        "an unchanged thread was fetched again"
    )

    fresh = town.write(long, "Olena", "The parcel is still not here", at=NOW)
    old_thread = town.sections["Homes"][3]
    other = town.write(old_thread, "Ion", "Same here", at=NOW)
    found, _ = poll(reader, cursor)
    assert {post.id for post in found} == {str(fresh.id), str(other.id)}


def answer(status: int, body: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """A page that answers in its own way."""

    def send(desk: BaseHTTPRequestHandler) -> None:
        desk.send_response(status)
        for name, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}.items():
            desk.send_header(name.replace("_", "-"), value)
        desk.end_headers()
        with contextlib.suppress(ConnectionError):
            desk.wfile.write(body)

    return send


def error_of(reader: forum.Source, cursor: str | None = None) -> SourceError:
    with pytest.raises(SourceError) as caught:
        poll(reader, cursor)
    return caught.value


def test_a_crawl_says_who_it_is_stays_on_the_site_and_knows_no_secret(town: Town) -> None:
    town.thread("Cars", "Hello", 1)
    town.thread("Homes", "Not asked for", 1)
    links = '<a class="section" href="http://evil.invalid/s/1">x</a><a class="section" href="/s/Cars">y</a>'
    town.answers["/"] = answer(200, links.encode())
    login = {"username": "Shop", "password": "correct horse"}
    reader = forum.build(
        name="town",
        url=town.url,
        engine="custom",
        selectors=SELECTORS,
        allow_private=True,
        contact="care@shop.test",
        login=login,
    )
    assert "correct horse" not in json.dumps(reader._keys())
    posts, _ = poll(reader)
    assert town.agents == {"Vidhuk (+care@shop.test)"}
    assert [post.title for post in posts] == ["Hello"]


def test_the_child_gets_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "123:secret")
    assert "123:secret" not in str(_child._environment())


def test_a_first_poll_looks_back_only_some_days(town: Town) -> None:
    town.thread("Cars", "Old", 2, hours_ago=24 * 30)
    fresh = town.thread("Cars", "New", 2, hours_ago=24)
    mixed = town.thread("Cars", "Both", 3, hours_ago=24 * 20)
    late = town.write(mixed, "Ion", "and again")
    posts, _ = poll(source(town))
    assert {post.id for post in posts} == {str(each.id) for each in [*fresh.posts, late]}
    assert not [path for path in town.asked if path.startswith(f"/t/{town.sections['Cars'][0].id}")]


def test_a_thread_without_end_ends_at_the_bound_and_is_read_on_later(town: Town) -> None:
    thread = town.thread("Cars", "Long", 20)
    reader = source(town, max_pages=2)
    ids: list[str] = []
    cursor = None
    for _ in range(4):  # a poll begins with the page at which the one before ended
        posts, cursor = poll(reader, cursor)
        ids += [post.id for post in posts]
    assert sorted(map(int, ids)) == [post.id for post in thread.posts]


def test_what_is_beyond_the_bound_of_a_section_is_read_at_the_next_polls(town: Town) -> None:
    for number in range(12):
        town.thread("Cars", f"Car {number}", 1, hours_ago=number + 1)
    reader, cursor, found = source(town, max_pages=2), None, []
    for _ in range(4):
        posts, cursor = poll(reader, cursor)
        found += [post.title for post in posts]
    assert sorted(found) == sorted(thread.title for thread in town.sections["Cars"])
    assert not Cursor.load(cursor).behind


@pytest.mark.parametrize("path", ["/s/Cars", "/"])
@pytest.mark.parametrize("status", [500, 429])
def test_one_bad_poll_loses_nothing_of_what_is_beyond_the_bound(town: Town, path: str, status: int) -> None:
    for number in range(12):
        town.thread("Cars", f"Car {number}", 1, hours_ago=number + 1)
    reader, found = source(town, max_pages=2), []
    posts, cursor = poll(reader)
    found += posts
    town.answers[path] = answer(status, b"no")
    with contextlib.suppress(SourceError):
        for page in reader.poll(cursor):
            found, cursor = [*found, *page.posts], page.cursor
    town.answers.clear()
    for _ in range(4):
        posts, cursor = poll(reader, cursor)
        found += posts
    assert {post.title for post in found} == {thread.title for thread in town.sections["Cars"]}


def test_a_named_section_that_leads_elsewhere_is_told_of_whatever_it_is_called(town: Town) -> None:
    town.thread("Cars", "Hello", 1)
    homes = town.thread("Дім", "Not seen", 1)
    row = f'<li class="thread"><a class="title" href="/t/{homes.id}">x</a></li>'
    town.answers[quote("/s/Дім")] = answer(200, row.encode())
    reader = source(town, sections=["/s/Cars", "/s/Дім"])
    _, cursor = poll(reader)
    town.answers[quote("/s/Дім")] = answer(302, b"", Location="/")
    assert "it shows no thread any more, though it did" in str(error_of(reader, cursor))


def test_pages_that_lead_to_themselves_or_to_ever_new_ones_end(town: Town) -> None:
    endless = itertools.count(1)

    def page_of_pages(desk: BaseHTTPRequestHandler) -> None:
        number = next(endless)
        body = (
            f'<li class="thread"><a class="title" href="/t/x{number}">x</a></li>'
            f'<a rel="next" href="/s/Endless?page={number}">next</a>'
        )
        answer(200, body.encode())(desk)

    post = f'<article class="post" id="p1"><b class="author">A</b><time datetime="{NOW.isoformat()}"></time>'
    own = f'{post}<div class="body">Own</div></article><a rel="next" href="/t/loop">next</a>'
    town.thread("Cars", "Normal", 1)
    town.answers["/s/Endless"] = page_of_pages
    town.answers["/t/loop"] = answer(200, own.encode())
    town.answers["/s/Loop"] = answer(200, b'<li class="thread"><a class="title" href="/t/loop">x</a></li>')
    posts, _ = poll(source(town, sections=["/s/Endless", "/s/Loop", "/s/Cars"], max_pages=5))
    assert {post.text for post in posts} == {"Own", "Word 0 of Normal"}
    assert sum(count for path, count in town.asked.items() if path.startswith("/s/Endless")) == 5
    assert town.asked["/t/loop"] == 1


REFUSALS: dict[str, tuple[Callable[[BaseHTTPRequestHandler], None], str]] = {
    "/403": (answer(403, b"no"), "status 403: it does not let Vidhuk in"),
    "/404": (answer(404, b"no"), "status 404: there is nothing at this address"),
    "/500": (answer(500, b"no"), "status 500: trying again later"),
    "/login": (answer(200, b"<form><input type=password></form>"), "there is a login form and no thread"),
    "/captcha": (answer(200, b"<div class=g-recaptcha></div>"), "prove that we are human"),
    "/nothing": (answer(200, b"<p>Hello"), "the selector thread ('li.thread') found nothing"),
    "/big": (answer(200, b"x" * 6_000_000), "a page that is too big to be read"),
    "/bomb": (
        answer(200, gzip.compress(b"x" * 60_000_000), Content_Encoding="gzip"),
        "a page that is too big to be read",
    ),
    "/file": (answer(302, b"", Location="file:///etc/passwd"), "answered with status 302"),
    "/elsewhere": (
        answer(302, b"", Location="http://elsewhere.invalid/"),
        "'elsewhere.invalid' was not found",
    ),
}


def test_every_refusal_is_a_sentence_and_the_rest_is_read(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="spiders")
    town.thread("Cars", "Hello", 1)
    town.answers |= {path: reply for path, (reply, _) in REFUSALS.items()}
    error_of(source(town, sections=[*REFUSALS, "/s/Cars"]))
    told = caplog.text
    assert {path: words for path, (_, words) in REFUSALS.items() if words not in told} == {}
    assert told.count("a page that is too big to be read") == 2


@pytest.mark.parametrize("refusal", ["/403", "/404", "/login", "/elsewhere", "/robots"])
def test_a_section_that_is_not_for_guests_makes_no_forum_ill(town: Town, refusal: str) -> None:
    town.thread("Cars", "Hello", 1)
    town.thread("Members", "Secret", 1)
    town.robots = "User-agent: *\nDisallow: /s/Members\n" if refusal == "/robots" else ""
    if refusal in REFUSALS:
        town.answers["/s/Members"] = REFUSALS[refusal][0]
    posts, cursor = poll(source(town))
    assert [post.title for post in posts] == ["Hello"]
    read = Cursor.load(cursor)
    assert read.polled_at is not None
    assert not read.behind


def test_a_section_that_staff_named_may_be_empty_until_it_has_had_threads(town: Town) -> None:
    town.thread("Cars", "Hello", 1)
    town.answers["/s/Homes"], words = REFUSALS["/nothing"]
    reader = source(town, sections=["/s/Cars", "/s/Homes"])
    _, cursor = poll(reader)
    del town.answers["/s/Homes"]
    town.thread("Homes", "The first", 1)
    posts, cursor = poll(reader, cursor)
    assert [post.title for post in posts] == ["The first"]
    town.answers["/s/Homes"] = REFUSALS["/nothing"][0]
    assert words in str(error_of(reader, cursor))


@pytest.mark.parametrize("refusal", ["/403", "/404", "/login"])
def test_staff_are_told_of_a_section_that_they_named(town: Town, refusal: str) -> None:
    town.thread("Cars", "Hello", 1)
    town.thread("Homes", "Not seen", 1)
    town.answers["/s/Homes"], words = REFUSALS[refusal]
    assert words in str(error_of(source(town, sections=["/s/Cars", "/s/Homes"])))


def test_a_section_that_fails_for_a_while_is_an_error(town: Town) -> None:
    town.thread("Cars", "Hello", 1)
    town.thread("Busy", "Later", 1)
    town.answers["/s/Busy"] = answer(500, b"oops")
    assert not error_of(source(town)).permanent


def test_a_forum_of_which_no_section_is_for_guests_has_not_been_read(town: Town) -> None:
    town.thread("Members", "Secret", 1)
    town.answers["/s/Members"] = answer(403, b"no")
    reader, cursors = source(town), []
    with pytest.raises(SourceError, match="status 403") as caught:
        cursors.extend(page.cursor for page in reader.poll(None))
    assert caught.value.permanent
    assert [Cursor.load(cursor).polled_at for cursor in cursors] == [None]


def test_threads_behind_a_refused_page_of_a_list_are_read_later(town: Town) -> None:
    for number in range(5):
        town.thread("Cars", f"Car {number}", 1, hours_ago=number + 1)

    def no_more(desk: BaseHTTPRequestHandler) -> None:
        town.answers["/s/Cars"] = answer(403, b"no")
        rows = "".join(desk.row(thread) for thread in town.sections["Cars"][:3])
        answer(200, (rows + '<a rel="next" href="/s/Cars?page=2">next</a>').encode())(desk)

    town.answers["/s/Cars"] = no_more
    reader = source(town)
    posts, cursor = poll(reader)
    assert len(posts) == 3
    town.answers.clear()
    found, _ = poll(reader, cursor)
    assert sorted(post.title for post in found) == ["Car 3", "Car 4"]


def test_posts_that_were_found_come_before_the_error(town: Town) -> None:
    town.thread("Cars", "Hello", 1)
    pages = source(town, sections=["/s/Cars", "/gone"]).poll(None)
    assert [post.title for post in next(pages).posts] == ["Hello"]
    with pytest.raises(SourceError, match="status 404") as caught:
        next(pages)
    assert caught.value.permanent


EMPTY_LIST = b'{"topics": [], "pagination": {}}'
LIST = b'{"topics": [{"tid": 5, "title": "Home", "postcount": 1, "lastposttimeISO": "%s"}], "pagination": {}}'
TOPIC = b'{"tid": 5, "title": "Home", "posts": [{"pid": 9, "timestampISO": "%s", "content": "Hello", "user": {"username": "Ion"}}]}'


def test_a_json_forum_that_hides_everything_from_guests_is_for_staff(town: Town) -> None:
    town.answers["/api/recent"] = answer(200, EMPTY_LIST)
    reader = source(town, engine="nodebb", selectors={})
    error = error_of(reader)
    assert "api/recent: it lists no thread: may guests read it?" in str(error)
    assert error.permanent
    with pytest.raises(SourceError, match="it lists no thread"):
        reader.check()


def test_an_empty_category_beside_one_with_threads_is_fine(town: Town) -> None:
    now = NOW.isoformat().encode()
    town.answers["/api/category/1"] = answer(200, EMPTY_LIST)
    town.answers["/api/category/2"] = answer(200, LIST % now)
    town.answers["/api/topic/5"] = answer(200, TOPIC % now)
    reader = source(town, engine="nodebb", selectors={}, sections=["category/1", "category/2"])
    posts, _ = poll(reader)
    assert [post.text for post in posts] == ["Hello"]


def test_a_site_that_asks_for_time_gets_it(town: Town) -> None:
    town.thread("Cars", "Hello", 1)
    town.answers["/s/Cars"] = answer(429, b"slow down", Retry_After="120")
    error = error_of(source(town))
    assert error.retry_after == timedelta(seconds=120)
    assert not error.permanent
    assert town.asked["/s/Cars"] == 1


def test_robots_txt_is_obeyed(town: Town) -> None:
    town.thread("Cars", "Hello", 1)
    town.robots = "User-agent: *\nDisallow: /\n"
    error = error_of(source(town))
    assert "robots.txt" in str(error)
    assert error.permanent
    assert set(town.asked) == {"/robots.txt"}


def test_an_unreadable_thread_does_not_hide_the_others(town: Town) -> None:
    town.thread("Cars", "Good", 1)
    bad = town.thread("Cars", "Members only", 1)
    town.answers[f"/t/{bad.id}"] = answer(200, b"<form><input type=password></form>")
    reader = source(town)
    posts, cursor = poll(reader)
    assert [post.title for post in posts] == ["Good"]
    for _ in range(3):
        _, cursor = poll(reader, cursor)
    assert town.asked[f"/t/{bad.id}"] == 3, "a closed thread was asked again and again though nobody wrote"
    assert not Cursor.load(cursor).behind


@pytest.mark.parametrize("refusal", ["/403", "/nothing", "/login"])
def test_a_thread_that_could_not_be_read_at_first_is_read_soon(town: Town, refusal: str) -> None:
    town.thread("Cars", "Good", 1, hours_ago=2)
    bad = town.thread("Cars", "Hiccup", 1, hours_ago=3)
    town.answers[f"/t/{bad.id}"] = REFUSALS[refusal][0]
    reader = source(town)
    _, cursor = poll(reader)
    town.answers.clear()
    found, _ = poll(reader, cursor)
    assert [post.title for post in found] == ["Hiccup"]


def test_a_cursor_from_before_an_upgrade_is_understood() -> None:
    thread = '{"mark":"a1","page":"https://a.test/t/1","seen":["7"],"at":"2026-11-20T10:00:00+00:00"}'
    read = Cursor.load(f'{{"threads":{{"1":{thread}}},"polled_at":null,"behind":true,"etags":{{}}}}')
    assert read.threads["1"].page == "https://a.test/t/1"
    assert read.behind


def test_when_no_thread_can_be_read_none_counts_as_closed(town: Town) -> None:
    thread = town.thread("Cars", "Hello", 1)
    town.answers[f"/t/{thread.id}"] = REFUSALS["/nothing"][0]
    reader, cursor = source(town), None
    for _ in range(MAX_TRIES + 1):
        pages = reader.poll(cursor)
        cursor = next(pages).cursor
        with pytest.raises(SourceError, match="found nothing"):
            next(pages)


CHALLENGES = {
    "page": REFUSALS["/captcha"][0],
    "refusal": answer(403, b"<title>Just a moment...</title><form id=challenge-form></form>"),
    "header": answer(403, b"no", cf_mitigated="challenge"),
}


@pytest.mark.parametrize("challenge", CHALLENGES)
@pytest.mark.parametrize("place", ["/s/Homes", "/t/3"])
def test_a_captcha_is_told_of_and_what_was_behind_it_is_read_later(
    town: Town, challenge: str, place: str
) -> None:
    town.thread("Cars", "Good", 1, hours_ago=2)
    town.thread("Homes", "Guarded", 1)
    town.answers[place] = CHALLENGES[challenge]
    reader = source(town)
    pages = reader.poll(None)
    first = next(pages)
    with pytest.raises(SourceError, match="prove that we are human"):
        next(pages)
    town.answers.clear()
    found, _ = poll(reader, first.cursor)
    assert [post.title for post in found] == ["Guarded"]


def test_an_empty_section_of_a_theme_that_loads_captchas_makes_no_forum_ill(town: Town) -> None:
    town.thread("Cars", "Good", 1)
    town.thread("Empty", "Not shown", 1)
    gone = town.thread("Cars", "Gone", 1)
    links = "".join(f'<a href="/s/{number}">Section</a>' for number in range(20))
    script = (
        '<script id="captcha" src="https://www.google.com/recaptcha/api.js"></script><p>Nothing here.</p>'
    )
    town.answers["/s/Empty"] = answer(200, script.encode())
    town.answers[f"/t/{gone.id}"] = answer(200, f"{links}<div class=g-recaptcha></div>Nothing here.".encode())
    posts, cursor = poll(source(town))
    assert [post.title for post in posts] == ["Good"]
    assert Cursor.load(cursor).polled_at is not None


def test_a_thread_that_was_open_is_read_when_it_opens_again(town: Town) -> None:
    town.thread("Cars", "Good", 1)
    thread = town.thread("Cars", "Guarded", 1)
    reader = source(town)
    _, cursor = poll(reader)
    fresh = town.write(thread, "Olena", "Still no parcel")
    town.write(town.sections["Cars"][0], "Ion", "Me too")
    town.answers[f"/t/{thread.id}"] = answer(403, b"no")
    found, cursor = poll(reader, cursor)
    assert [post.text for post in found] == ["Me too"]
    town.answers.clear()
    found, _ = poll(reader, cursor)
    assert [post.id for post in found] == [str(fresh.id)]


def test_a_thread_that_failed_is_read_at_the_next_poll(town: Town) -> None:
    for number in range(4):
        town.thread("Cars", f"Good {number}", 1, hours_ago=2)
    bad = town.thread("Cars", "Hiccup", 1, hours_ago=40)
    town.answers[f"/t/{bad.id}"] = answer(500, b"oops")
    reader = source(town)
    posts, cursor = poll(reader)
    assert len(posts) == 4
    town.answers.clear()
    found, _ = poll(reader, cursor)
    assert [post.title for post in found] == ["Hiccup"]


def test_a_new_post_with_an_unreadable_time_is_found(town: Town) -> None:
    thread = town.thread("Cars", "Old", 2, hours_ago=24 * 60)
    reader = source(town)
    _, cursor = poll(reader)
    fresh = town.write(thread, "Olena", "The parcel is broken")
    page = "".join(
        f'<article class="post" id="p{post.id}"><b class="author">{post.author}</b>'
        f'<time>{"soon" if post is fresh else post.at.isoformat()}</time><div class="body">{post.body}</div></article>'
        for post in thread.posts
    )
    town.answers[f"/t/{thread.id}"] = answer(200, page.encode())
    found, _ = poll(reader, cursor)
    assert [post.id for post in found] == [str(fresh.id)]


def test_a_remembered_page_that_is_gone_is_entered_anew(town: Town) -> None:
    thread = town.thread("Cars", "Shrinking", 9)
    reader = source(town)
    _, cursor = poll(reader)
    del thread.posts[3:]
    fresh = town.write(thread, "Ion", "After the cleaning")
    found, _ = poll(reader, cursor)
    assert str(fresh.id) in {post.id for post in found}


def test_a_private_address_is_not_asked(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="spiders")
    port = urlsplit(town.url).port
    hosts = ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "2130706433", "0x7f000001"]
    sections = [f"http://{host}:8{port % 1000:03}/" for host in hosts]
    asked = [*sections, town.url, "file:///etc/passwd"]
    error = error_of(source(town, url=sections[0], sections=asked, allow_private=False))
    assert error.permanent
    assert not town.asked
    told = [line for line in caplog.text.splitlines() if "WARNING" in line and "forum" in line]
    assert len(told) == len(asked), caplog.text


def test_a_child_that_hangs_is_ended(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_child, "GRACE_SECONDS", 0)
    release = threading.Event()
    town.answers["/"] = lambda desk: release.wait(30) and None
    keys = source(town)._keys()
    started = time.monotonic()
    with pytest.raises(SourceError):
        list(_child.crawl("forum", keys, None, NOW, seconds=6))
    release.set()
    assert time.monotonic() - started < 25


def test_an_unchanged_list_is_not_sent_again(town: Town) -> None:
    thread = town.thread("Cars", "Hello", 1)
    row = f'<li class="thread"><a class="title" href="/t/{thread.id}">Hello</a><time datetime="{NOW.isoformat()}"></time></li>'
    conditions: list[str | None] = []

    def with_etag(desk: BaseHTTPRequestHandler) -> None:
        conditions.append(desk.headers.get("If-None-Match"))
        if conditions[-1] == '"v1"':
            answer(304, b"")(desk)
        else:
            answer(200, row.encode(), ETag='"v1"')(desk)

    town.answers["/s/Cars"] = with_etag
    reader = source(town)
    posts, cursor = poll(reader)
    assert len(posts) == 1
    again, cursor = poll(reader, cursor)
    assert again == []
    assert conditions == [None, '"v1"']
    assert poll(reader, cursor)[0] == []
    assert conditions[-1] == '"v1"'


def test_a_crawl_does_not_mind_how_large_its_parent_has_been(town: Town) -> None:
    large = bytearray(b"x") * 800_000_000
    del large
    town.thread("Cars", "Hello", 1)
    posts, _ = poll(source(town))
    assert [post.title for post in posts] == ["Hello"]
