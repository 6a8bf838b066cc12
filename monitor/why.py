"""Why a case was opened: everything that the decision rested on, and how long each step took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, Case, Event, Happening, Mention
from monitor.settings import Settings, TriageSettings


@dataclass(frozen=True)
class Why:
    case: int
    place: str
    matched: Sequence[str]
    """As the author wrote them."""
    terms: Sequence[str]
    """Of our query."""
    negative: float | None
    neutral: float | None
    positive: float | None
    complaint: float | None
    relevance: float
    rating: float | None
    reach: int | None
    language: str
    rules: TriageSettings
    reasons: Sequence[dict[str, Any]]
    model: str
    posted_at: datetime
    found_at: datetime
    judged_at: datetime | None
    told_at: datetime | None
    copies: int


def why(session: Session, case: Case, settings: Settings) -> Why:
    """Of the mention that opened the case; where staff were only asked before, of the one that made it a case."""
    mention = _opening(session, case)
    source = settings.source(case.source)
    alert = session.scalars(select(Alert).where(Alert.case_id == case.id)).unique().one()
    spans = [mention.text[m["start"] : m["end"]] for m in mention.matches]
    return Why(
        case=case.id,
        place=source.place if source else case.source,
        matched=list(dict.fromkeys(spans)),
        terms=list(dict.fromkeys(str(m["term"]) for m in mention.matches)),
        negative=mention.negative,
        neutral=mention.neutral,
        positive=mention.positive,
        complaint=mention.complaint,
        relevance=mention.relevance,
        rating=mention.rating,
        reach=mention.reach,
        language=mention.language,
        rules=settings.triage,
        reasons=case.reasons,
        model=settings.sentiment.model,
        posted_at=mention.posted_at,
        found_at=mention.found_at,
        judged_at=mention.judged_at,
        told_at=alert.sent_at,
        copies=case.copies,
    )


def _opening(session: Session, case: Case) -> Mention:
    opened = (Event.case_id == case.id) & Event.kind.in_([Happening.OPENED, Happening.ASKED])
    mentions = select(Mention).join(Event, Event.mention_id == Mention.id).where(opened)
    return session.scalars(mentions.order_by(Event.id.desc()).limit(1)).one()
