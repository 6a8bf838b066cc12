"""The markup that spiders and people rely on."""

import pytest
from parsel import Selector
from starlette.testclient import TestClient

from demo.town import Town, Week

THREAD = "/forum/pokupky/412-dostavka"


def page(visitor: TestClient, path: str) -> Selector:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return Selector(answer.text)


def walk(visitor: TestClient, path: str) -> list[Selector]:
    """The page and all that follow it by a[rel=next]."""
    pages = [page(visitor, path)]
    while onward := pages[-1].css("a[rel=next]::attr(href)").get():
        pages.append(page(visitor, onward))
    return pages


def test_the_index_leads_to_every_section(visitor: TestClient, week: Week) -> None:
    hrefs = page(visitor, "/forum/").css("a.section::attr(href)").getall()
    assert hrefs == [f"/forum/{section.key}" for section in week.sections]


def test_a_section_lists_its_threads_sticky_ones_first_then_the_newest(visitor: TestClient) -> None:
    rows = page(visitor, "/forum/pokupky").css("li.thread")
    assert rows[0].css("a.title::text").get().startswith("Правила")
    assert "sticky" in rows[0].attrib["class"]
    assert [row for row in rows[1:] if "sticky" in row.attrib["class"]] == []
    times = [row.css("time::attr(datetime)").get() for row in rows[1:]]
    assert times == sorted(times, reverse=True)
    assert all(times)


def test_a_section_tells_how_many_replies_a_thread_has(visitor: TestClient, week: Week) -> None:
    told = {
        row.css("a.title::attr(href)").get(): int(row.css(".replies::text").get())
        for row in page(visitor, "/forum/pokupky").css("li.thread")
    }
    posts = [p for p in week.posts if p.where == "forum/dostavka" and not p.after_answer]
    assert told[THREAD] == len(posts) - 1


def test_every_post_of_a_long_thread_is_found_once_in_order(visitor: TestClient, week: Week) -> None:
    pages = walk(visitor, THREAD)
    assert len(pages) == 3
    assert len(pages[0].css("article.post")) == 10
    posts = [post for page in pages for post in page.css("article.post")]
    said = [p for p in week.posts if p.where == "forum/dostavka" and not p.after_answer]
    assert [post.attrib["id"] for post in posts] == [f"p{week.numbers[p.key]}" for p in said]
    assert [post.css(".author a.profile::text").get() for post in posts] == [p.author for p in said]
    times = [post.css("time::attr(datetime)").get() for post in posts]
    assert times == [week.time_of(p).isoformat() for p in said]


def test_a_permalink_leads_to_its_post(visitor: TestClient) -> None:
    for shown in walk(visitor, THREAD):
        for post in shown.css("article.post"):
            path, _, fragment = post.css("a.permalink::attr(href)").get().partition("#")
            assert fragment == post.attrib["id"]
            assert page(visitor, path).css(f"article#{fragment} .body")


def test_quotes_and_signatures_can_be_told_from_the_text(visitor: TestClient, week: Week) -> None:
    posts = page(visitor, "/forum/pokupky/397-hipsokarton").css("article.post")
    quoting = posts.css(f"#p{week.numbers['hips-4']}")
    assert week.by_key["hips-3"].text in quoting.css(".body blockquote p::text").getall()
    assert quoting.css(".body > p::text").getall() == [week.by_key["hips-4"].text]
    assert quoting.css(".signature::text").get() == week.people["petro_dacha"].signature
    assert not quoting.css(".body .signature")


def test_the_company_wears_a_badge_and_nobody_else(visitor: TestClient) -> None:
    posts = page(visitor, "/forum/pokupky/409-podyaka").css("article.post")
    badged = [post.css(".profile::text").get() for post in posts if post.css(".badge")]
    assert badged == ["novolinia-care"]
    assert posts.css(".author *::text").getall().count("novolinia-care") == 1


def test_a_profile_shows_what_its_owner_wrote(visitor: TestClient) -> None:
    shown = page(visitor, "/forum/user/bohdan_st")
    assert shown.css(".said a::attr(href)").getall()[0].startswith("/forum/remont/415-laminat#p")


def test_strangers_see_nothing_of_the_members_section(visitor: TestClient, week: Week) -> None:
    secret = next(p.text for p in week.posts if p.where == "forum/zustrich")
    for path in ("/forum/svoyi", "/forum/svoyi/392-zustrich"):
        answer = visitor.get(path)
        assert answer.status_code == 403
        assert "/forum/login?next=" in answer.text
        assert secret not in answer.text
    for path in ("/forum/", "/forum/user/adminka"):
        assert "zustrich" not in visitor.get(path).text


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/forum/nothing",
        "/forum/pokupky/412-nothing",
        "/forum/remont/412-dostavka",
        "/forum/user/nobody",
        f"{THREAD}?page=4",
        f"{THREAD}?page=0",
        f"{THREAD}?page=-1",
        f"{THREAD}?page=²",
        f"{THREAD}?page={'9' * 5000}",
        f"{THREAD}?page=",
        "/shop/nothing",
        "/shop/budsvit/1",
        "/blog/nothing",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "Такої сторінки в місті немає" in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/forum/", "/forum/pokupky", THREAD, "/shop/", "/shop/budsvit", "/blog/", "/blog/feed.xml"]
)
def test_a_page_that_did_not_change_is_not_sent_again(visitor: TestClient, path: str) -> None:
    first = visitor.get(path)
    by_tag = visitor.get(path, headers={"If-None-Match": first.headers["etag"]})
    by_time = visitor.get(path, headers={"If-Modified-Since": first.headers["last-modified"]})
    assert (by_tag.status_code, by_time.status_code) == (304, 304)
    assert by_tag.content == by_time.content == b""
    assert visitor.get(path, headers={"If-None-Match": '"another"'}).status_code == 200
    long_ago = {"If-Modified-Since": "Mon, 05 Jan 2026 00:00:00 GMT"}
    assert visitor.get(path, headers=long_ago).status_code == 200
    assert visitor.get(path, headers={"If-Modified-Since": "in a while"}).status_code == 200


def test_every_link_and_file_of_the_town_is_there(visitor: TestClient, town: Town) -> None:
    seen, waiting = set(), ["/", "/robots.txt"]
    while waiting:
        path = waiting.pop().partition("#")[0]
        if path in seen:
            continue
        seen.add(path)
        answer = visitor.get(path)
        members_only = path.startswith("/forum/svoyi")
        assert answer.status_code == (403 if members_only else 200), path
        if answer.headers["content-type"].startswith("text/html"):
            links = Selector(answer.text).css("a::attr(href), link::attr(href), script::attr(src)").getall()
            assert [link for link in links if not link.startswith(("/", "#"))] == []
            waiting += [link for link in links if link.startswith("/")]
    assert len(seen) > 60


def test_robots_may_read_everything_but_profiles(visitor: TestClient) -> None:
    assert "Disallow: /forum/user/" in visitor.get("/robots.txt").text


def test_the_square_shows_what_was_just_said_anywhere_but_among_members(
    visitor: TestClient, week: Week, clock
) -> None:
    clock.at = week.time_of(week.by_key["zus-3"])
    said = page(visitor, "/").css(".lately li")
    secret = week.by_key["zus-3"]
    assert len(said) == 8
    times = said.css("time::attr(datetime)").getall()
    assert times == sorted(times, reverse=True)
    assert secret.text not in visitor.get("/").text
    for href in said.css("a::attr(href)").getall():
        path, _, fragment = href.partition("#")
        assert not fragment or page(visitor, path).css(f"article#{fragment}")
