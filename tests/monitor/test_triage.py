from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Priority
from monitor.settings import TriageSettings
from monitor.triage import Decision, Outcome, Situation, decide, unhappiness
from monitor.urgent import Urgent
from monitor.zones import Zone

RULES = TriageSettings()
MONEY = Urgent("money", "гроші")


def decided(zone: Zone | None = None, **changes: Any) -> Decision:
    return decide(situation(**changes), RULES, zone)


def situation(**changes: Any) -> Situation:
    values = {
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
    return Situation(**values)


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"negative": 0.44}, "not_unhappy"),
        ({"ours": False}, "competitor"),
        ({"age": timedelta(days=8)}, "too_old"),
        ({"relevance": 0.2}, "irrelevant"),
        ({"rating": 5.0, "negative": 0.7}, "not_unhappy weighed"),
    ],
)
def test_no_case_is_opened_and_the_reason_is_said(changes: dict[str, Any], why: str) -> None:
    decision = decided(**changes)
    assert codes(decision) == why.split()
    assert (decision.outcome, decision.priority) == (Outcome.LEAVE, None)


@pytest.mark.parametrize(
    ("negative", "outcome"),
    [(0.44, Outcome.LEAVE), (0.45, Outcome.ASK), (0.59, Outcome.ASK), (0.6, Outcome.ALERT)],
)
def test_between_alerting_and_leaving_staff_are_asked(negative: float, outcome: Outcome) -> None:
    assert decided(negative=negative).outcome is outcome


def test_the_zones_are_those_of_the_language() -> None:
    situation = {"negative": 0.7}
    assert decided(zone=Zone(0.9, 0.8), **situation).outcome is Outcome.LEAVE
    assert decided(zone=Zone(0.9, 0.3), **situation).outcome is Outcome.ASK
    assert decided(zone=Zone(0.65, 0.3), **situation).outcome is Outcome.ALERT


def test_what_is_asked_about_has_the_priority_that_it_gets_with_a_yes() -> None:
    assert decided(negative=0.5).priority is Priority.NORMAL
    assert decided(negative=0.5, urgent=(MONEY,)).priority is Priority.HIGH
    assert codes(decided(negative=0.5, urgent=(MONEY,))) == ["negative", "urgent"]


@pytest.mark.parametrize(
    ("rating", "outcome"),
    [
        (None, Outcome.ASK),
        (3.0, Outcome.ASK),
        (5.0, Outcome.LEAVE),
        (2.5, Outcome.ALERT),
        (2.0, Outcome.ALERT),
    ],
)
def test_a_rating_is_evidence(rating: float | None, outcome: Outcome) -> None:
    assert decided(negative=0.5, rating=rating).outcome is outcome


def test_what_the_stars_changed_is_told_with_what_it_was_before() -> None:
    decision = decided(negative=0.9, rating=5.0)
    assert [(reason.code, reason.value) for reason in decision.reasons] == [
        ("negative", 0.67),
        ("weighed", {"rating": 5.0, "before": 0.9}),
    ]


@given(said=st.floats(0, 1), one=st.floats(1, 5), other=st.floats(1, 5))
def test_more_stars_never_make_an_author_unhappier(said: float, one: float, other: float) -> None:
    fewer, more = sorted((one, other))
    low, high = (unhappiness(situation(negative=said, rating=rating)) for rating in (more, fewer))
    assert 0 <= low <= high <= 1


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
    assert (decision.outcome is Outcome.LEAVE) == (decision.priority is None)


@given(st.floats(0, 1), st.floats(0, 1))
def test_who_is_unhappier_is_never_treated_as_less_urgent(one: float, other: float) -> None:
    calm, upset = sorted((one, other))
    less, more = decided(negative=calm), decided(negative=upset)
    ranks = [Outcome.LEAVE, Outcome.ASK, Outcome.ALERT]
    assert ranks.index(less.outcome) <= ranks.index(more.outcome)
    if less.opens and less.priority and more.priority:
        assert more.priority <= less.priority
