"""The end of `vidhuk run`, as a process of its own: with a source that never answers."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.telegram import Telegram, serve
from models import SourceState
from monitor.db import connect

ROOT = Path(__file__).parents[2]
PATIENCE = 60
TOKEN = "1000000001:a-token-of-nobody-for-the-tests-only"
PROGRAM = """\
import sys
from datetime import timedelta
from monitor import __main__ as main, clock
clock.PATIENCE = timedelta(seconds=float(sys.argv.pop()))
main.main()
"""
CONFIG = """\
language: en
contact: https://novolinia.example/contact
brands:
  - {{name: Новолінія, query: Новолінія}}
sources:
  - {{kind: feed, name: news, url: "http://127.0.0.1:{port}/", allow_private: true}}
staff:
  chats: [{{id: -100200300}}]
  people: [{{name: Олена, telegram: 7}}]
"""


@dataclass
class Running:
    """A process that asks a source which does not answer."""

    process: "subprocess.Popen[str]"

    def tell(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def says(self, event: str) -> None:
        assert self.process.stderr
        assert any(json.loads(line)["event"] == event for line in self.process.stderr)

    def ends(self) -> int:
        return self.process.wait(PATIENCE)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[[float], Running]]:
    """Start it, and wait until the source is being asked; the number is how long it waits for its polls."""
    world = Telegram(token=TOKEN, flood_limits=False)
    world.add_group("Турбота", [world.add_user("Олена", user_id=7)], chat_id=-100200300)
    started: list[subprocess.Popen[str]] = []
    asked: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as silent, serve(world) as url:
        silent.settimeout(60)
        (tmp_path / "vidhuk.yaml").write_text(CONFIG.format(port=silent.getsockname()[1]), encoding="utf-8")
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": url,
            "VIDHUK_CONFIG": "vidhuk.yaml",
        }

        def start(patience: float) -> Running:
            command = [sys.executable, "-c", PROGRAM, "run", str(patience)]
            process = subprocess.Popen(
                command, cwd=tmp_path, env=environ, stderr=subprocess.PIPE, encoding="utf-8"
            )
            started.append(process)
            asked.append(silent.accept()[0])
            return Running(process)

        yield start
        for process in started:
            process.kill()
            process.communicate()
        for connection in asked:
            connection.close()


def test_a_poll_that_hangs_does_not_keep_the_program_and_is_begun_anew_after_it(
    running: Callable[[float], Running], tmp_path: Path
) -> None:
    program = running(0)
    program.tell(signal.SIGTERM)
    assert program.ends() == 0
    with connect(f"sqlite:///{tmp_path}/vidhuk.db")() as session:
        assert session.get_one(SourceState, "news").polling_since is None


def test_a_second_signal_ends_the_program_at_once(running: Callable[[float], Running]) -> None:
    program = running(3600)
    program.tell(signal.SIGINT)
    program.says("stopping")
    program.tell(signal.SIGINT)
    assert program.ends() == -signal.SIGINT
