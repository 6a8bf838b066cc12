"""Play the town's week: live, for somebody who watches, or fast, with a script that presses the buttons as staff would."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from demo.script import Script
from demo.serving import HOST
from demo.stage import Stage, set_stage
from demo.town import load_week

ZONE = ZoneInfo("Europe/Kyiv")
BEFORE_THE_WAVE = timedelta(days=2, hours=8)
"""How far into the week the live demo begins: the evening before, in the story, the great delivery failed."""
EVERY = timedelta(seconds=12)
"""Between two posts that arrive while somebody watches."""


class StoryClock:
    """The time of the story; it moves when the script says so."""

    def __init__(self, now: datetime):
        self._now = now
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            return self._now

    def move_to(self, moment: datetime) -> None:
        with self._lock:
            self._now = max(self._now, moment)


def play_once(
    make_house: Callable[[Mapping[str, str], Callable[[], datetime]], object], console: Console
) -> int:
    """Play last week in a minute or two and print what came of it. Returns the exit status."""
    monday = last_monday(datetime.now(UTC))
    week, clock = load_week(monday), StoryClock(monday)
    folder = Path(tempfile.mkdtemp(prefix="vidhuk-demo-"))
    with set_stage(week, folder, clock) as stage:
        house = make_house(stage.environ("1m"), clock)
        script = Script(stage, house, clock, console)
        script.play()
        console.print(outcome_table(script.outcome()))
    return 0


def play_live(port: int, console: Console) -> int:
    """Serve the town and the chat, and run the product against them as anybody would, until interrupted."""
    if taken := [number for number in (port, port + 1) if not is_free(number)]:
        raise SystemExit(f"Port {taken[0]} of this machine is taken; try `make demo PORT={port + 100}`.")
    now = datetime.now(UTC)
    week = load_week(now - BEFORE_THE_WAVE).hurried(now, EVERY)
    folder = Path(tempfile.mkdtemp(prefix="vidhuk-demo-"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the product must not outlive us
    with set_stage(week, folder, lambda: datetime.now(UTC), port=port) as stage:
        product = run_product(stage)
        try:
            stage.telegram.wait_for_bot()
            console.print(f"\n  The chat, and the town beside it: [bold]{stage.telegram_url}[/bold]\n")
            console.print(
                "  You are Олена, of the staff. Press «Взяти» and «Відповісти» on a card. Ctrl+C ends it.\n"
            )
            keep_talking(stage, product)
        except KeyboardInterrupt:
            console.print("\nThe town goes to sleep.")
        finally:
            product.terminate()
            product.wait(30)
    return 0


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def run_product(stage: Stage) -> "subprocess.Popen[bytes]":
    """`vidhuk run` as a process of its own, with nothing but its environment."""
    environ = {**os.environ, **stage.environ("10s")}
    log = (stage.folder / "vidhuk.log").open("wb")
    return subprocess.Popen([sys.executable, "-m", "monitor", "run"], env=environ, stdout=log, stderr=log)


def keep_talking(stage: Stage, product: "subprocess.Popen[bytes]") -> None:
    """Say in the town's group what the week says there, when its time has come; until the product ends."""
    said: set[str] = {post.key for post in stage.town.week.said("telegram", datetime.now(UTC))}
    while product.poll() is None:
        for post in stage.town.week.said("telegram", datetime.now(UTC)):
            if post.key not in said:
                said.add(post.key)
                stage.say_in_group(post)
        threading.Event().wait(1)
    raise SystemExit(f"vidhuk ended on its own; its log is {stage.folder}/vidhuk.log")


def last_monday(now: datetime) -> datetime:
    """The beginning of the last week in Kyiv whose digest is out."""
    local = now.astimezone(ZONE) - timedelta(hours=12)
    monday = (local - timedelta(days=local.weekday() + 7)).date()
    return datetime(monday.year, monday.month, monday.day, tzinfo=ZONE)


def outcome_table(outcome: Mapping[str, object]) -> Table:
    table = Table(show_header=False)
    for name, value in outcome.items():
        table.add_row(name, str(value))
    return table
