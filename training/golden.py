"""What the shipped model says, kept for the tests: `python -m training.golden`, after shipping another one.

Writes into tests/monitor/sentiment: golden.jsonl (200 texts that were written for it, each with what the model says of it)
and written.json (its scores on our written test posts, by language). The tests allow for what another processor makes of
int8, and for nothing more.
"""

import json
from pathlib import Path
from typing import Any

from monitor.sentiment.classifier import Classifier, load
from monitor.sentiment.evaluation.rows import Row
from monitor.sentiment.evaluation.tally import Tally, said
from training.rows import LANGUAGES, SENTIMENTS, part_of, post_lines

TESTS = Path(__file__).parents[1] / "tests/monitor/sentiment"
GOLDEN = TESTS / "golden.jsonl"
WRITTEN = TESTS / "written.json"


def said_of(classifier: Classifier, text: str, language: str) -> dict[str, float | None]:
    judgement = classifier.judge([text], [language])[0]
    said = {**vars(judgement.sentiment), "complaint": judgement.complaint}
    return {name: value if value is None else round(value, 4) for name, value in said.items()}


def scores(classifier: Classifier) -> dict[str, dict[str, float]]:
    """Score the written test posts, by language, as `vidhuk eval` does."""
    figures = {}
    for language in LANGUAGES:
        rows = [
            _row(line) for line in post_lines() if line["language"] == language and part_of(line) == "test"
        ]
        tally = Tally()
        judgements = classifier.judge([row.text for row in rows], [language] * len(rows))
        tally.add(said(rows, judgements, two_classes=False))
        stands, complains = tally.sentiment() or {}, tally.complaint() or {}
        figures[language] = {
            "n": len(rows),
            **{name: stands[name] for name in ("macro_f1", "negative_auc", "ece")},
            **{f"complaint_{name}": complains[name] for name in ("macro_f1", "auc")},
        }
    return figures


def _row(line: dict[str, Any]) -> Row:
    sentiment, is_complaint = SENTIMENTS.index(line["sentiment"]), line["kind"] == "complaint"
    return Row(line["text"], line["language"], line["trade"], line["hard"], sentiment, is_complaint)


def golden() -> list[dict[str, Any]]:
    return [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    classifier = load()
    rows = [
        {
            "language": row["language"],
            "text": row["text"],
            **said_of(classifier, row["text"], row["language"]),
        }
        for row in golden()
    ]
    GOLDEN.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    WRITTEN.write_text(json.dumps(scores(classifier), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
