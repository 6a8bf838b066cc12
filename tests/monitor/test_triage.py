from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Priority
from monitor.settings import TriageSettings
from monitor.triage import Decision, Situation, decide
from monitor.urgent import Urgent

RULES = TriageSettings()
MONEY = Urgent("money", "гроші")


def decided(**changes: Any) -> Decision:
    situation = {
        "negative": 0.8,
        "complaint": None,
        "rating": None,
        "relevance": 1.0,
        "age": timedelta(minutes=5),
        "reach": None,
        "urgent": (),
        "complaints": 1,
        "ours": True,
        **changes,
    }
    return decide(Situation(**situation), RULES)


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"negative": 0.59}, "not_unhappy"),
        ({"ours": False}, "competitor"),
        ({"age": timedelta(days=8)}, "too_old"),
        ({"relevance": 0.2}, "irrelevant"),
        ({"rating": 5.0, "negative": 0.7}, "not_unhappy"),
    ],
)
def test_no_case_is_opened_and_the_reason_is_said(changes: dict[str, Any], why: str) -> None:
    assert codes(decided(**changes)) == [why]
    assert decided(**changes).priority is None


@pytest.mark.parametrize(
    ("changes", "priority"),
    [
        ({}, Priority.NORMAL),
        ({"negative": 0.61}, Priority.LOW),
        ({"negative": 0.61, "urgent": (MONEY,)}, Priority.HIGH),
        ({"complaints": 3}, Priority.HIGH),
        ({"reach": 10_000}, Priority.HIGH),
        ({"reach": 9_999}, Priority.NORMAL),
        ({"negative": 0.1, "rating": 1.0}, Priority.NORMAL),
        ({"negative": 0.9, "rating": 5.0}, Priority.NORMAL),
    ],
)
def test_priority_follows_from_the_situation(changes: dict[str, Any], priority: Priority) -> None:
    assert decided(**changes).priority is priority


def test_a_complaint_in_polite_words_opens_a_case_though_its_tone_is_even() -> None:
    decision = decided(negative=0.3, complaint=0.9)
    assert decision.opens
    assert codes(decision) == ["complaint"]


def test_every_reason_that_counted_is_told() -> None:
    decision = decided(urgent=(MONEY,), complaints=3, reach=50_000, rating=1.0, age=timedelta(hours=2))
    assert codes(decision) == ["rating", "negative", "urgent", "repeated", "reach", "unanswered"]
    assert decision.reasons[-1].value == 120


@given(
    negative=st.floats(0, 1),
    complaint=st.none() | st.floats(0, 1),
    rating=st.none() | st.floats(1, 5),
    relevance=st.floats(0, 1),
    hours=st.integers(0, 400),
    reach=st.none() | st.integers(0, 10**9),
    complaints=st.integers(1, 50),
    ours=st.booleans(),
)
def test_any_situation_is_decided_with_a_reason(hours: int, **values: Any) -> None:
    decision = decided(age=timedelta(hours=hours), **values)
    assert decision.reasons
    assert decision.opens == (decision.priority is not None)


@given(st.floats(0, 1), st.floats(0, 1))
def test_who_is_unhappier_is_never_treated_as_less_urgent(one: float, other: float) -> None:
    calm, upset = sorted((one, other))
    less, more = decided(negative=calm).priority, decided(negative=upset).priority
    assert less is None or (more is not None and more <= less)
