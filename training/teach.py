"""What a network says of the rows to learn from: softer than a label, and right more often than any one of them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from monitor.sentiment.batches import by_length
from training.batches import MAX_TOKENS, PAD
from training.lessons import Floats
from training.network import Network
from training.rows import KINDS, SENTIMENTS, Row
from training.vocabulary import in_lower_case


def say(network: Network, rows: Sequence[Row], folder: Path) -> Floats:
    """Return the chances of SENTIMENTS and KINDS that network gives each row: (n, 9). folder holds its tokenizer."""
    tokenizer = in_lower_case(Tokenizer.from_file(str(folder / "tokenizer.json")))
    tokenizer.enable_truncation(MAX_TOKENS)
    ids = [encoding.ids for encoding in tokenizer.encode_batch([row.text for row in rows])]
    said = np.zeros((len(rows), len(SENTIMENTS) + len(KINDS)), np.float32)
    network.eval()
    for group in by_length(list(map(len, ids))):
        said[group] = _chances(network, [ids[i] for i in group])
    return said


@torch.inference_mode()
def _chances(network: Network, ids: Sequence[list[int]]) -> Floats:
    longest = max(map(len, ids))
    padded = torch.tensor([tokens + [PAD] * (longest - len(tokens)) for tokens in ids])
    with torch.autocast("cpu", torch.bfloat16):
        logits: tuple[Tensor, ...] = network(padded, (padded != PAD).long())
    return torch.cat([head.float().softmax(1) for head in logits], dim=1).numpy()
