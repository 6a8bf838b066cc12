"""A YAML file as a tree that knows its places: small, plain, and without surprises."""

import re
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
"""Ours has six levels."""

PathToKey = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    place: str
    """file:line:column"""
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.key}: {self.message}" if self.key else f"{self.place}: {self.message}"


class ConfigError(Exception):
    """The configuration can't be used. Says every problem, each in a line."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def read_tree(path: Path) -> CommentedMap:
    """The keys of the file at path. Raises ConfigError: nothing after a syntax error can be trusted."""
    text = _text(path)
    try:
        _refuse_tangles(path, text)
        tree = _yaml().load(text)
    except MarkedYAMLError as error:
        raise _syntax_error(path, error) from None
    # Numbers and dates that Python can't hold are no YAMLError.
    except (YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise problem_at(path, 1, 1, f"is not readable as YAML: {_first_line(error)}") from None
    if not isinstance(tree, CommentedMap):
        raise problem_at(path, 1, 1, "has no keys; `vidhuk init` writes one to start from.")
    return tree


def place(tree: Any, path: PathToKey) -> tuple[int, int]:
    """Line and column (from 1) of the deepest part of path that the file has."""
    line, column = 0, 0
    node = tree
    for part in path:
        if not isinstance(node, CommentedMap | CommentedSeq):
            break
        try:
            line, column = _place_of(node, part)
            node = node[part]
        except (KeyError, IndexError, TypeError):
            break
    return line + 1, column + 1


def entry(tree: Any, path: PathToKey) -> Any:
    """What the file has at path, or None."""
    node = tree
    for part in path:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def problem_at(path: Path, line: int, column: int, message: str) -> ConfigError:
    return ConfigError([Problem(f"{path}:{line}:{column}", "", message)])


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"can't be read: {error.strerror}. `vidhuk init` writes one to start from."
        raise problem_at(path, 1, 1, message) from None
    if len(content) > MAX_BYTES:
        raise problem_at(path, 1, 1, "is larger than 1 MB; that is no configuration of ours.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise problem_at(path, line, column, "is not UTF-8 text; save it as UTF-8.") from None


def _refuse_tangles(path: Path, text: str) -> None:
    """A few aliases of aliases unfold into gigabytes, and nobody needs a hundred levels."""
    depth = 0
    for event in _yaml().parse(text):
        mark = event.start_mark
        if isinstance(event, AliasEvent):
            message = f"*{event.anchor} repeats another part of the file; write it out instead."
            raise problem_at(path, mark.line + 1, mark.column + 1, message)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            message = f"more than {MAX_DEPTH} levels deep; that is no configuration of ours."
            raise problem_at(path, mark.line + 1, mark.column + 1, message)


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.allow_duplicate_keys = False
    return yaml


def _syntax_error(path: Path, error: MarkedYAMLError) -> ConfigError:
    problem = " ".join(str(error.problem or error.context or "not readable as YAML").split())
    # A quotation mark or bracket without its partner is noticed at the end of the file; it stands elsewhere.
    is_unclosed = "end" in problem and "stream" in problem and error.context_mark is not None
    mark: StreamMark | None = error.context_mark if is_unclosed else error.problem_mark or error.context_mark
    if is_unclosed:
        problem = f"what begins here is never closed ({problem})"
    if "duplicate key" in problem:
        problem = re.sub(r" with value .*", "", problem) + "; every key stands once"
    return problem_at(path, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, problem)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]


def _place_of(node: CommentedMap | CommentedSeq, part: str | int) -> tuple[int, int]:
    if isinstance(node, CommentedMap):
        return typing.cast("tuple[int, int]", node.lc.key(part))
    return typing.cast("tuple[int, int]", node.lc.item(part))
