"""What has to be done again and again: ask the sources, judge, speak to staff, post replies. Nothing here waits."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from monitor import (
    colleagues,
    crises,
    deletions,
    digest,
    escalation,
    health,
    judging,
    learning,
    leaving,
    outbox,
    people,
    polling,
    posting,
    reminders,
    search,
    tending,
    unposted,
    verdicts,
)
from monitor.db import Sessions, reading
from monitor.hearing import Heard, Hearing
from monitor.ingest import Listening
from monitor.matching import Matcher
from monitor.pace import Pace
from monitor.polling import Polled
from monitor.sentiment.classifier import Classifier
from monitor.settings import Settings
from monitor.source import CanReply, Listens, Source, SourceError
from monitor.urgent import UrgentWords
from monitor.voice import Voice

log = structlog.get_logger()


@dataclass
class Rounds:
    """The parts of the whole, put together; each method is one short job, safe to repeat."""

    sessions: Sessions
    settings: Settings
    sources: Mapping[str, Source]
    classifier: Callable[[], Classifier]
    """Loaded when first needed."""
    clock: Callable[[], datetime]
    urgent: UrgentWords = field(default_factory=UrgentWords.from_file)
    pace: Pace = field(default_factory=Pace)

    def __post_init__(self) -> None:
        matcher = Matcher([brand.terms for brand in self.settings.brands])
        self.listening = {name: self._listening(name, matcher) for name in self.sources}
        self.ears = {
            name: Hearing(self.sessions, self.listening[name], self.clock)
            for name, source in self.sources.items()
            if isinstance(source, Listens)
        }
        heard = {name: Heard(name, self.sources[name], ear) for name, ear in self.ears.items()}
        self.asked: Mapping[str, Source] = {**self.sources, **heard}

    def register(self) -> None:
        polling.register(self.sessions, self.settings, self.clock())
        people.register(self.sessions, self.settings)
        with self.sessions.begin() as session:
            leaving.leave(session, self.settings, self.clock())

    def load(self) -> None:
        """Load the model before it is needed, and let go of what another one learnt, and say so. Raises ModelError."""
        judge = self.classifier()
        with self.sessions.begin() as session:
            learning.let_go(session, judge, self.clock())
            learning.tell_ignored(session, judge, self.settings, self.clock())

    def due(self) -> list[str]:
        return polling.due(self.sessions, self.settings, self.clock())

    def poll(self, name: str) -> Polled | None:
        if name in self.ears:
            self.ears[name].store()
        return polling.poll(self.sessions, self.asked[name], self.listening[name], self.settings, self.clock)

    def free(self, names: Collection[str]) -> None:
        polling.free(self.sessions, names)

    def poll_due(self) -> list[Polled]:
        for ear in self.ears.values():
            ear.store()
        return polling.poll_due(self.sessions, self.asked, self.listening, self.settings, self.clock)

    def watch(self, asked: Collection[str]) -> None:
        """Tell staff of those that have been asked for so long that they will not answer any more."""
        with reading(self.sessions) as session:
            if not health.hanging(session, asked, self.clock()):
                return
        with self.sessions.begin() as session:
            health.tell_hanging(session, asked, self.settings, self.clock())

    def hear(self, update: Mapping[str, Any]) -> int:
        """Store what was said in a group that the bot is in; return the number of mentions.

        Where the database can't be written it is stored later.
        """
        return sum(
            self._hear(name, source, update)
            for name, source in self.sources.items()
            if isinstance(source, Listens)
        )

    def judge(self) -> int:
        if not judging.anything_waits(self.sessions):
            return 0
        return judging.judge_waiting(
            self.sessions, self.classifier(), self.urgent, self.settings, self.clock()
        )

    def keep_promises(self) -> None:
        """Queue what has to be said of promises that run out, and of who is on call now."""
        now = self.clock()
        with self.sessions.begin() as session:
            reminders.keep_promises(session, self.settings, now)
            reminders.tell_on_call(session, self.settings, now)
            unposted.tell_leads(session, self.settings, now)

    def speak(self, voice: Voice) -> int:
        return outbox.deliver(self.sessions, voice, self.pace, self.clock)

    def post_replies(self) -> int:
        posted = posting.deliver(self.sessions, self.sources, self.settings.brands, self.clock)
        return posted + deletions.deliver(self.sessions, self.sources, self.clock)

    def tend(self) -> int:
        return tending.tend(self.sessions, self.settings, self.clock())

    def queue_digests(self) -> None:
        with self.sessions.begin() as session:
            digest.queue_due(session, self.settings, self.clock())

    def drop_old_questions(self) -> None:
        with self.sessions.begin() as session:
            verdicts.drop_old(session, self.clock())

    def escalate(self) -> int:
        """Fire the rules whose time has come, and look for crises; return how much there is to say."""
        with self.sessions.begin() as session:
            now = self.clock()
            return escalation.sweep(session, self.settings, now) + crises.look(session, self.settings, now)

    def index_older(self) -> int:
        """Make some of the mentions findable that are older than the index."""
        return search.index_older(self.sessions)

    def once(self, voice: Voice) -> Sequence[Polled]:
        """One pass over everything."""
        polled = self.poll_due()
        self.judge()
        self.index_older()
        self.escalate()
        self.queue_digests()
        self.drop_old_questions()
        self.tend()
        self.post_replies()
        self.keep_promises()
        self.speak(voice)
        return polled

    def _hear(self, name: str, source: Listens, update: Mapping[str, Any]) -> int:
        posts = source.hear(update)
        return self.ears[name].hear(posts) if posts else 0

    def _listening(self, name: str, matcher: Matcher) -> Listening:
        settings, source = self.settings.source(name), self.sources[name]
        assert settings is not None
        own = colleagues.accounts_of(self.settings.brands, name)
        return Listening(name, matcher, settings.about, _accounts(source), own, self.settings.zone)


def _accounts(source: Source) -> Sequence[str]:
    """Under which names we write there ourselves."""
    if not isinstance(source, CanReply):
        return ()
    try:
        return (source.account,)
    except SourceError as error:
        log.warning("account_unknown", source=source.name, error=str(error))
        return ()
