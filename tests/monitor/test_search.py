from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from models import Mention, MentionWord, SourceState
from monitor import answers, ingest, search
from monitor.db import Sessions
from monitor.matching import Matcher
from monitor.search import places, words_of
from monitor.settings import Settings
from monitor.source import Page
from tests.builders import mention, open_case, post, staff


def found(sessions: Sessions, asked: str, offset: int = 0, size: int = 10) -> list[str]:
    with sessions() as session:
        return [one.mention.external_id for one in search.find(session, asked, offset, size)[0]]


def test_what_is_stored_is_found_at_once(sessions: Sessions, settings: Settings, now: datetime) -> None:
    listening = ingest.Listening("forum", Matcher([brand.terms for brand in settings.brands]))
    with sessions.begin() as session:
        session.add(SourceState(name="forum", known_since=now, next_due_at=now))
        session.flush()
        page = Page([post("p1", at=now), post("p2", at=now, text="Новолінія: дякую!")], None)
        ids = ingest.store(session, listening, page, now)
        assert ingest.store(session, listening, page, now) == []
    assert found(sessions, "посилку") == ["p1"]
    with sessions() as session:
        indexed = select(MentionWord.mention_id).where(MentionWord.stem == search.INDEXED)
        assert session.scalars(indexed).all() == ids


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("посилка", True),
        ("посилки гроші", True),
        ("ГРОШЕЙ", True),
        ("novolinia", True),
        ("Новолінією «телефонів»!", True),
        ("посилка двері", False),
        ("сил", False),
        ("", False),
        ("!?", False),
    ],
)
def test_all_the_words_are_wanted_in_any_form(
    sessions: Sessions, now: datetime, asked: str, is_found: bool
) -> None:
    with sessions.begin() as session:
        search.index(session, [mention(session, now)])
    assert found(sessions, asked) == (["p1"] if is_found else [])


def test_the_newest_comes_first_and_a_case_counts_once(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        open_case(session, settings, now)
        open_case(session, settings, now, "p2", text="Чекаю гроші від Новолінії й далі.", posted_at=now)
        mention(session, now, "p3", author="x", text="Гроші!", posted_at=now - timedelta(days=3))
        mention(session, now, "p4", author="y", text="Гроші!", posted_at=now - timedelta(days=2))
        search.index(session, session.scalars(select(Mention)))
    assert found(sessions, "гроші") == ["p2", "p4", "p3"]
    assert found(sessions, "гроші", 1, 1) == ["p4"]
    with sessions() as session:
        assert search.find(session, "гроші", 10**17, 1) == ([], 3)


def test_a_post_about_two_brands_counts_once(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        posts = [
            mention(session, now, id, source=source, brand=brand)
            for id, source in (("p1", "forum"), ("p1", "blog"), ("p2", "blog"))
            for brand in ("Новолінія", "Будсвіт")
        ]
        search.index(session, posts)
        found, total = search.find(session, "посилка", 0, 5)
        assert (total, len({one.mention.post for one in found}), len(found)) == (3, 3, 3)


def test_of_a_case_the_newest_post_is_shown_in_whatever_order_they_were_read(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        open_case(session, settings, now, "newest", posted_at=now)
        earlier = now - timedelta(hours=2)
        open_case(session, settings, now, "later read", text="Де гроші, Новолініє?", posted_at=earlier)
        open_case(session, settings, now, "as old", text="Гроші, Новолініє!", posted_at=earlier)
        search.index(session, session.scalars(select(Mention)))
    assert found(sessions, "гроші") == ["newest"]


def test_our_answer_is_found_at_the_post_that_it_answers(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        search.index(session, case.mentions)
        reply = answers.begin(session, case.id, staff(session, settings), 1, now)
        answers.write(session, reply, "Вибачте, кур'єр захворів.", now)
        assert search.find(session, "курʼєра", 0, 8)[1] == 0
        answers.handed_off(session, reply.id, staff(session, settings), now)
    assert found(sessions, "курʼєра") == ["p1"]
    assert found(sessions, "курєр посилка") == ["p1"]


def test_what_is_older_than_the_index_is_indexed_bit_by_bit(
    sessions: Sessions, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "AT_ONCE", 2)
    with sessions.begin() as session:
        for n in range(5):
            mention(session, now, f"p{n}", text=f"слово{n}" if n else "…")
    assert [search.index_older(sessions) for _ in range(4)] == [2, 2, 1, 0]
    assert found(sessions, "слово1") == ["p1"]
    with sessions() as session:
        assert session.scalar(select(func.count(MentionWord.mention_id.distinct()))) == 5


def test_the_places_are_those_of_the_original() -> None:
    text = "Дві посил\u00adки, ґудзик і П’ЯТЬ посилок"
    spans = places(text, "uk", words_of("посилка п'ять гудзик"))
    assert [text[p["start"] : p["end"]] for p in spans] == ["посил\u00adки", "ґудзик", "П’ЯТЬ", "посилок"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_asked_of_whatever_text_the_places_are_in_it(asked: str, text: str) -> None:
    for place in places(text, "und", words_of(asked)):
        assert 0 <= place["start"] < place["end"] <= len(text)
