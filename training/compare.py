"""How far a rebuilt model is from the shipped one: `python -m training.compare FOLDER`."""

import sys
from pathlib import Path

import numpy as np

from monitor.sentiment.classifier import Classifier, load
from training.evaluate import dev_sets, means, test_posts, written

DEV = Path(__file__).parents[1] / "../shared/sentiment/dev"
ALLOWED = 0.005
"""Of the means: sums of floating-point numbers depend on the processor and on the number of threads."""
COMPARED = ("macro_f1", "negative_f1", "negative_auc")

Figures = dict[str, float]


def figures(classifier: Classifier) -> Figures:
    """Return the means over the public sets and over the languages of the written test."""
    public = means(dev_sets(classifier, DEV))
    own = written(classifier, test_posts())
    average = {key: float(np.mean([row[key] for row in own.values()])) for key in COMPARED}
    return {f"public {key}": public[key] for key in COMPARED} | {
        f"written {key}": average[key] for key in COMPARED
    }


def main(folder: str) -> int:
    shipped, rebuilt = figures(load("embedded")), figures(load(folder))
    print(f"{'mean of':24} shipped  rebuilt  difference")
    for name, value in shipped.items():
        print(f"{name:24} {value:7.4f} {rebuilt[name]:8.4f} {rebuilt[name] - value:+11.4f}")
    furthest = max(abs(rebuilt[name] - value) for name, value in shipped.items())
    print(f"furthest apart: {furthest:.4f}; up to {ALLOWED} is expected between machines")
    return int(furthest > ALLOWED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
