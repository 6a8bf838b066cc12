"""The clock that runs the rounds: nothing waits for a slow source, and a failing job does not end the others."""

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from monitor.clock import LONGEST_PAUSE, POLLS_AT_ONCE, Clock
from monitor.polling import Polled

PATIENCE = 10


@dataclass
class Rounds:
    """What the clock calls, counted; a poll takes until it is let go."""

    names: list[str] = field(default_factory=lambda: ["slow", "quick"])
    polled: list[str] = field(default_factory=list)
    watched: list[list[str]] = field(default_factory=list)
    freed: list[str] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)
    let_go: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None

    def __post_init__(self) -> None:
        self.changed = threading.Condition()

    def register(self) -> None:
        self._count("register")

    def due(self) -> list[str]:
        self._count("due")
        return self.names

    def watch(self, asked: Collection[str]) -> None:
        with self.changed:
            self.watched.append(sorted(asked))
            self.changed.notify_all()

    def poll(self, name: str) -> Polled | None:
        with self.changed:
            self.polled.append(name)
            self.changed.notify_all()
        if name.startswith("slow"):
            self.let_go.wait(PATIENCE)
        if name == "broken":
            raise ZeroDivisionError
        return Polled(name, 1, 1)

    def free(self, names: Collection[str]) -> None:
        self.freed += names

    def judge(self) -> int:
        return self._count("judge")

    def post_replies(self) -> int:
        return self._count("post_replies")

    def speak(self, voice: object) -> int:
        return self._count("speak")

    def drop_old_questions(self) -> None:
        self._count("drop_old_questions")

    def escalate(self) -> int:
        return self._count("escalate")

    def tend(self) -> int:
        return self._count("tend")

    def index_older(self) -> int:
        return self._count("index_older")

    def queue_digests(self) -> None:
        self._count("queue_digests")

    def keep_promises(self) -> None:
        self._count("keep_promises")

    def wait_for(self, seen: Callable[[], bool]) -> bool:
        with self.changed:
            return self.changed.wait_for(seen, PATIENCE)

    def _count(self, name: str) -> int:
        with self.changed:
            self.calls[name] = self.calls.get(name, 0) + 1
            self.changed.notify_all()
        if name == "judge" and self.error:
            raise self.error
        return 0


@pytest.fixture
def running() -> Iterator[Callable[[Rounds], Clock]]:
    clocks: list[tuple[Clock, Rounds]] = []

    def start(rounds: Rounds) -> Clock:
        clock = Clock(rounds, object())
        clocks.append((clock, rounds))
        clock.start()
        return clock

    yield start
    for clock, rounds in clocks:
        rounds.let_go.set()
        clock.stop()


def test_every_job_runs_at_once_after_the_start(running: Callable[[Rounds], Clock]) -> None:
    rounds = Rounds()
    running(rounds)
    jobs = {"register", "due", "judge", "post_replies", "speak", "tend", "escalate"}
    jobs |= {"queue_digests", "keep_promises", "index_older"}
    assert rounds.wait_for(lambda: jobs <= rounds.calls.keys())


def test_a_slow_source_keeps_none_waiting_and_is_not_asked_twice(running: Callable[[Rounds], Clock]) -> None:
    rounds = Rounds()
    clock = running(rounds)
    assert rounds.wait_for(lambda: "quick" in rounds.polled)
    clock._poll_due()
    assert rounds.wait_for(lambda: rounds.polled.count("quick") == 2)
    assert rounds.polled.count("slow") == 1


def test_only_so_many_are_asked_at_once(running: Callable[[Rounds], Clock]) -> None:
    rounds = Rounds(names=[f"slow{n}" for n in range(POLLS_AT_ONCE + 3)])
    clock = running(rounds)
    assert rounds.wait_for(lambda: len(rounds.polled) == POLLS_AT_ONCE)
    clock._poll_due()
    assert len(rounds.polled) == POLLS_AT_ONCE


def test_a_poll_that_does_not_end_is_watched(running: Callable[[Rounds], Clock]) -> None:
    rounds = Rounds(names=["slow"])
    clock = running(rounds)
    assert rounds.wait_for(lambda: rounds.polled == ["slow"])
    clock._poll_due()
    assert rounds.watched[-1] == ["slow"]


def test_a_poll_that_breaks_is_asked_again(running: Callable[[Rounds], Clock]) -> None:
    rounds = Rounds(names=["broken"])
    running(rounds)
    assert rounds.wait_for(lambda: len(rounds.polled) >= 2)


def test_a_job_that_fails_is_logged_and_the_others_go_on(running: Callable[[Rounds], Clock]) -> None:
    rounds = Rounds(names=[], error=RuntimeError("the model broke"))
    clock = running(rounds)
    assert rounds.wait_for(lambda: rounds.calls.get("judge", 0) >= 1)
    clock.nudge()
    assert rounds.wait_for(lambda: rounds.calls.get("judge", 0) >= 2)
    assert rounds.wait_for(lambda: rounds.calls.get("speak", 0) >= 1)


def test_what_was_found_is_judged_without_waiting_for_the_next_tick(
    running: Callable[[Rounds], Clock],
) -> None:
    rounds = Rounds(names=["quick"])
    running(rounds)
    assert rounds.wait_for(lambda: rounds.calls.get("judge", 0) >= 2)


def test_after_the_machines_clock_was_put_back_no_job_waits_for_the_old_time(
    running: Callable[[Rounds], Clock],
) -> None:
    clock = running(Rounds(names=[]))
    for job in clock._scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC) + timedelta(days=30))
    clock.catch_up()
    soon = datetime.now(UTC) + LONGEST_PAUSE
    assert all(job.next_run_time <= soon for job in clock._scheduler.get_jobs())


def test_a_nudge_before_the_start_or_after_the_end_does_nothing() -> None:
    rounds = Rounds(names=[])
    clock = Clock(rounds, object())
    clock.nudge()
    clock.start()
    clock.stop()
    calls = dict(rounds.calls)
    clock.nudge()
    assert rounds.calls == calls


def test_a_poll_that_ends_in_time_is_waited_for_at_the_end() -> None:
    rounds = Rounds(names=["slow"])
    clock = Clock(rounds, object())
    clock.start()
    assert rounds.wait_for(lambda: rounds.polled == ["slow"])
    with ThreadPoolExecutor() as threads:
        stopped = threads.submit(clock.stop)
        rounds.let_go.set()
        assert stopped.result(PATIENCE) == []
    assert rounds.freed == []


def test_a_poll_that_hangs_is_left_behind_and_its_claim_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.clock.PATIENCE", timedelta(0))
    rounds = Rounds()
    clock = Clock(rounds, object())
    clock.start()
    assert rounds.wait_for(lambda: clock._in_flight == {"slow"} and "quick" in rounds.polled)
    assert clock.stop() == ["slow"]
    assert rounds.freed == ["slow"]
    rounds.let_go.set()


def test_a_database_that_goes_away_with_us_does_not_keep_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.clock.PATIENCE", timedelta(0))
    rounds = Rounds(["slow"])

    def free(names: Collection[str]) -> None:
        raise OperationalError("UPDATE", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(rounds, "free", free)
    clock = Clock(rounds, object())
    clock.start()
    assert rounds.wait_for(lambda: rounds.polled == ["slow"])
    assert clock.stop() == ["slow"]
    rounds.let_go.set()
