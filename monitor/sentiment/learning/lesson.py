"""From a team's corrections to a head of its own, and to whether that is better than chance would explain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.judgement import Judgement, most_telling
from monitor.sentiment.learning.head import SIDES, Floats, Head, Side, chances
from monitor.sentiment.learning.refit import FOLDS, Examples, choose, held_out, losses, refit
from monitor.sentiment.learning.taught import CanPool

FEWEST = 30
"""Corrections of a side, with at least FEWEST_OF_EACH of either answer, below which it is left alone."""
FEWEST_OF_EACH = 5
MOST = 2_000
"""The newest so many corrections are learnt from."""
CHANCE = 0.05
_ANCHORS_WEIGH = 0.5
"""All anchors together, in corrections. Corrections come from what was shown to staff; anchors, which are to be judged as
before, keep what nobody corrected where it is."""
_DIRECTIONS = 64
_FLIPS = 9_999
_SEED = 20261122


@dataclass(frozen=True)
class Labelled:
    """What staff said of one post. None: they did not say."""

    readings: Sequence[str]
    """What is judged of it; the reading counts that says most."""
    language: str
    is_unhappy: bool | None
    is_complaint: bool | None
    case: int
    """Posts of one case are never on both sides of a comparison."""


class TooFew(Exception):
    """Nothing can be learnt yet. Its message is a sentence."""


@dataclass(frozen=True)
class Score:
    """Corrections before and after, the latter judged by heads that had not seen their case."""

    corrections: int
    right_before: int
    right_after: int
    loss_before: float
    """Mean log loss of an answer, in nats."""
    loss_after: float


@dataclass(frozen=True)
class Lesson:
    head: Head
    score: Score
    languages: dict[str, Score]
    chance: float
    """How often a difference like this would come about if both heads were equally good."""
    others: int
    """Posts that nobody corrected."""
    alerts_before: int
    """Of these, judged to be unhappy or a complaint."""
    alerts_after: int

    @property
    def is_better(self) -> bool:
        """More is given to what staff said, more than chance would explain, and no fewer of their verdicts are met.

        Corrections that contradict each other teach to be unsure, which loses less and is of no use.
        """
        score = self.score
        is_no_worse = score.right_after >= score.right_before
        return is_no_worse and score.loss_after < score.loss_before and self.chance < CHANCE

    def figures(self) -> dict[str, Any]:
        """Everything but the head, for JSON."""
        return {
            **vars(self.score),
            "languages": {code: vars(score) for code, score in self.languages.items()},
            "chance": self.chance,
            "others": self.others,
            "alerts_before": self.alerts_before,
            "alerts_after": self.alerts_after,
        }


def learn(classifier: CanPool, corrections: Sequence[Labelled], others: Sequence[Labelled]) -> Lesson:
    """Refit the last layer to corrections, oldest first; ``others`` are recent posts that nobody corrected.

    Raises TooFew.
    """
    corrections = corrections[-MOST:]
    _refuse_too_few(corrections)
    corrected, quiet = _Seen.of(corrections, classifier), _Seen.of(others, classifier)
    corrections = corrected.posts
    _refuse_too_few(corrections)
    judgements = [*corrected.judgements, *quiet.judgements]
    pooled = np.concatenate([corrected.pooled, quiet.pooled])
    truth = {side: _answers(side, corrections) for side in SIDES}
    view = _View.of(pooled)
    case = np.array([one.case for one in corrections] + [-1] * len(quiet.posts), np.int64)
    sides: dict[str, Side] = {}
    after = {side: chances(side, judgements[: len(corrections)]) for side in SIDES}
    for side in filter(lambda side: _is_enough(truth[side]), SIDES):
        before = chances(side, judgements)
        if not np.isnan(before).any():
            examples = _examples(view.see(pooled), before, truth[side], case)
            answered = ~np.isnan(truth[side])
            after[side][answered] = held_out(examples, _SEED)[: answered.sum()]
            sides[side] = view.unsee(refit(examples, choose(examples, FOLDS, _SEED)))
    if not sides:
        raise TooFew("This model does not say what was corrected: there is nothing to refit.")
    return _lesson(Head(sides), corrections, truth, judgements, pooled, after)


@dataclass(frozen=True)
class _Seen:
    """Posts in which the model can read something: others it judges as it shipped, whatever is learnt."""

    posts: Sequence[Labelled]
    judgements: Sequence[Judgement]
    pooled: Floats

    @classmethod
    def of(cls, posts: Sequence[Labelled], classifier: CanPool) -> "_Seen":
        texts = [text for post in posts for text in post.readings]
        languages = [post.language for post in posts for _ in post.readings]
        judgements, pooled = classifier.judge_pooled(texts, languages)
        counting = most_telling(judgements, [len(post.readings) for post in posts])
        readable = (pooled != 0).any(axis=1)
        read = [(post, place) for post, place in zip(posts, counting, strict=True) if readable[place]]
        places = [place for _, place in read]
        return cls([post for post, _ in read], [judgements[place] for place in places], pooled[places])


@dataclass(frozen=True)
class _View:
    """Pooled vectors in the few directions in which these texts differ most, scaled alike for every model.

    A team has tens of corrections, not thousands: more directions would cost minutes and say nothing.
    """

    centre: Floats
    directions: Floats
    """(width, at most ``_DIRECTIONS``), over the scale."""

    @classmethod
    def of(cls, pooled: Floats) -> "_View":
        centre = pooled.mean(axis=0)
        rest = pooled - centre
        _, _, rows = np.linalg.svd(rest, full_matrices=False)
        scale = float(np.sqrt((rest**2).sum(axis=1).mean())) or 1.0
        return cls(centre, rows[:_DIRECTIONS].T / scale)

    def see(self, pooled: Floats) -> Floats:
        seen: Floats = (pooled - self.centre) @ self.directions
        return seen

    def unsee(self, side: Side) -> Side:
        """A side on what was seen, as one on the vectors themselves."""
        weights = self.directions @ side.weights
        return Side(weights, side.bias - float(weights @ self.centre), side.slope)


def _answers(side: str, corrections: Iterable[Labelled]) -> Floats:
    said = [one.is_unhappy if side == "negative" else one.is_complaint for one in corrections]
    return np.array([np.nan if one is None else float(one) for one in said], np.float64)


def _is_enough(truth: Floats) -> bool:
    yes, no = int((truth == 1).sum()), int((truth == 0).sum())
    return yes + no >= FEWEST and min(yes, no) >= FEWEST_OF_EACH


def _refuse_too_few(corrections: Sequence[Labelled]) -> None:
    truth = [_answers(side, corrections) for side in SIDES]
    if any(map(_is_enough, truth)):
        return
    yes, no = (max(int((answers == said).sum()) for answers in truth) for said in (1, 0))
    raise TooFew(
        f"There are {len(corrections)} corrections that the model can read ({yes} yes, {no} no). To learn from, at least "
        f"{FEWEST} are needed, with {FEWEST_OF_EACH} or more of either answer. Go on pressing the buttons under the cards."
    )


def _examples(seen: Floats, before: Floats, truth: Floats, case: NDArray[np.int64]) -> Examples:
    """The corrections that answer for this side, then the anchors."""
    anchors = len(before) - len(truth)
    answered = ~np.isnan(truth)
    known = np.append(answered, np.ones(anchors, bool))
    weight = _ANCHORS_WEIGH * answered.sum() / anchors if anchors else 0.0
    return Examples(
        seen[known],
        before[known],
        np.append(truth[answered], before[len(truth) :]),
        np.append(np.ones(answered.sum()), np.full(anchors, min(1.0, weight))),
        case[known],
    )


def _lesson(
    head: Head,
    corrections: Sequence[Labelled],
    truth: dict[str, Floats],
    judgements: Sequence[Judgement],
    pooled: Floats,
    after: dict[str, Floats],
) -> Lesson:
    count = len(corrections)
    before = {side: chances(side, judgements[:count]) for side in SIDES}
    gained = np.nansum(_losses(before, truth) - _losses(after, truth), axis=0)
    others, seen = judgements[count:], pooled[count:]
    scores = {
        code: _score(np.array([one.language == code for one in corrections]), before, after, truth)
        for code in sorted({one.language for one in corrections})
    }
    return Lesson(
        head,
        _score(np.ones(count, bool), before, after, truth),
        scores,
        by_chance(gained, np.array([one.case for one in corrections])),
        len(others),
        _alerts(others),
        _alerts(head.judge(others, seen)) if others else 0,
    )


def _losses(said: dict[str, Floats], truth: dict[str, Floats]) -> Floats:
    """Log loss of every answer, (sides, n), NaN where there is none."""
    return np.array([losses(said[side], truth[side]) for side in SIDES])


def _score(
    where: NDArray[np.bool_], before: dict[str, Floats], after: dict[str, Floats], truth: dict[str, Floats]
) -> Score:
    return Score(
        int(where.sum()),
        int(_right(before, truth)[where].sum()),
        int(_right(after, truth)[where].sum()),
        _mean(_losses(before, truth)[:, where]),
        _mean(_losses(after, truth)[:, where]),
    )


def _mean(losses: Floats) -> float:
    known = losses[~np.isnan(losses)]
    return round(float(known.mean()), 4) if len(known) else 0.0


def _right(said: dict[str, Floats], truth: dict[str, Floats]) -> NDArray[np.bool_]:
    """Whether all that staff said of a post was said by the model too, (n,)."""
    wrong = [(~np.isnan(truth[side])) & ((said[side] > 0.5) != (truth[side] == 1)) for side in SIDES]
    right: NDArray[np.bool_] = ~np.any(wrong, axis=0)
    return right


def by_chance(gained: Floats, case: NDArray[np.int64]) -> float:
    """Return how likely a gain at least as large is where better and worse are a coin's toss for each case.

    One-sided sign-flip permutation (Pitman 1937; the case is the unit since its posts are alike); ``gained`` (n,) is
    the log loss before less the log loss after.
    """
    _, unit = np.unique(case, return_inverse=True)
    gains = np.bincount(unit, gained)
    tosses = np.random.default_rng(_SEED)
    # Sums that are equal but for rounding are equal.
    as_large = sum(
        tosses.choice((-1.0, 1.0), len(gains)) @ gains >= gains.sum() - 1e-9 for _ in range(_FLIPS)
    )
    return float((1 + as_large) / (1 + _FLIPS))


def _alerts(judgements: Sequence[Judgement]) -> int:
    return sum(max(j.sentiment.negative, j.complaint or 0.0) > 0.5 for j in judgements)
