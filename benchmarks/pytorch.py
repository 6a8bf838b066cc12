"""How many times faster the judge is than transformers and PyTorch on the same network in fp32.

    build/training/venv/bin/python -m benchmarks.pytorch

It needs PyTorch, which is no dependency of ours, and the unpacked wheel: so it runs in the environment of training/, after
`python -m training base` (a minute). What was learnt since changes the numbers in the network and not how long it takes.
PyTorch gets its best: fp32 on the same sorted token batches, without gradients, scaled
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
    from training.__main__ import WORK

    return "" if (WORK / "base").is_dir() else f"{WORK / 'base'} is not there: run python -m training base"


def network(texts: list[str]) -> Callable[[], object]:
    """Return what runs the judge's token batches through the network in fp32."""
    import torch

    from training.__main__ import WORK
    from training.network import Network

    torch.set_num_threads(THREADS)
    net = Network(WORK / "base").float().eval()
    net.encoder.set_attn_implementation("sdpa")
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
