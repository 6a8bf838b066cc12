"""How far two labellings of our written posts agree: `python -m training.agreement`.

The second labelling was blind: it saw the text, the trade, the place and the brand, never the first labels. Rows on
which the two differ, in sentiment or in kind, are in posts/disputed with both labels, and nobody learns from them.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

POSTS = Path(__file__).with_name("posts")

Pair = tuple[str, str]


def kappa(pairs: Sequence[Pair]) -> float:
    """Cohen's: agreement beyond what two labellers with these habits would reach by chance. (Cohen 1960)"""
    total = len(pairs)
    agreed = sum(one == other for one, other in pairs) / total
    first, second = (Counter(labels) for labels in zip(*pairs, strict=True))
    chance = sum(first[label] * second[label] for label in first) / total**2
    return (agreed - chance) / (1 - chance)


def pairs(language: str, label: str) -> list[Pair]:
    """Both labels of every post of a language."""
    same = [(row[label], row[label]) for row in _rows(POSTS / f"{language}.jsonl")]
    return same + [
        (row[label], row["second"][label]) for row in _rows(POSTS / "disputed" / f"{language}.jsonl")
    ]


def main() -> None:
    print("language   posts  sentiment  kappa   kind  kappa")
    for path in sorted((POSTS / "disputed").glob("*.jsonl")):
        feeling, kind = (pairs(path.stem, label) for label in ("sentiment", "kind"))
        print(
            f"{path.stem:8} {len(feeling):7,} {_agreed(feeling):10.3f} {kappa(feeling):6.3f} "
            f"{_agreed(kind):6.3f} {kappa(kind):6.3f}"
        )


def _agreed(labels: Sequence[Pair]) -> float:
    return sum(one == other for one, other in labels) / len(labels)


def _rows(path: Path) -> Iterable[dict[str, object]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    main()
