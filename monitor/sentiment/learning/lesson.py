"""From a team's corrections to a head of its own, and to whether that is better than chance would explain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.judgement import Judgement
from monitor.sentiment.learning.gain import Score, by_chance, by_language, compare, gain, share_of_others
from monitor.sentiment.learning.head import SIDES, Floats, Head, Side, chances
from monitor.sentiment.learning.refit import FOLDS, Examples, choose, held_out, refit
from monitor.sentiment.learning.seen import Labelled, Seen, View, truth_of
from monitor.sentiment.learning.taught import CanPool
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
_SEED = 20261122


class TooFew(Exception):
    """Nothing can be learnt yet. Its message is a sentence."""


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
    corrected, quiet = Seen.of(corrections, classifier), Seen.of(others, classifier)
    _refuse_too_few(corrected.posts, corrected.units())
    spoken = [side for side in SIDES if corrected.speaks_of(side) and quiet.speaks_of(side)]
    corrected = corrected.answering(spoken)
    truth = {side: truth_of(side, corrected.posts) for side in spoken}
    unit = corrected.units()
    if not any(_is_enough(answers, unit) for answers in truth.values()):
        raise TooFew("This model does not say what was corrected: there is nothing to refit.")
    head, after = _refitted(corrected, quiet, truth, unit)
    before = {side: chances(side, corrected.judgements) for side in spoken}
    unread = {side: share_of_others(truth[side], unit) for side in head.sides}
    now = in_use.judge(quiet.judgements, quiet.pooled) if in_use else quiet.judgements
    return Lesson(
        head,
        compare(np.ones(len(unit), bool), before, after, truth),
        by_language(corrected.posts, before, after, truth),
        by_chance(gain(before, after, truth), unit),
        by_chance(gain(unread, after, truth), unit),
        len(quiet.posts),
        _alerts(now, quiet.posts, alert_from),
        _alerts(head.judge(quiet.judgements, quiet.pooled), quiet.posts, alert_from),
        in_use is not None,
        _digest(corrected, truth),
    )


def _is_enough(truth: Floats, unit: NDArray[np.int64]) -> bool:
    """Of a few texts, however often they were posted, chance is a poor judge: each counts once."""
    yes, no = _told(truth, 1, unit), _told(truth, 0, unit)
    return len(np.unique(unit[~np.isnan(truth)])) >= FEWEST and min(yes, no) >= FEWEST_OF_EACH


def _told(truth: Floats, answer: int, unit: NDArray[np.int64]) -> int:
    return len(np.unique(unit[truth == answer]))


def _refuse_too_few(corrections: Sequence[Labelled], unit: NDArray[np.int64]) -> None:
    truth = [truth_of(side, corrections) for side in SIDES]
    if any(_is_enough(answers, unit) for answers in truth):
        return
    yes, no = (max(_told(answers, said, unit) for answers in truth) for said in (1, 0))
    raise TooFew(
        f"There are {len(np.unique(unit))} corrections that the model can read ({yes} yes, {no} no). To learn from, at "
        f"least {FEWEST} are needed, with {FEWEST_OF_EACH} or more of either answer; copies, and posts of one case, count "
        "once. Go on pressing the buttons under the cards."
    )


def _refitted(
    corrected: Seen, quiet: Seen, truth: dict[str, Floats], unit: NDArray[np.int64]
) -> tuple[Head, dict[str, Floats]]:
    """Refit the sides with enough corrections; return them, and what is said of each correction by sides that never saw it."""
    judgements = [*corrected.judgements, *quiet.judgements]
    pooled = np.concatenate([corrected.pooled, quiet.pooled])
    view = View.of(pooled)
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


def _alerts(judgements: Sequence[Judgement], posts: Sequence[Labelled], alert_from: AlertFrom) -> int:
    """Count what triage alerts for its words alone."""
    scores = [max(judgement.sentiment.negative, judgement.complaint or 0.0) for judgement in judgements]
    return sum(score >= alert_from(post.language) for score, post in zip(scores, posts, strict=True))


def _digest(corrected: Seen, truth: dict[str, Floats]) -> str:
    languages = [post.language for post in corrected.posts]
    answers = [truth[side].tolist() for side in sorted(truth)]
    lines = sorted(map(repr, zip(corrected.texts, languages, *answers, strict=True)))
    return sha256("\n".join(lines).encode()).hexdigest()
