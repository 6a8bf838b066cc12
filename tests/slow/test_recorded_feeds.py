"""Feeds that others collected because they are broken, odd or big: each is read, or refused with a reason."""

import re
import time
from pathlib import Path

import pytest

from monitor.source import SourceError
from spiders.feed import Source

RECORDINGS = Path(__file__).parents[2] / "../shared/recordings"
FEEDS = sorted(
    path for path in RECORDINGS.glob("feeds-*/*") if path.is_file() and not path.name.startswith("_")
)
# The suites of feedparser keep the headers that a file is to be served with in a comment at its head.
HEADER = re.compile(rb"^Header:\s*([\w-]+):\s*([^\r\n]+)", re.MULTILINE)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FEEDS, reason=f"recorded feeds are not there: {RECORDINGS.name}/feeds-*"),
]


@pytest.fixture(scope="module")
def outcomes():
    """What became of each feed, for the last test."""
    return {}


def headers_of(content: bytes) -> dict[str, str]:
    return {name.decode(): value.decode("latin-1").strip() for name, value in HEADER.findall(content[:2_000])}


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_recorded_feed_is_read_or_refused_with_a_reason(path, httpserver, outcomes):
    content = path.read_bytes()
    headers = {"Content-Type": "application/xml", **headers_of(content)}
    httpserver.expect_request("/feed").respond_with_data(content, headers=headers)
    started = time.monotonic()
    try:
        pages = list(Source(name="feed", url=httpserver.url_for("/feed"), allow_private=True).poll(None))
    except SourceError as refusal:
        outcomes[path.name] = str(refusal)
    else:
        outcomes[path.name] = pages[0].posts
    assert time.monotonic() - started < 5


def test_most_of_them_are_read(outcomes):
    if len(outcomes) < len(FEEDS):
        pytest.skip("only some of the feeds were tried")
    refused = {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, str)}
    with_posts = [name for name, outcome in outcomes.items() if isinstance(outcome, list) and outcome]
    assert all(len(sentence) > 20 for sentence in refused.values())
    assert len(refused) < len(FEEDS) / 20
    assert len(with_posts) > len(FEEDS) / 5
