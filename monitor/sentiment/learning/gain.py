"""How much better corrections are judged after than before, and whether chance would explain it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.learning.head import Floats
from monitor.sentiment.learning.refit import losses
from monitor.sentiment.learning.seen import Labelled

_FLIPS = 9_999
_SEED = 20261122


@dataclass(frozen=True)
class Score:
    """Corrections before, by the model as it ships, and after, by heads that had seen neither their case nor a copy."""

    corrections: int
    right_before: int
    right_after: int
    loss_before: float
    """Mean log loss of an answer, in nats."""
    loss_after: float


def compare(
    where: NDArray[np.bool_], before: dict[str, Floats], after: dict[str, Floats], truth: dict[str, Floats]
) -> Score:
    return Score(
        int(where.sum()),
        int(_right(before, truth)[where].sum()),
        int(_right(after, truth)[where].sum()),
        _mean(_losses(before, truth)[:, where]),
        _mean(_losses(after, truth)[:, where]),
    )


def by_language(
    posts: Sequence[Labelled], before: dict[str, Floats], after: dict[str, Floats], truth: dict[str, Floats]
) -> dict[str, Score]:
    languages = np.array([post.language for post in posts])
    return {str(code): compare(languages == code, before, after, truth) for code in np.unique(languages)}


def gain(before: dict[str, Floats], after: dict[str, Floats], truth: dict[str, Floats]) -> Floats:
    """Return how much less is lost of what staff said of each correction, (n,), on the sides of which ``before`` speaks."""
    after = {side: after[side] for side in before}
    less: Floats = np.nansum(_losses(before, truth) - _losses(after, truth), axis=0)
    return less


def share_of_others(truth: Floats, unit: NDArray[np.int64]) -> Floats:
    """Return (n,) the share of yes among the answers of other units, half an answer of each kind added.

    The half is Krichevsky's and Trofimov's (1981): never quite 0 or 1.
    """
    is_of_others = (unit[:, None] != unit) & ~np.isnan(truth)
    yes: Floats = is_of_others @ np.nan_to_num(truth)
    shares: Floats = (yes + 0.5) / (is_of_others.sum(axis=1) + 1)
    return shares


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


def _losses(said: dict[str, Floats], truth: dict[str, Floats]) -> Floats:
    """Log loss of every answer, (sides, n), NaN where there is none."""
    return np.array([losses(chances, truth[side]) for side, chances in said.items()])


def _mean(losses: Floats) -> float:
    known = losses[~np.isnan(losses)]
    return round(float(known.mean()), 4) if len(known) else 0.0


def _right(said: dict[str, Floats], truth: dict[str, Floats]) -> NDArray[np.bool_]:
    """Whether all that staff said of a post was said by the model too, (n,)."""
    wrong = [(~np.isnan(truth[side])) & ((said[side] > 0.5) != (truth[side] == 1)) for side in truth]
    right: NDArray[np.bool_] = ~np.any(wrong, axis=0)
    return right
