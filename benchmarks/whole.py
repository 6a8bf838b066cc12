"""The whole way from a page of posts to alert rows, beside the classifier alone on the same texts.

    python -m benchmarks.whole [POSTS]

Ten brands of fifty terms; every post speaks of a brand, so that every post is judged: the dearest case there is.
What a complaint costs is in it: two in five words of a post are ones that the model finds bad, good or neither.
"""

import gc
import random
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from benchmarks.match import NAMES, made_brand, made_word
from models import Alert, Case, Mention
from monitor import ingest, judging, polling
from monitor.db import connect, upgrade
from monitor.excerpt import readings
from monitor.ingest import Listening
from monitor.matching import Matcher
from monitor.sentiment.classifier import Classifier, Judgement, load
from monitor.settings import Settings
from monitor.source import Page, Post
from monitor.urgent import UrgentWords

POSTS, LENGTH, PAGE = 10_000, 300, 100
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
SAID = {
    "bad": "не привезли жах обман грубість гроші не повертають сором чекаю тиждень зламане ніколи більше хамство брехня",
    "good": "дякую швидко чудово привезли ввічливі задоволена рекомендую якісно приємно молодці вчасно дешево супер",
    "even": "сьогодні вулиця магазин графік субота ключ адреса коробка поверх дім година номер вікно стіл папір",
}


class Stopwatch:
    """A classifier that notes how long the real one took, and on which texts."""

    def __init__(self, inner: Classifier):
        self.inner, self.name, self.seconds = inner, inner.name, 0.0

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        started = perf_counter()
        verdicts = self.inner.judge(texts, languages)
        self.seconds += perf_counter() - started
        return verdicts


def made_posts(count: int) -> list[Post]:
    """Of 300 characters; three in ten are complaints, each author writes about three, threads have ten."""
    chance = random.Random(20261121)
    moods = ["bad"] * 3 + ["good"] * 3 + ["even"] * 4
    return [
        Post(
            id=str(number),
            url=f"https://forum.example/{number}",
            author=f"author{chance.randrange(count // 3 + 1)}",
            text=_text(chance, chance.choice(moods)),
            posted_at=NOW - timedelta(minutes=5),
            thread_id=str(number // 10),
        )
        for number in range(count)
    ]


def _text(chance: random.Random, mood: str) -> str:
    words = [f"{chance.choice(NAMES.split())} доставка"]
    while sum(map(len, words)) + len(words) < LENGTH:
        told = chance.choice(SAID[mood].split())
        words.append(told if chance.random() < 0.4 else made_word(chance, "uk"))
    return " ".join(words)[:LENGTH]


@cache
def settings() -> Settings:
    brands = [made_brand(random.Random(n), name) for n, name in enumerate(NAMES.split())]
    return Settings.model_validate(
        {
            "contact": "https://example.com",
            "brands": [{"name": b.name, "query": b.query, "exclude": b.exclude} for b in brands],
            "sources": [{"kind": "forum", "name": "forum"}],
            "staff": {"chats": [{"id": -1}], "people": [{"name": "Anna", "telegram": 1}]},
        }
    )


def main(count: int) -> None:
    posts = made_posts(count)
    matcher = Matcher([brand.terms for brand in settings().brands])
    watch = Stopwatch(load())
    urgent = UrgentWords.from_file()
    watch.inner.judge(["warm"])
    urgent.find("тепло")
    gc.freeze()  # as `vidhuk run` does
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/bench.db"
        upgrade(url)
        sessions = connect(url)
        polling.register(sessions, settings(), NOW)
        started = perf_counter()
        for first in range(0, count, PAGE):
            with sessions.begin() as session:
                page = Page(posts[first : first + PAGE], str(first))
                ingest.store(session, Listening("forum", matcher), page, NOW)
        stored = perf_counter() - started
        judging.judge_waiting(sessions, watch, urgent, settings(), NOW)
        whole = perf_counter() - started
        with sessions() as session:
            mentions, cases, alerts = (
                session.scalar(select(func.count()).select_from(k)) for k in (Mention, Case, Alert)
            )
            every = session.scalars(select(Mention))
            texts = [text for m in every for text in readings(m.own_title, m.text, m.matches)]
    started = perf_counter()
    watch.inner.judge(texts)
    alone = perf_counter() - started
    rest = whole - watch.seconds
    print(f"{count:,} posts → {mentions:,} mentions → {cases:,} cases, {alerts:,} alert rows")
    print(f"match, detect and store {count / stored:9,.0f} posts/s")
    print(f"judge alone             {len(texts) / alone:9,.0f} posts/s")
    print(f"the whole way           {count / whole:9,.0f} posts/s")
    print(f"the whole / the classifier on the same texts  {whole / alone:5.2f}")
    print(f"all that is not the classifier / the classifier  {rest / watch.seconds:5.3f}   (aim: under 0.1)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else POSTS)
