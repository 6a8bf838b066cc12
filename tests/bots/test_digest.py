"""The week as a message and as a page: valid, complete, and nothing from outside gets out of its place."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from structlog.testing import capture_logs
from telegram.error import TimedOut
from telegram.ext import ExtBot

from bots.digest import change, digest_message, digest_page, keep_page, page_name
from models import DigestIssue, MuteKind, SourceState
from monitor import digest as weekly
from monitor.case_numbers import CaseNumbers
from monitor.digest import Compared, Digest, KeptQuiet, Quoted, Tally
from monitor.week import Week
from tests.bots.rendering import HOSTILE, LANGUAGES, URLS, ZONE, length, seen, words
from tests.bots.room import Room

WEEK = Week(2026, 46, ZONE)
VOID = {"meta", "br", "link", "img", "input", "hr"}
LOADS = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href"}


def quoted(**changes: Any) -> Quoted:
    values = {
        "brand": "Новолінія",
        "place": "форум",
        "author": "oksana",
        "text": "Третій тиждень чекаю.",
        "url": "https://forum.example/t/7#p1",
        "rating": None,
    }
    return Quoted(**(values | changes))


def cases(**changes: Any) -> CaseNumbers:
    values: dict[str, Any] = {
        "opened": 12,
        "answered": 9,
        "late": 2,
        "waiting": 3,
        "first_response": timedelta(minutes=42),
        "detection": timedelta(seconds=95),
        "detection_p95": timedelta(minutes=9),
    }
    return CaseNumbers(**(values | changes))


NOTHING = CaseNumbers(0, 0, 0, 0, None, None, None)


def digest(**changes: Any) -> Digest:
    values: dict[str, Any] = {
        "week": WEEK,
        "brands": [
            Compared("Новолінія", Tally(30, 40, 30), Tally(20, 40, 28), 80),
            Compared("Будсвіт", Tally(0, 20, 5), Tally(5, 20, 5), 20),
        ],
        "sources": [Compared("форум", Tally(30, 60, 35), Tally(25, 60, 33), 100)],
        "cases": cases(),
        "cases_before": NOTHING,
        "worst": [quoted()],
        "kindest": [quoted(text="Дякую!", rating=5.0)],
    }
    return Digest(**(values | changes))


class Page(HTMLParser):
    """What is in a page: its tags closed in order, its links, and whatever it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.links.append(value or "")
            is_style = name == "style" and "url(" in (value or "")
            if name in LOADS or is_style or (name == "href" and tag != "a"):
                self.loads.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += " " + data


def test_the_message_says_how_much_how_good_and_how_fast() -> None:
    shown = seen(digest_message(digest(), words("en")))
    assert shown.text.split("\n\n") == [
        "📊 9 November – 15 November\n125 mentions (+7)",
        """Новолінія: 100 (+12) · 80 % of the voice\n😠 30 😐 40 🙂 30
Будсвіт: 25 (−5) · 20 % of the voice\n😠 0 😐 20 🙂 5""",
        """📮 Cases: 12 opened, 9 answered, 2 late, 3 waiting
Median first response: 42 min\nMedian from post to alert: 2 min""",
        "😠 The worst\n• Третій тиждень чекаю. (форум)",
        "💚 The kindest\n• Дякую! (форум)",
    ]
    assert [e["url"] for e in shown.entities if e["type"] == "text_link"] == [
        "https://forum.example/t/7#p1"
    ] * 2


def test_a_week_without_answers_claims_no_times() -> None:
    shown = seen(digest_message(digest(cases=NOTHING, worst=[], kindest=[]), words("en")))
    assert "Median" not in shown.text
    assert "The worst" not in shown.text


def test_a_week_without_mentions_claims_no_shares() -> None:
    silent = digest(brands=[Compared("Новолінія", Tally(), Tally(5, 2, 1), None)], sources=[])
    assert "Новолінія: 0 (−8)\n" in seen(digest_message(silent, words("en"))).text
    shares = re.findall(r'<td class="right share">(.*)</td>', digest_page(silent, words("en")))
    assert shares == ["–"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_in_every_language(language: str) -> None:
    message, page = digest_message(digest(), words(language)), digest_page(digest(), words(language))
    assert "{" not in seen(message).text
    assert f'<html lang="{language}">' in page


def test_a_change_needs_no_arithmetic() -> None:
    assert [change(5, 3), change(3, 5), change(3, 3)] == ["+2", "−2", "±0"]


@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(LANGUAGES),
    name=HOSTILE.map(lambda text: text[:60]),
    author=HOSTILE,
    text=HOSTILE,
    url=URLS,
    brands=st.integers(0, 120),
    count=st.integers(0, 10**9),
)
def test_whatever_was_said_the_message_fits_and_the_page_is_whole(
    language: str, name: str, author: str, text: str, url: str, brands: int, count: int
) -> None:
    lines = [Compared(name, Tally(count, count, count), Tally(), 100)] * brands
    posts = [quoted(text=text, author=author, url=url, place=name, rating=1.25)] * 5
    quiet = [KeptQuiet(MuteKind.THREAD, name, author, text, count)] * 3
    week = digest(brands=lines, sources=lines, worst=posts, kindest=posts, muted=count, mutes=quiet)
    assert length(digest_message(week, words(language))) <= 4096
    page = Page(digest_page(week, words(language)))
    assert page.loads == page.handlers == []
    assert {"script", "img", "iframe", "object", "embed", "link", "base", "form"}.isdisjoint(page.tags)
    assert all(link == url for link in page.links)


def test_long_addresses_push_no_post_out_of_the_message() -> None:
    posts = [quoted(text=f"Скарга {n}", url="https://forum.example/" + "x" * 1900) for n in range(5)]
    shown = seen(digest_message(digest(worst=posts, kindest=[]), words("en")))
    assert all(f"Скарга {n}" in shown.text for n in range(5))


def test_the_page_loads_nothing_from_anywhere() -> None:
    html = digest_page(digest(), words("uk"))
    page = Page(html)
    assert page.loads == []
    assert not re.search(r"@import|url\(|<script", html)
    assert page.links == ["https://forum.example/t/7#p1"] * 2


def test_the_page_has_every_number_of_the_week_before_too() -> None:
    text = " ".join(Page(digest_page(digest(), words("en"))).text.split())
    assert "12 cases opened the week before: 0" in text
    assert "42 min first response the week before: –" in text
    assert "Новолінія 100 +12 80 % 0" in text


def test_what_people_wrote_is_text_on_the_page() -> None:
    hostile = quoted(author="</span><script>alert(1)</script>", text="<img src=x onerror=alert(1)>", url="")
    page = Page(digest_page(digest(worst=[hostile]), words("en")))
    assert "<img src=x onerror=alert(1)>" in page.text
    assert "script" not in page.tags


def test_the_page_says_which_mutes_kept_how_much_quiet() -> None:
    quiet = [
        KeptQuiet(MuteKind.WORD, "прелюдія", None, "Олена", 12),
        KeptQuiet(MuteKind.AUTHOR, "<b>spammer</b>", "форум", "Андрій", 1),
    ]
    page = Page(digest_page(digest(muted=13, mutes=quiet), words("en")))
    text = " ".join(page.text.split())
    assert "🔇 13 muted posts 🔤 прелюдія Олена 12 👤 <b>spammer</b> (форум) Андрій 1 Muted by" in text
    assert "muted posts" not in digest_page(digest(), words("en"))


def test_the_page_is_kept_one_file_a_week(tmp_path: Path) -> None:
    for _ in range(2):
        page = digest_page(digest(), words("uk"))
        path = keep_page(page, page_name(digest()), tmp_path / "new" / "digests")
    assert [each.name for each in path.parent.iterdir()] == ["vidhuk-2026-W46.html"]
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_while_the_page_cant_be_sent_the_message_comes_once(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_slow(*_: Any, **__: Any) -> None:
        raise TimedOut

    room.configure(digest={"folder": str(tmp_path)})
    room.now = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
    with room.sessions.begin() as session:
        session.execute(update(SourceState).values(known_since=room.now - timedelta(days=30)))
        weekly.queue_due(session, room.settings, room.now)
    with monkeypatch.context() as patch:
        patch.setattr(ExtBot, "send_document", too_slow)
        for _ in range(12):
            room.pass_by(minutes=5)
    assert _digests(room) == (1, 0)
    room.pass_by(minutes=5)
    assert _digests(room) == (1, 1)
    with room.sessions() as session:
        assert session.query(DigestIssue).one().due_at is None


def test_a_page_that_cant_be_kept_is_sent_all_the_same(room: Room, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    room.configure(digest={"folder": str(tmp_path / "file" / "digests")})
    room.now = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
    with room.sessions.begin() as session:
        session.execute(update(SourceState).values(known_since=room.now - timedelta(days=30)))
        weekly.queue_due(session, room.settings, room.now)
    with capture_logs() as logged:
        room.pass_by(minutes=5)
    assert _digests(room) == (1, 1)
    (page,) = (m["document"] for m in room.messages() if "document" in m)
    assert page["file_name"] == "vidhuk-2026-W47.html"
    assert [line["event"] for line in logged if line["log_level"] == "error"] == ["digest_not_kept"]


def _digests(room: Room) -> tuple[int, int]:
    """How many messages, and how many pages, are in the chat."""
    messages = room.messages()
    return sum("📊" in m.get("text", "") for m in messages), sum("document" in m for m in messages)
