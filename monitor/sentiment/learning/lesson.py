"""From a team's corrections to a head of its own, and to whether that is better than chance would explain."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.judgement import Judgement, most_telling
from monitor.sentiment.learning.head import SIDES, Floats, Head, Side, chances
from monitor.sentiment.learning.refit import FOLDS, Examples, choose, held_out, losses, refit
from monitor.sentiment.learning.taught import CanPool
from monitor.sentiment.learning.units import units
from monitor.zones import ALERT_FROM

AlertFrom = Callable[[str], float]
"""From which score on a post in this language is alerted."""

FEWEST = 30
"""Corrections of a side, copies and posts of one case counted once, with at least FEWEST_OF_EACH of either answer, below
which it is left alone."""
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
    """Posts of one case are never on both sides of a comparison, nor are copies."""


class TooFew(Exception):
    """Nothing can be learnt yet. Its message is a sentence."""


@dataclass(frozen=True)
class Score:
    """Corrections before, by the model as it ships, and after, by heads that had seen neither their case nor a copy."""

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
    chance_unread: float
    """The same, against knowing only how often staff say yes, whatever the text."""
    others: int
    """Posts that nobody corrected."""
    alerts_before: int
    """Of these, alerted for their words by what judges now."""
    alerts_after: int
    replaces: bool
    """What judges now was learnt too."""
    taught_by: str
    """SHA-256 of the corrections."""

    @property
    def is_better(self) -> bool:
        """More is given to what staff said, more than chance would explain, and no fewer of their verdicts are met.

        As many are enough: a model that is sure of itself by the right measure has gained, for zones are set by it. But
        corrections that contradict each other teach to be unsure, which loses less too and raises no alert any more: so
        what was learnt has to follow from the texts.
        """
        score = self.score
        is_no_worse = score.right_after >= score.right_before
        is_likelier = score.loss_after < score.loss_before and self.chance < CHANCE
        return is_no_worse and is_likelier and self.follows_from_texts

    @property
    def follows_from_texts(self) -> bool:
        return self.chance_unread < CHANCE

    def figures(self) -> dict[str, Any]:
        """Everything but the head, for JSON."""
        return {
            **vars(self.score),
            "languages": {code: vars(score) for code, score in self.languages.items()},
            "chance": self.chance,
            "chance_unread": self.chance_unread,
            "others": self.others,
            "alerts_before": self.alerts_before,
            "alerts_after": self.alerts_after,
            "replaces": self.replaces,
            "taught_by": self.taught_by,
        }


def learn(
    classifier: CanPool,
    corrections: Sequence[Labelled],
    others: Sequence[Labelled],
    alert_from: AlertFrom = lambda _: ALERT_FROM,
    in_use: Head | None = None,
) -> Lesson:
    """Refit the last layer to corrections, oldest first; ``others`` are recent posts that nobody corrected.

    They show what would change of alerts, from what ``in_use`` raises; None: the model judges as it ships. Raises TooFew.
    """
    corrections = corrections[-MOST:]
    _refuse_too_few(corrections, np.arange(len(corrections)))
    corrected, quiet = _Seen.of(corrections, classifier), _Seen.of(others, classifier)
    _refuse_too_few(corrected.posts, corrected.units())
    spoken = [side for side in SIDES if corrected.speaks_of(side) and quiet.speaks_of(side)]
    corrected = corrected.answering(spoken)
    truth = {side: _answers(side, corrected.posts) for side in spoken}
    unit = corrected.units()
    if not any(_is_enough(answers, unit) for answers in truth.values()):
        raise TooFew("This model does not say what was corrected: there is nothing to refit.")
    head, after = _refitted(corrected, quiet, truth, unit)
    before = {side: chances(side, corrected.judgements) for side in spoken}
    unread = {side: _share_of_others(truth[side], unit) for side in head.sides}
    now = in_use.judge(quiet.judgements, quiet.pooled) if in_use else quiet.judgements
    return Lesson(
        head,
        _score(np.ones(len(unit), bool), before, after, truth),
        _by_language(corrected.posts, before, after, truth),
        by_chance(_gained(before, after, truth), unit),
        by_chance(_gained(unread, after, truth), unit),
        len(quiet.posts),
        _alerts(now, quiet.posts, alert_from),
        _alerts(head.judge(quiet.judgements, quiet.pooled), quiet.posts, alert_from),
        in_use is not None,
        _digest(corrected, truth),
    )


@dataclass(frozen=True)
class _Seen:
    """Posts in which the model can read something: others it judges as it shipped, whatever is learnt."""

    posts: Sequence[Labelled]
    texts: Sequence[str]
    """The reading of each that counts."""
    judgements: Sequence[Judgement]
    pooled: Floats

    @classmethod
    def of(cls, posts: Sequence[Labelled], classifier: CanPool) -> "_Seen":
        texts = [text for post in posts for text in post.readings]
        languages = [post.language for post in posts for _ in post.readings]
        judgements, pooled = classifier.judge_pooled(texts, languages)
        counting = most_telling(judgements, [len(post.readings) for post in posts])
        seen = cls(posts, [texts[p] for p in counting], [judgements[p] for p in counting], pooled[counting])
        return seen.at((seen.pooled != 0).any(axis=1))

    def at(self, where: NDArray[np.bool_]) -> "_Seen":
        places: list[int] = np.flatnonzero(where).tolist()
        return _Seen(
            [self.posts[place] for place in places],
            [self.texts[place] for place in places],
            [self.judgements[place] for place in places],
            self.pooled[places],
        )

    def units(self) -> NDArray[np.int64]:
        return units(self.texts, [post.case for post in self.posts])

    def speaks_of(self, side: str) -> bool:
        return not np.isnan(chances(side, self.judgements)).any()

    def answering(self, sides: Iterable[str]) -> "_Seen":
        """Those of which staff said something that the model says too."""
        return self.at(np.any([~np.isnan(_answers(side, self.posts)) for side in sides], axis=0))


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


def _is_enough(truth: Floats, unit: NDArray[np.int64]) -> bool:
    """Of a few texts, however often they were posted, chance is a poor judge: each counts once."""
    yes, no = _told(truth, 1, unit), _told(truth, 0, unit)
    return len(np.unique(unit[~np.isnan(truth)])) >= FEWEST and min(yes, no) >= FEWEST_OF_EACH


def _told(truth: Floats, answer: int, unit: NDArray[np.int64]) -> int:
    return len(np.unique(unit[truth == answer]))


def _refuse_too_few(corrections: Sequence[Labelled], unit: NDArray[np.int64]) -> None:
    truth = [_answers(side, corrections) for side in SIDES]
    if any(_is_enough(answers, unit) for answers in truth):
        return
    yes, no = (max(_told(answers, said, unit) for answers in truth) for said in (1, 0))
    raise TooFew(
        f"There are {len(np.unique(unit))} corrections that the model can read ({yes} yes, {no} no). To learn from, at "
        f"least {FEWEST} are needed, with {FEWEST_OF_EACH} or more of either answer; copies, and posts of one case, count "
        "once. Go on pressing the buttons under the cards."
    )


def _refitted(
    corrected: _Seen, quiet: _Seen, truth: dict[str, Floats], unit: NDArray[np.int64]
) -> tuple[Head, dict[str, Floats]]:
    """Refit the sides with enough corrections; return them, and what is said of each correction by sides that never saw it."""
    judgements = [*corrected.judgements, *quiet.judgements]
    pooled = np.concatenate([corrected.pooled, quiet.pooled])
    view = _View.of(pooled)
    group = np.append(unit, np.full(len(quiet.posts), -1))
    sides: dict[str, Side] = {}
    after = {side: chances(side, corrected.judgements) for side in truth}
    for side in filter(lambda side: _is_enough(truth[side], unit), truth):
        examples = _examples(view.see(pooled), chances(side, judgements), truth[side], group)
        answered = ~np.isnan(truth[side])
        after[side][answered] = held_out(examples, _SEED)[: answered.sum()]
        sides[side] = view.unsee(refit(examples, choose(examples, FOLDS, _SEED)))
    return Head(sides), after


def _examples(seen: Floats, before: Floats, truth: Floats, group: NDArray[np.int64]) -> Examples:
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
        group[known],
    )


def _gained(before: dict[str, Floats], after: dict[str, Floats], truth: dict[str, Floats]) -> Floats:
    """Return how much less is lost of what staff said of each correction, (n,), on the sides of which ``before`` speaks."""
    after = {side: after[side] for side in before}
    gained: Floats = np.nansum(_losses(before, truth) - _losses(after, truth), axis=0)
    return gained


def _share_of_others(truth: Floats, unit: NDArray[np.int64]) -> Floats:
    """Return (n,) the share of yes among the answers of other units, half an answer of each kind added.

    The half is Krichevsky's and Trofimov's (1981): never quite 0 or 1.
    """
    is_of_others = (unit[:, None] != unit) & ~np.isnan(truth)
    yes: Floats = is_of_others @ np.nan_to_num(truth)
    shares: Floats = (yes + 0.5) / (is_of_others.sum(axis=1) + 1)
    return shares


def _losses(said: dict[str, Floats], truth: dict[str, Floats]) -> Floats:
    """Log loss of every answer, (sides, n), NaN where there is none."""
    return np.array([losses(chances, truth[side]) for side, chances in said.items()])


def _by_language(
    posts: Sequence[Labelled], before: dict[str, Floats], after: dict[str, Floats], truth: dict[str, Floats]
) -> dict[str, Score]:
    languages = np.array([post.language for post in posts])
    return {str(code): _score(languages == code, before, after, truth) for code in np.unique(languages)}


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
    wrong = [(~np.isnan(truth[side])) & ((said[side] > 0.5) != (truth[side] == 1)) for side in truth]
    right: NDArray[np.bool_] = ~np.any(wrong, axis=0)
    return right


def by_chance(gained: Floats, unit: NDArray[np.int64]) -> float:
    """Return how likely a gain at least as large is where better and worse are a coin's toss for each unit.

    One-sided sign-flip permutation (Pitman 1937; cases and copies are tossed as one since their posts are alike);
    ``gained`` (n,) is the log loss before less the log loss after.
    """
    _, place = np.unique(unit, return_inverse=True)
    gains = np.bincount(place, gained)
    tosses = np.random.default_rng(_SEED)
    # Sums that are equal but for rounding are equal.
    as_large = sum(
        tosses.choice((-1.0, 1.0), len(gains)) @ gains >= gains.sum() - 1e-9 for _ in range(_FLIPS)
    )
    return float((1 + as_large) / (1 + _FLIPS))


def _alerts(judgements: Sequence[Judgement], posts: Sequence[Labelled], alert_from: AlertFrom) -> int:
    """Count what triage alerts for its words alone."""
    scores = [max(judgement.sentiment.negative, judgement.complaint or 0.0) for judgement in judgements]
    return sum(score >= alert_from(post.language) for score, post in zip(scores, posts, strict=True))


def _digest(corrected: _Seen, truth: dict[str, Floats]) -> str:
    languages = [post.language for post in corrected.posts]
    answers = [truth[side].tolist() for side in sorted(truth)]
    lines = sorted(map(repr, zip(corrected.texts, languages, *answers, strict=True)))
    return sha256("\n".join(lines).encode()).hexdigest()
