"""Answering at Reddit: the real PRAW against a server on loopback."""

from datetime import timedelta

import pytest

from monitor.source import PostRef, SourceError
from spiders._reddit_api import waiting_time
from spiders.reddit import build

KEYS = {"client_id": "id", "client_secret": "secret", "username": "Novolinia_Help", "password": "hunter2"}
POST = PostRef(id="t1_aa1", url="https://www.reddit.com/x", author="anna", thread_id="t3_bb1")
TEXT = "Вибачте!\n\nУже шукаємо."


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


def errors(*items: list[str]) -> dict:
    return {"json": {"errors": items, "data": {}}}


@pytest.mark.parametrize("post_id", ["t1_aa1", "t3_bb1"])
def test_a_reply_is_posted_and_read_back(reddit, httpserver, post_id):
    answer = comment("new1", author="Novolinia_Help", body=TEXT, parent_id=post_id)
    httpserver.expect_request("/api/comment/", method="POST").respond_with_json(
        {"json": {"errors": [], "data": {"things": [{"kind": "t1", "data": answer}]}}}
    )
    shown = {**answer, "permalink": "/r/x/comments/bb1/slug/new1/"}
    httpserver.expect_request("/api/info", query_string={"id": "t1_new1", "raw_json": "1"}).respond_with_json(
        listing(shown)
    )
    posted = reddit.reply(PostRef(id=post_id, url="", author="anna", thread_id="t3_bb1"), TEXT)
    assert (posted.id, posted.url) == ("t1_new1", "https://www.reddit.com/r/x/comments/bb1/slug/new1/")
    (sent,) = [request for request, _ in httpserver.log if request.path == "/api/comment/"]
    assert sent.form["text"] == TEXT
    assert sent.form["thing_id"] == post_id


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 408])
def test_a_reply_whose_fate_is_unknown_is_never_sent_again(reddit, httpserver, status):
    httpserver.expect_request("/api/comment/").respond_with_data(status=status)
    with pytest.raises(SourceError) as failure:
        reddit.reply(POST, TEXT)
    assert failure.value.unsure
    assert len([request for request, _ in httpserver.log if request.path == "/api/comment/"]) == 1


def test_an_answer_that_is_no_json_leaves_the_fate_unknown(reddit, httpserver):
    httpserver.expect_request("/api/comment/").respond_with_data("<html>oops")
    with pytest.raises(SourceError) as failure:
        reddit.reply(POST, TEXT)
    assert failure.value.unsure


@pytest.mark.parametrize(
    "answer", [{"json": {"errors": [], "data": {"things": []}}}, {"json": {}}, [], 5, {}]
)
def test_an_answer_without_the_comment_leaves_the_fate_unknown(reddit, httpserver, answer):
    httpserver.expect_request("/api/comment/").respond_with_json(answer)
    with pytest.raises(SourceError) as failure:
        reddit.reply(POST, TEXT)
    assert failure.value.unsure


def test_a_reply_that_a_filter_swallowed_is_not_proof(reddit, httpserver):
    answer = comment("new1")
    httpserver.expect_request("/api/comment/").respond_with_json(
        {"json": {"errors": [], "data": {"things": [{"kind": "t1", "data": answer}]}}}
    )
    httpserver.expect_request("/api/info").respond_with_json(listing())
    with pytest.raises(SourceError, match="doesn't show it") as failure:
        reddit.reply(POST, TEXT)
    assert failure.value.unsure


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (["THREAD_LOCKED", "Comments are locked.", "parent"], "the thread is locked"),
        (["DELETED_COMMENT", "that comment has been deleted", "parent"], "was deleted"),
        (["SOMETHING_NEW", "No such luck", ""], "SOMETHING_NEW No such luck"),
    ],
)
def test_a_refused_reply_says_why_and_is_not_tried_again(reddit, httpserver, item, words):
    httpserver.expect_request("/api/comment/").respond_with_json(errors(item))
    with pytest.raises(SourceError, match=words) as refusal:
        reddit.reply(POST, TEXT)
    assert refusal.value.permanent
    assert not refusal.value.unsure


def test_a_rate_limit_says_when_to_try_again(reddit, httpserver):
    message = "Looks like you've been doing that a lot. Take a break for 9 minutes before trying again."
    httpserver.expect_request("/api/comment/").respond_with_json(errors(["RATELIMIT", message, "ratelimit"]))
    with pytest.raises(SourceError) as refusal:
        reddit.reply(POST, TEXT)
    assert refusal.value.retry_after == timedelta(minutes=9, seconds=5)
    assert not refusal.value.permanent
    assert not refusal.value.unsure


@pytest.mark.parametrize(
    ("status", "words"), [(403, "doesn't let our account in"), (404, "has nothing there")]
)
def test_a_closed_door_is_for_staff(reddit, httpserver, status, words):
    httpserver.expect_request("/api/comment/").respond_with_data(status=status)
    with pytest.raises(SourceError, match=words) as refusal:
        reddit.reply(POST, TEXT)
    assert refusal.value.permanent
    assert not refusal.value.unsure


def test_the_reply_is_found_below_the_comment(reddit, httpserver):
    ours = comment("new1", author="novolinia_help", body="Вибачте!\nУже шукаємо. ", parent_id="t1_aa1")
    above = comment("aa1", replies=listing(comment("zz1", parent_id="t1_aa1", body=TEXT), ours))
    httpserver.expect_request("/comments/bb1/_/aa1").respond_with_json(
        [listing(submission(1)), listing(above)]
    )
    posted = reddit.find_reply(POST, TEXT)
    assert posted is not None
    assert (posted.id, posted.url) == ("t1_new1", "https://www.reddit.com/comments/bb1/_/new1/")
    assert reddit.find_reply(POST, "something else") is None


def test_the_reply_is_found_below_the_submission(reddit, httpserver):
    ours = comment("new1", author="novolinia_help", body=TEXT)
    httpserver.expect_request("/comments/bb1").respond_with_json([listing(submission(1)), listing(ours)])
    assert reddit.find_reply(PostRef(id="t3_bb1", url="", author="anna"), TEXT).id == "t1_new1"


@pytest.mark.parametrize(
    ("message", "wait"),
    [
        ("Take a break for 59 seconds before trying again.", timedelta(seconds=64)),
        ("try again in 2 hours", timedelta(hours=2, seconds=5)),
        ("in 999999 hours", timedelta(days=1)),
        ("250 milliseconds", timedelta(seconds=5.25)),
        ("soon", None),
    ],
)
def test_waiting_times_are_read(message, wait):
    assert waiting_time(message) == wait
