"""How alike texts are: TF-IDF over runs of four letters, which need no dictionary and forgive endings.

Runs of four letters find inflected words in European languages as well as stemmers do (P. McNamee and J. Mayfield,
"Character N-Gram Tokenization for European Language Text Retrieval", Information Retrieval 7, 2004).
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from monitor.folding import words

RUN = 4


class Likeness:
    """A few texts, each to be held against others."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(_runs(text)) for text in texts]
        self._rarity = {run: _rarity(counts, run) for run in set().union(*counts)}
        self._texts = [self._weighed(count) for count in counts]

    def to(self, text: str) -> list[float]:
        """0 to 1 for each of our texts: how alike this one is."""
        asked = self._weighed(Counter(_runs(text)))
        return [sum(weight * asked.get(run, 0.0) for run, weight in ours.items()) for ours in self._texts]

    def _weighed(self, counts: Counter[str]) -> dict[str, float]:
        """Of length one; runs that none of our texts has are left out."""
        weights = {
            run: (1 + math.log(n)) * self._rarity[run] for run, n in counts.items() if run in self._rarity
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {run: weight / length for run, weight in weights.items()} if length else {}


def _runs(text: str) -> Iterator[str]:
    for word in words(text):
        padded = f" {word}"
        yield from (padded[start : start + RUN] for start in range(max(1, len(padded) - RUN + 1)))


def _rarity(counts: Sequence[Counter[str]], run: str) -> float:
    """More than nothing for a run that all texts have: where there is but one text, it must be found too."""
    return math.log(1 + len(counts) / sum(run in count for count in counts))
