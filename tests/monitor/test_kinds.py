import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import spiders
from monitor.config import ConfigError
from monitor.kinds import build, build_all, classes, find_kinds
from monitor.settings import SourceSettings
from tests.conftest import make_settings

SPIDER = """\
from dataclasses import dataclass
from monitor.source import SourceError

@dataclass
class Source:
    name: str
    pages: int = 1
    contact: str = ""

    def __post_init__(self):
        if self.pages < 1:
            raise SourceError("A notebook without pages can't be read.")
"""


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package with one kind of source, and a shared module that is none."""
    package = tmp_path / "notebooks"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "notebook.py").write_text(SPIDER, encoding="utf-8")
    (package / "_paper.py").write_text("raise RuntimeError('nobody asked')", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield __import__("notebooks")
    for name in [name for name in sys.modules if name.startswith("notebooks")]:
        del sys.modules[name]


def settings_of(**keys: object) -> SourceSettings:
    return SourceSettings.model_validate({"kind": "notebook", "name": "n", **keys})


def test_every_file_of_spiders_without_an_underscore_is_a_kind() -> None:
    files = {path.stem for path in Path(spiders.__path__[0]).glob("*.py") if not path.name.startswith("_")}
    assert find_kinds(spiders).keys() == files
    assert {"feed", "forum", "reviews", "reddit", "telegram", "telegram_channel"} <= files


def test_what_they_share_is_no_kind(notebooks: ModuleType) -> None:
    assert find_kinds(notebooks).keys() == {"notebook"}


def test_a_third_party_adds_a_kind_without_a_fork(notebooks: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "theirs-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n", encoding="utf-8")
    (folder / "entry_points.txt").write_text(
        "[vidhuk.sources]\ntheirs = notebooks.notebook\n", encoding="utf-8"
    )
    kinds = find_kinds(spiders)
    assert classes(kinds)["theirs"].__module__ == "notebooks.notebook"
    assert "feed" in kinds


def test_a_source_has_its_own_keys_and_what_we_fill_in(notebooks: ModuleType) -> None:
    kind = find_kinds(notebooks)["notebook"]
    source = build(settings_of(pages=3), kind, {"contact": "us", "token": "not its business"})
    assert (source.name, source.pages, source.contact) == ("n", 3, "us")


def test_what_is_configured_wins_over_what_we_fill_in(notebooks: ModuleType) -> None:
    kind = find_kinds(notebooks)["notebook"]
    assert build(settings_of(contact="them"), kind, {"contact": "us"}).contact == "them"


def test_every_source_that_refuses_its_keys_is_named(notebooks: ModuleType) -> None:
    broken = [{"kind": "notebook", "name": name, "pages": 0} for name in ("one", "two")]
    with pytest.raises(ConfigError) as error:
        build_all(make_settings(sources=broken), find_kinds(notebooks), {})
    assert [(problem.key, problem.message) for problem in error.value.problems] == [
        ("sources.one", "A notebook without pages can't be read."),
        ("sources.two", "A notebook without pages can't be read."),
    ]
