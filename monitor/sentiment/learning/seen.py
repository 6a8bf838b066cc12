"""What staff said of posts, and what the model makes of their texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.judgement import Judgement, most_telling
from monitor.sentiment.learning.head import Floats, Side, chances
from monitor.sentiment.learning.taught import CanPool
from monitor.sentiment.learning.units import units

_DIRECTIONS = 64


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


@dataclass(frozen=True)
class Seen:
    """Posts in which the model can read something: others it judges as it shipped, whatever is learnt."""

    posts: Sequence[Labelled]
    texts: Sequence[str]
    """The reading of each that counts."""
    judgements: Sequence[Judgement]
    pooled: Floats

    @classmethod
    def of(cls, posts: Sequence[Labelled], classifier: CanPool) -> "Seen":
        texts = [text for post in posts for text in post.readings]
        languages = [post.language for post in posts for _ in post.readings]
        judgements, pooled = classifier.judge_pooled(texts, languages)
        counting = most_telling(judgements, [len(post.readings) for post in posts])
        seen = cls(posts, [texts[p] for p in counting], [judgements[p] for p in counting], pooled[counting])
        return seen.at((seen.pooled != 0).any(axis=1))

    def at(self, where: NDArray[np.bool_]) -> "Seen":
        places: list[int] = np.flatnonzero(where).tolist()
        return Seen(
            [self.posts[place] for place in places],
            [self.texts[place] for place in places],
            [self.judgements[place] for place in places],
            self.pooled[places],
        )

    def units(self) -> NDArray[np.int64]:
        return units(self.texts, [post.case for post in self.posts])

    def speaks_of(self, side: str) -> bool:
        return not np.isnan(chances(side, self.judgements)).any()

    def answering(self, sides: Iterable[str]) -> "Seen":
        """Those of which staff said something that the model says too."""
        return self.at(np.any([~np.isnan(truth_of(side, self.posts)) for side in sides], axis=0))


@dataclass(frozen=True)
class View:
    """Pooled vectors in the few directions in which these texts differ most, scaled alike for every model.

    A team has tens of corrections, not thousands: more directions would cost minutes and say nothing.
    """

    centre: Floats
    directions: Floats
    """(width, at most ``_DIRECTIONS``), over the scale."""

    @classmethod
    def of(cls, pooled: Floats) -> "View":
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


def truth_of(side: str, corrections: Iterable[Labelled]) -> Floats:
    """Return (n,) what staff said: 1 for yes, 0 for no, NaN where they did not say."""
    said = [one.is_unhappy if side == "negative" else one.is_complaint for one in corrections]
    return np.array([np.nan if one is None else float(one) for one in said], np.float64)
