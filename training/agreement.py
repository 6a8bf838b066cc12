"""How far two labellings agree, of our written posts and of the public ones: `python -m training.agreement`.

The second labelling was blind: of our posts it saw the text, the trade, the place and the brand, of public posts the
text, and never the first labels. Written posts on which the two differ, in sentiment or in kind, are in posts/disputed
or later/disputed with both labels, and nobody learns from them; so with posts retold from another language, whose first label is that of
their origin. Of the public posts a sample was labelled twice (labels/second).
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from training.rows import LABELS, LATER, POSTS, RETOLD, lines, post_lines, readings

Pair = tuple[object, object]


def kappa(pairs: Sequence[Pair]) -> float:
    """Cohen's: agreement beyond what two labellers with these habits would reach by chance. (Cohen 1960)"""
    total = len(pairs)
    agreed = sum(one == other for one, other in pairs) / total
    first, second = (Counter(labels) for labels in zip(*pairs, strict=True))
    chance = sum(first[label] * second[label] for label in first) / total**2
    return (agreed - chance) / (1 - chance)


def written(folder: Path, language: str, label: str) -> list[Pair]:
    """Both labels of every post of a language that was written into folder."""
    same = [(row[label], row[label]) for row in _rows(folder / f"{language}.jsonl")]
    disputed = _rows(folder / "disputed" / f"{language}.jsonl")
    return same + [(row[label], row["second"][label]) for row in disputed]


def retold(language: str, label: str) -> list[Pair]:
    """Of each post retold in a language: the label of its origin, and what a blind labeller said."""
    origins = {line["id"]: line for line in post_lines()}
    told = [line for folder in (RETOLD, RETOLD / "disputed") for line in lines(folder / f"{language}.jsonl")]
    both = [(origins[line["of"]], line.get("second", origins[line["of"]])) for line in told]
    return [(origin[label], second[label]) for origin, second in both]


def public(dataset: str, label: int) -> list[Pair]:
    """Both readings of the public posts of a set that were read twice; label is 0 for sentiment, 1 for kind."""
    first = readings(LABELS / f"{dataset}.tsv")
    second = readings(LABELS / "second" / f"{dataset}.tsv")
    return [(first[key][label], second[key][label]) for key in second if key in first]


def main() -> None:
    print(f"{'':22}  posts  sentiment  kappa   kind  kappa")
    for folder, name in ((POSTS, "written"), (LATER, "later")):
        for path in sorted((folder / "disputed").glob("*.jsonl")):
            both = [written(folder, path.stem, label) for label in ("sentiment", "kind")]
            _show(f"{name}, {path.stem}", *both)
    for path in sorted((RETOLD / "disputed").glob("*.jsonl")):
        _show(f"retold, {path.stem}", retold(path.stem, "sentiment"), retold(path.stem, "kind"))
    for path in sorted((LABELS / "second").glob("*.tsv")):
        _show(path.stem, public(path.stem, 0), public(path.stem, 1))


def _show(name: str, feeling: Sequence[Pair], kind: Sequence[Pair]) -> None:
    print(
        f"{name:22} {len(feeling):6,} {_agreed(feeling):10.3f} {kappa(feeling):6.3f} "
        f"{_agreed(kind):6.3f} {kappa(kind):6.3f}"
    )


def _agreed(labels: Sequence[Pair]) -> float:
    return sum(one == other for one, other in labels) / len(labels)


def _rows(path: Path) -> Iterable[dict[str, dict[str, str]]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    main()
