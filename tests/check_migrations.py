"""`make lint`: the migrations make the tables that models/ describes, on SQLite; `--write NAME` writes what is missing."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from monitor.db import ROOT


def main(arguments: list[str]) -> int:
    config = Config(toml_file=ROOT / "pyproject.toml")
    with tempfile.TemporaryDirectory() as folder:
        config.attributes["url"] = f"sqlite:///{Path(folder)}/migrations.db"
        command.upgrade(config, "head")
        if arguments[:1] == ["--write"]:
            command.revision(config, message=arguments[1] or "unnamed", autogenerate=True)
            return 0
        try:
            command.check(config)
        except CommandError as error:
            print(f'{error} Run `make migration NAME="what changed"`.', file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
