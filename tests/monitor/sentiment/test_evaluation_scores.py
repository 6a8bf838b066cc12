"""Figures of merit: by hand, and as scikit-learn reckons them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score

from monitor.sentiment.evaluation.scores import (
    STEPS,
    Calibration,
    Ranking,
    accuracy,
    always_the_commonest,
    f1_of,
    macro_f1,
    precision_of,
    recall_of,
    without_neutral,
)

steps = st.integers(0, STEPS)
scored = st.lists(st.tuples(st.booleans(), steps), min_size=1, max_size=60)
answers = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60)


def ranking(*pairs: tuple[bool, float]) -> Ranking:
    made = Ranking()
    made.add(np.array([wanted for wanted, _ in pairs]), np.array([score for _, score in pairs]))
    return made


def confusion(pairs: list[tuple[int, int]]) -> np.ndarray:
    counts = np.zeros((3, 3), np.int64)
    for truth, said in pairs:
        counts[truth, said] += 1
    return counts


def test_auc_counts_pairs_in_the_right_order_and_a_tie_as_half():
    # Of the 2 × 2 pairs, (.9 over .2), (.9 over .4) and (.4 over .2) are right and (.4, .4) is a tie.
    assert ranking((True, 0.9), (True, 0.4), (False, 0.4), (False, 0.2)).auc() == pytest.approx(3.5 / 4)


def test_auc_is_undefined_when_everybody_is_wanted():
    assert ranking((True, 0.9), (True, 0.4)).auc() is None


@settings(max_examples=150, deadline=None)
@given(scored)
def test_auc_is_that_of_scikit_learn(pairs):
    wanted, places = zip(*pairs, strict=True)
    if len(set(wanted)) < 2:
        return
    ours = ranking(*((w, place / STEPS) for w, place in pairs)).auc()
    assert ours == pytest.approx(roc_auc_score(wanted, places))


@settings(max_examples=50, deadline=None)
@given(scored, st.integers(0, 60))
def test_batches_add_up_to_the_whole(pairs, cut):
    whole, parts = Ranking(), Ranking()
    wanted = np.array([w for w, _ in pairs])
    score = np.array([place / STEPS for _, place in pairs])
    whole.add(wanted, score)
    parts.add(wanted[:cut], score[:cut])
    parts.add(wanted[cut:], score[cut:])
    assert (parts.auc(), parts.recall_at()) == (whole.auc(), whole.recall_at())


def test_the_threshold_is_the_lowest_that_keeps_the_precision():
    # From the top: 9 hits, then a miss (9 of 10 is still 0.9), then a miss too many.
    pairs = [(True, 0.9)] * 9 + [(False, 0.8), (False, 0.7), (True, 0.6)]
    assert ranking(*pairs).recall_at(0.9) == pytest.approx((0.9, 0.8))


def test_no_threshold_reaches_a_precision_that_is_never_reached():
    assert ranking((False, 0.9), (True, 0.1)).recall_at(0.9) is None


@settings(max_examples=150, deadline=None)
@given(scored, st.sampled_from([0.5, 0.8, 0.9]))
def test_the_recall_at_a_precision_is_the_best_of_all_thresholds(pairs, precision):
    wanted = np.array([w for w, _ in pairs])
    places = np.array([place for _, place in pairs])
    reached = [
        wanted[places >= place].sum() / wanted.sum()
        for place in set(places.tolist())
        if wanted.any() and wanted[places >= place].sum() >= precision * (places >= place).sum()
    ]
    found = ranking(*((w, place / STEPS) for w, place in pairs)).recall_at(precision)
    if not reached:
        assert found is None
        return
    recall, threshold = found
    said = places >= round(threshold * STEPS)
    assert recall == pytest.approx(max(reached))
    assert wanted[said].sum() / wanted.sum() == pytest.approx(recall)
    assert round(threshold * STEPS) in places


@settings(max_examples=150, deadline=None)
@given(answers)
def test_f1_precision_and_recall_are_those_of_scikit_learn(pairs):
    truth, said = (np.array(side) for side in zip(*pairs, strict=True))
    counts = confusion(pairs)
    assert macro_f1(counts) == pytest.approx(
        f1_score(truth, said, labels=np.unique(truth), average="macro", zero_division=0)
    )
    assert accuracy(counts) == pytest.approx((truth == said).mean())
    for reckon, theirs in ((f1_of, f1_score), (precision_of, precision_score), (recall_of, recall_score)):
        expected = theirs(truth == 0, said == 0, zero_division=np.nan)
        if reckon is f1_of and not (truth == 0).any():
            expected = np.nan  # theirs is 0, as though there had been something to find
        ours = reckon(counts, 0)
        assert np.isnan(expected) if ours is None else ours == pytest.approx(expected)


def test_ece_is_the_gap_between_what_was_said_and_what_was_right():
    calibration = Calibration()
    calibration.add(np.array([True, True, False, False]), np.array([0.9, 0.9, 0.9, 0.5]))
    # Three of four said 0.9 and two of those were right; one said 0.5 and was wrong.
    assert calibration.ece() == pytest.approx(3 / 4 * (0.9 - 2 / 3) + 1 / 4 * 0.5)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=60))
def test_ece_is_that_of_its_definition(pairs):
    right = np.array([r for r, _ in pairs])
    confidence = np.array([c for _, c in pairs])
    calibration = Calibration()
    calibration.add(right[:20], confidence[:20])
    calibration.add(right[20:], confidence[20:])
    expected = 0.0
    for low in range(15):
        inside = (np.floor(confidence * 15) == low) | ((low == 14) & (confidence == 1))
        if inside.any():
            expected += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    assert calibration.ece() == pytest.approx(expected, abs=1e-9)


def test_the_commonest_class_is_what_majority_always_says():
    counts = always_the_commonest(confusion([(0, 0), (1, 0), (1, 1), (1, 2), (2, 2)]))
    assert counts.tolist() == [[0, 1, 0], [0, 3, 0], [0, 1, 0]]


def test_without_neutral_the_rest_is_shared_and_nothing_is_divided_by_zero():
    shared = without_neutral(np.array([[0.3, 0.5, 0.2], [0.0, 1.0, 0.0]]))
    assert shared == pytest.approx(np.array([[0.6, 0.0, 0.4], [0.5, 0.0, 0.5]]))
