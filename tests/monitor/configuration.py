"""A good configuration, and ways to spoil it."""

from pathlib import Path

import pytest

import spiders
from monitor.config import ConfigError, Problem, load
from monitor.kinds import classes, find_kinds
from monitor.secrets import Secrets
from monitor.settings import Settings

ROOT = Path(__file__).parents[2]
KINDS = find_kinds(spiders)
GOOD = """\
contact: https://acme.example/contact
brands:
  - name: Acme
    query: Acme
sources:
  - kind: feed
    name: news
    url: https://news.example/rss
staff:
  chats:
    - id: -100
  people:
    - {name: Anna, telegram: 1}
"""
FEED = "kind: feed\n    name: news\n    url: https://news.example/rss"


def read(tmp_path: Path, text: str | bytes, environ: dict[str, str] | None = None) -> Settings:
    path = tmp_path / "vidhuk.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path, Secrets(environ or {}), classes(KINDS))


def problems(tmp_path: Path, text: str | bytes, environ: dict[str, str] | None = None) -> list[Problem]:
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text, environ)
    return error.value.problems


def tried(path: Path, text: str, environ: dict[str, str]) -> list[Problem]:
    """The problems that the text has, if any."""
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load(path, Secrets(environ), classes(KINDS))
    except ConfigError as error:
        return error.problems or [Problem("nowhere", "", "an error without a problem")]
    return []


def put(old: str, new: str) -> str:
    """The good configuration with something else in one place."""
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def kind(name: str, keys: str) -> str:
    return put(FEED, f"kind: {name}\n    name: source\n    {keys}")


def forum(keys: str) -> str:
    return kind("forum", f"url: https://x.example\n    {keys}")


def add_to_chat(keys: str) -> str:
    return put("- id: -100", f"- id: -100\n      {keys}")


def add_to_brand(keys: str) -> str:
    return put("query: Acme", f"query: Acme\n    {keys}")


def query(text: str) -> str:
    return put("query: Acme", f"query: {text}")
