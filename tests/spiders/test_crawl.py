"""Between the crawl and us: the lines, the bounds, the settings, the sentences."""

import asyncio
import io
import json
import socket
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from monitor.source import Answerable, Post, SourceError
from spiders import _child
from spiders._address_scrapy import PublicAddresses, RefusedAddress
from spiders._crawl_failure import failure_of
from spiders._crawl_lines import End, Failure, Lines, read_line
from spiders._crawl_settings import settings as crawl_settings
from spiders._forum_crawl import Spider as ForumSpider
from spiders._forum_cursor import MAX_SEEN, MAX_THREADS, Cursor, ReadThread
from spiders._forum_page import ThreadPage, ThreadRow
from spiders._forum_visit import Visit
from spiders.reviews import Source as Reviews

PATIENCE = 60
NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
POST = Post(
    id="7",
    url="https://a.test/p/7",
    author="Олена",
    text='Рядок\nі ще "один"\u2028',
    posted_at=NOW,
    title="Тема",
    thread_id="4",
    rating=1.5,
    answerable=Answerable.API,
)


def test_what_the_child_writes_the_parent_reads() -> None:
    out = io.StringIO()
    lines = Lines(out)
    lines.post(POST)
    end = End(cursor='{"a":1}', failure=Failure("Wait.", wait=60))
    lines.end(end)
    written = out.getvalue().encode().split(b"\n")
    assert [read_line(line) for line in written if line] == [POST, end]
    error = Failure("Wait.", wait=60).error()
    assert (str(error), error.permanent, error.retry_after) == ("Wait.", False, timedelta(minutes=1))


@given(
    st.binary(max_size=100)
    | st.dictionaries(st.sampled_from(["post", "end"]), st.none() | st.text() | st.just({})).map(
        lambda told: json.dumps(told).encode()
    )
)
@settings(max_examples=100, deadline=None)
def test_a_line_that_is_not_ours_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (whatever it says)
        read_line(line)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"", "ended before it was done"),
        (b"Segmentation fault\n", "can't be read"),
        (b"x" * 5_000_000, "can't be read"),
    ],
)
def test_a_child_that_dies_or_babbles_is_an_error(said: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        _child._read(io.BytesIO(said))


def test_a_crawl_ends_with_whoever_asked_for_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENCE)
        keys = asdict(
            Reviews(name="shop", url=f"http://127.0.0.1:{silent.getsockname()[1]}/", allow_private=True)
        )
        task = {"kind": "reviews", "keys": keys, "cursor": None, "now": NOW.isoformat(), "seconds": 240}
        command = [sys.executable, "-m", "spiders._crawl"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
            assert child.stdin
            try:
                child.stdin.write(json.dumps(task).encode() + b"\n")
                child.stdin.flush()
                silent.accept()
                child.stdin.close()
                assert child.wait(PATIENCE) == 1
            finally:
                child.kill()


def test_a_child_that_never_stops_giving_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_child, "MAX_POSTS", 3)
    out = io.StringIO()
    for _ in range(5):
        Lines(out).post(POST)
    with pytest.raises(SourceError, match="more than 3 new posts"):
        _child._read(io.BytesIO(out.getvalue().encode()))


@pytest.mark.parametrize(
    ("error", "words", "permanent"),
    [
        (CannotResolveHostError("x"), "was not found in DNS", False),
        (DownloadTimeoutError("x"), "did not answer in time", False),
        (DownloadConnectionRefusedError("x"), "refuses connections", False),
        (DownloadCancelledError("x"), "too big", False),
        (IgnoreRequest("Forbidden by robots.txt"), "asks programs not to read", True),
        (IgnoreRequest("Response too large"), "too big", False),
        (RefusedAddress("10.0.0.1 is not a public address."), "not a public address", True),
        (RuntimeError("secret"), "broke off the conversation (RuntimeError)", False),
        (HttpError(Response("https://a.test/", status=401)), "wants a login", True),
        (HttpError(Response("https://a.test/", status=410)), "gone for good", True),
        (HttpError(Response("https://a.test/", status=502)), "trying again later", False),
    ],
)
def test_what_went_wrong_is_a_sentence(error: Exception, words: str, permanent: bool) -> None:
    told = failure_of(error, Request("https://a.test/?token=secret"))
    assert words in told.message
    assert told.permanent is permanent
    assert "secret" not in told.message


@pytest.mark.parametrize(("header", "seconds"), [(b"120", 120), (b"", None), (b"soon", None)])
def test_retry_after_is_told(header: bytes, seconds: float | None) -> None:
    response = Response("https://a.test/", status=503, headers={"Retry-After": header})
    assert failure_of(HttpError(response), Request("https://a.test/")).wait == seconds


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://a.test:22/",
        "ftp://a.test/",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_must_not_be_asked_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddress):
        PublicAddresses(allow_private=False).process_request(Request(url))


def test_a_public_address_is_asked_and_a_private_one_where_allowed() -> None:
    PublicAddresses(allow_private=False).process_request(Request("https://93.184.215.14/"))
    PublicAddresses(allow_private=True).process_request(Request("http://127.0.0.1:50123/"))


def test_the_doors_that_scrapy_opens_are_shut_and_the_crawl_is_polite() -> None:
    chosen = crawl_settings(url="https://a.test/", contact="me@a.test", allow_private=False, seconds=240)
    assert chosen["ROBOTSTXT_OBEY"]
    assert chosen["AUTOTHROTTLE_ENABLED"]
    assert chosen["DOWNLOAD_DELAY"] == 1
    assert chosen["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1
    assert not chosen["REMOTE_CONTROL_ENABLED"]
    assert not chosen["TELNETCONSOLE_ENABLED"]
    assert chosen["DOWNLOAD_HANDLERS"]["file"] is None
    assert "PublicResolver" in chosen["TWISTED_DNS_RESOLVER"]


@pytest.mark.parametrize(
    ("url", "allow_private", "pause"),
    [("http://localhost:1/", True, 0), ("http://localhost:1/", False, 1), ("http://10.0.0.1/", True, 1)],
)
def test_only_our_own_machine_is_asked_without_a_pause(url: str, allow_private: bool, pause: float) -> None:
    told = crawl_settings(url=url, contact="", allow_private=allow_private, seconds=1)
    assert told["DOWNLOAD_DELAY"] == pause


def test_a_cursor_is_bounded_and_forgets_the_oldest() -> None:
    threads = {
        str(number): ReadThread(mark="m", at=(NOW + timedelta(minutes=number)).isoformat())
        for number in range(MAX_THREADS + 5)
    }
    kept = Cursor.load(Cursor(threads=threads, polled_at=NOW).dump())
    assert len(kept.threads) == MAX_THREADS
    assert "4" not in kept.threads
    assert str(MAX_THREADS) in kept.threads
    assert kept.polled_at == NOW


@given(
    st.text(max_size=30)
    | st.sampled_from(["[]", "null", '{"threads":5}', '{"threads":{"1":{"x":1}}}', '{"polled_at":7}'])
)
def test_a_strange_cursor_is_a_fresh_start(text: str) -> None:
    assert Cursor.load(text).threads == {}


def post(id: int, hours_ago: float) -> Post:
    url = f"https://a.test/{id}"
    return Post(id=str(id), url=url, author="A", text="x", posted_at=NOW - timedelta(hours=hours_ago))


def row(**about: Any) -> ThreadRow:
    base: dict[str, Any] = {
        "id": "1",
        "url": "/1",
        "title": "",
        "mark": "m",
        "last_at": None,
        "last_url": None,
    }
    return ThreadRow(**base | about)


def visit(row: ThreadRow, known: ReadThread | None = None, max_pages: int = 10) -> Visit:
    return Visit(row, known, floor=NOW - timedelta(days=7), max_pages=max_pages)


def test_a_long_thread_is_read_from_its_end_back_to_what_is_old() -> None:
    reading = visit(row(last_url="/last"))
    assert reading.first() == "/last"
    posts, following = reading.read(ThreadPage(posts=[post(9, 1)], previous="/2"), "/3")
    assert ([each.id for each in posts], following) == (["9"], "/2")
    posts, following = reading.read(
        ThreadPage(posts=[post(7, 24 * 9), post(8, 2)], previous="/1", next="/3"), "/2"
    )
    assert ([each.id for each in posts], following) == (["8"], None)
    told = reading.result()
    assert (told.page, told.mark, told.seen) == ("/3", "m", ["9"])


def test_an_old_first_page_is_left_for_the_last_one() -> None:
    reading = visit(row())
    assert reading.first() == "/1"
    assert reading.read(ThreadPage(posts=[post(1, 24 * 90)], next="/2", last="/9"), "/1") == ([], "/9")
    posts, following = reading.read(ThreadPage(posts=[post(90, 1)], previous="/8", last="/8"), "/9")
    assert ([each.id for each in posts], following) == (["90"], "/8")


def test_a_post_approved_late_is_found_on_the_remembered_page() -> None:
    known = ReadThread(page="/2", seen=["4", "6"])
    reading = visit(row(), known)
    assert reading.first() == "/2"
    posts, _ = reading.read(ThreadPage(posts=[post(4, 5), post(5, 4), post(6, 3)]), "/2")
    assert [each.id for each in posts] == ["5"]
    assert len(reading.result().seen) <= MAX_SEEN


def test_a_visit_ends_at_its_bound_without_the_mark() -> None:
    reading = visit(row(), max_pages=1)
    assert reading.first() == "/1"
    assert reading.read(ThreadPage(posts=[post(1, 1)], next="/2"), "/1")[1] is None
    assert reading.result().mark == ""


def newest_first(total: int, size: int = 5) -> dict[str, ThreadPage]:
    """The pages of a thread whose posts are numbered by their age, as shops show comments."""
    ids = list(range(total, 0, -1))
    pages = [ids[start : start + size] for start in range(0, total, size)]
    return {
        f"/{number}": ThreadPage(
            posts=[post(id, 100 - id) for id in page],
            previous=f"/{number - 1}" if number > 1 else None,
            next=f"/{number + 1}" if number < len(pages) else None,
        )
        for number, page in enumerate(pages, 1)
    }


def read_all(
    pages: dict[str, ThreadPage], known: ReadThread | None, *, entry: str = "/1", max_pages: int = 10
) -> tuple[list[int], ReadThread]:
    reading = visit(row(last_url=entry), known, max_pages)
    url, found = reading.first(), []
    while url:
        posts, url = reading.read(pages[url], url)
        found += [int(each.id) for each in posts]
    return found, reading.result()


def test_new_posts_are_found_where_the_newest_come_first() -> None:
    found, known = read_all(newest_first(12), None)
    assert sorted(found) == list(range(1, 13))
    assert (known.page, known.mark) == ("/1", "m")
    found, known = read_all(newest_first(14), known)
    assert found == [14, 13]
    found, known = read_all(newest_first(22), known)
    assert sorted(found) == list(range(15, 23))


def oldest_first(total: int) -> dict[str, ThreadPage]:
    """The pages of a thread, two posts on each."""
    last = -(-total // 2)
    return {
        f"/{number}": ThreadPage(
            posts=[post(id, 100 - id) for id in (2 * number - 1, 2 * number) if id <= total],
            previous=f"/{number - 1}" if number > 1 else None,
            next=f"/{number + 1}" if number < last else None,
        )
        for number in range(1, last + 1)
    }


@pytest.mark.parametrize("pages", [oldest_first(20), newest_first(20, 3)], ids=["oldest", "newest"])
def test_older_pages_beyond_the_bound_are_read_at_the_next_polls(pages: dict[str, ThreadPage]) -> None:
    known, found, marks = None, [], []
    for _ in range(6):
        posts, known = read_all(pages, known, entry="/10" if "/10" in pages else "/1", max_pages=3)
        found += posts
        marks.append(known.mark)
    assert sorted(found) == list(range(1, 21))
    assert marks[0] == ""
    assert marks[-1] == "m"


def test_new_posts_move_what_waits_where_the_newest_come_first_and_hide_none_of_it() -> None:
    """As many as the bound has room for, poll after poll."""
    found, known = read_all(newest_first(30, 4), None, max_pages=3)
    for total in (35, 44, 45, *[51] * 10):
        posts, known = read_all(newest_first(total, 4), known, max_pages=3)
        found += posts
    assert set(found) == set(range(1, 52))
    assert known.mark == "m"


def test_a_post_that_looks_newer_than_it_is_holds_no_thread_up() -> None:
    """Its time is that of an edit, or can't be read and so counts as now."""
    pages = oldest_first(20)
    pages["/2"] = replace(pages["/2"], posts=[pages["/2"].posts[0], post(4, 0)])
    known, found = None, []
    for _ in range(12):
        posts, known = read_all(pages, known, max_pages=2)
        found += posts
    assert sorted(set(found)) == list(range(1, 21))
    assert known.mark == "m"


def test_new_posts_do_not_hide_the_older_ones_that_wait() -> None:
    found, known = read_all(oldest_first(20), None, entry="/10", max_pages=3)
    for _ in range(5):
        posts, known = read_all(oldest_first(24), known, max_pages=4)
        found += posts
    assert sorted(found) == list(range(1, 25))


def test_an_older_page_that_is_gone_is_done_without() -> None:
    reading = visit(row(last_url="/3"))
    reading.first()
    assert not reading.leave_older()
    assert reading.read(ThreadPage(posts=[post(9, 1)], previous="/2"), "/3")[1] == "/2"
    assert reading.leave_older()
    assert (reading.result().mark, reading.result().back) == ("m", "")


def test_the_page_with_the_newest_post_is_remembered_where_the_first_does_not_tell_the_order() -> None:
    reading = visit(row())
    reading.first()
    reading.read(ThreadPage(posts=[post(6, 1), post(5, 2)], next="/2"), "/1")
    reading.read(ThreadPage(posts=[post(4, 5), post(3, 6), post(2, 7)]), "/2")
    assert reading.result().page == "/1"


def test_nobody_opened_a_thread_with_its_newest_post() -> None:
    assert not any(each.title_is_own for each in newest_first(5)["/1"].by_title())


def test_a_vanished_page_is_left_for_another_way_in() -> None:
    reading = visit(row(last_url="/last"), ReadThread(page="/7"))
    assert [reading.first(), reading.first(), reading.first(), reading.first()] == ["/7", "/last", "/1", None]


KEYS = {
    "url": "https://a.test/",
    "engine": "custom",
    "selectors": {
        "thread": "li",
        "thread_time": "time",
        "post": "article",
        "author": "b",
        "time": "time",
        "body": "p",
    },
    "sections": ["/s"],
    "max_pages": 5,
    "lookback": 7,
    "timezone": "UTC",
    "language": None,
    "answerable": "hand_off",
}


def crawl_of(cursor: str | None, **keys: Any) -> tuple[ForumSpider, io.StringIO]:
    out = io.StringIO()
    return ForumSpider(keys=KEYS | keys, cursor=cursor, now=NOW, lines=Lines(out)), out


def begun(spider: ForumSpider) -> list[str]:
    """The lists that are asked first, in their order."""

    async def collect() -> list[Request]:
        return [request async for request in spider.start()]

    requests = asyncio.run(collect())
    assert requests == sorted(requests, key=lambda request: -request.priority)
    return [request.url.removeprefix("https://a.test") for request in requests]


def list_page(*hours_ago: int) -> Response:
    rows = "".join(
        f'<li><a href="/t/{hours}">t</a><time datetime="{(NOW - timedelta(hours=hours)).isoformat()}">x</time></li>'
        for hours in hours_ago
    )
    body = f'{rows}<a rel="next" href="/s?page=2">next</a>'.encode()
    return Response("https://a.test/s", body=body, request=Request("https://a.test/s"))


def asked_by(spider: ForumSpider, response: Response) -> list[str]:
    return [request.url for request in spider.listing(response, number=1, first=True)]


def read_thread(spider: ForumSpider, hours: int) -> None:
    [visit] = [
        request.cb_kwargs["visit"]
        for request in spider.listing(list_page(hours), number=5, first=True)
        if "visit" in request.cb_kwargs
    ]
    at = (NOW - timedelta(hours=hours)).isoformat()
    body = f'<article id="p{hours}"><b>A</b><time datetime="{at}">x</time><p>Word</p></article>'.encode()
    url = f"https://a.test/t/{hours}"
    assert list(spider.thread(Response(url, body=body, request=Request(url)), visit)) == []


def cursor_after(spider: ForumSpider, out: io.StringIO, reason: str) -> str:
    spider.closed(reason)
    end = read_line(out.getvalue().splitlines()[-1].encode())
    assert isinstance(end, End)
    assert end.failure is None
    assert end.cursor is not None
    return end.cursor


def test_a_crawl_that_was_cut_short_goes_on_past_what_it_knows() -> None:
    spider, out = crawl_of(None)
    read_thread(spider, 2)
    cut = cursor_after(spider, out, "closespider_timeout")
    assert asked_by(crawl_of(cut)[0], list_page(2)) == ["https://a.test/s?page=2"]

    spider, out = crawl_of(cut)
    (second,) = asked_by(spider, list_page(2))
    assert list(spider.listing(Response(second, status=304, request=Request(second)), 2, first=True)) == []
    whole = cursor_after(spider, out, "finished")
    assert asked_by(crawl_of(whole)[0], list_page(2)) == []


def test_an_older_page_that_shows_no_posts_any_more_is_done_without() -> None:
    spider, out = crawl_of(None)
    reading = visit(row(last_url="/3"))
    reading.first()
    reading.read(ThreadPage(posts=[post(9, 1)], previous="/2"), "/3")
    shut = Response("https://a.test/2", body=b"<p>For members only", request=Request("https://a.test/2"))
    assert list(spider.thread(shut, reading)) == []
    known = Cursor.load(cursor_after(spider, out, "finished")).threads["1"]
    assert (known.mark, known.back) == ("m", "")


def test_lists_are_read_on_until_they_are_old() -> None:
    assert asked_by(crawl_of(None)[0], list_page(1, 24 * 30))[-1] == "https://a.test/s?page=2"
    assert asked_by(crawl_of(None)[0], list_page(24 * 30, 24 * 40)) == []


def test_after_a_long_absence_nothing_is_missed() -> None:
    away = Cursor(polled_at=NOW - timedelta(days=30)).dump()
    assert "https://a.test/t/600" in asked_by(crawl_of(away)[0], list_page(600))


SECTIONS = ["/s", "/u", "/v"]


def cut_crawl(cursor: str | None, reason: str = "closespider_timeout") -> End:
    """A crawl of three sections that comes to the first of them alone."""
    spider, out = crawl_of(cursor, sections=SECTIONS)
    begun(spider)
    asked_by(spider, list_page(24 * 30))
    spider.closed(reason)
    end = read_line(out.getvalue().splitlines()[-1].encode())
    assert isinstance(end, End)
    return end


def test_lists_that_had_no_turn_are_the_first_of_the_next_crawl() -> None:
    end = cut_crawl(None)
    assert end.failure is None
    assert begun(crawl_of(end.cursor, sections=SECTIONS)[0]) == ["/u", "/v", "/s"]


def test_staff_are_told_of_lists_that_have_no_turn_again_and_again() -> None:
    end = cut_crawl(cut_crawl(None).cursor)
    assert end.failure is not None
    assert "Name those that matter in `sections`" in end.failure.message
    assert end.failure.error().retry_after == timedelta(0)


def test_what_was_left_of_other_sections_is_forgotten() -> None:
    assert begun(crawl_of(cut_crawl(None).cursor, sections=["/u"])[0]) == ["/u"]


def test_a_section_comes_before_the_next_with_all_that_is_found_in_it() -> None:
    spider, _ = crawl_of(None, sections=SECTIONS)
    begun(spider)
    page = list_page(1, 2)
    assert page.request is not None
    page.request.priority = -2
    found = list(spider.listing(page, number=1, first=False))
    assert [request.priority for request in found] == [-1, -1, -2]


def test_what_is_beyond_the_bound_of_a_list_is_where_the_next_crawl_begins() -> None:
    spider, out = crawl_of(None, max_pages=1)
    assert begun(spider) == ["/s"]
    assert asked_by(spider, list_page(1, 2)) == ["https://a.test/t/1", "https://a.test/t/2"]
    cursor = cursor_after(spider, out, "finished")
    assert Cursor.load(cursor).behind
    assert Cursor.load(cursor).polled_at is None
    assert begun(crawl_of(cursor, max_pages=1)[0]) == ["/s?page=2", "/s"]


def test_a_list_without_news_at_its_bound_is_not_followed() -> None:
    spider, out = crawl_of(None)
    read_thread(spider, 2)
    spider, out = crawl_of(cursor_after(spider, out, "closespider_timeout"), max_pages=1)
    assert asked_by(spider, list_page(2)) == []
    assert Cursor.load(cursor_after(spider, out, "finished")).left == []
