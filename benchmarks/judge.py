"""How many texts a second the judge judges, and how much of that is not ONNX Runtime.

    python -m benchmarks.judge

The same texts go through the whole judge and, as token batches prepared beforehand, through a bare
InferenceSession; the runs alternate, and the ratio is the median of the rounds', so that a busy machine disturbs both alike.
"""

import random
import re
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from monitor.sentiment import classifier
from monitor.sentiment.batches import by_length
from monitor.sentiment.onnx import open_session
from monitor.sentiment.texts import prepare

TEXTS, ROUNDS = 300, 9
WORDS = re.findall(
    r"\w+",
    """
замовлення не привезли вже тиждень чекаю відповідь підтримки дякую швидко чудово гроші повернули
заказ доставка курьер опоздал спасибо деньги работает приложение магазин отличный ужасно
comanda livrare bani colet mulțumesc serviciu nimeni răspunde excelent prost
order delivery refund support thanks broken app great never again waiting
""",
)
FIRST_JUDGEMENT = """
from time import perf_counter
started = perf_counter()
from monitor.sentiment.classifier import load
judge = load()
judge.judge(["замовлення так і не привезли"])
print(perf_counter() - started)
judge.judge(["замовлення так і не привезли, " * 20] * 100)
# Not ru_maxrss, which a process inherits from the one that started it.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def made_texts() -> list[str]:
    """Return texts of 2 to 90 words, short ones more often, the same in every run."""
    chance = random.Random(7)
    return [" ".join(chance.choices(WORDS, k=int(chance.triangular(2, 90, 12)))) for _ in range(TEXTS)]


def token_batches(texts: list[str]) -> list[dict[str, Any]]:
    """Return the token batches that the judge makes of texts: input_ids and attention_mask, (n, tokens)."""
    tokenizer = Tokenizer.from_file(str(classifier.WEIGHTS / "tokenizer.json"))
    ids = [encoding.ids for encoding in tokenizer.encode_batch([prepare(text) for text in texts])]
    feeds = []
    for group in by_length(list(map(len, ids))):
        padded = np.ones((len(group), max(len(ids[i]) for i in group)), np.int64)
        for row, i in enumerate(group):
            padded[row, : len(ids[i])] = ids[i]
        feeds.append({"input_ids": padded, "attention_mask": (padded != 1).astype(np.int64)})
    return feeds


def bare(texts: list[str]) -> Callable[[], object]:
    """Return what runs the judge's token batches through ONNX Runtime and nothing else."""
    session, feeds = open_session(classifier.WEIGHTS), token_batches(texts)
    return lambda: [session.run(["sentiment", "kind"], feed) for feed in feeds]


def seconds(run: Callable[[], object]) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started


def main() -> None:
    texts, judge = made_texts(), classifier.load()
    alone = bare(texts)
    rounds = [(seconds(lambda: judge.judge(texts)), seconds(alone)) for _ in range(ROUNDS)]
    whole, runtime = (min(times) for times in zip(*rounds, strict=True))
    alone_in_a_process = subprocess.run(
        [sys.executable, "-c", FIRST_JUDGEMENT], capture_output=True, text=True, check=True
    )
    first, kibibytes = map(float, alone_in_a_process.stdout.split())
    print(f"judge                      {TEXTS / whole:8.0f} texts/s")
    print(f"bare ONNX Runtime          {TEXTS / runtime:8.0f} texts/s, the same token batches")
    print(f"ratio                      {median(b / a for a, b in rounds):8.2f}   (aim: at least 0.9)")
    print(f"first judgement after      {first:8.2f} s, imports and loading included   (aim: under 1)")
    print(
        f"memory of the judge        {kibibytes / 1024:8.0f} MiB at most, in a process of its own   (aim: under 300)"
    )


if __name__ == "__main__":
    main()
