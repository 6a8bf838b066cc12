"""Every place of the configuration where a brand, a source or a person is named, in a tree that nothing has checked yet."""

from collections.abc import Iterator
from typing import Any

from monitor.yaml_tree import PathToKey, entry


def named(section: Any) -> Iterator[tuple[int, str]]:
    """The names in a list of things that have one, each with its place."""
    for index, keys in enumerate(section if isinstance(section, list) else ()):
        if isinstance(keys, dict) and isinstance(keys.get("name"), str):
            yield index, keys["name"]


def references(tree: dict[str, Any]) -> Iterator[tuple[str, str, PathToKey]]:
    """Every place where a brand, a source or a person is named: (what, name, path)."""
    for index, keys in maps(tree.get("sources")):
        if isinstance(keys.get("about"), str):
            yield "brand", keys["about"], ("sources", index, "about")
    for index, rule in maps(tree.get("triggers")):
        yield from _references_in(rule, ("triggers", index))
    for index, rule in maps(tree.get("approval")):
        for key, what in (("brands", "brand"), ("sources", "source"), ("staff", "person")):
            for number, name in enumerate(listed(rule.get(key))):
                yield what, str(name), ("approval", index, key, number)
    staff = tree.get("staff")
    for index, chat in maps(staff.get("chats") if isinstance(staff, dict) else None):
        yield from _references_of_chat(chat, ("staff", "chats", index))
    for section in ("hours", "sla"):
        own = entry(tree, (section, "brands"))
        for name in own if isinstance(own, dict) else ():
            yield "brand", str(name), (section, "brands", name)
    yield from _references_of_shifts(tree)


def _references_of_shifts(tree: dict[str, Any]) -> Iterator[tuple[str, str, PathToKey]]:
    for kind in ("weekly", "rotations"):
        for number, shift in maps(entry(tree, ("shifts", kind))):
            people = shift.get("people")
            for index, name in enumerate(people if isinstance(people, list) else ()):
                yield "person", str(name), ("shifts", kind, number, "people", index)


def _references_of_chat(chat: dict[str, Any], path: PathToKey) -> Iterator[tuple[str, str, PathToKey]]:
    brands = chat.get("brands")
    for index, name in enumerate(brands if isinstance(brands, list) else ()):
        yield "brand", str(name), (*path, "brands", index)
    for index, topic in maps(chat.get("topics")):
        yield from _references_in(topic, (*path, "topics", index))


def _references_in(keys: dict[str, Any], path: PathToKey) -> Iterator[tuple[str, str, PathToKey]]:
    for what in ("brand", "source"):
        if isinstance(keys.get(what), str):
            yield what, keys[what], (*path, what)


def maps(section: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries that have keys, each with its place."""
    for index, keys in enumerate(section if isinstance(section, list) else ()):
        if isinstance(keys, dict):
            yield index, keys


def listed(section: Any) -> list[Any]:
    """Nothing where it is no list: that is said elsewhere."""
    return section if isinstance(section, list) else []
