"""The program at work: one pass over everything, or on and on until somebody stops it."""

import gc
import signal
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Protocol

import structlog

from monitor.clock import LONGEST_PAUSE, Clock
from monitor.polling import Polled
from monitor.rounds import Rounds
from monitor.voice import Unsaid, Voice

log = structlog.get_logger()

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Bot(Protocol):
    """What hears staff and speaks to them; bots/telegram.py is one."""

    @property
    def voice(self) -> Voice: ...

    def start(self, *, listen: bool) -> None: ...

    def handle_waiting(self) -> int:
        """Hear what staff have said so far; return how much that was. Raises Unsaid where their chat refuses us."""
        ...

    def when_done(self, call: Callable[[], None]) -> None:
        """Call this after each thing that staff did."""
        ...

    def stop(self) -> None: ...


def run_once(rounds: Rounds, bot: Bot) -> Sequence[Polled]:
    """Hear staff, ask every source that is due, say what there is to say."""
    rounds.register()
    bot.start(listen=False)
    try:
        _hear(bot)
        return rounds.once(bot.voice)
    finally:
        bot.stop()


def _hear(bot: Bot) -> None:
    """What staff said waits for the next pass; what customers write need not."""
    try:
        bot.handle_waiting()
    except Unsaid as error:
        log.error("staff_not_heard", error=str(error))


def run(rounds: Rounds, bot: Bot) -> Sequence[str]:
    """Until the process is told to stop; return the sources whose poll hangs, and holds a thread for ever.

    Raises ModelError before anything begins where nothing could be judged.
    """
    rounds.load()
    clock = Clock(rounds, bot.voice)
    bot.when_done(clock.nudge)
    signals = _told_to_stop()
    bot.start(listen=True)
    gc.freeze()  # dictionaries and tables live as long as we do: the collector need not look at them again
    clock.start()
    settings = rounds.settings
    log.info("running", sources=len(rounds.sources), brands=len(settings.brands))
    while not _heard(signals):
        clock.catch_up()
    log.info("stopping", note="polls get a while to end; a second signal ends them at once")
    left = clock.stop()
    bot.stop()
    return left


def _told_to_stop() -> "SimpleQueue[int]":
    """Gets the first signal. The second one finds no handler, so nothing that hangs keeps it waiting."""
    # An Event that is set in the very moment in which we begin to wait for it waits for its own lock for ever.
    heard: SimpleQueue[int] = SimpleQueue()

    def hear(number: int, _: object) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        heard.put(number)

    for number in SIGNALS:
        signal.signal(number, hear)
    return heard


def _heard(signals: "SimpleQueue[int]") -> bool:
    """Wait for a signal, but not long."""
    try:
        signals.get(timeout=LONGEST_PAUSE.total_seconds())
    except Empty:
        return False
    return True
