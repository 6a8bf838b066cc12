"""One method of the Bot API: its signature is what the stand-in knows of its parameters."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args, get_type_hints

from pydantic import ConfigDict, ValidationError, validate_call

from demo.telegram.refusal import Refusal, bad_request
from demo.telegram.rows import Json

MISSING = {
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "media": "Can't parse media JSON object",
    "chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "inline_query_id": "query is too old and response timeout expired or query ID is invalid",
}
"""Telegram's words, in the order in which it looks."""
JSON_NAMES = {
    "reply_markup": "reply keyboard markup",
    "reply_parameters": "reply parameters",
    "link_preview_options": "link preview options",
    "scope": "BotCommandScope",
    "reaction": "reaction types",
    "button": "inline query results button",
}
TYPE_NAMES = {"bool": "Boolean", "int": "Number", "string": "String", "list": "Array", "model": "Object"}
SCALARS = {str, int, bool, NoneType}


@dataclass(frozen=True)
class Method:
    """A function of the world and of named parameters."""

    name: str
    function: Callable[..., Any]
    parameters: dict[str, bool]
    """Which are known, and whether each is required."""
    objects: frozenset[str]
    """Those that come as JSON."""

    @classmethod
    def of(cls, name: str, function: Callable[..., Any]) -> "Method":
        """Read the signature: what is keyword-only is a parameter of the method."""
        hints = get_type_hints(function)
        parameters = {
            parameter.name: parameter.default is inspect.Parameter.empty
            for parameter in inspect.signature(function).parameters.values()
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY
        }
        objects = frozenset(key for key in parameters if not kinds(hints[key]) <= SCALARS)
        checked = validate_call(config=ConfigDict(arbitrary_types_allowed=True))(function)
        return cls(name, checked, parameters, objects)

    def decode(self, given: Json) -> Json:
        """JSON in strings (of forms) read; what is empty left out, as Telegram does."""
        decoded = {
            name: read_json(name, value) if name in self.objects else value for name, value in given.items()
        }
        return {name: value for name, value in decoded.items() if value is not None and value != ""}

    def call(self, world: object, given: Json, *, strict: bool) -> Any:
        """Check the parameters, then do it; raise Refusal."""
        unknown = sorted(given.keys() - self.parameters.keys())
        if unknown and strict:
            raise bad_request(f'method {self.name} has no parameter "{unknown[0]}" in the stand-in')
        self._refuse_missing(given)
        known = {name: value for name, value in given.items() if name in self.parameters}
        try:
            return self.function(world, **known)
        except ValidationError as error:
            raise refusal_of(error) from error

    def _refuse_missing(self, given: Json) -> None:
        required = {name for name, needed in self.parameters.items() if needed}
        missing = required - given.keys()
        for name in [*MISSING, *sorted(missing)]:
            if name in missing:
                raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))


def kinds(hint: Any) -> set[Any]:
    """The members of a union, or the type itself."""
    return set(get_args(hint)) or {hint}


def read_json(name: str, value: Any) -> Any:
    """An object parameter: a form has it as a string."""
    if not isinstance(value, str) or not value:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise bad_request(f"can't parse {JSON_NAMES.get(name, name)} JSON object") from error


def refusal_of(error: ValidationError) -> Refusal:
    """The first thing that is wrong, as Telegram would put it."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = next((part for part in reversed(first["loc"]) if isinstance(part, str)), "value")
    kind = first["type"]
    if kind.startswith("union_tag"):
        return bad_request("object expected as reply markup")
    if kind == "missing":
        return bad_request(f'can\'t find field "{name}"')
    if kind == "extra_forbidden":
        return bad_request(f'unknown field "{name}"')
    wanted = TYPE_NAMES.get(kind.split("_")[0])
    if wanted:
        return bad_request(f'field "{name}" must be of type {wanted}')
    return bad_request(f'field "{name}" is invalid: {first["msg"]}')
