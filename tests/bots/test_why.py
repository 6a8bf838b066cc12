from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.why import why_text
from monitor.settings import TriageSettings
from monitor.why import Why
from tests.bots.rendering import HOSTILE, LANGUAGES, NOW, seen, words
from tests.bots.room import Room


def a_why(**changes: Any) -> Why:
    values: dict[str, Any] = {
        "case": 17,
        "place": "форум",
        "matched": ["Новолінії"],
        "terms": ["Новолінія"],
        "negative": 0.94,
        "neutral": 0.04,
        "positive": 0.02,
        "complaint": 0.91,
        "relevance": 1.0,
        "rating": None,
        "reach": None,
        "language": "uk",
        "rules": TriageSettings(),
        "reasons": [{"code": "negative", "value": 0.94}],
        "model": "embedded",
        "posted_at": NOW - timedelta(minutes=14),
        "found_at": NOW - timedelta(minutes=2),
        "judged_at": NOW - timedelta(minutes=2),
        "told_at": NOW,
        "copies": 0,
        **changes,
    }
    return Why(**values)


def test_it_says_the_rule_the_numbers_and_the_way() -> None:
    assert seen(why_text(a_why(), words("en"), NOW)).text.splitlines() == [
        "#17 · Why: unhappy 0.94",
        "Rule: so surely unhappy that 90 of 100 alerts are right, or a rating up to 2★",
        "Tone: unhappy 0.94, neutral 0.04, happy 0.02 · complaint 0.91",
        "Words: «Новолінії» (we look for: Новолінія)",
        "About us: 1.00 (≥ 0.3) · ukr",
        "форум: posted 13:46 → found +12 min → judged +0 sec → told +2 min",
        "Model: embedded",
    ]


def test_what_is_not_known_is_left_out() -> None:
    nothing = dict.fromkeys(("negative", "neutral", "positive", "complaint", "judged_at", "told_at"))
    text = seen(why_text(a_why(**nothing, matched=[], terms=[]), words("en"), NOW)).text
    assert "Tone" not in text
    assert "judged" not in text
    assert "No word of ours is in it" in text


def test_a_threshold_of_ones_own_is_said() -> None:
    rules = TriageSettings(alert_from=0.7)
    assert "a complaint from 0.7, or" in seen(why_text(a_why(rules=rules), words("en"), NOW)).text


def test_what_the_author_gave_and_who_heard_it_is_said() -> None:
    text = seen(why_text(a_why(rating=5.0, copies=2, reach=12_000), words("en"), NOW)).text
    assert "rating 5★ · reaches 12K · +2 copies" in text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LANGUAGES), HOSTILE)
def test_whatever_the_words_it_is_valid(language: str, text: str) -> None:
    reasons = [{"code": "urgent", "value": {"topic": "law", "word": text[:300]}}]
    made = a_why(matched=[text] * 9, terms=[text] * 9, place=text[:60] or "?", reasons=reasons)
    assert seen(why_text(made, words(language), NOW)).text


@pytest.mark.parametrize("by", ["number", "reply", "wrong", "unknown"])
def test_staff_ask_why(room: Room, by: str) -> None:
    number = room.case(complaint=0.8)
    if by == "reply":
        room.write(room.olena, "/why", to=room.card(number))
    else:
        room.write(room.olena, {"number": f"/why #{number}", "wrong": "/why", "unknown": "/why 99"}[by])
    said = {"wrong": "It is written like this: /why 123", "unknown": "There is no case #99."}
    assert said.get(by, "Tone: unhappy 0.94") in room.last()["text"]
