"""Telegram's own description of its methods and types, in the machine-readable form that tests bring along."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from demo.telegram.refusal import bad_request
from demo.telegram.rows import Json

SCALARS: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
    "InputFile": (str,),
}
JSON_TYPES = {"Integer": "Number", "Float": "Number", "True": "Boolean"}
LISTS = "Array of "


@cache
def read(path: Path) -> Json:
    """The file, read once: it is nearly a megabyte."""
    described: Json = json.loads(path.read_text(encoding="utf-8"))
    return described


class Specification:
    """Checks a call against the description of its method, field by field, into every object."""

    def __init__(self, path: Path):
        described = read(path)
        self.methods: dict[str, Json] = {name.lower(): each for name, each in described["methods"].items()}
        self.types: dict[str, Json] = described["types"]

    def fields(self, described: Json) -> dict[str, Json]:
        """The fields of a method or a type by name."""
        return {field["name"]: field for field in described.get("fields", [])}

    def check(self, method: str, given: Json) -> None:
        """Refuse a parameter that the method does not have, or that has another type.

        What is missing is refused by the methods, in their own words. Numbers and truth values may come as strings, as forms send them.
        """
        fields = self.fields(self.methods[method.lower()])
        for name, value in given.items():
            if name not in fields:
                raise bad_request(f'unknown parameter "{name}"')
            if not self._is_form_scalar(value, fields[name]["types"]):
                self._check_value(name, value, fields[name]["types"])

    def check_result(self, method: str, result: Any) -> None:
        """Refuse an answer that Telegram would not give: the stand-in checks itself with it in tests."""
        self._check_value("result", result, self.methods[method.lower()]["returns"])

    def check_type(self, name: str, value: Any) -> None:
        """Refuse a value that is not of the named type."""
        self._check_value(name, value, [name])

    def _is_form_scalar(self, value: Any, types: list[str]) -> bool:
        if not isinstance(value, str):
            return False
        integer = "Integer" in types and value.lstrip("-").isdecimal()
        return integer or ("Boolean" in types and value.lower() in ("true", "false"))

    def _check_value(self, name: str, value: Any, types: list[str]) -> None:
        leaves = [leaf for each in types for leaf in self._leaves(each)]
        fitting = [leaf for leaf in leaves if self._fits(value, leaf)]
        if not fitting:
            expected = JSON_TYPES.get(types[0], types[0])
            raise bad_request(f'field "{name}" must be of type {expected.split(" ")[0]}')
        self._check_inside(name, value, fitting)

    def _leaves(self, kind: str) -> list[str]:
        subtypes = self.types.get(kind, {}).get("subtypes") or []
        return [leaf for each in subtypes for leaf in self._leaves(each)] or [kind]

    def _fits(self, value: Any, kind: str) -> bool:
        if kind.startswith(LISTS):
            return isinstance(value, list)
        if kind in SCALARS:
            return isinstance(value, SCALARS[kind]) and (not isinstance(value, bool) or bool in SCALARS[kind])
        return isinstance(value, dict)

    def _check_inside(self, name: str, value: Any, kinds: list[str]) -> None:
        if isinstance(value, list):
            members = [kind.removeprefix(LISTS) for kind in kinds if kind.startswith(LISTS)]
            for each in value:
                self._check_value(name, each, members)
        if isinstance(value, dict):
            self._check_fields(name, value, kinds)

    def _check_fields(self, name: str, value: Json, kinds: list[str]) -> None:
        """Of the types that it could be, the one that has the most of its fields."""
        candidates = [self.fields(self.types[kind]) for kind in kinds if kind in self.types]
        fields = max(candidates, key=lambda each: closeness(each, value))
        for field in fields.values():
            if field["required"] and field["name"] not in value:
                raise bad_request(f'can\'t find field "{field["name"]}"')
        for key, inner in value.items():
            if key not in fields:
                raise bad_request(f'unknown field "{key}" in "{name}"')
            self._check_value(key, inner, fields[key]["types"])


def closeness(fields: dict[str, Json], value: Json) -> tuple[int, int]:
    """How well a type's fields fit an object: known keys, then how few required ones are missing."""
    missing = sum(field["required"] and name not in value for name, field in fields.items())
    return len(fields.keys() & value.keys()), -missing
