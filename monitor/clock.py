"""When things are done: APScheduler asks every few seconds what is due. What is due lives in our tables."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from monitor.rounds import Rounds
from monitor.voice import Voice

log = structlog.get_logger()

POLLS_AT_ONCE = 4
LONGEST_PAUSE = timedelta(minutes=1)
"""Between two turns of the rarest job."""
PATIENCE = timedelta(seconds=8)
"""With polls in flight, when we are told to stop: after ten seconds Docker kills whoever is not gone."""


class Clock:
    """Runs the rounds until it is stopped. Every job is alone of its kind; a missed one is caught up once."""

    def __init__(self, rounds: Rounds, voice: Voice):
        self._rounds = rounds
        self._voice = voice
        self._polls = ThreadPoolExecutor(POLLS_AT_ONCE, thread_name_prefix="poll")
        self._in_flight: set[str] = set()
        self._changed = threading.Condition()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            # Its own default forgets a job that is a second late.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        self._rounds.register()
        self._every("poll", self._poll_due, seconds=2)
        self._every("judge", self._judge, seconds=2)
        self._every("replies", self._post_replies, seconds=2)
        self._every("speak", self._speak, seconds=2)
        self._every("promises", self._rounds.keep_promises, seconds=10)
        self._every("escalate", self._escalate, seconds=60)
        self._every("tend", self._rounds.tend, seconds=5)
        self._every("index", self._rounds.index_older, seconds=5)
        self._every("digests", self._rounds.queue_digests, seconds=60)
        self._every("questions", self._rounds.drop_old_questions, seconds=60)
        self._scheduler.add_listener(_log_failure, EVENT_JOB_ERROR)
        self._scheduler.start()

    def nudge(self) -> None:
        """Staff did something, or somebody wrote: do not wait for the next tick."""
        if self._scheduler.running:
            for job in ("replies", "judge", "speak"):
                self._scheduler.modify_job(job, next_run_time=datetime.now(UTC))

    def catch_up(self) -> None:
        """After the machine's clock was put back, no job waits until it is as late again as it was then."""
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            if job.next_run_time > now + LONGEST_PAUSE:
                job.modify(next_run_time=now)

    def stop(self) -> Sequence[str]:
        """Let what runs finish, and start nothing more. A poll may hang: return the sources of those left behind."""
        self._scheduler.shutdown(wait=True)
        self._polls.shutdown(wait=False, cancel_futures=True)
        with self._changed:
            self._changed.wait_for(lambda: not self._in_flight, PATIENCE.total_seconds())
            left = sorted(self._in_flight)
        if left:
            log.warning("polls_left_behind", sources=left)
            self._free(left)
        return left

    def _free(self, left: Sequence[str]) -> None:
        """The database may be going down with us; the next start waits for these sources then."""
        try:
            self._rounds.free(left)
        except SQLAlchemyError as error:
            log.warning("polls_not_freed", sources=left, error=type(error).__name__)

    def _every(self, name: str, job: Callable[[], object], seconds: int) -> None:
        self._scheduler.add_job(job, "interval", seconds=seconds, id=name, next_run_time=datetime.now(UTC))

    def _poll_due(self) -> None:
        """Start every poll that is due, and watch those that run; a slow source keeps none of the others waiting."""
        for name in self._rounds.due():
            with self._changed:
                if name in self._in_flight or len(self._in_flight) >= POLLS_AT_ONCE:
                    continue
                self._in_flight.add(name)
            self._polls.submit(self._poll, name).add_done_callback(partial(self._ended, name))
        with self._changed:
            asked = sorted(self._in_flight)
        if asked:
            self._rounds.watch(asked)

    def _poll(self, name: str) -> None:
        try:
            polled = self._rounds.poll(name)
        except Exception:
            log.exception("poll_broke", source=name)
            return
        if polled and polled.mentions:
            self.nudge()

    def _ended(self, name: str, _: object) -> None:
        """Done or never begun."""
        with self._changed:
            self._in_flight.discard(name)
            self._changed.notify_all()

    def _judge(self) -> None:
        if self._rounds.judge():
            self.nudge()

    def _escalate(self) -> None:
        if self._rounds.escalate():
            self.nudge()

    def _post_replies(self) -> None:
        if self._rounds.post_replies():
            self.nudge()

    def _speak(self) -> None:
        self._rounds.speak(self._voice)


def _log_failure(event: JobExecutionEvent) -> None:
    log.error("job_failed", job=event.job_id, exc_info=event.exception)
