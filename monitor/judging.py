"""Give waiting mentions their sentiment, and let it decide what becomes of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from models import Mention
from monitor import colleagues
from monitor.cases import Consideration
from monitor.db import Sessions, reading
from monitor.excerpt import readings
from monitor.sentiment.classifier import Classifier, Judgement
from monitor.sentiment.curves import curves_of
from monitor.sentiment.judgement import most_telling
from monitor.settings import Settings
from monitor.urgent import UrgentWords
from monitor.zones import Zones

BATCH = 256


def judge_waiting(
    sessions: Sessions, classifier: Classifier, urgent: UrgentWords, settings: Settings, now: datetime
) -> int:
    """Judge every mention that waits, oldest first, in batches; return how many there were."""
    judged = 0
    zones = Zones(curves_of(classifier), settings.triage)
    while batch := _waiting(sessions):
        verdicts = judge_posts(
            classifier, [(readings(m.own_title, m.text, m.matches), m.language) for m in batch]
        )
        _decide(sessions, batch, verdicts, urgent, settings, now, zones)
        judged += len(batch)
    return judged


def judge_posts(classifier: Classifier, posts: Sequence[tuple[Sequence[str], str]]) -> list[Judgement]:
    """Judge posts, given as their readings and their language; of two readings the one counts that says more."""
    return [judgement for _, judgement in _telling(classifier, posts)]


def as_judged(classifier: Classifier, posts: Sequence[tuple[Sequence[str], str]]) -> list[str]:
    """Return the reading that counts of each of the posts, given as in ``judge_posts``."""
    return [text for text, _ in _telling(classifier, posts)]


def _telling(
    classifier: Classifier, posts: Sequence[tuple[Sequence[str], str]]
) -> list[tuple[str, Judgement]]:
    texts = [text for texts, _ in posts for text in texts]
    languages = [language for texts, language in posts for _ in texts]
    judged = classifier.judge(texts, languages)
    return [(texts[place], judged[place]) for place in most_telling(judged, [len(own) for own, _ in posts])]


def anything_waits(sessions: Sessions) -> bool:
    """Cheap to ask, so that the model need not be loaded for nothing."""
    with reading(sessions) as session:
        return session.scalar(select(Mention.id).where(Mention.judged_at.is_(None)).limit(1)) is not None


def _waiting(sessions: Sessions) -> Sequence[Mention]:
    with reading(sessions) as session:
        waiting = select(Mention).where(Mention.judged_at.is_(None)).order_by(Mention.posted_at, Mention.id)
        return session.scalars(waiting.limit(BATCH)).all()


def _decide(
    sessions: Sessions,
    batch: Sequence[Mention],
    verdicts: Sequence[Judgement],
    urgent: UrgentWords,
    settings: Settings,
    now: datetime,
    zones: Zones,
) -> None:
    verdict_of = dict(zip(map(_as_read, batch), verdicts, strict=True))
    with sessions.begin() as session:
        # Another worker may have been quicker with some, and an author has edited others: they wait for the next batch.
        still = (Mention.id.in_([m.id for m in batch])) & (Mention.judged_at.is_(None))
        found = session.scalars(select(Mention).where(still).order_by(Mention.posted_at, Mention.id))
        mentions = [mention for mention in found if _as_read(mention) in verdict_of]
        # What a mention changes is written at the end, all at once: the Consideration knows it without asking.
        with session.no_autoflush:
            for mention in mentions:
                _note(mention, verdict_of[_as_read(mention)], now)
            cases = Consideration(session, mentions, urgent, settings, now, zones).consider_all()
        colleagues.settle_seen_late(session, list(dict.fromkeys(filter(None, cases))), settings.brands, now)


def _as_read(mention: Mention) -> tuple[int, str, str]:
    """The mention, and what of it is judged."""
    return mention.id, mention.own_title, mention.text


def _note(mention: Mention, verdict: Judgement, now: datetime) -> None:
    mention.judged_at = now
    mention.negative = verdict.sentiment.negative
    mention.neutral = verdict.sentiment.neutral
    mention.positive = verdict.sentiment.positive
    mention.complaint = verdict.complaint
