"""Pages recorded from running FlaskBB, Spirit and WordPress, read by the presets and by the marks."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.source import SourceError
from spiders import forum, reviews
from spiders._engines import selectors
from spiders._forum_html import HtmlEngine

PAGES = Path(__file__).parents[2] / "../shared/recordings/forum-pages"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
URL = "http://127.0.0.1:8110/"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PAGES.exists(), reason="shared/recordings is not beside the project"),
]


def read(path: str) -> bytes:
    return (PAGES / path).read_bytes()


def ids_in(path: str, pattern: str) -> list[str]:
    return re.findall(pattern, read(path).decode())


def engine(name: str) -> HtmlEngine:
    return HtmlEngine(selectors=selectors(name, {}), now=NOW)


def test_flaskbb_lists_its_sections_and_threads() -> None:
    index = engine("flaskbb").listing(read("flaskbb-3.0.0rc5/index.html"), URL)
    assert len(index.sections) == 1
    listing = engine("flaskbb").listing(read("flaskbb-3.0.0rc5/forum.html"), index.sections[0])
    links = ids_in("flaskbb-3.0.0rc5/forum.html", r'<div class="topic-name">\s*<a href="/topic/(\d+)')
    assert [row.id for row in listing.threads] == links
    assert all(row.last_at and row.last_url and row.mark for row in listing.threads)


@pytest.mark.parametrize("name", ["thread_p1.html", "thread_p2.html"])
def test_every_post_of_a_flaskbb_page_is_read(name: str) -> None:
    path = f"flaskbb-3.0.0rc5/{name}"
    posts = forum.parse(read(path), url=f"{URL}topic/5?page=1", engine="flaskbb", now=NOW)
    assert [post.id for post in posts] == ids_in(path, r'<div id="(\d+)" class="row post-row">')
    assert {post.thread_id for post in posts} == {"5"}
    assert all(post.author and post.text and post.url.endswith(f"/post/{post.id}") for post in posts)


def test_spirit_lists_its_threads_and_every_comment_is_read() -> None:
    [row] = engine("spirit").listing(read("spirit-0.14.3/index.html"), URL).threads
    assert row.id == "1"
    posts = forum.parse(read("spirit-0.14.3/thread.html"), url=row.url, engine="spirit", now=NOW)
    assert [post.id for post in posts] == ids_in("spirit-0.14.3/thread.html", r'data-pk="(\d+)"')
    assert all(post.url == f"{URL}comment/{post.id}/find/" for post in posts)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("flaskbb-3.0.0rc5/login.html", "flaskbb"),
        ("flaskbb-3.0.0rc5/thread_missing.html", "flaskbb"),
        ("spirit-0.14.3/login.html", "spirit"),
        ("spirit-0.14.3/reply_redirect_login.html", "spirit"),
    ],
)
def test_a_page_that_is_no_thread_is_refused(path: str, name: str) -> None:
    with pytest.raises(SourceError) as caught:
        forum.parse(read(path), url=URL, engine=name, now=NOW)
    assert caught.value.permanent


def test_comments_of_wordpress_are_read_by_own_selectors() -> None:
    path = "wordpress-6.1.9/post_with_comments.html"
    own = {
        "post": "li.comment",
        "author": ".comment-author .fn, .wp-block-comment-author-name",
        "time": "time",
        "permalink": ".comment-metadata a, .wp-block-comment-date a",
        "body": ".comment-content, .wp-block-comment-content",
    }
    posts = forum.parse(read(path), url=URL, engine="custom", selectors=own, now=NOW)
    assert [post.id for post in posts] == ids_in(path, r'id="comment-(\d+)"')


def test_a_page_without_marks_is_not_taken_for_reviews() -> None:
    with pytest.raises(SourceError, match=r"no schema\.org Review"):
        reviews.parse(read("wordpress-6.1.9/index.html"), url=URL, now=NOW)
