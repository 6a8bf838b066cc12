"""A thread's title belongs to who opened the thread."""

from datetime import UTC, datetime

import pytest

from monitor.source import Post
from spiders._forum_page import ThreadPage

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def posts(count: int) -> list[Post]:
    return [
        Post(
            id=str(n), url=f"https://forum.example/t/1#{n}", author="a", text="x", title="Жах", posted_at=NOW
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("previous", "own"), [(None, ["Жах", "", ""]), ("https://forum.example/t/1?page=1", ["", "", ""])]
)
def test_the_first_post_of_the_first_page_has_it(previous: str | None, own: list[str]) -> None:
    page = ThreadPage(posts=posts(3), previous=previous)
    assert [post.own_title for post in page.by_title()] == own
    assert [post.title for post in page.by_title()] == ["Жах"] * 3
