"""The rows that the embedded model learns from, where a checkout with its training data is at hand."""

import importlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.db import ROOT
from monitor.sentiment.classifier import WEIGHTS

PUBLIC = ROOT.parent / "shared" / "sentiment"


@dataclass(frozen=True)
class Learnt:
    text: str
    language: str
    sentiment: int
    """Place in SENTIMENTS."""
    complaint: bool | None


def learnt_rows(public: Path = PUBLIC) -> Sequence[Learnt]:
    """Read what the shipped model learnt from, by the sets that its manifest names, without calibration and test.

    Raise ImportError or FileNotFoundError where the training code or its data is absent, as it is in an installed
    product.
    """
    training = _training()
    if not any(public.glob("train/train_*.jsonl.gz")):
        raise FileNotFoundError(f"no train/train_*.jsonl.gz in {public.name}/ beside the checkout")
    own: Iterable[Any] = [*training.written_posts(), *training.retold_posts(), *training.later_posts()]
    rows: Iterable[Any] = [*training.public_rows(public), *own]
    heard = json.loads((WEIGHTS / "manifest.json").read_text(encoding="utf-8"))["rows"]
    complaint = training.KINDS.index("complaint")
    return [
        Learnt(row.text, row.language, row.sentiment, row.kind == complaint if row.kind >= 0 else None)
        for row in rows
        if row.part == "train" and f"{row.dataset} {row.language}" in heard
    ]


def _training() -> Any:
    """Import training.rows of this checkout, which is no part of the installed product."""
    if (ROOT / "training" / "rows.py").is_file() and str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))
    return importlib.import_module("training.rows")
