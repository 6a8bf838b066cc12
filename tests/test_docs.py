"""What the documentation tells people to write is understood as it stands, and no key is left out."""

import re
import typing
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from monitor.kinds import classes
from monitor.settings import Settings
from spiders._engines import Selectors
from spiders._reviews_page import ReviewSelectors
from tests.monitor.configuration import GOOD, KINDS, ROOT, read

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS = re.findall(
    r"```yaml\n(.*?)```", (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split(":")[0])
def test_every_configuration_in_the_page_on_alerts_is_valid(tmp_path: Path, block: str) -> None:
    settings = read(tmp_path, GOOD + block)
    assert block.split(":")[0] in settings.model_fields_set


def test_there_is_something_to_check() -> None:
    assert len(BLOCKS) == 2


def test_every_key_of_the_configuration_is_on_a_page() -> None:
    assert sorted(set(keys()) - set(named())) == []


def named() -> Iterator[str]:
    """What a page sets as code: before a colon in a block, in any place within a line."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block, words in re.findall(r"```yaml\n(.*?)```|`([^`\n]+)`", text, re.DOTALL):
            yield from re.findall(r"\w+(?=:)", block) + re.findall(r"\w+", words)


def keys() -> Iterator[str]:
    """Of the configuration, of each kind of source, and of their selectors."""
    yield from keys_of(Settings)
    for kind in (*classes(KINDS).values(), Selectors, ReviewSelectors):
        yield from (f.name for f in fields(kind) if f.init and f.metadata.get("configurable") is not False)


def keys_of(section: Any) -> Iterator[str]:
    """Those of a section, and of the sections in it, however they are wrapped."""
    if isinstance(section, type) and issubclass(section, BaseModel):
        for name, field in section.model_fields.items():
            yield name
            yield from keys_of(field.annotation)
    for part in typing.get_args(section):
        yield from keys_of(part)
