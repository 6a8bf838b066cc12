"""The training loop: fixed seeds, fixed steps, an average of the weights at the end."""

import random
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy

from training.batches import MAX_TOKENS, Batch, batches
from training.courses import Course
from training.network import Network
from training.rows import Row

Tensors = tuple[Tensor, ...] | list[Tensor]

SIZE = 32
WARM_UP = 150
KIND_WEIGHT = 0.6
SMOOTHING = 0.05
AVERAGING = 0.998
_CHECKPOINT_STEPS = 100


def fit(network: Network, rows: Sequence[Row], course: Course, folder: Path, checkpoint: Path) -> None:
    """Train network on the rows that are for it; write the averaged weights to checkpoint, now and then too."""
    torch.manual_seed(course.seed)
    rows = [row for row in rows if row.part == "train"]
    network.encoder.embeddings.word_embeddings.requires_grad_(course.learns_words)
    _freeze(network, course.frozen)
    average = torch.optim.swa_utils.AveragedModel(network, multi_avg_fn=_average, use_buffers=False)
    optimizer = _optimizer(network, course.rate)
    log = _Log(course.steps)
    for step, batch in enumerate(islice(_batches(rows, course, folder), course.steps), start=1):
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * _rate(step, course)
        log.add(_step(network, optimizer, batch), len(batch.trust))
        average.update_parameters(network)
        if step % _CHECKPOINT_STEPS == 0 or step == course.steps:
            log.show(step)
            torch.save(average.module.state_dict(), checkpoint)


def _freeze(network: Network, layers: int) -> None:
    network.train()
    for layer in network.encoder.encoder.layer[:layers]:
        layer.requires_grad_(False).eval()


class _Log:
    """Says now and then how far training is."""

    def __init__(self, steps: int):
        self._steps = steps
        self._started = time.monotonic()
        self._seen = 0
        self._loss: float | None = None

    def add(self, loss: float, rows: int) -> None:
        self._seen += rows
        self._loss = loss if self._loss is None else 0.98 * self._loss + 0.02 * loss

    def show(self, step: int) -> None:
        speed = self._seen / (time.monotonic() - self._started)
        print(f"step {step}/{self._steps} loss {self._loss:.4f} {speed:.1f} rows/s", flush=True)


def _average(averages: Tensors, current: Tensors, seen: Tensor | int) -> None:
    """Move an exponential average that starts short, so that early checkpoints are usable."""
    keep = min(AVERAGING, (1 + int(seen)) / (10 + int(seen)))
    torch._foreach_lerp_(averages, current, 1 - keep)


def _batches(rows: Sequence[Row], course: Course, folder: Path) -> Iterator[Batch]:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    rng = random.Random(course.seed)
    return batches(rows, course.passes, course.seconds, tokenizer, SIZE, rng)


def _optimizer(network: Network, rate: float) -> torch.optim.Optimizer:
    heads = [*network.sentiment.parameters(), *network.kind.parameters()]
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    groups = [{"params": encoder, "top": rate}, {"params": heads, "top": rate * 5}]
    return torch.optim.AdamW(groups, lr=rate, weight_decay=0.01, fused=True)


def _rate(step: int, course: Course) -> float:
    """Up for WARM_UP steps, and straight down to the end."""
    return min(1.0, step / WARM_UP) * max(course.end, 1 - step / course.steps * (1 - course.end))


def _step(network: Network, optimizer: torch.optim.Optimizer, batch: Batch) -> float:
    optimizer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16):
        sentiment, kind = network(batch.input_ids, batch.attention_mask)
    loss = _loss(sentiment.float(), batch.sentiment, batch.trust)
    loss = loss + KIND_WEIGHT * _loss(kind.float(), batch.kind, batch.trust)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return float(loss.item())


def _loss(logits: Tensor, truth: Tensor, trust: Tensor) -> Tensor:
    """Mean over the whole batch, so that a row weighs the same among rows without this label as among its like.

    truth holds shares of the classes (n, c); a row of zeros counts nothing.
    """
    losses = cross_entropy(logits, truth, reduction="none", label_smoothing=SMOOTHING)
    return (losses * trust * truth.sum(1)).sum() / trust.sum()
