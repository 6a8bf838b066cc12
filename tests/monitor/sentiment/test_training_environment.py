"""Training runs in an environment of its own, where next to nothing of what the product needs is installed."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OURS = {"training", "benchmarks", "monitor", "models", "demo", "tests"}
REQUIRED = re.findall(r"^([\w-]+)==", (ROOT / "training/requirements.txt").read_text(), re.MULTILINE)


def source_of(module: str) -> Path | None:
    """The file of a module of ours."""
    path = ROOT.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def imported_by(source: Path) -> Iterator[str]:
    """Every module that a file may import at any time; names taken from one are given as if they were modules, too."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def others_that(module: str) -> dict[str, Path]:
    """What a module of ours needs that is neither ours nor Python's, by who needs it."""
    needed: dict[str, Path] = {}
    waiting, seen = [module], set()
    while waiting:
        source = source_of(waiting.pop())
        if source is None or source in seen:
            continue
        seen.add(source)
        for name in imported_by(source):
            first = name.split(".")[0]
            if first not in sys.stdlib_module_names | OURS:
                needed.setdefault(first, source)
            waiting += [name.rsplit(".", depth)[0] for depth in range(name.count(".") + 1)]
    return needed


@pytest.mark.parametrize("module", ["training.__main__", "training.compare", "benchmarks.pytorch"])
def test_what_runs_in_the_environment_of_training_needs_nothing_that_is_not_installed_there(
    module: str,
) -> None:
    projects = packages_distributions()
    for name, source in others_that(module).items():
        assert {name, *projects.get(name, ())} & set(REQUIRED), f"{source} imports {name}"
