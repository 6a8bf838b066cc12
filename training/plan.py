"""What waits for what, and by which mark a stage is known to be done."""

import hashlib
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from training.courses import BLEND, COURSES, PAIRS

FIRST = ("base", *COURSES, "pairs", "ship")
"""Which goes first where several can run: in this order two processors are seldom without work."""
SIDE_BY_SIDE = 2
"""Two courses at once, with half of the processors each, learn half as fast again in sum as one after the other."""


def needs(stage: str) -> set[str]:
    """Return the stages that leave what this one begins with."""
    if stage == "base":
        return set()
    if stage == "pairs":
        return {"base"}
    if stage == "ship":
        return {"pairs", *BLEND}
    return {"base"} | COURSES[stage].start.keys()


def ready(done: Collection[str], running: Collection[str]) -> list[str]:
    """Return what can run beside what is running, the first to start first."""
    return [
        stage for stage in FIRST if stage not in done and stage not in running and needs(stage) <= set(done)
    ]


@cache
def mark(stage: str, data: str) -> str:
    """Return a hash of all that the recipe says of this stage and of those that it waits for; data is a hash of the rows."""
    told = {"pairs": PAIRS, "ship": BLEND}.get(stage, COURSES.get(stage))
    before = [mark(name, data) for name in sorted(needs(stage))]
    return hashlib.sha256(repr((stage, told, before, data)).encode()).hexdigest()


def digest(folders: Iterable[Path]) -> str:
    """Return a hash of the files in these folders."""
    sums = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            sums.update(hashlib.file_digest(file, "sha256").digest())
    return sums.hexdigest()
