import feedparser
import pytest
from parsel import Selector
from starlette.testclient import TestClient

from demo.town import Week


@pytest.mark.parametrize("path", ["/blog/feed.xml", "/blog/comments.xml"])
def test_the_feed_has_every_post_newest_first(visitor: TestClient, week: Week, path: str) -> None:
    answer = visitor.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    articles = path.endswith("feed.xml")
    said = [p for p in week.posts if p.where == "blog" or p.where.startswith("blog/")]
    posts = [p for p in said if (p.where == "blog") == articles][::-1]
    assert [entry.author for entry in feed.entries] == [post.author for post in posts]
    times = [week.time_of(post).isoformat() for post in posts]
    assert [entry.published for entry in feed.entries] == times
    assert len({entry.id for entry in feed.entries}) == len(posts)


def test_an_entry_carries_the_whole_text_as_html(visitor: TestClient, week: Week) -> None:
    feed = feedparser.parse(visitor.get("/blog/feed.xml").content)
    article = next(post for post in week.posts if post.key == "livrarea-care-n-a-venit")
    entry = next(entry for entry in feed.entries if entry.title == article.title)
    paragraphs = Selector(entry.content[0].value).css("p::text").getall()
    assert paragraphs == article.text.split("\n\n")


def test_an_entry_leads_to_the_article_with_its_comments(visitor: TestClient, week: Week) -> None:
    feed = feedparser.parse(visitor.get("/blog/comments.xml").content)
    path, _, fragment = feed.entries[0].link.partition("#")
    page = Selector(visitor.get(path).text)
    assert page.css(f"article.comment#{fragment} .author::text").get() == feed.entries[0].author


def test_the_index_shows_the_newest_article_first(visitor: TestClient, week: Week) -> None:
    titles = Selector(visitor.get("/blog/").text).css(".teaser h2 a::text").getall()
    assert titles == [post.title for post in week.posts if post.where == "blog"][::-1]
