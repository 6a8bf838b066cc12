"""A YAML file as a tree that knows its places: small, plain, and without surprises."""

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from monitor.yaml_words import begins_with, in_words

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
"""Ours has six levels."""
UNHELD = {
    "timestamp": "there is no such day or time; a text that looks like one goes in quotes",
    "int": "this number is too long",
    "float": "this number is too long",
}

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


def read_tree(path: Path, example: str = "`vidhuk init` writes one") -> CommentedMap:
    """The keys of the file at path. Raises ConfigError: nothing after a syntax error can be trusted.

    example: where there is one to start from.
    """
    text = _text(path, example)
    try:
        _refuse_tangles(path, text)
        tree = _yaml().load(text)
    except MarkedYAMLError as error:
        (line, column), wrong = in_words(error, text)
        raise problem_at(path, line + 1, column + 1, wrong) from None
    except ReaderError as error:
        raise _control_character(path, text, error.position) from None
    # Numbers and dates that Python can't hold are no YAMLError, nor are lists within keys.
    except (ValueError, OverflowError, TypeError) as error:
        raise _unheld(path, text, error) from None
    except (YAMLError, RecursionError) as error:
        raise problem_at(path, 1, 1, _unreadable(error)) from None
    if not isinstance(tree, CommentedMap):
        raise problem_at(path, 1, 1, f"has no keys; {example} to start from.")
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


def problem_at(path: Path, line: int, column: int, message: str, key: str = "") -> ConfigError:
    return ConfigError([Problem(f"{path}:{line}:{column}", key, message)])


def dotted(path: PathToKey) -> str:
    return ".".join(map(str, path))


def _text(path: Path, example: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"can't be read: {error.strerror}; {example} to start from."
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
    anchors: set[str] = set()
    for event in _yaml().parse(text):
        mark = event.start_mark
        if wrong := _sign_of_yaml(event, anchors):
            raise problem_at(path, mark.line + 1, mark.column + 1, wrong)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            message = f"more than {MAX_DEPTH} levels deep; that is no configuration of ours."
            raise problem_at(path, mark.line + 1, mark.column + 1, message)


def _sign_of_yaml(event: Any, anchors: set[str]) -> str:
    """What is wrong with a text that begins with *, & or !: to YAML these are no part of it."""
    anchor = getattr(event, "anchor", None)
    if isinstance(event, AliasEvent):
        if anchor in anchors:
            return f"*{anchor} repeats another part of the file; write it out instead."
        return begins_with("*")
    if anchor:
        anchors.add(anchor)
    if isinstance(event, ScalarEvent) and (anchor or event.tag):
        return begins_with("&" if anchor else "!")
    return ""


def _control_character(path: Path, text: str, position: int) -> ConfigError:
    before = text[:position]
    line, column = before.count("\n") + 1, position - before.rfind("\n")
    return problem_at(path, line, column, "a control character, which is not seen, is here: delete it")


def _unheld(path: Path, text: str, error: Exception) -> ConfigError:
    """A date or a number that there is not, or a key that is none, by its place."""
    for node, key in _nodes(_yaml().compose(text), ()):
        if wrong := _not_to_hold(node):
            mark = node.start_mark
            return problem_at(path, mark.line + 1, mark.column + 1, wrong, dotted(key))
    return problem_at(path, 1, 1, _unreadable(error))


def _nodes(node: Any, path: PathToKey) -> Iterator[tuple[Any, PathToKey]]:
    """Texts, and all that stands where a key should."""
    if isinstance(node, ScalarNode):
        yield node, path
    elif isinstance(node, SequenceNode):
        for index, each in enumerate(node.value):
            yield from _nodes(each, (*path, index))
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield key, path
            yield from _nodes(value, (*path, str(key.value)))


def _not_to_hold(node: Any) -> str:
    if not isinstance(node, ScalarNode):
        return begins_with("{" if isinstance(node, MappingNode) else "[")
    kind = str(node.tag).rpartition(":")[2]
    return UNHELD[kind] if kind in UNHELD and not _is_held(node.value) else ""


def _is_held(value: str) -> bool:
    try:
        _yaml().load(value)
    except (ValueError, OverflowError):
        return False
    return True


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.allow_duplicate_keys = False
    return yaml


def _unreadable(error: Exception) -> str:
    first_line = next(iter(str(error).splitlines()), type(error).__name__)[:200]
    return f"is not readable as YAML: {first_line}"


def _place_of(node: CommentedMap | CommentedSeq, part: str | int) -> tuple[int, int]:
    if isinstance(node, CommentedMap):
        return typing.cast("tuple[int, int]", node.lc.key(part))
    return typing.cast("tuple[int, int]", node.lc.item(part))
