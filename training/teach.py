"""What a model that is exported already says of the rows to learn from: softer than a label, and right more often than any one."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from monitor.sentiment.calibration import Calibration
from training.lessons import Floats
from training.logits import logits
from training.rows import Row


def say(folder: Path, rows: Sequence[Row]) -> Floats:
    """Return the chances of SENTIMENTS and KINDS, (n, 9), that the model in folder gives each row, calibrated as it ships."""
    how = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["description"]
    languages = [row.language for row in rows]
    said = zip(("sentiment", "kind"), logits(folder, [row.text for row in rows]), strict=True)
    chances = [
        Calibration(how[f"{head}_calibration"]).probabilities(found, languages) for head, found in said
    ]
    return np.concatenate(chances, axis=1).astype(np.float32)
