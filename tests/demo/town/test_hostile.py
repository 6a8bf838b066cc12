"""Whatever people write stays text."""

import json
from datetime import UTC, datetime

import feedparser
from hypothesis import example, given, settings
from hypothesis import strategies as st
from parsel import Selector
from starlette.testclient import TestClient

from demo.town import Town, Week

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "</textarea><svg onload=alert(1)>",
    "]]><x/>&lt;b&gt;",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)//\u202e",
]
HOSTILE = st.one_of(
    st.sampled_from(PAYLOADS),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.tuples(st.sampled_from(PAYLOADS), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)).map(
        "".join
    ),
)
PAGES = ["/", "/forum/", "/forum/s", "/forum/s/7-t", "/shop/", "/shop/j", "/shop/m", "/blog/", "/blog/b"]
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
OUR_SCRIPTS = ["/static/live.js"]


def said(where: str, key: str, evil: str) -> dict:
    place = {"key": key, "where": where, "at": "0d 00:00", "language": "uk"}
    return {**place, "author": evil, "title": evil, "text": evil, "expect": {"brand": None, "case": False}}


def hostile_town(evil: str) -> Town:
    posts = [said("forum/t", "f1", evil), said("forum/t", "f2", evil) | {"quote_of": "f1"}]
    posts += [said(f"shop/{key}", f"r{key}", evil) | {"rating": 1} for key in ("j", "m")]
    posts += [said("blog", "b", evil), said("blog/b", "c", evil)]
    reviewed = {"kind": "product", "name": evil, "about": evil}
    story = {
        "start": MONDAY,
        "sections": [{"key": "s", "name": evil, "about": evil}],
        "threads": [{"key": "t", "id": 7, "section": "s", "title": evil}],
        "reviewed": [{**reviewed, "key": "j"}, {**reviewed, "key": "m", "marks": "microdata"}],
        "people": {evil: {"home": evil, "signature": evil}},
        "posts": posts,
    }
    return Town(Week.model_validate(story), now=lambda: MONDAY, password="secret")


def assert_only_our_markup(page: Selector) -> None:
    scripts = page.css("script")
    assert [s.attrib["src"] for s in scripts if s.attrib.get("type") != "application/ld+json"] == OUR_SCRIPTS
    assert page.css("img, iframe, object, embed, style, base, x, b b") == []
    assert page.xpath("//@*[starts-with(name(), 'on')]") == []
    assert [h for h in page.css("a::attr(href)").getall() if not h.startswith(("/", "#"))] == []
    assert page.xpath("//svg[not(@viewbox)]") == []


@settings(max_examples=60, deadline=None)
@given(evil=HOSTILE)
@example(evil=PAYLOADS[0])
@example(evil=PAYLOADS[2])
@example(evil="\x00\x0b")
@example(evil="/../..?#")
def test_no_field_of_any_page_becomes_markup(evil: str) -> None:
    with TestClient(hostile_town(evil).app) as visitor:
        for path in PAGES:
            answer = visitor.get(path)
            assert answer.status_code == 200
            assert_only_our_markup(Selector(answer.text))


@settings(max_examples=60, deadline=None)
@given(evil=HOSTILE)
def test_the_marks_and_the_feed_stay_well_formed(evil: str) -> None:
    with TestClient(hostile_town(evil).app) as visitor:
        page = Selector(visitor.get("/shop/j").text)
        marks = json.loads(page.css("script[type='application/ld+json']::text").get(default=""))
        assert marks["review"][0]["reviewBody"] == evil
        feed = feedparser.parse(visitor.get("/blog/feed.xml").content)
    assert not feed.bozo
    assert len(feed.entries) == 1


@settings(max_examples=40, deadline=None)
@given(evil=HOSTILE)
@example(evil=PAYLOADS[4])
def test_an_answer_stays_text_for_everybody(evil: str) -> None:
    town = hostile_town("тихо")
    with TestClient(town.app) as staff:
        form = Selector(staff.get("/forum/login").text).css("#login")
        fields = {"username": "novolinia-care", "password": "secret"}
        staff.post("/forum/login", data={**fields, "csrf": form.css("[name=csrf]::attr(value)").get()})
        form = Selector(staff.get("/forum/s/7-t").text).css("#reply")
        token = form.css("[name=csrf]::attr(value)").get()
        first = staff.post("/forum/s/7-t/reply", data={"text": evil, "csrf": token})
        refused = staff.post("/forum/s/7-t/reply", data={"text": evil, "csrf": token})
    assert_only_our_markup(Selector(first.text))
    assert_only_our_markup(Selector(refused.text))


@settings(max_examples=40, deadline=None)
@given(name=HOSTILE, password=HOSTILE, onward=HOSTILE)
def test_a_login_with_anything_in_it_is_refused_as_text(name: str, password: str, onward: str) -> None:
    with TestClient(hostile_town("тихо").app) as visitor:
        token = Selector(visitor.get("/forum/login").text).css("#login [name=csrf]::attr(value)").get()
        fields = {"username": name, "password": password, "next": onward, "csrf": token}
        answer = visitor.post("/forum/login", data=fields)
    assert answer.status_code == 200
    assert_only_our_markup(Selector(answer.text))


@settings(max_examples=40, deadline=None)
@given(
    cookie=st.text("abc=; \t%", max_size=30), etag=st.text(st.characters(max_codepoint=126, min_codepoint=32))
)
def test_headers_can_be_anything(cookie: str, etag: str) -> None:
    headers = {"Cookie": f"town_session={cookie}", "If-None-Match": etag, "If-Modified-Since": etag}
    with TestClient(hostile_town("тихо").app) as visitor:
        assert visitor.get("/forum/s/7-t", headers=headers).status_code in (200, 304)
