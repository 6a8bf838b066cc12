"""What the documentation points at is there: pictures, pages, commands, targets of make."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from monitor.__main__ import app
from tests.monitor.configuration import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINKED = re.compile(r'\]\(([^)\s]+)\)|src="([^"]+)"')
IN_CODE = re.compile(r"```sh\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def files_of(page: Path) -> Iterator[Path]:
    """What a page links to within the repository."""
    for found in LINKED.finditer(page.read_text(encoding="utf-8")):
        target = (found[1] or found[2]).partition("#")[0]
        if target and "://" not in target:
            yield page.parent / target


def named(tool: str) -> set[str]:
    """The words that follow a tool's name in anything that is set as code."""
    code = [a or b for page in PAGES for a, b in IN_CODE.findall(page.read_text(encoding="utf-8"))]
    line = re.compile(rf"^(?:\.venv/bin/)?{tool} ([a-z]+)", re.MULTILINE)
    return {word for each in code for word in line.findall(each)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_whatever_a_page_links_to_is_there(page: Path) -> None:
    assert [str(file) for file in files_of(page) if not file.exists()] == []


def test_every_picture_is_shown_somewhere_and_is_small() -> None:
    shown = {file.resolve() for page in PAGES for file in files_of(page)}
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert [picture.name for picture in pictures if picture.resolve() not in shown] == []
    assert [picture.name for picture in pictures if picture.stat().st_size > 200_000] == []


def test_every_command_that_is_named_exists() -> None:
    commands = named("vidhuk")
    assert {"check", "try", "run"} <= commands <= set(get_command(app).commands)  # type: ignore[attr-defined]  # a group


def test_every_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"demo", "test", "slow"} <= named("make") <= targets


def test_make_without_its_python_says_how_to_name_another(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    make = ["make", "run", "PYTHON=no-python"]
    said = subprocess.run(make, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode
    assert "There is no no-python here. Install it, or name a newer Python" in said.stderr
    assert not (tmp_path / ".venv").exists()
