"""Review pages: the marks, the ratings, the crawl."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.source import Post, SourceError
from spiders import reviews
from spiders._rating import Scale, scale
from tests.spiders.forum_town import NOW, Town, open_town

THEN = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "of", "expected"),
    [
        ("5", Scale(), 5.0),
        ("1", Scale(), 1.0),
        ("4,5", Scale(), 4.5),
        ("0", Scale(), 1.0),
        ("10", Scale(1, 10), 5.0),
        ("1", Scale(1, 10), 1.0),
        ("55", Scale(0, 100), 3.2),
        ("80%", Scale(), 4.2),
        ("4 out of 5", Scale(), 4.0),
        ("10/10", Scale(), 5.0),
        ("3 із 5 зірок", Scale(), 3.0),
        ("7", Scale(), None),
        ("good", Scale(), None),
        ("", Scale(), None),
        ("3", Scale(5, 5), None),
    ],
)
def test_a_rating_comes_to_our_scale(written: str, of: Scale, expected: float | None) -> None:
    assert of.rate(written) == expected


@given(st.text(max_size=40), st.floats(0, 10), st.floats(0, 100))
@settings(max_examples=200, deadline=None)
def test_any_rating_is_on_our_scale_or_none(written: str, worst: float, best: float) -> None:
    value = Scale(worst, best).rate(written)
    assert value is None or 1 <= value <= 5


def test_a_rating_without_a_scale_has_that_of_its_product() -> None:
    assert scale({"bestRating": "10"}, Scale()) == Scale(1, 10)
    assert scale({"bestRating": "many", "worstRating": None}, Scale(0, 6)) == Scale(0, 6)


def page(*told: dict[str, Any], more: str = "") -> bytes:
    marks = [{"@context": "https://schema.org", "@type": "Review", **each} for each in told]
    return f'<html><script type="application/ld+json">{json.dumps(marks)}</script>{more}</html>'.encode()


def read(content: bytes) -> list[Post]:
    return reviews.parse(content, url="https://a.test/shop", now=THEN)


def test_an_id_does_not_depend_on_the_place_on_the_page() -> None:
    first = {"author": "Ion", "reviewBody": "Bun", "datePublished": "2026-11-01"}
    other = {"author": "Ana", "reviewBody": "Rău", "datePublished": "2026-11-02"}
    alone, both = read(page(first)), read(page(other, first))
    assert alone[0].id == both[1].id
    assert both[0].id != both[1].id


def test_a_shared_address_is_no_identity() -> None:
    told = [{"url": "https://a.test/shop/all", "author": name, "reviewBody": name} for name in ("Ion", "Ana")]
    posts = read(page(*told))
    assert len({post.id for post in posts}) == 2
    assert {post.url for post in posts} == {"https://a.test/shop"}


def test_an_address_that_is_a_place_on_the_page_is_no_identity() -> None:
    first = {"author": "Ion", "reviewBody": "Bun", "datePublished": "2026-11-01"}
    other = {"author": "Ana", "reviewBody": "Rău", "datePublished": "2026-11-02"}
    [alone] = read(page({"@id": "#review-0", **first}))
    newest, oldest = read(page({"@id": "#review-0", **other}, {"@id": "#review-1", **first}))
    assert oldest.id == alone.id
    assert newest.id != alone.id
    assert newest.url == "https://a.test/shop#review-0"


def test_an_address_with_a_number_of_its_own_is_an_identity() -> None:
    for own in ("#review-31", "#r99999999999", "https://a.test/reviews/7", "#ion-bun"):
        [before] = read(page({"@id": own, "author": "Ion", "reviewBody": "Bun"}))
        [edited] = read(page({"@id": own, "author": "Ion", "reviewBody": "Bun, dar scump"}))
        assert before.id == edited.id


SELECTORS = {"review": "li", "author": "b", "time": "time", "body": "p"}


def listed(*times: str, text: str = "Чайник тече") -> bytes:
    return "".join(f"<li><b>Олена</b><time>{time}</time><p>{text}</p></li>" for time in times).encode()


def read_listed(time: str, *, now: datetime = THEN) -> Post:
    [post] = reviews.parse(listed(time), url="https://a.test/shop", selectors=SELECTORS, now=now)
    return post


def test_a_review_is_the_same_one_tomorrow() -> None:
    for today, tomorrow in (("2 дні тому", "3 дні тому"), ("сьогодні, 10:15", "вчора, 10:15")):
        later = read_listed(tomorrow, now=THEN + timedelta(days=1))
        assert read_listed(today).id == later.id


def test_the_same_words_on_another_date_are_another_review() -> None:
    assert read_listed("20 листопада 2026").id != read_listed("19 листопада 2026").id


def test_the_address_of_another_site_is_not_a_permalink() -> None:
    [post] = read(page({"url": "https://evil.test/#x", "author": "Ion", "reviewBody": "Bun"}))
    assert post.url == "https://a.test/shop"


def test_scripts_in_every_field_are_plain_text() -> None:
    script = "<img src=x onerror=alert(1)>Слово<b onclick=alert(2)>!</b>"
    fields = ("author", "name", "reviewBody", "datePublished", "url", "inLanguage", "reviewRating")
    [post] = read(page(dict.fromkeys(fields, script)))
    assert (post.author, post.text) == ("Слово!", "Слово!")
    assert not set("<> ") & set(post.url)
    assert post.posted_at == THEN
    assert post.language is None
    assert "onerror" not in post.title


def test_marks_nested_without_end_are_read_to_a_bound() -> None:
    nested: Any = {"@type": "Review", "author": "Ion", "reviewBody": "Too deep"}
    for _ in range(200):
        nested = {"@type": "Product", "review": [nested]}
    shallow = {"author": "Ana", "reviewBody": "Here"}
    assert [post.text for post in read(page(shallow, {"@type": "Product", "review": nested}))] == ["Here"]


HOME = {"@context": "https://schema.org", "@type": "Organization", "name": "Shop"}
CRUMBS = """<ol itemscope itemtype="https://schema.org/BreadcrumbList"><li itemprop="itemListElement" itemscope
 itemtype="https://schema.org/ListItem"><span itemprop="name">Home</span></li></ol><div class="g-recaptcha"></div>"""
PLUGIN = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": ["WebPage", "CollectionPage"], "breadcrumb": {"@id": "#b"}},
        {
            "@type": "WebSite",
            "potentialAction": [{"@type": "SearchAction", "target": {"@type": "EntryPoint"}}],
        },
        {"@type": "https://schema.org/Organization", "address": {"@type": "PostalAddress"}},
    ],
}


def marked(told: Any) -> bytes:
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'.encode()


@pytest.mark.parametrize("content", [marked(HOME), CRUMBS.encode(), marked(PLUGIN), marked([HOME])])
def test_what_a_site_says_on_every_page_is_no_page_of_reviews(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"no schema\.org Review"):
        read(content)


@pytest.mark.parametrize(
    "told",
    [
        {"@type": "Product", "name": "Kettle"},
        {"@graph": [HOME, {"@type": "LocalBusiness", "name": "Shop"}]},
        {"@type": "WebPage", "mainEntity": {"@type": ["Thing", "Product"], "name": "Kettle"}},
        {**HOME, "review": [{"@type": "Review", "author": "Ion", "reviewRating": {"ratingValue": 5}}]},
    ],
)
def test_a_page_whose_subject_nobody_has_reviewed_in_words_is_fine(told: dict[str, Any]) -> None:
    assert read(marked({"@context": "https://schema.org", **told})) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@id",
                    "@graph",
                    "mainEntity",
                    "review",
                    "author",
                    "name",
                    "reviewBody",
                    "reviewRating",
                    "url",
                ]
            ),
            inner | st.just("Review"),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(JSON)
@settings(max_examples=150, deadline=None)
def test_malformed_marks_are_read_or_refused(told: Any) -> None:
    content = f'<script type="application/ld+json">{json.dumps(told)}</script>'.encode()
    try:
        posts = read(content)
    except SourceError:
        return
    assert all(post.text and post.author for post in posts)


@pytest.mark.parametrize(
    ("selectors", "words"),
    [
        ({"reviw": "li"}, "did you mean review"),
        ({"review": "li[["}, "not a CSS selector"),
        ({"author": ".who"}, "selectors.review is missing"),
    ],
)
def test_a_wrong_configuration_is_a_sentence(selectors: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        reviews.Source(name="x", url="https://a.test/", selectors=selectors)


def told_at(number: int, hours_ago: int) -> dict[str, Any]:
    at = (NOW - timedelta(hours=hours_ago)).isoformat()
    rating = {"@type": "Rating", "ratingValue": number % 5 + 1}
    return {
        "author": f"Guest {number}",
        "datePublished": at,
        "reviewBody": f"Review {number}",
        "reviewRating": rating,
    }


def serve(town: Town, told: list[dict[str, Any]], size: int = 3) -> None:
    """A list of reviews on the town's site, its newest first, in pages."""
    pages = [told[start : start + size] for start in range(0, len(told), size)]

    def section(number: int) -> bytes:
        more = f'<a rel="next" href="/shop/{number + 1}">next</a>' if number < len(pages) else ""
        return page(*pages[number - 1], more=more)

    for number in range(1, len(pages) + 1):
        body = section(number)
        town.answers[f"/shop/{number}"] = lambda desk, body=body: desk.send(200, body.decode())


def poll(source: reviews.Source, cursor: str | None) -> tuple[list[Post], str | None]:
    [found] = source.poll(cursor)
    return found.posts, found.cursor


def test_reviews_are_read_over_pages_and_once() -> None:
    with open_town() as town:
        told = [told_at(number, hours_ago=number) for number in range(8)] + [told_at(9, hours_ago=24 * 90)]
        serve(town, told)
        source = reviews.Source(name="shop", url=f"{town.url}shop/1", allow_private=True)
        posts, cursor = poll(source, None)
        assert [post.text for post in posts] == [f"Review {number}" for number in range(7, -1, -1)]
        assert [post.rating for post in posts][-3:] == [3.0, 2.0, 1.0]
        assert town.agents == {"Vidhuk"}

        town.asked.clear()
        again, cursor = poll(source, cursor)
        assert again == []
        assert town.asked["/shop/2"] == 0, "the second page was read though the first had nothing new"

        serve(town, [told_at(20, hours_ago=0), *told])
        assert [post.text for post in poll(source, cursor)[0]] == ["Review 20"]


def test_a_review_that_gets_a_date_instead_of_yesterday_is_read_once() -> None:
    with open_town() as town:
        source = reviews.Source(name="shop", url=f"{town.url}shop", selectors=SELECTORS, allow_private=True)
        town.answers["/shop"] = lambda desk: desk.send(200, listed("вчора, 10:15").decode())
        posts, cursor = poll(source, None)
        assert [post.text for post in posts] == ["Чайник тече"]
        day = (NOW - timedelta(days=1)).strftime("%d.%m.%Y")
        town.answers["/shop"] = lambda desk: desk.send(200, listed(day).decode())
        assert poll(source, cursor)[0] == []


PRODUCT = {"@context": "https://schema.org", "@type": "Product", "name": "Kettle"}


def test_a_page_that_shows_no_review_any_more_is_for_staff() -> None:
    with open_town() as town:
        empty, wordless = marked(PRODUCT), page({"author": "Ion", "reviewRating": {"ratingValue": 5}})
        source = reviews.Source(name="shop", url=town.url, pages=["/one", "/other"], allow_private=True)
        town.answers["/one"] = lambda desk: desk.send(200, page(told_at(1, hours_ago=1)).decode())
        town.answers["/other"] = lambda desk: desk.send(200, empty.decode())
        posts, cursor = poll(source, None)
        assert [post.text for post in posts] == ["Review 1"]
        town.answers["/one"] = lambda desk: desk.send(200, wordless.decode())
        _, cursor = poll(source, cursor)

        town.answers["/one"] = lambda desk: desk.send(200, empty.decode())
        for _ in range(2):
            pages = source.poll(cursor)
            cursor = next(pages).cursor
            with pytest.raises(SourceError, match="/one: it shows no review any more") as caught:
                next(pages)
            assert caught.value.permanent

        town.answers["/one"] = lambda desk: desk.send(200, page(told_at(2, hours_ago=0)).decode())
        assert [post.text for post in poll(source, cursor)[0]] == ["Review 2"]


def test_a_page_without_reviews_is_an_error_for_staff() -> None:
    with open_town() as town:
        source = reviews.Source(name="shop", url=town.url, allow_private=True)
        with pytest.raises(SourceError, match=r"no schema\.org Review") as caught:
            list(source.poll("not a cursor"))
        assert caught.value.permanent
