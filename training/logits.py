"""What an exported model says before calibration."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from monitor.sentiment.batches import by_length
from monitor.sentiment.onnx import MAX_TOKENS, open_session
from training.batches import PAD

Floats = NDArray[np.float64]


def logits(folder: Path, texts: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the logits of sentiment (n, 3) and kind (n, 6) of prepared texts."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    session = open_session(folder)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    sentiment, kind = np.zeros((len(ids), 3)), np.zeros((len(ids), 6))
    for group in by_length(list(map(len, ids))):
        padded = np.full((len(group), max(len(ids[i]) for i in group)), PAD, np.int64)
        for row, i in enumerate(group):
            padded[row, : len(ids[i])] = ids[i]
        given = {"input_ids": padded, "attention_mask": (padded != PAD).astype(np.int64)}
        sentiment[group], kind[group] = session.run(["sentiment", "kind"], given)
    return sentiment, kind
