"""Rows in the order in which they are learnt, and padded into tensors."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.augment import augment
from training.rows import SHARES, Row, epoch, kinds, sentiments
from training.titles import Titles

MAX_TOKENS = 160
PAD = 1


@dataclass(frozen=True)
class Batch:
    """Tensors of n rows and t tokens: sentiment is (n, 3) and kind (n, 6), shares of the truth, or zeros where none is known."""

    input_ids: Tensor
    attention_mask: Tensor
    sentiment: Tensor
    kind: Tensor
    trust: Tensor


def batches(
    rows: Sequence[Row],
    passes: dict[str, float],
    tokenizer: Tokenizer,
    size: int,
    rng: random.Random,
) -> Iterator[Batch]:
    """Yield batches without end. Texts of like length come together, or padding would cost half the time.

    passes stands in for what SHARES says of a set.
    """
    titles = Titles(rows)
    while True:
        order = epoch(rows, passes, rng)
        for start in range(0, len(order), size * 40):
            pool = order[start : start + size * 40]
            texts = [augment(titles.above(row, rng), row.language, rng) for row in pool]
            ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
            by_length = sorted(range(len(pool)), key=lambda i: len(ids[i]))
            groups = [by_length[i : i + size] for i in range(0, len(by_length), size)]
            rng.shuffle(groups)
            for group in groups:
                yield tensors([pool[i] for i in group], [ids[i] for i in group])


def tensors(rows: Sequence[Row], ids: Sequence[list[int]]) -> Batch:
    longest = max(map(len, ids))
    input_ids = torch.full((len(ids), longest), PAD)
    mask = torch.zeros_like(input_ids)
    for i, tokens in enumerate(ids):
        input_ids[i, : len(tokens)] = torch.tensor(tokens)
        mask[i, : len(tokens)] = 1
    return Batch(
        input_ids,
        mask,
        sentiments_of(rows),
        torch.tensor([kinds(row) for row in rows]),
        trust_in(rows),
    )


def sentiments_of(rows: Sequence[Row]) -> Tensor:
    """Return the shares of SENTIMENTS that are aimed at, (n, 3)."""
    return torch.tensor([sentiments(row) for row in rows])


def trust_in(rows: Sequence[Row]) -> Tensor:
    """Return the weight of each row's loss, (n,)."""
    return torch.tensor([SHARES[row.dataset].trust for row in rows])
