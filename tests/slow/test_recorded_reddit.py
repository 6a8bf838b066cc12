"""The real PRAW against what Reddit itself once answered, replayed on loopback."""

import contextlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug import Request, Response

from monitor.source import PostRef, SourceError
from spiders.reddit import build, parse

CASSETTES = Path(__file__).parents[2] / "../shared/recordings/reddit-praw"
KEYS = {"client_id": "id", "client_secret": "secret", "username": "<USERNAME>", "password": "<PASSWORD>"}
NOTHING = {"kind": "Listing", "data": {"children": [], "after": None}}
# They describe the recorded connection, not ours.
HOP = {
    "content-encoding",
    "content-length",
    "transfer-encoding",
    "connection",
    "set-cookie",
    "strict-transport-security",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CASSETTES.is_dir(), reason="recorded traffic is not there: recordings/reddit-praw"
    ),
]


class Replay:
    """Answers a request as the cassette has it, and with an empty listing what the cassette doesn't have."""

    def __init__(self, name: str):
        (path,) = CASSETTES.glob(f"*__{name}.json")
        self.interactions = json.loads(path.read_text())["interactions"]
        self.missed: list[str] = []
        self.posted: list[dict] = []

    def __call__(self, request: Request) -> Response:
        if request.path.startswith("/api/info") and self.posted:
            # Suites don't read back what they post: here a comment is shown as it was taken.
            return Response(json.dumps({"kind": "Listing", "data": {"children": self.posted}}))
        for interaction in self.interactions:
            if self._key(interaction["request"]) == (request.method, request.path.rstrip("/")):
                return self._play(interaction["response"], request)
        self.missed.append(request.path)
        return Response(json.dumps(NOTHING))

    @staticmethod
    def _key(asked: dict) -> tuple[str, str]:
        return asked["method"], urlsplit(asked["uri"]).path.rstrip("/")

    def _play(self, recorded: dict, request: Request) -> Response:
        body = recorded["body"]["string"]
        if request.path.startswith("/api/comment"):
            with contextlib.suppress(ValueError, KeyError):
                self.posted = json.loads(body)["json"]["data"]["things"]
        headers = [(name, value[0]) for name, value in recorded["headers"].items() if name.lower() not in HOP]
        return Response(body, recorded["status"]["code"], headers)


@pytest.fixture
def replay(httpserver):
    def start(name: str, **keys):
        player = Replay(name)
        httpserver.expect_request(re.compile(".*")).respond_with_handler(player)
        url = httpserver.url_for("").rstrip("/")
        return player, build(name="reddit", **KEYS, **keys, reddit_url=url, oauth_url=url)

    return start


def test_a_search_is_read(replay):
    _, source = replay("TestSubreddit.test_search", queries=["praw oauth search"], subreddits=["all"])
    (page,) = source.poll(None)
    assert len(page.posts) == 6
    assert_well_formed(page.posts)
    assert all(post.id.startswith("t3_") for post in page.posts)
    assert list(source.poll(page.cursor)) == []


def test_the_comments_of_a_subreddit_are_read(replay):
    _, source = replay("TestSubredditListings.test_comments", subreddits=["askreddit"])
    (page,) = source.poll(None)
    assert len(page.posts) == 100
    assert_well_formed(page.posts)
    assert all(post.id.startswith("t1_") and post.title for post in page.posts)


def test_mentions_in_the_inbox_are_read(replay):
    _, source = replay("TestInbox.test_mentions")
    (page,) = source.poll(None)
    assert len(page.posts) == 16
    assert_well_formed(page.posts)


@pytest.mark.parametrize(
    ("name", "count"),
    # An inbox has 98 private messages, too: those are nobody's business.
    [("TestInbox.test_all", 2), ("TestInbox.test_stream", 2), ("TestSubredditListings.test_hot", 102)],
)
def test_any_listing_is_read_as_it_was_recorded(name, count):
    posts = parse(Replay(name).interactions[1]["response"]["body"]["string"].encode(), now=datetime.now(UTC))
    assert len(posts) == count
    assert_well_formed(posts)


def test_a_reply_is_posted(replay):
    player, source = replay("TestComment.test_reply")
    posted = source.reply(
        PostRef(id="t1_d1616q2", url="", author="x", thread_id="t3_4b1tfm"), "Comment reply"
    )
    assert (posted.id, posted.url) == ("t1_d1680wu", "https://www.reddit.com/comments/4b1tfm/_/d1680wu/")
    assert player.missed == []


def test_a_reply_that_reddit_does_not_show_is_unsure(replay):
    _, source = replay("TestComment.test_reply__none")
    with pytest.raises(SourceError) as failure:
        source.reply(PostRef(id="t1_eear2ml", url="", author="x"), "TEST")
    assert failure.value.unsure


def test_a_reply_is_looked_for_in_a_recorded_thread(replay):
    player, source = replay("TestComment.test_refresh")
    parent = PostRef(id="t1_d81vwef", url="", author="x", thread_id="t3_54hhwl")
    below = find_below(player, parent.id)
    source.username = below["author"]
    assert source.find_reply(parent, below["body"]).id == f"t1_{below['id']}"
    assert source.find_reply(parent, "never said") is None
    assert player.missed == []


def test_below_a_deleted_comment_there_is_no_reply(replay):
    player, source = replay("TestComment.test_refresh__deleted_comment")
    assert (
        source.find_reply(PostRef(id="t1_d7ltvl0", url="", author="x", thread_id="t3_52o2fl"), "any") is None
    )
    assert player.missed == []


@pytest.mark.parametrize(
    "name", ["TestReddit.test_bare_badrequest", "TestReddit.test_bad_request_without_json_text_html_response"]
)
def test_a_recorded_refusal_is_for_staff(replay, name):
    player, source = replay(name)
    player.interactions[1]["request"].update(method="POST", uri="https://oauth.reddit.com/api/comment/")
    with pytest.raises(SourceError, match=r"refused the re(quest|ply).*(400|Bad request)") as refusal:
        source.reply(PostRef(id="t1_abc", url="", author="x"), "text")
    assert refusal.value.permanent
    assert not refusal.value.unsure


def assert_well_formed(posts) -> None:
    assert len({post.id for post in posts}) == len(posts)
    for post in posts:
        assert post.url.startswith("https://www.reddit.com/r/") or "/comments/" in post.url
        assert post.thread_id.startswith("t3_")
        assert post.author
        assert post.text
        assert "SC_OFF" not in post.text
        assert '<div class="md">' not in post.text
        assert datetime(2008, 1, 1, tzinfo=UTC) < post.posted_at <= datetime.now(UTC)


def find_below(player: Replay, parent: str) -> dict:
    waiting = json.loads(player.interactions[-1]["response"]["body"]["string"])
    while waiting:
        listing = waiting.pop()
        for child in listing["data"]["children"] if listing else []:
            if child["data"].get("parent_id") == parent and child["kind"] == "t1":
                return child["data"]
            waiting.append(child["data"].get("replies") or None)
    raise AssertionError(f"the cassette has nothing below {parent}")
