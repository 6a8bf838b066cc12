"""The town knows nothing of tomorrow."""

from datetime import timedelta

import feedparser
from parsel import Selector
from starlette.testclient import TestClient

from demo.town import Week

THREAD = "/forum/pokupky/412-dostavka"


def test_a_post_appears_in_its_minute_and_not_before(visitor: TestClient, week: Week, clock) -> None:
    second = week.by_key["dost-2"]
    clock.at = week.time_of(second) - timedelta(seconds=1)
    assert len(Selector(visitor.get(THREAD).text).css("article.post")) == 1
    clock.at = week.time_of(second)
    assert len(Selector(visitor.get(THREAD).text).css("article.post")) == 2


def test_a_thread_that_nobody_has_begun_is_not_there(visitor: TestClient, clock) -> None:
    clock.go_to(2, 8, 11)
    assert visitor.get(THREAD).status_code == 404
    assert "412-dostavka" not in visitor.get("/forum/pokupky").text
    clock.go_to(2, 8, 12)
    assert visitor.get(THREAD).status_code == 200


def test_on_monday_at_midnight_every_site_is_empty_and_well(visitor: TestClient, clock) -> None:
    clock.go_to(0)
    for path in ("/", "/forum/", "/forum/pokupky", "/shop/", "/shop/budsvit", "/blog/"):
        assert visitor.get(path).status_code == 200
    assert Selector(visitor.get("/forum/pokupky").text).css("li.thread").getall() == []
    assert feedparser.parse(visitor.get("/blog/feed.xml").content).entries == []


def test_a_new_post_changes_the_tag_of_its_page_only(visitor: TestClient, week: Week, clock) -> None:
    last = week.time_of(week.by_key["lam-7"])
    clock.at = last - timedelta(seconds=1)
    paths = ["/forum/remont/415-laminat", "/forum/remont", "/forum/", THREAD, "/shop/budsvit"]
    before = [visitor.get(path).headers["etag"] for path in paths]
    clock.at = last
    after = [visitor.get(path).headers["etag"] for path in paths]
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, False, False, True, True]


def test_reviews_and_the_feed_grow_through_the_week(visitor: TestClient, clock) -> None:
    entries, reviews = [], []
    for day in range(8):
        clock.go_to(day)
        entries.append(len(feedparser.parse(visitor.get("/blog/feed.xml").content).entries))
        reviews.append(len(Selector(visitor.get("/shop/novolinia-vokzalna").text).css("article.review")))
    assert entries == [0, 1, 2, 2, 3, 4, 5, 5]
    assert reviews == sorted(reviews)
    assert reviews[-1] == 10
