"""A classifier that shows what it sees, and a team that knows better than it does."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from monitor.sentiment.judgement import Judgement, Sentiment
from monitor.sentiment.learning.head import Floats, sigmoid
from monitor.sentiment.learning.seen import Labelled

WIDTH = 12


@dataclass
class Seeing:
    """Every text has a vector of its own; unhappy is what lies far along the first of its axes."""

    name: str = "seeing"
    can_pool: bool = True
    fingerprint: str = "f" * 64
    batches: list[str] = field(default_factory=list)

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Judgement]:
        self.batches.append("judge")
        return self._judge(see(texts))

    def judge_pooled(
        self, texts: Sequence[str], languages: Sequence[str] | None = None
    ) -> tuple[list[Judgement], Floats]:
        self.batches.append("judge_pooled")
        return self._judge(see(texts)), see(texts)

    def _judge(self, seen: Floats) -> list[Judgement]:
        chances = sigmoid(2 * seen[:, 0]).tolist()
        return [Judgement(Sentiment(p, (1 - p) * 0.75, (1 - p) * 0.25), p) for p in chances]


def see(texts: Sequence[str]) -> Floats:
    """The same vector for a text whenever it is seen."""
    rows = [np.random.default_rng(list(text.encode())).normal(size=WIDTH) for text in texts]
    return np.array(rows, np.float64).reshape(-1, WIDTH)


def corrected(count: int, knows_better: float = 0.0, start: int = 0) -> list[Labelled]:
    """What a team says of ``count`` posts: as the model, but for how far they lie along the second axis."""
    texts = [f"post {number}" for number in range(start, start + count)]
    seen = see(texts)
    chances = sigmoid(2 * seen[:, 0] - knows_better * seen[:, 1])
    dice = np.random.default_rng(start).random(count)
    return [
        Labelled((text,), ("uk", "en")[number % 2], bool(roll < chance), bool(roll < chance), start + number)
        for number, (text, chance, roll) in enumerate(zip(texts, chances, dice, strict=True))
    ]
