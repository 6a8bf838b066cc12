"""From corrections to a head: better where the team knows better, honest where there is nothing to learn."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sentiment.judgement import Judgement, Sentiment
from monitor.sentiment.learning.head import Floats, chances, sigmoid
from monitor.sentiment.learning.lesson import Labelled, TooFew, by_chance, learn
from monitor.sentiment.learning.refit import STRENGTHS, Examples, folds_of, losses, refit
from tests.monitor.sentiment.seeing import WIDTH, Seeing, corrected, see


def nobody_said(count: int) -> list[Labelled]:
    return [Labelled((f"other {number}",), "uk", None, None, -1) for number in range(count)]


OTHERS = nobody_said(60)


def silent(corrections: list[Labelled], **said: bool | None) -> list[Labelled]:
    return [replace(one, **said) for one in corrections]


def test_what_the_team_knows_better_is_learnt_and_holds_for_posts_not_seen() -> None:
    lesson = learn(Seeing(), corrected(120, knows_better=3.0), OTHERS)
    assert lesson.is_better
    assert lesson.score.right_after > lesson.score.right_before
    assert lesson.score.corrections == 120
    assert {code: score.corrections for code, score in lesson.languages.items()} == {"en": 60, "uk": 60}
    fresh = corrected(300, knows_better=3.0, start=5_000)
    judgements, pooled = Seeing().judge_pooled([one.readings[0] for one in fresh])
    truth = np.array([float(bool(one.is_unhappy)) for one in fresh])
    before = losses(chances("negative", judgements), truth).mean()
    after = losses(chances("negative", lesson.head.judge(judgements, pooled)), truth).mean()
    assert after < before - 0.1


def test_where_the_model_is_right_already_nothing_is_better() -> None:
    """Of twelve teams with nothing to teach, chance lets about one in twenty seem better."""
    better = [learn(Seeing(), corrected(40, start=1_000 * team), []).is_better for team in range(12)]
    assert sum(better) <= 2


def test_it_is_deterministic() -> None:
    one, other = (learn(Seeing(), corrected(40, knows_better=3.0), OTHERS) for _ in range(2))
    assert one.figures() == other.figures()
    assert one.head.pack() == other.head.pack()


def test_posts_that_nobody_corrected_keep_the_head_near_what_shipped() -> None:
    """Staff confirm whatever they are shown: without others, everything would turn unhappy."""
    said = [replace(one, is_unhappy=number >= 6) for number, one in enumerate(corrected(60))]
    quiet = nobody_said(200)
    judgements, pooled = Seeing().judge_pooled([one.readings[0] for one in quiet])
    shipped = chances("negative", judgements).mean()
    with_others = learn(Seeing(), said, quiet).head.moved("negative", judgements, pooled).mean()
    without = learn(Seeing(), said, []).head.moved("negative", judgements, pooled).mean()
    assert shipped < with_others < without


def test_what_would_change_for_other_posts_is_counted() -> None:
    lesson = learn(Seeing(), corrected(60, knows_better=3.0), OTHERS)
    unhappy = sum(
        judgement.sentiment.negative > 0.5
        for judgement in Seeing().judge([one.readings[0] for one in OTHERS])
    )
    assert (lesson.others, lesson.alerts_before) == (60, unhappy)
    assert 0 < lesson.alerts_after < 60


@pytest.mark.parametrize("count", [0, 1, 29])
def test_too_few_corrections_are_a_sentence(count: int) -> None:
    with pytest.raises(TooFew, match=f"There are {count} corrections"):
        learn(Seeing(), corrected(count), OTHERS)


@pytest.mark.parametrize("answer", [True, False])
def test_corrections_that_all_say_the_same_teach_nothing(answer: bool) -> None:
    with pytest.raises(TooFew, match="of either answer"):
        learn(Seeing(), silent(corrected(60), is_unhappy=answer, is_complaint=answer), OTHERS)


def test_a_head_that_meets_fewer_verdicts_is_not_better_however_unsure_it_is() -> None:
    """Corrections that contradict each other: whoever is unsure of everything loses less than who is sure of half."""
    sure = next(f"post {n}" for n in range(500) if see([f"post {n}"])[0, 0] > 2)
    said = [Labelled((sure,), "uk", number % 2 == 0, number % 2 == 0, number) for number in range(80)]
    lesson = learn(Seeing(), said, [])
    assert lesson.score.loss_after < lesson.score.loss_before
    assert lesson.score.right_after < lesson.score.right_before
    assert lesson.chance < 0.05
    assert not lesson.is_better


def test_it_learns_from_the_reading_that_counts_when_posts_are_judged() -> None:
    said, quiet = corrected(60, knows_better=3.0), OTHERS[:20]
    plainly = learn(Seeing(), said, quiet)
    beneath_titles = [replace(one, readings=("漢字", *one.readings)) for one in said]

    class Distracted(Seeing):
        def judge_pooled(
            self, texts: Sequence[str], languages: Sequence[str] | None = None
        ) -> tuple[list[Judgement], Floats]:
            judgements, pooled = super().judge_pooled(texts, languages)
            neutral = Judgement(Sentiment(0.0, 1.0, 0.0), 0.0)
            return [neutral if t == "漢字" else j for t, j in zip(texts, judgements, strict=True)], pooled

    assert learn(Distracted(), beneath_titles, quiet).figures() == plainly.figures()


def test_what_the_model_can_not_read_is_left_out() -> None:
    class Half(Seeing):
        def judge_pooled(
            self, texts: Sequence[str], languages: Sequence[str] | None = None
        ) -> tuple[list[Judgement], Floats]:
            judgements, pooled = super().judge_pooled(texts, languages)
            pooled[[text.startswith("漢字") for text in texts]] = 0
            return judgements, pooled

    strange = [Labelled((f"漢字 {n}",), "und", n % 2 == 0, n % 2 == 0, 900 + n) for n in range(40)]
    with pytest.raises(TooFew, match="There are 0 corrections that the model can read"):
        learn(Half(), strange, OTHERS)
    said = corrected(60, knows_better=3.0)
    assert learn(Half(), [*said, *strange], OTHERS).figures() == learn(Half(), said, OTHERS).figures()


def test_a_side_that_nobody_spoke_of_stays_as_it_shipped() -> None:
    lesson = learn(Seeing(), silent(corrected(60, knows_better=3.0), is_complaint=None), OTHERS)
    assert set(lesson.head.sides) == {"negative"}


def test_only_the_newest_corrections_are_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.sentiment.learning.lesson.MOST", 40)
    said = corrected(60)
    assert learn(Seeing(), said, OTHERS).figures() == learn(Seeing(), said[20:], OTHERS).figures()


def test_figures_are_plain_numbers() -> None:
    figures = learn(Seeing(), corrected(40, knows_better=3.0), OTHERS).figures()
    assert set(map(type, (figures["right_after"], figures["chance"], figures["loss_after"]))) <= {int, float}


@given(st.lists(st.integers(-1, 12), min_size=1, max_size=60), st.integers(2, 6))
def test_a_case_is_held_out_as_a_whole_once_and_an_anchor_never(cases: list[int], folds: int) -> None:
    group = np.array(cases, np.int64)
    masks = folds_of(group, folds, 7)
    held = np.sum(masks, axis=0) if masks else np.zeros(len(group), int)
    assert (held == (group >= 0)).all()
    for mask in masks:
        assert not set(group[mask]) & set(group[~mask])


@pytest.mark.parametrize("strength", STRENGTHS)
def test_no_step_away_from_a_refit_is_better(strength: float) -> None:
    said = corrected(80, knows_better=3.0)
    pooled = see([one.readings[0] for one in said])
    examples = Examples(
        pooled / np.sqrt(WIDTH),
        sigmoid(2 * pooled[:, 0]),
        np.array([float(bool(one.is_unhappy)) for one in said]),
        np.ones(80),
        np.arange(80),
    )
    side = refit(examples, strength)

    def objective(weights: np.typing.NDArray[np.float64], bias: float, slope: float) -> float:
        logits = slope * 2 * pooled[:, 0] + examples.pooled @ weights + bias
        loss = float(losses(sigmoid(logits), examples.truth).sum())
        return loss + strength / 2 * float(weights @ weights) + bias**2 / 2 + 4 * (slope - 1) ** 2 / 2

    best = objective(side.weights, side.bias, side.slope)
    for place in range(WIDTH):
        for way in (-0.01, 0.01):
            assert objective(side.weights + way * np.eye(WIDTH)[place], side.bias, side.slope) > best
    assert objective(side.weights, side.bias + 0.01, side.slope) > best
    assert objective(side.weights, side.bias, side.slope - 0.01) > best


def test_chance_is_counted_by_cases_and_not_by_posts() -> None:
    gained = np.ones(5)
    assert by_chance(gained, np.arange(5)) == pytest.approx(1 / 32, abs=0.006)
    assert by_chance(gained, np.zeros(5, np.int64)) == pytest.approx(1 / 2, abs=0.02)
    assert by_chance(-gained, np.arange(5)) == 1.0
