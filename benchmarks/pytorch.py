"""How many times faster the judge is than transformers and PyTorch on the same network in fp32.

    build/training/venv/bin/python -m benchmarks.pytorch

It needs PyTorch, which is no dependency of ours, and the trained weights: so it runs in the environment of training/,
after `python -m training`. PyTorch gets its best: fp32 on the same sorted token batches, without gradients, scaled
dot-product attention, as many threads as the judge has. Tokenizing is in the judge's time and not in PyTorch's. The judge
runs first: in a process that has imported PyTorch it takes 1.4 times as long, and the product imports none.
"""

from collections.abc import Callable
from importlib.util import find_spec
from statistics import median

from benchmarks.judge import made_texts, seconds, token_batches
from monitor.sentiment import classifier

ROUNDS, THREADS = 5, 2


def why_not() -> str:
    """Say why it can't be measured here, or nothing."""
    if find_spec("torch") is None or find_spec("transformers") is None:
        return "PyTorch is not installed"
    from training.__main__ import BLEND, WORK

    missing = [name for name in ("base", *(f"{course}.pt" for course in BLEND)) if not (WORK / name).exists()]
    return f"the trained weights are not here ({', '.join(missing)} of build/training)" if missing else ""


def network(texts: list[str]) -> Callable[[], object]:
    """Return what runs the judge's token batches through the trained network in fp32."""
    import torch

    from training.__main__ import _blended

    torch.set_num_threads(THREADS)
    net = _blended().float().eval()
    feeds = [
        (torch.from_numpy(feed["input_ids"]), torch.from_numpy(feed["attention_mask"]))
        for feed in token_batches(texts)
    ]

    def run() -> None:
        with torch.inference_mode():
            for ids, mask in feeds:
                net(ids, mask)

    return run


def main() -> None:
    texts, judge = made_texts(), classifier.load()
    judge.judge(texts[:20])
    ours = median(seconds(lambda: judge.judge(texts)) for _ in range(ROUNDS))
    reason = why_not()
    if reason:
        print(f"transformers + PyTorch     not measured: {reason}")
        return
    beside = network(texts)
    beside()
    theirs = median(seconds(beside) for _ in range(ROUNDS))
    print(f"judge                      {len(texts) / ours:8.0f} texts/s")
    print(f"transformers + PyTorch     {len(texts) / theirs:8.0f} texts/s, fp32, the same token batches")
    print(f"ratio                      {theirs / ours:8.2f}   (aim: at least 4)")


if __name__ == "__main__":
    main()
