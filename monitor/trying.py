"""Look at a source, or at every credential, without storing, sending or changing anything."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from monitor import ingest
from monitor.excerpt import readings
from monitor.ingest import Found, Listening
from monitor.judging import judge_posts
from monitor.sentiment.classifier import Classifier, Judgement
from monitor.sentiment.curves import curves_of
from monitor.settings import Settings
from monitor.source import CanCheck, CanReply, Source, SourceError
from monitor.tables import Checked, Tried
from monitor.triage import Situation
from monitor.triggers import decide
from monitor.urgent import UrgentWords
from monitor.zones import Zones

MAX_POSTS = 500


def try_source(
    source: Source, listening: Listening, classifier: Classifier, settings: Settings, now: datetime
) -> tuple[int, list[Tried]]:
    """Poll a source from the beginning: how many posts it gave, and those about a brand, judged. Raises SourceError."""
    posts = list(islice((post for page in source.poll(None) for post in page.posts), MAX_POSTS))
    found = [f for post in posts for f in ingest.recognise(post, listening)]
    verdicts = judge_posts(classifier, [(_readings(f), f.language) for f in found])
    urgent = UrgentWords.from_file()
    zones = Zones(curves_of(classifier), settings.triage)
    return len(posts), [
        _tried(f, source.name, verdict, urgent, settings, zones, now)
        for f, verdict in zip(found, verdicts, strict=True)
    ]


def check_source(source: Source) -> Checked:
    """Try its credentials, where it has any; otherwise say how it is answered."""
    try:
        said = source.check() if isinstance(source, CanCheck) else "needs no credentials"
        if isinstance(source, CanReply):
            said = f"{said.rstrip('.')}; replies as {source.account}"
    except SourceError as error:
        return Checked(source.name, str(error), False)
    return Checked(source.name, said, True)


def _readings(found: Found) -> Sequence[str]:
    post = found.post
    return readings(post.own_title, post.text, [{"start": m.start, "end": m.end} for m in found.matches])


def _tried(
    found: Found,
    source: str,
    verdict: Judgement,
    urgent: UrgentWords,
    settings: Settings,
    zones: Zones,
    now: datetime,
) -> Tried:
    brand = settings.brand(found.brand)
    decision = decide(
        Situation(
            negative=verdict.sentiment.negative,
            complaint=verdict.complaint,
            rating=found.post.rating,
            relevance=found.relevance,
            age=now - found.post.posted_at,
            reach=found.post.reach,
            urgent=urgent.find(found.post.text),
            complaints=1,
            ours=brand is not None and brand.ours,
            brand=found.brand,
            source=source,
        ),
        settings,
        zones.of(found.language),
    )
    reasons = ", ".join(reason.code for reason in decision.reasons)
    priority = f"case, {decision.priority.name.lower()}" if decision.priority else "no case"
    if decision.asks:
        priority = "asked whether it is a complaint"
    return Tried(
        post=found.post,
        brand=found.brand,
        language=found.language,
        negative=verdict.sentiment.negative,
        positive=verdict.sentiment.positive,
        decision=f"{priority}: {reasons}",
        matched=[found.post.text[m.start : m.end] for m in found.matches],
    )
