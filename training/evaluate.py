"""Prints how good a model is: `python -m training.evaluate ../shared/sentiment/dev [MODEL]`."""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from monitor.sentiment.classifier import Classifier, Judgement, load
from training.rows import LANGUAGES, SENTIMENTS, lines, part_of, post_lines
from training.scores import Floats, recall_at_precision, scores, verdicts

Line = dict[str, Any]
# macro-F1 / negative F1 / negative AUC of the trial, and macro-F1 (LaRoSeDa: accuracy) of character n-grams
# on the permissive rows, both from the README of the data.
TRIAL = {
    "uk_brighter_tweets_test": ".720/.696/.869  ngrams .659",
    "ru_sentirueval2016_banks_test": ".556/.517/.833  ngrams .429",
    "ru_rusentiment_test": ".569/.559/.904  ngrams .571",
    "ro_laroseda_test": ".894/.885/.965  ngrams .846",
    "ro_brighter_test": ".775/.908/.959  ngrams .746",
    "en_tweeteval_sentiment_test_3k": ".621/.681/.858  ngrams .593",
    "en_umsab_test": ".687/.750/.912  ngrams .656",
}


def probabilities(judgements: Sequence[Judgement]) -> Floats:
    return np.array([(j.sentiment.negative, j.sentiment.neutral, j.sentiment.positive) for j in judgements])


def judged(classifier: Classifier, rows: Sequence[Line]) -> list[Judgement]:
    """Judge rows {text, language}; the public sets say lang."""
    return classifier.judge(
        [row["text"] for row in rows], [row.get("language") or row["lang"] for row in rows]
    )


def score_set(classifier: Classifier, rows: Sequence[Line]) -> dict[str, float]:
    """Score rows {text, label}; as two classes where no row is neutral."""
    truth = np.array([SENTIMENTS.index(row["label"]) for row in rows])
    return scores(truth, probabilities(judged(classifier, rows)), two_classes=1 not in truth)


def score_complaints(classifier: Classifier, rows: Sequence[Line]) -> dict[str, float]:
    """Score rows {text, complaint: 0 or 1} by the probability of a complaint."""
    said = [judgement.complaint for judgement in judged(classifier, rows)]
    if None in said:
        return {}
    chance, truth = np.array(said, float), np.array([row["complaint"] for row in rows])
    return {
        "n": len(rows),
        "auc": float(roc_auc_score(truth, chance)),
        "macro_f1": float(f1_score(truth, chance > 0.5, average="macro")),
    }


def dev_sets(classifier: Classifier, folder: Path) -> dict[str, dict[str, float]]:
    """Score every file of folder."""
    figures = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        rows = list(lines(path))
        score = score_complaints if "complaint" in rows[0] else score_set
        figures[path.name.removesuffix(".jsonl.gz")] = score(classifier, rows)
    return figures


def test_posts() -> list[Line]:
    """Return the written posts that training never saw."""
    return [line | {"label": line["sentiment"]} for line in post_lines() if part_of(line) == "test"]


def written(classifier: Classifier, posts: Sequence[Line]) -> dict[str, dict[str, float]]:
    """Score our own test posts by language, with complaints and the recall at precision 0.9."""
    figures = {}
    for language in LANGUAGES:
        rows = [row for row in posts if row["language"] == language]
        if not rows:
            continue
        complaints = [row | {"complaint": int(row["kind"] == "complaint")} for row in rows]
        said = score_complaints(classifier, complaints)
        figures[language] = score_set(classifier, rows) | {
            f"complaint_{k}": v for k, v in said.items() if k != "n"
        }
        negative = probabilities(judged(classifier, rows))[:, 0]
        truth = np.array([row["label"] == "negative" for row in rows])
        recall, threshold = recall_at_precision(truth, negative)
        figures[language] |= {"recall_at_p90": recall, "threshold_p90": threshold}
    return figures


def by_hardness(classifier: Classifier, posts: Sequence[Line]) -> dict[str, dict[str, float]]:
    """Return how often the verdict is right for each hard thing, worst first."""
    chances = probabilities(judged(classifier, posts))
    groups: dict[str, list[bool]] = defaultdict(list)
    for row, said in zip(posts, verdicts(chances), strict=True):
        for name in row["hard"] or ["nothing hard"]:
            groups[name].append(SENTIMENTS[said] == row["label"])
    figures = {name: {"n": len(right), "accuracy": float(np.mean(right))} for name, right in groups.items()}
    return dict(sorted(figures.items(), key=lambda item: item[1]["accuracy"]))


def table(
    title: str, figures: dict[str, dict[str, float]], beside: Mapping[str, str] = MappingProxyType({})
) -> None:
    print(f"\n{title}")
    for name, values in figures.items():
        cells = [f"{key} {value:.3f}" if key != "n" else f"n {value}" for key, value in values.items()]
        print(f"  {name:32}", "  ".join(cells), " trial " + beside[name] if name in beside else "")


def means(figures: dict[str, dict[str, float]]) -> dict[str, float]:
    """Average over the sets with three classes of sentiment."""
    sets = [values for values in figures.values() if "negative_auc" in values]
    return {key: float(np.mean([values[key] for values in sets])) for key in sets[0] if key != "n"}


def main(dev: Path, model: str = "embedded", *more: str) -> None:
    classifier = load(model)
    figures = dev_sets(classifier, dev)
    figures["mean"] = means(figures)
    posts = test_posts()
    own, hard = written(classifier, posts), by_hardness(classifier, posts)
    if "--json" in more:
        print(json.dumps({"dev": figures, "written": own, "hard": hard}, indent=1))
        return
    table("public sets (trial: macro-F1 / negative F1 / negative AUC; mean .689/.714/.900)", figures, TRIAL)
    table("written posts, never trained on", own)
    table("written posts by what makes them hard: accuracy", hard)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
