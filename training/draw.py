"""Draws how far probabilities and truth are apart on the written test posts: `python -m training.draw FILE.svg`."""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from monitor.sentiment.classifier import Classifier, load
from monitor.sentiment.evaluation.plot import plot
from monitor.sentiment.evaluation.scores import Calibration
from training.evaluate import Line, judged, probabilities, test_posts
from training.rows import LANGUAGES, SENTIMENTS


def calibration(classifier: Classifier, rows: list[Line]) -> Calibration:
    said = probabilities(judged(classifier, rows))
    truth = np.array([SENTIMENTS.index(row["label"]) for row in rows])
    counted = Calibration()
    counted.add(said.argmax(axis=1) == truth, said.max(axis=1))
    return counted


def figures(classifier: Classifier) -> dict[str, Any]:
    """What monitor.sentiment.evaluation.plot draws, for the written test posts of each language."""
    posts = test_posts()
    counted = {
        code: calibration(classifier, [row for row in posts if row["language"] == code]) for code in LANGUAGES
    }
    return {
        "calibration": {code: one.bins() for code, one in counted.items()},
        "languages": {code: {"model": {"sentiment": {"ece": one.ece()}}} for code, one in counted.items()},
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(plot(figures(load())), encoding="utf-8")
