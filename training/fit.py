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
from training.vocabulary import in_lower_case

Tensors = tuple[Tensor, ...] | list[Tensor]

SIZE = 32
WARM_UP = 150
KIND_WEIGHT = 0.6
SMOOTHING = 0.05
AVERAGING = 0.998
_LOG_STEPS = 100
_KEEP_STEPS = 500


def fit(
    network: Network, rows: Sequence[Row], course: Course, folder: Path, checkpoint: Path, mark: str
) -> None:
    """Train network on the rows that are for it, and write the averaged weights to checkpoint.

    Now and then all that is needed to go on is kept beside it. Who is called again with the same mark goes on from there,
    and ends with the same weights as without a break.
    """
    torch.manual_seed(course.seed)
    rows = [row for row in rows if row.part == "train"]
    network.train()
    network.encoder.encoder.layer[: course.frozen].requires_grad_(False)
    average = torch.optim.swa_utils.AveragedModel(network, multi_avg_fn=_average, use_buffers=False)
    optimizer = _optimizer(network, course.rate)
    kept = _Kept(checkpoint.with_suffix(".state"), mark, (network, average, optimizer))
    done = kept.resume()
    log = _Log(course.steps)
    given = islice(_batches(rows, course, folder), done, course.steps)
    for step, batch in enumerate(given, start=done + 1):
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * _rate(step, course)
        log.add(_step(network, optimizer, batch), len(batch.trust))
        average.update_parameters(network)
        if step % _LOG_STEPS == 0 or step == course.steps:
            log.show(step)
        if step % _KEEP_STEPS == 0:
            kept.keep(step)
    _save(average.module.state_dict(), checkpoint)
    kept.forget()


class _Kept:
    """How far a course is, in a file: the state of each of these, and of the random numbers."""

    def __init__(
        self, path: Path, mark: str, parts: tuple[torch.nn.Module, torch.nn.Module, torch.optim.Optimizer]
    ):
        self._path = path
        self._mark = mark
        self._parts = parts

    def keep(self, step: int) -> None:
        states = [part.state_dict() for part in self._parts]
        random_state = torch.get_rng_state()
        _save({"mark": self._mark, "step": step, "states": states, "random": random_state}, self._path)

    def resume(self) -> int:
        """Take up what was kept of this course; return how many steps are done."""
        if not self._path.is_file():
            return 0
        kept = torch.load(self._path, weights_only=True)
        if kept["mark"] != self._mark:
            return 0
        for part, state in zip(self._parts, kept["states"], strict=True):
            part.load_state_dict(state)
        torch.set_rng_state(kept["random"])
        print(f"going on after step {kept['step']}", flush=True)
        return int(kept["step"])

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)


def _save(content: object, path: Path) -> None:
    """Write whole or not at all: whoever is stopped while writing leaves what was there."""
    unfinished = path.with_suffix(".unfinished")
    torch.save(content, unfinished)
    unfinished.replace(path)


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
    tokenizer = in_lower_case(Tokenizer.from_file(str(folder / "tokenizer.json")))
    tokenizer.enable_truncation(MAX_TOKENS)
    rng = random.Random(course.seed)
    return batches(rows, course.passes, tokenizer, SIZE, rng)


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
