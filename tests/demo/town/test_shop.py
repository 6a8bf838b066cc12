import extruct
import pytest
from parsel import Selector
from starlette.testclient import TestClient

from demo.town import Week

BRANCH = "/shop/novolinia-vokzalna"
DRILL = "/shop/dryl-kreit-650"


def marks(visitor: TestClient, path: str) -> dict:
    page = visitor.get(path).text
    return extruct.extract(page, syntaxes=["json-ld", "microdata"], uniform=True)


def said(week: Week, path: str) -> list:
    return [post for post in week.posts if f"/{post.where}" == path][::-1]


def test_a_branch_is_marked_with_its_reviews_and_their_average(visitor: TestClient, week: Week) -> None:
    (thing,) = marks(visitor, BRANCH)["json-ld"]
    posts = said(week, BRANCH)
    assert thing["@type"] == "HardwareStore"
    assert thing["aggregateRating"]["reviewCount"] == len(posts)
    average = sum(post.rating for post in posts) / len(posts)
    assert thing["aggregateRating"]["ratingValue"] == pytest.approx(average, abs=0.05)
    first = thing["review"][0]
    assert first["author"]["name"] == posts[0].author
    assert first["reviewBody"] == posts[0].text
    assert first["reviewRating"]["ratingValue"] == posts[0].rating
    assert first["datePublished"] == week.time_of(posts[0]).isoformat()


def test_marks_and_page_show_the_same_ten_reviews_and_the_pager_the_rest(
    visitor: TestClient, week: Week
) -> None:
    numbers = [week.numbers[post.key] for post in said(week, BRANCH)]
    assert len(numbers) > 10
    for path, expected in ((BRANCH, numbers[:10]), (f"{BRANCH}?page=2", numbers[10:])):
        page = Selector(visitor.get(path).text)
        assert page.css("article.review::attr(id)").getall() == [f"r{number}" for number in expected]
        (thing,) = marks(visitor, path)["json-ld"]
        assert [int(review["url"].rpartition("/")[2]) for review in thing["review"]] == expected
    assert Selector(visitor.get(BRANCH).text).css("a[rel=next]::attr(href)").get() == f"{BRANCH}?page=2"


def test_a_reviews_address_leads_to_the_page_where_it_is_now(visitor: TestClient, week: Week) -> None:
    oldest = week.numbers[said(week, BRANCH)[-1].key]
    answer = visitor.get(f"{BRANCH}/{oldest}")
    assert str(answer.url).endswith(f"{BRANCH}?page=2#r{oldest}")
    assert Selector(answer.text).css(f"article#r{oldest}")


def test_the_drill_is_marked_with_microdata_only(visitor: TestClient, week: Week) -> None:
    found = marks(visitor, DRILL)
    posts = said(week, DRILL)
    assert found["json-ld"] == []
    (thing,) = found["microdata"]
    assert thing["@type"] == "Product"
    assert float(thing["aggregateRating"]["reviewCount"]) == len(posts)
    assert [review["author"]["name"] for review in thing["review"]] == [post.author for post in posts]
    assert [int(review["reviewRating"]["ratingValue"]) for review in thing["review"]] == [
        post.rating for post in posts
    ]
    times = [review["datePublished"] for review in thing["review"]]
    assert times == [week.time_of(post).isoformat() for post in posts]
    assert posts[0].text in thing["review"][0]["reviewBody"]


def test_before_the_first_review_there_is_no_average(visitor: TestClient, clock) -> None:
    clock.go_to(0)
    (thing,) = marks(visitor, BRANCH)["json-ld"]
    assert "aggregateRating" not in thing
    assert "Ще ніхто не написав" in visitor.get(BRANCH).text


def test_nobody_can_answer_a_review_here(visitor: TestClient) -> None:
    assert not Selector(visitor.get(BRANCH).text).css("form")
    assert visitor.post(BRANCH, data={"text": "дякуємо"}).status_code == 405
