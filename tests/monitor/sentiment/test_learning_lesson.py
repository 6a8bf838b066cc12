"""From corrections to a head: better where the team knows better, honest where there is nothing to learn."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sentiment.judgement import Judgement, Sentiment
from monitor.sentiment.learning.gain import by_chance
from monitor.sentiment.learning.head import Floats, Head, Side, chances, sigmoid
from monitor.sentiment.learning.lesson import TooFew, learn
from monitor.sentiment.learning.refit import STRENGTHS, Examples, folds_of, losses, refit
from monitor.sentiment.learning.seen import Labelled
from monitor.zones import ALERT_FROM
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
        judgement.sentiment.negative >= ALERT_FROM
        for judgement in Seeing().judge([one.readings[0] for one in OTHERS])
    )
    assert (lesson.others, lesson.alerts_before) == (60, unhappy)
    assert 0 < lesson.alerts_after < 60


def test_what_would_change_is_counted_from_where_each_language_is_alerted() -> None:
    quiet = [replace(one, language=("uk", "ro")[n % 2]) for n, one in enumerate(OTHERS)]
    alert_from = {"uk": 0.8, "ro": 0.3, "en": 0.5}.__getitem__
    judgements, pooled = Seeing().judge_pooled([one.readings[0] for one in quiet])
    lesson = learn(Seeing(), corrected(60, knows_better=3.0), quiet, alert_from)

    def alerted(judged: list[Judgement]) -> int:
        return sum(
            max(j.sentiment.negative, j.complaint or 0.0) >= alert_from(one.language)
            for j, one in zip(judged, quiet, strict=True)
        )

    after = alerted(lesson.head.judge(judgements, pooled))
    assert (lesson.alerts_before, lesson.alerts_after) == (alerted(judgements), after)


def test_what_would_change_is_counted_from_what_judges_now() -> None:
    calm = Head(
        {"negative": Side(np.zeros(WIDTH), -20.0, 1.0), "complaint": Side(np.zeros(WIDTH), -20.0, 1.0)}
    )
    said = corrected(60, knows_better=3.0)
    anew, over = learn(Seeing(), said, OTHERS), learn(Seeing(), said, OTHERS, in_use=calm)
    assert (anew.replaces, over.replaces) == (False, True)
    assert over.alerts_before == 0 < anew.alerts_before
    assert (over.alerts_after, over.score) == (anew.alerts_after, anew.score)


@pytest.mark.parametrize("count", [0, 1, 29])
def test_too_few_corrections_are_a_sentence(count: int) -> None:
    with pytest.raises(TooFew, match=f"There are {count} corrections"):
        learn(Seeing(), corrected(count), OTHERS)


@pytest.mark.parametrize("answer", [True, False])
def test_corrections_that_all_say_the_same_teach_nothing(answer: bool) -> None:
    with pytest.raises(TooFew, match="of either answer"):
        learn(Seeing(), silent(corrected(60), is_unhappy=answer, is_complaint=answer), OTHERS)


def sure_of(count: int) -> list[str]:
    """Texts of which the model is sure that they are unhappy."""
    texts = [f"post {n}" for n in range(20 * count)]
    return [text for text, seen in zip(texts, see(texts), strict=True) if seen[0] > 1][:count]


def test_a_head_that_meets_fewer_verdicts_is_not_better_however_unsure_it_is() -> None:
    """Corrections that contradict each other: whoever is unsure of everything loses less than who is sure of half."""
    said = [
        Labelled((text,), "uk", number % 8 < 5, number % 8 < 5, number)
        for number, text in enumerate(sure_of(80))
    ]
    lesson = learn(Seeing(), said, [])
    assert lesson.score.loss_after < lesson.score.loss_before
    assert lesson.score.right_after < lesson.score.right_before
    assert lesson.chance < 0.05
    assert not lesson.is_better


def coins(team: int) -> list[Labelled]:
    """Staff who press what they like, three times in five *Yes*, whatever the text."""
    dice = np.random.default_rng(team).random(80) < 0.6
    return [
        Labelled((text,), "uk", bool(roll), bool(roll), number)
        for number, (text, roll) in enumerate(zip(sure_of(80), dice, strict=True))
    ]


def test_to_become_unsure_is_not_better_where_the_answers_do_not_follow_from_the_texts() -> None:
    lessons = [learn(Seeing(), coins(team), []) for team in range(8)]
    assert all(lesson.chance < 0.05 for lesson in lessons)
    assert any(lesson.score.right_after >= lesson.score.right_before for lesson in lessons)
    assert not any(lesson.follows_from_texts or lesson.is_better for lesson in lessons)


def test_to_be_as_sure_as_is_right_is_better_although_no_verdict_changes() -> None:
    """A model that is far too sure of itself, and right in order."""

    class Boastful(Seeing):
        def _judge(self, seen: Floats) -> list[Judgement]:
            chances = sigmoid(12 * seen[:, 0]).tolist()
            return [Judgement(Sentiment(p, (1 - p) * 0.75, (1 - p) * 0.25), p) for p in chances]

    lesson = learn(Boastful(), corrected(120, start=2_700), OTHERS)
    assert lesson.score.right_after == lesson.score.right_before
    assert lesson.is_better


class Alike(Seeing):
    """Sees nothing of a text but its number, in enough directions to know each text by heart."""

    def judge_pooled(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> tuple[list[Judgement], Floats]:
        numbers = [re.sub(r"\D", "", text) for text in texts]
        rows = [np.random.default_rng(int(number)).normal(size=60) for number in numbers]
        return self._judge(see(numbers)), np.array(rows).reshape(-1, 60)


def posted_again(count: int, times: int) -> list[Labelled]:
    """Texts that went round, each a case of its own and corrected as it fell."""
    dice = np.random.default_rng(7).random(count) < 0.5
    return [
        Labelled((f"post {n}{'!' * again}",), "uk", bool(roll), bool(roll), times * n + again)
        for n, roll in enumerate(dice)
        for again in range(times)
    ]


def test_to_know_a_text_by_heart_that_was_posted_again_is_not_better() -> None:
    lesson = learn(Alike(), posted_again(40, 3), OTHERS)
    assert lesson.score.corrections == 120
    assert not lesson.is_better


def test_a_text_that_was_posted_again_counts_once() -> None:
    with pytest.raises(TooFew, match="There are 20 corrections"):
        learn(Alike(), posted_again(20, 4), OTHERS)


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


class Toneful(Seeing):
    """Says nothing of complaints."""

    def _judge(self, seen: Floats) -> list[Judgement]:
        return [Judgement(one.sentiment, None) for one in super()._judge(seen)]


def test_what_the_model_does_not_say_is_neither_right_nor_wrong() -> None:
    said = corrected(60, knows_better=3.0)
    of_tone = silent(said, is_complaint=None)
    of_complaints = silent(corrected(20, start=900), is_unhappy=None)
    assert (
        learn(Toneful(), [*said, *of_complaints], OTHERS).figures()
        == learn(Toneful(), of_tone, OTHERS).figures()
    )


def test_a_model_that_does_not_say_what_was_corrected_can_not_learn() -> None:
    with pytest.raises(TooFew, match="does not say what was corrected"):
        learn(Toneful(), silent(corrected(60), is_unhappy=None), [])


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


def test_chance_is_counted_by_units_and_not_by_posts() -> None:
    gained = np.ones(5)
    assert by_chance(gained, np.arange(5)) == pytest.approx(1 / 32, abs=0.006)
    assert by_chance(gained, np.zeros(5, np.int64)) == pytest.approx(1 / 2, abs=0.02)
    assert by_chance(-gained, np.arange(5)) == 1.0
