"""Looking without touching."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest

from monitor.ingest import Listening
from monitor.matching import Matcher
from monitor.sentiment.judgement import Judgement, Sentiment
from monitor.settings import Settings
from monitor.source import Page, Post, Posted, PostRef, SourceError
from monitor.trying import MAX_POSTS, check_source, try_source
from tests import builders


class Gloomy:
    """A classifier that thinks the worst of everybody."""

    name = "gloomy"

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        return [Judgement(Sentiment(0.9, 0.06, 0.04), 0.8) for _ in texts]


@dataclass
class Notebook:
    pages: list[Page]
    name: str = "forum"
    cursors: list[str | None] = field(default_factory=list)

    def poll(self, cursor: str | None) -> Iterator[Page]:
        self.cursors.append(cursor)
        yield from self.pages


@dataclass
class WithKeys:
    """A source with credentials, that can reply."""

    said: str | SourceError = "Logged in."
    name: str = "forum"
    account: str = "novolinia-care"
    max_length: int = 100

    def poll(self, cursor: str | None) -> Iterator[Page]:
        raise AssertionError("a check reads nothing")

    def check(self) -> str:
        if isinstance(self.said, SourceError):
            raise self.said
        return self.said

    def reply(self, post: PostRef, text: str) -> Posted:
        raise AssertionError("a check posts nothing")

    def find_reply(self, post: PostRef, text: str) -> Posted | None:
        raise AssertionError("a check looks for nothing")


@pytest.fixture
def listening(settings: Settings) -> Listening:
    return Listening("forum", Matcher([brand.terms for brand in settings.brands]))


def test_a_source_is_read_from_the_beginning_and_what_matches_is_judged(
    listening: Listening, settings: Settings, now: datetime
) -> None:
    posts = [builders.post("p1", at=now), builders.post("p2", at=now, text="Де купити тюльпани?")]
    source = Notebook([Page(posts, "next")])
    total, (tried,) = try_source(source, listening, Gloomy(), settings, now)
    assert (total, source.cursors) == (2, [None])
    assert (tried.brand, tried.matched, tried.language) == ("Новолінія", ["Новолінії"], "uk")
    assert tried.decision == "case, high: negative, urgent"


def test_what_would_not_open_a_case_says_why(listening: Listening, settings: Settings, now: datetime) -> None:
    old = builders.post("p1", at=now - timedelta(days=30))
    rival = builders.post("p2", at=now, text="Будсвіт — жах")
    _, tried = try_source(Notebook([Page([old, rival], None)]), listening, Gloomy(), settings, now)
    assert [one.decision for one in tried] == ["no case: too_old", "no case: competitor"]


def test_a_source_without_end_is_read_so_far_and_no_further(
    listening: Listening, settings: Settings, now: datetime
) -> None:
    class Endless(Notebook):
        def poll(self, cursor: str | None) -> Iterator[Page]:
            for n in count():
                yield Page([self._post(n)], str(n))

        def _post(self, n: int) -> Post:
            assert n < 2 * MAX_POSTS
            return builders.post(f"p{n}", at=now)

    total, _ = try_source(Endless([]), listening, Gloomy(), settings, now)
    assert total == MAX_POSTS


def test_for_machines_everything_is_json(listening: Listening, settings: Settings, now: datetime) -> None:
    _, (tried,) = try_source(
        Notebook([Page([builders.post(at=now)], None)]), listening, Gloomy(), settings, now
    )
    line = tried.as_json()
    assert line["post"]["posted_at"] == now.isoformat()
    assert line["post"]["url"] == "https://forum.example/t/7#p1"
    assert (line["brand"], line["negative"]) == ("Новолінія", 0.9)


def test_credentials_are_tried_and_the_account_is_named() -> None:
    checked = check_source(WithKeys())
    assert (checked.name, checked.said, checked.is_well) == (
        "forum",
        "Logged in; replies as novolinia-care",
        True,
    )


def test_a_refused_credential_is_a_sentence() -> None:
    checked = check_source(WithKeys(SourceError("The password is wrong.", permanent=True)))
    assert (checked.said, checked.is_well) == ("The password is wrong.", False)


def test_a_source_without_credentials_is_well() -> None:
    checked = check_source(Notebook([]))
    assert (checked.said, checked.is_well) == ("needs no credentials", True)
