"""Read config/vidhuk.yaml strictly: every problem with its place, its key's path, and the nearest valid name."""

import dataclasses
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from monitor.matching import Matcher
from monitor.query import QueryError
from monitor.secrets import MissingSecret, Secrets
from monitor.settings import Brand, Settings, SourceSettings

MAX_BYTES = 1_000_000
FILLED_IN = {"contact"}  # by us, where a source has such a key and the configuration leaves it out
OF_EVERY_SOURCE = tuple(key for key in SourceSettings.model_fields if key != "name")

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


def load(path: Path, secrets: Secrets, kinds: Mapping[str, type]) -> Settings:
    """Settings from the file at path; kinds maps a source's kind to its class. Raises ConfigError."""
    reader = _Reader(path, secrets, kinds)
    tree = reader.read()
    settings = reader.validate(tree)
    if reader.problems:
        raise ConfigError(reader.problems)
    assert settings is not None
    return settings


class _Reader:
    def __init__(self, path: Path, secrets: Secrets, kinds: Mapping[str, type]):
        self.path = path
        self.secrets = secrets
        self.kinds = kinds
        self.tree: Any = None
        self.problems: list[Problem] = []

    def read(self) -> Any:
        """The tree with secrets filled in; syntax errors end it here, since nothing after them can be trusted."""
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise self._only(
                f"can't be read: {error.strerror}. `vidhuk init` writes one to start from."
            ) from None
        if len(content) > MAX_BYTES:
            raise self._only("is larger than 1 MB; that is no configuration of ours.")
        try:
            self.tree = _yaml().load(content.decode("utf-8"))
        except UnicodeDecodeError:
            raise self._only("is not UTF-8 text; save it as UTF-8.") from None
        except MarkedYAMLError as error:
            raise ConfigError([_syntax_problem(self.path, error)]) from None
        except (YAMLError, RecursionError) as error:
            raise self._only(f"is not readable as YAML: {str(error).splitlines()[0][:200]}") from None
        if not isinstance(self.tree, CommentedMap):
            raise self._only("has no keys; `vidhuk init` writes one to start from.")
        return self._fill(self.tree, ())

    def validate(self, tree: Any) -> Settings | None:
        try:
            settings = Settings.model_validate(tree)
        except ValidationError as error:
            settings = None
            self._keep(error, (), Settings)
        # Sources and brands are checked even when another key is wrong: all problems at once.
        self._check_sources(tree.get("sources"))
        self._check_names(tree)
        self._check_queries(tree.get("brands"))
        return settings

    def _fill(self, node: Any, path: PathToKey) -> Any:
        if isinstance(node, dict):
            return {key: self._fill(value, (*path, key)) for key, value in node.items()}
        if isinstance(node, list):
            return [self._fill(value, (*path, index)) for index, value in enumerate(node)]
        return self._secrets_in(node, path) if isinstance(node, str) else node

    def _secrets_in(self, text: str, path: PathToKey) -> str:
        def look_up(match: re.Match[str]) -> str:
            try:
                return self.secrets.require(match[1])
            except MissingSecret as error:
                self._problem(path, str(error))
                return "missing"

        return re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", look_up, str(text))

    def _check_sources(self, sources: Any) -> None:
        for index, keys in enumerate(sources if isinstance(sources, list) else ()):
            if isinstance(keys, dict) and isinstance(keys.get("kind"), str):
                self._check_source(keys, ("sources", index))

    def _check_source(self, keys: dict[str, Any], path: PathToKey) -> None:
        if (kind := self.kinds.get(keys["kind"])) is None:
            return self._problem(
                (*path, "kind"), f"no such kind of source{nearest(keys['kind'], self.kinds)}"
            )
        schema = schema_of(kind)
        own = {key: value for key, value in keys.items() if key not in OF_EVERY_SOURCE}
        try:
            schema.model_validate(own)
        except ValidationError as error:
            self._keep(error, path, schema, also=OF_EVERY_SOURCE)
        return None

    def _check_names(self, tree: dict[str, Any]) -> None:
        for section in ("brands", "sources"):
            names: set[str] = set()
            for index, name in _names(tree.get(section)):
                if name in names:
                    self._problem(
                        (section, index, "name"), f"the name «{name}» is taken already; names are unique"
                    )
                names.add(name)
        self._check_references(tree)

    def _check_references(self, tree: dict[str, Any]) -> None:
        known = {
            "brand": [name for _, name in _names(tree.get("brands"))],
            "source": [name for _, name in _names(tree.get("sources"))],
        }
        for what, name, path in _references(tree):
            if name not in known[what]:
                self._problem(path, f"no {what} of this name is configured{nearest(name, known[what])}")

    def _check_queries(self, brands: Any) -> None:
        for index, keys in enumerate(brands if isinstance(brands, list) else ()):
            brand = _brand(keys)
            if brand is None:
                continue
            try:
                Matcher([brand.terms])
            except QueryError as error:
                self._problem(("brands", index, "query"), str(error))

    def _keep(
        self, error: ValidationError, base: PathToKey, schema: type[BaseModel], also: tuple[str, ...] = ()
    ) -> None:
        for detail in error.errors(include_url=False, include_input=False):
            path = (*base, *(part for part in detail["loc"] if part != "[key]"))
            self._problem(path, _sentence(dict(detail), schema, path[len(base) :], also))

    def _problem(self, path: PathToKey, message: str) -> None:
        line, column = _place(self.tree, path)
        problem = Problem(f"{self.path}:{line}:{column}", _dotted(path), message)
        if problem not in self.problems:
            self.problems.append(problem)

    def _only(self, message: str) -> ConfigError:
        return ConfigError([Problem(str(self.path), "", message)])


def schema_of(kind: type) -> type[BaseModel]:
    """The fields of a source's dataclass as a strict model: there is no second schema."""
    hints = typing.get_type_hints(kind, include_extras=True)
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        if not field.init or field.metadata.get("configurable") is False:
            continue
        if field.default is not dataclasses.MISSING:
            default = field.default
        elif field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        else:
            default = ...
        fields[field.name] = (hints[field.name], default)
    config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    return create_model(kind.__module__, __config__=config, **fields)


def nearest(name: str, names: typing.Iterable[str]) -> str:
    """What to say after "no such …": the nearest valid name, or all of them."""
    names = sorted(names)
    if close := get_close_matches(name, names, n=1, cutoff=0.6):
        return f"; did you mean «{close[0]}»?"
    return f"; there are: {', '.join(names)}" if names else ""


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.allow_duplicate_keys = False
    return yaml


def _syntax_problem(path: Path, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
    problem = " ".join(str(error.problem or error.context or "not readable as YAML").split())
    if "duplicate key" in problem:
        problem = re.sub(r" with value .*", "", problem) + "; every key stands once"
    return Problem(place, "", problem)


def _place(tree: Any, path: PathToKey) -> tuple[int, int]:
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


def _place_of(node: CommentedMap | CommentedSeq, part: str | int) -> tuple[int, int]:
    if isinstance(node, CommentedMap):
        return typing.cast("tuple[int, int]", node.lc.key(part))
    return typing.cast("tuple[int, int]", node.lc.item(part))


def _sentence(detail: dict[str, Any], schema: type[BaseModel], path: PathToKey, also: tuple[str, ...]) -> str:
    kind, message = detail["type"], str(detail["msg"])
    if kind == "extra_forbidden":
        return f"unknown key{nearest(str(path[-1]), [*_keys_at(schema, path[:-1]), *also])}"
    if kind == "missing":
        return "this key is missing"
    message = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message[:1].lower() + message[1:]


def _keys_at(schema: type[BaseModel], path: PathToKey) -> list[str]:
    """The keys that the model at path knows, without those that we fill in."""
    model: Any = schema
    for part in path:
        if isinstance(part, str) and isinstance(model, type) and issubclass(model, BaseModel):
            model = _model_in(model.model_fields[part].annotation) if part in model.model_fields else None
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    return [key for key in model.model_fields if key not in FILLED_IN or model is Settings]


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := _model_in(part))), None)


def _names(section: Any) -> Iterator[tuple[int, str]]:
    for index, keys in enumerate(section if isinstance(section, list) else ()):
        if isinstance(keys, dict) and isinstance(keys.get("name"), str):
            yield index, keys["name"]


def _references(tree: dict[str, Any]) -> Iterator[tuple[str, str, PathToKey]]:
    """Every place where a brand or a source is named: (what, name, path)."""
    for index, keys in _maps(tree.get("sources")):
        if isinstance(keys.get("about"), str):
            yield "brand", keys["about"], ("sources", index, "about")
    staff = tree.get("staff")
    for index, chat in _maps(staff.get("chats") if isinstance(staff, dict) else None):
        for place, name in enumerate(
            chat.get("brands") or () if isinstance(chat.get("brands"), list) else ()
        ):
            yield "brand", str(name), ("staff", "chats", index, "brands", place)
        for place, topic in _maps(chat.get("topics")):
            for what in ("brand", "source"):
                if isinstance(topic.get(what), str):
                    yield what, topic[what], ("staff", "chats", index, "topics", place, what)


def _maps(section: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    for index, keys in enumerate(section if isinstance(section, list) else ()):
        if isinstance(keys, dict):
            yield index, keys


def _brand(keys: Any) -> Any:
    try:
        return Brand.model_validate(keys)
    except ValidationError:
        return None  # said already


def _dotted(path: PathToKey) -> str:
    return ".".join(map(str, path))
