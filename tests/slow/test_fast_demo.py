"""The newcomer's first command, `make demo ONCE=1`, as a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"│ (?P<name>[^│]+?) +│ (?P<figure>[^│]+?) +│")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the demo prints: name → figure."""
    environ = {**os.environ, "TMPDIR": str(tmp_path_factory.mktemp("demo")), "COLUMNS": "200"}
    command = [sys.executable, "-m", "monitor", "demo", "--once"]
    played = subprocess.run(  # noqa: PLW1510  the return code is what is looked at
        command, env=environ, capture_output=True, text=True, cwd=ROOT, timeout=540
    )
    assert played.returncode == 0, played.stderr[-2_000:]
    return {found["name"]: found["figure"] for found in ROW.finditer(played.stdout)}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_week_is_played_to_its_end_and_nothing_in_its_table_is_nothing(table: dict[str, str]) -> None:
    digest = Path(table.pop("digest"))
    assert digest.is_file()
    assert min(map(int, table.values())) > 0, table


@pytest.mark.slow
def test_every_case_is_told_and_every_answer_arrives(table: dict[str, str]) -> None:
    assert int(table["alerts delivered"]) >= int(table["cases"])
    assert int(table["replies posted"]) >= int(table["answers seen in the forum"])
