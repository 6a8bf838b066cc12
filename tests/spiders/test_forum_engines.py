"""The presets: what a list of threads of each engine says, and the traps of live forums."""

import json
import re
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor.source import SourceError
from spiders import forum
from spiders._engines import names, selectors
from spiders._forum_engine import engine
from spiders._forum_page import Engine, Unreadable
from spiders._links import absolute, same_site, without_session

LISTS = Path(__file__).parent / "recordings" / "forum_lists"
THREADS = Path(__file__).parent / "recordings" / "forum"
NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
PF = "https://flarum.example.test/api/posts?filter%5Bdiscussion%5D=12&filter%5Btype%5D=comment&sort=createdAt"
PF += "&page%5Blimit%5D=20&page%5Boffset%5D="

# Of each list: the section, the next page; of its thread: id, address, title, last post in UTC, where it is.
EXPECTED: dict[str, tuple[str | None, str, str, str, str, str, str]] = {
    "discourse": (
        None,
        "/latest.json?no_definitions=true&page=1",
        "81",
        "/t/81.json",
        "App crashes",
        "2026-11-19T13:00",
        "/t/81.json?page=3",
    ),
    "flarum": (
        None,
        "/api/discussions?sort=-lastPostedAt&page%5Boffset%5D=20",
        "12",
        PF + "0",
        "Brick",
        "2026-11-20T10:00",
        PF + "40",
    ),
    "nodebb": (
        None,
        "/api/recent?page=2",
        "55",
        "/api/topic/55",
        "Price & promises",
        "2026-11-21T08:41",
        "/api/topic/55?page=2",
    ),
    "phpbb": (
        "/viewforum.php?f=9",
        "/viewforum.php?f=4&start=25",
        "418",
        "/viewtopic.php?t=418",
        "Третій тиждень без посилки",
        "2026-11-20T09:00",
        "/viewtopic.php?p=5022",
    ),
    "vbulletin": (
        None,
        "/forumdisplay.php?7-Prodavcy/page2",
        "911",
        "/showthread.php?911-Ne-priehal-zakaz",
        "Не приехал заказ",
        "2026-11-21T07:30",
        "/showthread.php?911-Ne-priehal-zakaz&p=70312",
    ),
    "xenforo": (
        "/forums/shops.5/",
        "/forums/talk.2/page-2",
        "512",
        "/threads/refund-never-came.512/",
        "Refund never came",
        "2026-11-20T05:02",
        "/threads/refund-never-came.512/latest",
    ),
    "mybb": (
        "/forumdisplay.php?fid=8",
        "/forumdisplay.php?fid=2&page=2",
        "64",
        "/showthread.php?tid=64",
        "Broken kettle",
        "2026-11-20T07:40",
        "/showthread.php?tid=64&action=lastpost",
    ),
    "smf": (
        "/index.php?board=6.0",
        "/index.php?board=3.20",
        "205",
        "/index.php?topic=205.0",
        "Зникла оплата",
        "2026-11-21T07:12",
        "/index.php?topic=205.msg9002",
    ),
    "invision": (
        "/forum/4-dostavka/",
        "/forum/3-magaziny/page/2/",
        "3301",
        "/topic/3301-magazin/",
        "Магазин не возвращает деньги",
        "2026-11-19T05:00",
        "/topic/3301-magazin/?do=getLastComment",
    ),
    "misago": (
        None,
        "/threads/?start=33",
        "33",
        "/t/late-courier/33/",
        "Late courier",
        "2026-11-21T04:30",
        "/t/late-courier/33/last/",
    ),
}
HOSTS = {"smf": "forum", "invision": "town"}


def reader(name: str, own: dict[str, str] | None = None) -> Engine:
    keys: dict[str, Any] = {
        "engine": name,
        "selectors": own or {},
        "timezone": "Europe/Kyiv",
        "language": None,
    }
    return engine(keys | {"answerable": "hand_off"}, NOW)


@pytest.mark.parametrize("recording", sorted(LISTS.iterdir()), ids=lambda path: path.stem)
def test_a_list_of_threads_is_read_by_its_preset(recording: Path) -> None:
    name = recording.stem
    root = f"https://{HOSTS.get(name, name)}.example.test"
    preset = reader(name)
    listing = preset.listing(recording.read_bytes(), preset.start_urls(f"{root}/", [])[0])
    section, following, id, url, title, last_at, last_url = EXPECTED[name]
    assert listing.sections == ([root + section] if section else [])
    assert listing.next == root + following
    [row] = listing.threads
    assert (row.id, row.title) == (id, title)
    assert row.url in (url, root + url)
    assert row.last_url in (last_url, root + last_url)
    assert row.last_at is not None
    assert row.last_at.isoformat().startswith(last_at)
    assert row.mark


def test_every_preset_has_a_recording_of_a_thread() -> None:
    recorded = {path.name.split(".")[0] for path in THREADS.iterdir()}
    assert set(names()) <= recorded


PAGERS = {
    "phpbb.html": ("viewtopic.php?t=418&start=20", "viewtopic.php?t=418", "viewtopic.php?t=418&start=20"),
    "vbulletin.html": (
        "showthread.php?911-Ne-priehal-zakaz/page3",
        "showthread.php?911-Ne-priehal-zakaz",
        "showthread.php?911-Ne-priehal-zakaz/page7",
    ),
    "xenforo.html": (None, "threads/refund-never-came.512/page-2", None),
    "mybb.html": ("showthread.php?tid=64&page=2", None, "showthread.php?tid=64&page=2"),
    "smf.html": ("index.php?topic=205.30", "index.php?topic=205.0", "index.php?topic=205.30"),
    "invision.html": ("topic/3301-magazin/page/2/", None, "topic/3301-magazin/page/2/"),
    "flaskbb.html": (
        "topic/9-parcel-lost?page=3",
        "topic/9-parcel-lost?page=1",
        "topic/9-parcel-lost?page=3",
    ),
    "spirit.html": ("topic/7/?page=3", "topic/7/?page=1", None),
    "misago.html": ("t/late-courier/33/3/", "t/late-courier/33/", "t/late-courier/33/8/"),
    "discourse.json": ("t/81.json?page=3", "t/81.json?page=1", None),
    "nodebb.json": ("api/topic/55?page=2", None, None),
    "flarum.json": (None, None, None),
}
PAGES = {"discourse.json": "t/81.json?page=2", "nodebb.json": "api/topic/55", "spirit.html": "topic/7/"}


@pytest.mark.parametrize("name", PAGERS)
def test_the_pager_of_a_thread_leads_both_ways(name: str) -> None:
    root = "https://forum.example.test/" if name != "invision.html" else "https://town.example.test/"
    page = reader(name.partition(".")[0]).thread((THREADS / name).read_bytes(), root + PAGES.get(name, "x"))
    expected = tuple(root + path if path else None for path in PAGERS[name])
    got = (page.next, page.previous, page.last if PAGERS[name][2] else None)
    assert got == expected


def test_session_ids_are_taken_out_of_links() -> None:
    session = "0123456789abcdef0123456789abcdef"
    for url, bare in [
        (f"https://a.test/v.php?sid={session}&t=4#p5", "https://a.test/v.php?t=4#p5"),
        (f"https://a.test/v.php?t=4&sid={session}#p5", "https://a.test/v.php?t=4#p5"),
        (f"https://a.test/i.php?PHPSESSID={session};topic=4.0", "https://a.test/i.php?topic=4.0"),
        (f"https://a.test/s.php?s={session}", "https://a.test/s.php"),
        ("https://a.test/t;jsessionid=A1B2.node1?x=1", "https://a.test/t?x=1"),
        ("https://a.test/s.php?s=phones&sid=3", "https://a.test/s.php?s=phones&sid=3"),
    ]:
        assert without_session(url) == bare


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "", None, "http://[", "x" * 3000],
)
def test_a_link_that_leads_nowhere_is_no_link(href: str | None) -> None:
    assert absolute("https://a.test/", href) is None


def test_a_site_is_one_host() -> None:
    assert same_site("https://www.a.test/x", "http://a.test/")
    assert not same_site("https://a.test.evil.test/", "https://a.test/")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"engine": "phbpp"}, "did you mean phpbb"),
        ({"engine": "custom", "selectors": {"thread": "li"}}, "needs selectors.post, selectors.author"),
        ({"engine": "custom", "selectors": {"tread": "li"}}, "did you mean thread"),
        ({"engine": "phpbb", "selectors": {"thread": "li[["}}, "not a CSS selector"),
        ({"engine": "phpbb", "timezone": "Kiev"}, "write it as Europe/Kyiv"),
        ({"engine": "spirit", "login": {"username": "x"}}, "needs username and password"),
        ({"engine": "phpbb", "login": {"username": "x", "password": "y"}}, "no known reply form"),
    ],
)
def test_a_wrong_configuration_is_a_sentence(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        forum.build(**{"name": "x", "url": "https://a.test/"} | keys)


def test_the_examples_of_the_documentation_are_valid() -> None:
    told = (Path(__file__).parents[2] / "docs" / "sources" / "forum.md").read_text()
    first, *others = [
        YAML(typ="safe").load(textwrap.dedent(block))
        for block in re.findall(r"```yaml\n(.*?)```", told, re.DOTALL)
    ]
    [keys] = first["sources"]
    assert keys.pop("kind") == "forum"
    assert keys.pop("every")
    forum.build(**keys)
    for keys in others:
        forum.build(name="x", url="https://a.test/", **keys)


def test_own_selectors_go_over_those_of_the_preset() -> None:
    assert selectors("phpbb", {"post": "div.mine"}).post == "div.mine"
    assert selectors("phpbb", {"post": "div.mine"}).body == "div.content"


CUSTOM = {
    "post": "article",
    "author": ".author",
    "time": "time",
    "body": ".body",
    "thread": "li",
    "thread_link": "a",
}


def posts_of(content: bytes) -> list[Any]:
    return forum.parse(content, url="https://a.test/t/1", engine="custom", selectors=CUSTOM, now=NOW)


def article(body: str = "Слово", author: str = "Олена", time: str = "2026-11-20T10:00:00Z") -> str:
    return (
        f'<article id="p1"><b class="author">{author}</b><time datetime="{time}"></time>'
        f'<div class="body">{body}</div></article>'
    )


@pytest.mark.parametrize("declared", ["utf-8", "windows-1251", "x-unknown", ""])
def test_a_wrongly_declared_encoding_is_seen_through(declared: str) -> None:
    head = f'<meta charset="{declared}">' if declared else ""
    for encoding in ("utf-8", "windows-1251"):
        [post] = posts_of((head + article("Посилка їде")).encode(encoding))
        assert (post.text, post.author) == ("Посилка їде", "Олена")


def test_romanian_in_an_old_encoding_keeps_its_letters() -> None:
    page = '<html lang="ro"><meta charset="utf-8">' + article("Așteptăm răspuns", "Ilinca").replace("ș", "ş")
    [post] = posts_of(page.encode("cp1250"))
    assert post.text == "Aşteptăm răspuns"


def test_one_broken_letter_does_not_change_the_encoding() -> None:
    [post] = posts_of(article("Посилка не приїхала, гроші зникли ¤").encode().replace("¤".encode(), b"\xff"))
    assert post.text.startswith("Посилка не приїхала, гроші зникли")


def test_scripts_in_every_field_become_plain_text_or_nothing() -> None:
    script = "<script>alert(1)</script><img src=x onerror=alert(2)>&lt;script&gt;alert(3)&lt;/script&gt;"
    [post] = posts_of(article("Скарга" + script, "Зоя" + script).encode())
    assert post.text.startswith("Скарга")
    assert "alert(1)" not in post.text
    assert "onerror" not in post.text + post.author
    assert post.url == "https://a.test/t/1#p1"


def test_ten_thousand_posts_on_one_page_are_read() -> None:
    page = "".join(article().replace("p1", f"p{number}") for number in range(10_000))
    assert len(posts_of(page.encode())) == 10_000


@pytest.mark.filterwarnings("ignore:Input data is too big")
def test_a_page_nested_without_end_is_read_or_refused() -> None:
    deep = "<div>" * 50_000 + article() + "</div>" * 50_000
    try:
        posts = posts_of(deep.encode())
    except SourceError:
        return
    assert len(posts) <= 1


def test_a_post_from_the_future_is_a_post_of_now() -> None:
    [post] = posts_of(article(time="2036-01-01T00:00:00Z").encode())
    assert post.posted_at == NOW


def test_posts_without_any_time_are_refused_with_the_selector_to_look_at() -> None:
    with pytest.raises(SourceError, match=r"selector time \('time'\)"):
        posts_of(article(time="soon").encode())


def test_a_post_whose_time_is_unreadable_is_at_most_as_old_as_the_next_one() -> None:
    times = ["2026-09-01T10:00:00Z", "soon", "2026-11-20T10:00:00Z", "soon"]
    page = "".join(article(f"Слово {n}", time=time).replace("p1", f"p{n}") for n, time in enumerate(times))
    told = [post.posted_at for post in posts_of(page.encode())]
    assert told[1] == told[2] == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert told[3] == NOW


def test_a_login_form_with_a_captcha_is_a_login_form() -> None:
    page = b"<form><input type=password><div class=g-recaptcha></div></form>"
    with pytest.raises(SourceError, match="there is a login form and no post"):
        posts_of(page)


@pytest.mark.parametrize(
    "written",
    [
        "123",
        "p123",
        "pid123",
        "post123",
        "post_123",
        "js-post-123",
        "elComment_123",
        "comment-123_wrap",
        "#123",
    ],
)
def test_the_number_of_a_post_is_its_id_however_the_engine_writes_it(written: str) -> None:
    [post] = posts_of(article().replace("p1", written).encode())
    assert post.id == "123"


def test_posts_whose_ids_are_no_numbers_are_not_taken_for_each_other() -> None:
    ids = ["65f1ab3c9e4d1a0b3f7e2c1a", "65f1ab3c9e4d1a0b3f7e2c1d", "65f1ab3c9e4d1a0b3f7e2d1f", "abcdef1"]
    ids += ["0a1b2c3d-0000-4000-8000-00000000000a", "xKqmPz7", "7xKqmPz", "post-12-7", "7" * 100, "8" * 100]
    posts = posts_of("".join(article(f"Слово {id}").replace("p1", f"comment-{id}") for id in ids).encode())
    assert [post.id for post in posts[:8]] == [f"comment-{id}" for id in ids[:8]]
    assert len({post.id for post in posts}) == len(ids)
    assert max(len(post.id) for post in posts) <= 64


@pytest.mark.parametrize("name", ["discourse", "nodebb", "flarum"])
def test_a_captcha_in_place_of_json_is_a_captcha(name: str) -> None:
    with pytest.raises(Unreadable, match="prove that we are human") as caught:
        reader(name).thread(
            b"<title>Just a moment...</title><form id=challenge-form></form>", "https://a.test/api/x"
        )
    assert caught.value.captcha


def test_without_an_id_a_post_is_known_by_what_it_says() -> None:
    page = article().replace(' id="p1"', "")
    one, other = posts_of(page.encode()), posts_of((page + article("Інше").replace(' id="p1"', "")).encode())
    assert one[0].id == other[0].id
    assert other[0].id != other[1].id


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("discourse", b'{"topic_list": {"can_create_topic": false, "topics": []}}'),
        ("nodebb", b'{"topics": [], "topicCount": 0, "pagination": {}}'),
        ("flarum", b'{"links": {"first": "x"}, "data": []}'),
    ],
)
def test_a_json_forum_that_hides_everything_is_refused_and_a_later_page_may_be_empty(
    name: str, content: bytes
) -> None:
    first = reader(name).start_urls("https://a.test/", [])[0]
    with pytest.raises(SourceError, match="it lists no thread: may guests read it"):
        reader(name).listing(content, first)
    (_, following, *_) = EXPECTED[name]
    assert reader(name).listing(content, f"https://a.test{following}").threads == []


@pytest.mark.parametrize("name", ["discourse", "nodebb", "flarum"])
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=10),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "topic_list",
                            "topics",
                            "post_stream",
                            "posts",
                            "stream",
                            "data",
                            "attributes",
                            "included",
                            "relationships",
                            "user",
                            "id",
                            "tid",
                            "links",
                            "next",
                            "pagination",
                            "content",
                            "page",
                        ]
                    ),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=20,
        ).map(lambda told: json.dumps(told).encode()),
    )
)
@settings(max_examples=80, deadline=None)
def test_malformed_json_is_read_or_refused(name: str, content: bytes) -> None:
    for read in (reader(name).listing, reader(name).thread):
        try:
            read(content, "https://a.test/api/x")
        except SourceError:
            continue


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        posts_of(content)
    except SourceError:
        return
