"""Reddit: the real PRAW against a server on loopback that answers as Reddit does."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug import Response

from monitor.source import CanCheck, CanReply, SourceError
from spiders._reddit_parse import find, listing_posts
from spiders.reddit import Source, SourceWithKeys, build, parse

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEYS = {"client_id": "id", "client_secret": "secret", "username": "Novolinia_Help", "password": "hunter2"}


def listing(*things: dict, after: str | None = None) -> dict:
    children = [{"kind": thing["kind"], "data": {**thing, "created_utc": 1795251600.0}} for thing in things]
    return {"kind": "Listing", "data": {"after": after, "children": children}}


def submission(number: int, **fields) -> dict:
    thing = {
        "kind": "t3",
        "id": f"s{number}",
        "author": "anna",
        "title": f"Title {number}",
        "selftext": "Text",
    }
    return {**thing, "permalink": f"/r/x/comments/s{number}/slug/", **fields}


def comment(name: str, **fields) -> dict:
    thing = {
        "kind": "t1",
        "id": name,
        "author": "anna",
        "body": "words",
        "link_id": "t3_bb1",
        "parent_id": "t3_bb1",
    }
    return {**thing, **fields}


@pytest.fixture
def reddit(httpserver):
    """A server that gives out access tokens; and the source that asks it."""
    httpserver.expect_request("/api/v1/access_token").respond_with_json(
        {"access_token": "token", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
    )
    url = httpserver.url_for("").rstrip("/")
    return build(
        name="reddit", queries=["novolinia"], subreddits=["x", "y"], **KEYS, reddit_url=url, oauth_url=url
    )


def empty(httpserver, *paths: str) -> None:
    for path in paths:
        httpserver.expect_request(path).respond_with_json(listing())


INBOX = ("/message/mentions", "/message/comments", "/message/selfreply")


def test_only_with_keys_can_it_reply_and_be_checked(reddit):
    without = build(name="reddit", queries=["novolinia"])
    assert isinstance(reddit, CanReply)
    assert isinstance(reddit, CanCheck)
    assert not isinstance(without, CanReply)
    assert not isinstance(without, CanCheck)
    assert type(without) is Source
    assert type(reddit) is SourceWithKeys
    assert (reddit.account, reddit.max_length) == ("Novolinia_Help", 10_000)


def test_half_of_the_keys_is_refused_by_name():
    with pytest.raises(SourceError, match="missing: client_secret, password") as refusal:
        build(name="reddit", queries=["x"], client_id="a", username="b")
    assert refusal.value.permanent


def test_a_source_that_would_read_nothing_is_refused():
    with pytest.raises(SourceError, match="queries or subreddits"):
        build(name="reddit")
    assert build(name="reddit", **KEYS)


def test_secrets_are_not_shown(reddit):
    assert "hunter2" not in repr(reddit)
    assert "secret'" not in repr(reddit)


def test_searches_comments_and_the_inbox_are_read(reddit, httpserver):
    httpserver.expect_request("/r/x+y/search").respond_with_json(listing(submission(1)))
    httpserver.expect_request("/r/x+y/comments").respond_with_json(listing(comment("c1")))
    httpserver.expect_request("/message/mentions").respond_with_json(listing(comment("c2"), comment("c1")))
    empty(httpserver, *INBOX[1:])
    pages = list(reddit.poll(None))
    assert [[post.id for post in page.posts] for page in pages] == [["t3_s1"], ["t1_c1"], ["t1_c2"]]
    assert list(reddit.poll(pages[-1].cursor)) == []
    search = next(request for request, _ in httpserver.log if request.path == "/r/x+y/search")
    assert search.args["q"] == "novolinia"
    assert search.args["sort"] == "new"
    assert search.args["restrict_sr"] == "on"


def test_the_first_poll_reads_one_page_and_later_ones_go_back_to_what_is_known(reddit, httpserver):
    reddit.subreddits = []
    empty(httpserver, *INBOX)
    pages = [
        listing(submission(1), after="t3_s1"),
        listing(submission(3), after="t3_s3"),
        listing(submission(2), submission(1), after="t3_s1"),
        listing(submission(1), after="t3_s0"),
    ]
    httpserver.expect_request("/search").respond_with_handler(
        lambda request: Response(json.dumps(pages.pop(0)))
    )
    (first,) = reddit.poll(None)
    assert len(pages) == 3
    (second,) = reddit.poll(first.cursor)
    assert {post.id for post in second.posts} == {"t3_s2", "t3_s3"}
    searches = [request for request, _ in httpserver.log if request.path == "/search"]
    assert [request.args.get("after") for request in searches] == [None, None, "t3_s3", "t3_s1"]


def test_the_first_poll_reads_one_page_of_every_list(reddit, httpserver):
    numbers = iter(range(1000))
    empty(httpserver, *INBOX)
    for path in ("/r/x+y/search", "/r/x+y/comments"):
        httpserver.expect_request(path).respond_with_handler(
            lambda request: Response(json.dumps(listing(submission(next(numbers)), after="t3_more")))
        )
    assert [len(page.posts) for page in reddit.poll(None)] == [1, 1]


def test_pages_without_end_are_bounded(reddit, httpserver):
    numbers = iter(range(1000))
    reddit.subreddits = []
    empty(httpserver, *INBOX)
    httpserver.expect_request("/search").respond_with_handler(
        lambda request: Response(json.dumps(listing(submission(next(numbers)), after="t3_more")))
    )
    (first,) = reddit.poll(None)
    (second,) = reddit.poll(first.cursor)
    assert len(second.posts) == 5


def test_without_keys_the_public_feeds_are_read(httpserver):
    entry = """<entry><id>t3_{0}</id><title>T {0}</title><author><name>/u/anna</name></author>
    <link href="https://www.reddit.com/r/x/comments/{0}/t/"/></entry>"""
    feed = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
    httpserver.expect_request("/r/x/search.rss").respond_with_data(feed.format(entry.format("a1")))
    httpserver.expect_request("/r/x/comments.rss").respond_with_data(feed.format(entry.format("a2")))
    url = httpserver.url_for("").rstrip("/")
    source = build(name="r", queries=["новолінія"], subreddits=["x"], reddit_url=url, allow_private=True)
    pages = list(source.poll(None))
    assert [[post.id for post in page.posts] for page in pages] == [["t3_a1"], ["t3_a2"]]
    assert httpserver.log[0][0].args["q"] == "новолінія"
    assert list(source.poll(pages[-1].cursor)) == []


def test_a_post_of_a_public_feed_is_answered_by_hand():
    feed = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>t3_a1</id><title>T</title>
    <link href="https://www.reddit.com/r/x/comments/a1/t/"/><author><name>/u/anna</name></author></entry></feed>"""
    assert parse(feed, now=NOW)[0].answerable == "hand_off"


@pytest.mark.parametrize("answer", [{}, [], None, {"data": {}}, {"message": "Forbidden", "error": 403}])
def test_an_answer_that_is_no_listing_is_not_one_in_which_nobody_has_written(reddit, httpserver, answer):
    httpserver.expect_request("/r/x+y/search").respond_with_json(answer)
    with pytest.raises(SourceError, match="not a list of posts"):
        list(reddit.poll(None))


@pytest.mark.parametrize("wait", ["30", "Sat, 21 Nov 2026 12:00:00 GMT", "soon"])
def test_too_many_requests_is_a_reason_to_wait(reddit, httpserver, wait):
    httpserver.expect_request("/r/x+y/search").respond_with_data(status=429, headers={"Retry-After": wait})
    with pytest.raises(SourceError) as refusal:
        list(reddit.poll(None))
    assert not refusal.value.permanent


@pytest.mark.parametrize("answer", [Response(status=401), Response('{"error": "invalid_grant"}')])
def test_wrong_keys_are_said_without_showing_them(httpserver, answer):
    httpserver.expect_request("/api/v1/access_token").respond_with_response(answer)
    url = httpserver.url_for("").rstrip("/")
    with pytest.raises(SourceError, match="refused the keys") as refusal:
        build(name="reddit", **KEYS, reddit_url=url, oauth_url=url).check()
    assert refusal.value.permanent
    assert "hunter2" not in str(refusal.value)


def test_a_check_says_who_we_are(reddit, httpserver):
    httpserver.expect_request("/api/v1/me").respond_with_json({"name": "Novolinia_Help"})
    assert reddit.check() == "Reddit knows us as u/Novolinia_Help."


def test_a_check_without_a_name_is_no_success(reddit, httpserver):
    httpserver.expect_request("/api/v1/me").respond_with_json([])
    with pytest.raises(SourceError, match="doesn't say who we are"):
        reddit.check()


def test_a_subreddit_may_be_written_with_its_r(reddit, httpserver):
    reddit.subreddits = ["r/x", "/r/y/"]
    empty(httpserver, "/r/x+y/search", "/r/x+y/comments", *INBOX)
    assert list(reddit.poll(None)) == []


ODD = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.just("t3_a"),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["kind", "data", "children", "id", "author", "title", "body", "created_utc"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(ODD)
@settings(max_examples=200, deadline=None)
def test_any_json_is_read_as_a_listing_or_refused(odd):
    with contextlib.suppress(SourceError):
        assert all(post.posted_at <= NOW for post in listing_posts(odd, now=NOW))
    listing_ = {"data": {"children": [{"kind": "t3", "data": {"id": "a", "title": "x", "author": odd}}]}}
    assert all(post.posted_at <= NOW for post in listing_posts(listing_, now=NOW))
    assert find(odd, parent="t3_a", author="x", text="y") is None


def test_characters_that_no_database_takes_are_gone():
    content = (
        rb'{"data": {"children": [{"kind": "t3", "data": {"id": "a", "author": "x\ud800", "title": "T\u0000",'
    )
    content += rb' "permalink": "/r/\ud800\u0000", "selftext_html": "<p>\ud800\u0000y</p>"}}]}}'
    (post,) = parse(content, now=NOW)
    assert (post.author, post.title, post.text) == ("x", "T", "y")
    assert post.url.isascii()
    assert post.url.isprintable()


@pytest.mark.parametrize("content", [b"{", b'{"a":' * 100_000, b"", b"<html>", b"\xff\xfe"])
def test_noise_is_refused_with_a_sentence(content):
    with pytest.raises(SourceError):
        parse(content, now=NOW)
