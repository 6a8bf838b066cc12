"""What the shipped model says, kept for the tests: `python -m training.golden`, after shipping another one.

Writes into tests/monitor/sentiment: golden.jsonl (200 texts that were written for it, each with what the model says of it
alone) and written.json (its scores on our written test posts, by language). The tests allow for what another processor
makes of int8, and for nothing more.
"""

import json
from pathlib import Path
from typing import Any

from monitor.sentiment.classifier import Classifier, load
from training.evaluate import test_posts, written

TESTS = Path(__file__).parents[1] / "tests/monitor/sentiment"
GOLDEN = TESTS / "golden.jsonl"
WRITTEN = TESTS / "written.json"
_KEPT = ("macro_f1", "negative_auc", "ece", "complaint_auc", "complaint_macro_f1")


def said_of(classifier: Classifier, text: str) -> dict[str, float | None]:
    """Judge a text alone: company would move it a little."""
    judgement = classifier.judge([text])[0]
    said = {**vars(judgement.sentiment), "complaint": judgement.complaint}
    return {name: value if value is None else round(value, 4) for name, value in said.items()}


def scores(classifier: Classifier) -> dict[str, dict[str, float]]:
    """Score the written test posts, by language."""
    figures = written(classifier, test_posts())
    return {
        language: {"n": int(values["n"])} | {name: round(float(values[name]), 4) for name in _KEPT}
        for language, values in figures.items()
    }


def golden() -> list[dict[str, Any]]:
    return [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    classifier = load()
    rows = [
        {"language": row["language"], "text": row["text"], **said_of(classifier, row["text"])}
        for row in golden()
    ]
    GOLDEN.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    WRITTEN.write_text(json.dumps(scores(classifier), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
