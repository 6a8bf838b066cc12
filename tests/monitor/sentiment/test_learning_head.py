"""A head of one's own: kept as bytes, put on the shipped model, taken off again."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sentiment.judgement import Judgement, Sentiment
from monitor.sentiment.labels import softmax
from monitor.sentiment.learning.head import BadHead, Head, Side, unpack
from monitor.sentiment.learning.taught import Taught, pooling
from tests.monitor.sentiment.seeing import WIDTH, Seeing, see

NOTHING = Side(np.zeros(WIDTH), 0.0, 1.0)
UP = Side(np.zeros(WIDTH), 3.0, 1.0)
TEXTS = ["one", "two", "three"]


def packed(**arrays: object) -> bytes:
    raw = io.BytesIO()
    np.savez(raw, **arrays)
    return raw.getvalue()


def test_a_head_that_changes_nothing_changes_nothing() -> None:
    judgements, pooled = Seeing().judge_pooled(TEXTS)
    moved = Head({"negative": NOTHING, "complaint": NOTHING}).judge(judgements, pooled)
    for before, after in zip(judgements, moved, strict=True):
        assert vars(after.sentiment) == pytest.approx(vars(before.sentiment))
        assert after.complaint == pytest.approx(before.complaint)


def test_only_the_side_that_was_learnt_moves_and_neutral_and_positive_keep_their_proportion() -> None:
    judgements, pooled = Seeing().judge_pooled(TEXTS)
    for before, after in zip(judgements, Head({"negative": UP}).judge(judgements, pooled), strict=True):
        assert after.sentiment.negative > before.sentiment.negative
        assert sum(vars(after.sentiment).values()) == pytest.approx(1.0)
        assert after.sentiment.neutral / after.sentiment.positive == pytest.approx(3.0)
        assert after.complaint == before.complaint


def test_moving_a_logit_is_what_changing_the_row_of_the_last_layer_does() -> None:
    rng = np.random.default_rng(1)
    layer, change, pooled = rng.normal(size=(3, WIDTH)), rng.normal(size=WIDTH), rng.normal(size=(5, WIDTH))
    before = [Judgement(Sentiment(*row), None) for row in softmax(pooled @ layer.T).tolist()]
    moved = Head({"negative": Side(change, 0.0, 1.0)}).judge(before, pooled)
    layer[0] += change
    expected = softmax(pooled @ layer.T)
    assert np.array([list(vars(one.sentiment).values()) for one in moved]) == pytest.approx(expected)


def test_a_text_with_nothing_to_read_stays_neutral() -> None:
    neutral = Judgement(Sentiment(0.0, 1.0, 0.0), 0.0)
    assert Head({"negative": UP, "complaint": UP}).judge([neutral], np.zeros((1, WIDTH))) == [neutral]


def test_a_judgement_that_is_certain_is_moved_without_dividing_by_zero() -> None:
    certain = Judgement(Sentiment(1.0, 0.0, 0.0), None)
    moved = Head({"negative": Side(np.zeros(WIDTH), -30.0, 1.0)}).judge([certain], np.ones((1, WIDTH)))[0]
    assert sum(vars(moved.sentiment).values()) == pytest.approx(1.0)
    assert moved.sentiment.negative < 0.01
    assert moved.complaint is None


def test_what_is_packed_is_what_is_unpacked() -> None:
    weights = np.random.default_rng(2).normal(size=WIDTH)
    head = unpack(Head({"negative": Side(weights, -0.5, 1.25)}).pack())
    assert head.sides["negative"].weights == pytest.approx(weights, abs=1e-6)
    assert (head.sides["negative"].bias, head.sides["negative"].slope) == (-0.5, 1.25)
    assert head.width == WIDTH


@given(st.binary(max_size=200))
def test_bytes_that_are_no_head_are_refused(raw: bytes) -> None:
    with pytest.raises(BadHead):
        unpack(raw)


@pytest.mark.parametrize(
    "raw",
    [
        packed(),
        packed(negative=np.zeros(2)),
        packed(positive=np.zeros(9)),
        packed(negative=np.zeros((3, 3))),
        packed(negative=np.zeros(9), complaint=np.zeros(8)),
        packed(negative=np.array([1.0, np.nan, 0.0, 1.0])),
        packed(negative=np.array(["a", "b", "c"])),
    ],
)
def test_arrays_that_are_no_head_are_refused(raw: bytes) -> None:
    with pytest.raises(BadHead):
        unpack(raw)


def test_an_object_that_would_run_code_is_not_loaded() -> None:
    with pytest.raises(BadHead, match="pickle"):
        unpack(packed(negative=np.array([{"a": 1}], dtype=object)))


def test_the_head_is_asked_for_before_every_batch() -> None:
    heads = [None, Head({"negative": UP}), None]
    taught, shipped = Taught(Seeing(), lambda _: heads.pop(0)), Seeing().judge(TEXTS)
    assert taught.judge(TEXTS) == shipped
    assert taught.judge(TEXTS)[0].sentiment.negative > shipped[0].sentiment.negative
    assert taught.judge(TEXTS) == shipped


def test_without_a_head_nothing_more_is_asked_of_the_model() -> None:
    inner = Seeing()
    Taught(inner, lambda _: None).judge(TEXTS)
    assert inner.batches == ["judge"]


def test_a_head_for_other_vectors_is_left_off() -> None:
    narrow = Head({"negative": Side(np.zeros(3), 3.0, 1.0)})
    assert Taught(Seeing(), lambda _: narrow).judge(TEXTS) == Seeing().judge(TEXTS)


def test_a_model_that_does_not_show_what_it_sees_is_judged_as_it_is() -> None:
    blind = Seeing(can_pool=False)
    assert pooling(blind) is None
    assert Taught(blind, lambda _: Head({"negative": UP})).judge(TEXTS) == Seeing().judge(TEXTS)


def test_what_else_the_model_says_of_itself_can_still_be_asked() -> None:
    taught = Taught(Seeing(), lambda _: None)
    assert taught.batches == []
    with pytest.raises(AttributeError):
        _ = taught.curves


def test_the_same_text_is_seen_alike() -> None:
    assert (see(["a", "b"])[1] == see(["b"])[0]).all()
