"""Read config/vidhuk.yaml strictly: every problem with its place, its key's path, and the nearest valid name."""

import dataclasses
import re
import typing
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from monitor.matching import BrandTerms, Matcher
from monitor.query import QueryError
from monitor.references import listed, maps, named, references
from monitor.secrets import MissingSecret, Secrets
from monitor.settings import Brand, Settings, SourceSettings
from monitor.source import SourceError
from monitor.yaml_tree import ConfigError, PathToKey, Problem, dotted, entry, place, read_tree
from monitor.yaml_words import AFTER_A_KEY

__all__ = ["ConfigError", "Problem", "load", "nearest", "read_strictly", "schema_of"]

Model = typing.TypeVar("Model", bound=BaseModel)

FILLED_IN = {"contact"}  # by us, where a source has such a key and the configuration leaves it out
OF_EVERY_SOURCE = tuple(key for key in SourceSettings.model_fields if key != "name")
LONG_ENOUGH = 4
"""Characters of a value that is worth hiding: who replaces every "1" by a name hides the sentence."""
NO_DATE = "a date is expected here, such as 2026-11-02"
NO_NUMBER = "a number is expected here, without quotes"
NO_WHOLE_NUMBER = "a whole number is expected here, without quotes"
OUR_WORDS = {
    "string_pattern_mismatch": "a text of one line is expected here",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), NO_WHOLE_NUMBER),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), NO_NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false is expected here"),
    "too_short": "at least one entry is needed",
    "tuple_type": "a list is expected here: entries that begin with a dash and a space",
    "list_type": "a list is expected here: entries that begin with a dash and a space",
    "model_type": "keys with values are expected here, as in `name: Anna`, with a space behind the colon",
    "dict_type": "keys with values are expected here, as in `name: Anna`, with a space behind the colon",
    "invalid_key": "a key is text; put it in quotes",
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), NO_DATE),
    "date_from_datetime_inexact": NO_DATE,
}


def load(path: Path, secrets: Secrets, kinds: Mapping[str, type]) -> Settings:
    """Settings from the file at path; kinds maps a source's kind to its class. Raises ConfigError."""
    reader = _Reader(path, secrets, kinds)
    tree = reader.read()
    settings = reader.validate(tree)
    if reader.problems:
        raise ConfigError(reader.problems)
    assert settings is not None
    return settings


def read_strictly(
    path: Path,
    schema: type[Model],
    check: Callable[[Model], Iterable[tuple[PathToKey, str]]],
    example: str,
) -> Model:
    """Another file of ours, read as strictly; check says what the schema can't. Raises ConfigError.

    example: where there is one to start from.
    """
    reader = _Reader(path, Secrets({}), {})
    reader.tree = read_tree(path, example)
    try:
        read = schema.model_validate(reader.tree)
    except ValidationError as error:
        reader._keep(error, (), schema)
    else:
        for where, wrong in check(read):
            reader._problem(where, wrong)
    if reader.problems:
        raise ConfigError(reader.problems)
    return read


class _Reader:
    def __init__(self, path: Path, secrets: Secrets, kinds: Mapping[str, type]):
        self.path = path
        self.secrets = secrets
        self.kinds = kinds
        self.tree: Any = None
        self.problems: list[Problem] = []
        self._filled_in: dict[str, str] = {}
        """Values from the environment, and what stands for them in the file."""
        self._missing: set[PathToKey] = set()
        """Keys whose value is not known: nothing else can be wrong with it."""

    def read(self) -> Any:
        """The tree with secrets filled in."""
        self.tree = read_tree(self.path)
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
        self._check_words(tree.get("approval"))
        return settings

    def _fill(self, node: Any, path: PathToKey) -> Any:
        if isinstance(node, dict):
            return {key: self._fill(value, (*path, key)) for key, value in node.items()}
        if isinstance(node, list):
            return [self._fill(value, (*path, index)) for index, value in enumerate(node)]
        return self._secrets_in(node, path) if isinstance(node, str) else node

    def _secrets_in(self, text: str, path: PathToKey) -> str:
        missing: list[str] = []

        def look_up(match: re.Match[str]) -> str:
            try:
                value = self.secrets.require(match[1])
            except MissingSecret as error:
                missing.append(str(error))
                return "missing"
            self._filled_in[value] = match[0]
            return value

        filled = re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", look_up, str(text))
        for message in missing:
            self._problem(path, message)
        if missing:
            self._missing.add(path)
        return filled

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
            return self._keep(error, path, schema, also=OF_EVERY_SOURCE)
        try:
            kind(**own)
        except (SourceError, ValueError) as error:
            self._problem((*path, *_begins_with_key(str(error), own)), str(error))
        return None

    def _check_names(self, tree: dict[str, Any]) -> None:
        for section in ("brands", "sources", "triggers", "approval"):
            names: set[str] = set()
            for index, name in named(tree.get(section)):
                if name in names:
                    self._problem(
                        (section, index, "name"), f"the name «{name}» is taken already; names are unique"
                    )
                names.add(name)
        self._check_references(tree)

    def _check_references(self, tree: dict[str, Any]) -> None:
        known = {
            "brand": [name for _, name in named(tree.get("brands"))],
            "source": [name for _, name in named(tree.get("sources"))],
            "person": [name for _, name in named(entry(tree, ("staff", "people")))],
        }
        for what, name, path in references(tree):
            if name not in known[what]:
                self._problem(path, f"no {what} of this name is configured{nearest(name, known[what])}")

    def _check_queries(self, brands: Any) -> None:
        for index, keys in enumerate(brands if isinstance(brands, list) else ()):
            if (brand := _brand(keys)) is None:
                continue
            try:
                Matcher([brand.terms])
            except QueryError as error:
                self._problem(("brands", index, *_written_in(brand, error)), str(error))

    def _check_words(self, rules: Any) -> None:
        for index, rule in maps(rules):
            for number, word in enumerate(listed(rule.get("words"))):
                try:
                    Matcher([BrandTerms("rule", str(word))])
                except QueryError as error:
                    self._problem(("approval", index, "words", number), str(error))

    def _keep(
        self, error: ValidationError, base: PathToKey, schema: type[BaseModel], also: tuple[str, ...] = ()
    ) -> None:
        for detail in error.errors(include_url=False):
            path = (*base, *(part for part in detail["loc"] if part != "[key]"))
            if detail["type"] == "too_short" and entry(self.tree, path):
                continue  # it has entries; what is wrong with them is said there
            self._problem(path, _sentence(dict(detail), schema, path[len(base) :], also))

    def _problem(self, path: PathToKey, message: str) -> None:
        if path in self._missing:
            return
        line, column = place(self.tree, path)
        problem = Problem(f"{self.path}:{line}:{column}", dotted(path), self._without_secrets(message))
        if problem not in self.problems:
            self.problems.append(problem)

    def _without_secrets(self, message: str) -> str:
        for value, name in self._filled_in.items():
            if len(value) >= LONG_ENOUGH:
                message = message.replace(value, name)
        return message


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


def _sentence(detail: dict[str, Any], schema: type[BaseModel], path: PathToKey, also: tuple[str, ...]) -> str:
    kind, message = detail["type"], str(detail["msg"])
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]), [*_keys_at(schema, path[:-1]), *also])
    if kind == "missing":
        return "this key is missing"
    if kind in OUR_WORDS:
        return OUR_WORDS[kind]
    if kind == "string_type":
        return _no_text(detail["input"])
    message = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    message = re.sub("^(Input|String|Value) should", "this should", message)
    return message[:1].lower() + message[1:]


def _no_text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return "one text is expected here"
    return "a text is expected here: put it in quotes"


def _begins_with_key(message: str, keys: dict[str, Any]) -> PathToKey:
    """The key that a sentence of a source begins with, such as selectors.date_order; nothing where it has none."""
    parts = message.partition(" ")[0].rstrip(":").split(".")
    path = tuple(int(part) if re.fullmatch("[0-9]{1,4}", part) else part for part in parts)
    return path if entry(keys, path) is not None else ()


def _unknown(key: str, known: list[str]) -> str:
    if key != key.strip():
        return "a no-break space stands before this key: type ordinary spaces in its place"
    if key.partition(":")[0] in known:
        return AFTER_A_KEY
    return f"unknown key{nearest(key, known)}"


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


def _brand(keys: Any) -> Any:
    try:
        return Brand.model_validate(keys)
    except ValidationError:
        return None  # said already


def _written_in(brand: Brand, error: QueryError) -> PathToKey:
    """The key whose text the error is about."""
    for key in ("context", "exclude"):
        entries: tuple[str, ...] = getattr(brand, key)
        if error.text in entries and error.text != brand.query:
            return key, entries.index(error.text)
    return ("query",)
