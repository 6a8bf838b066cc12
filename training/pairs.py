"""How the table learns: each piece, and each pair of neighbours, to vote for itself."""

import random
from collections.abc import Sequence

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from training.batches import MAX_TOKENS, sentiments_of, trust_in
from training.courses import Pairs
from training.rows import SENTIMENTS, Row, epoch
from training.table import PLACES, Ints, Table, places

_SIZE = 256


def learn_pairs(rows: Sequence[Row], tokenizer: Tokenizer, course: Pairs) -> Table:
    """Learn the votes from the rows that are for it."""
    rng = random.Random(course.seed)
    tokenizer.enable_truncation(MAX_TOKENS)
    pieces = tokenizer.get_vocab_size()
    rows = [row for row in rows if row.part == "train"]
    shown = [row for _ in range(course.epochs) for row in epoch(rows, course.passes, rng)]
    votes = nn.EmbeddingBag(PLACES, len(SENTIMENTS), mode="sum", sparse=True)
    nn.init.zeros_(votes.weight)
    optimizer = torch.optim.SparseAdam(votes.parameters(), lr=course.rate)
    for start in range(0, len(shown), _SIZE):
        for group in optimizer.param_groups:
            group["lr"] = course.rate * (1 - start / len(shown))
        batch = shown[start : start + _SIZE]
        encodings = tokenizer.encode_batch([row.text for row in batch])
        optimizer.zero_grad()
        _loss(votes, batch, [places(encoding.ids, pieces) for encoding in encodings]).backward()
        optimizer.step()
    return Table.of(votes.weight.detach().numpy(), course.weight)


def _loss(votes: nn.EmbeddingBag, rows: Sequence[Row], found: Sequence[Ints]) -> Tensor:
    lengths = np.array([len(of_row) for of_row in found])
    begins = torch.from_numpy(np.cumsum(lengths) - lengths)
    logits = votes(torch.from_numpy(np.concatenate(found)), begins)
    logits = logits / torch.from_numpy(np.sqrt(lengths)).to(logits.dtype).unsqueeze(1)
    truth = sentiments_of(rows)
    losses: Tensor = cross_entropy(logits, truth, reduction="none") * trust_in(rows)
    return losses.mean()
