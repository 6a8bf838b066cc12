"""Every command explains itself."""

import pytest
from typer.testing import CliRunner

from monitor import __main__ as main


def test_the_help_names_every_command() -> None:
    said = CliRunner().invoke(main.app, ["--help"]).output
    for command in ("init", "check", "try", "run", "digest", "people", "invite", "demo", "db"):
        assert f" {command} " in said


@pytest.mark.parametrize(
    ("command", "promise"),
    [
        ("init", "Write a commented configuration to start from"),
        ("check", "without posting or sending anything"),
        ("try", "Stores and sends nothing"),
        ("run", "until it is stopped"),
        ("digest", "2026-W47"),
        ("people", "those who accepted an invitation"),
        ("invite", "lets one person join the staff, once"),
        ("demo", "no account, no network"),
        ("db", "upgrade"),
    ],
)
def test_each_command_explains_itself(command: str, promise: str) -> None:
    result = CliRunner().invoke(main.app, [command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert promise in " ".join(result.output.split())


def test_without_a_command_the_help_is_shown() -> None:
    assert "Usage" in CliRunner().invoke(main.app, []).output
