"""Open a case for an unhappy mention, or find the case that it belongs to."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Alert, Bundle, Case, Event, Happening, Mention, MentionBand, Notice, Priority, Status
from monitor import copies
from monitor.db import upsert
from monitor.neighbours import Neighbours
from monitor.settings import Settings
from monitor.triage import Decision, Situation, decide
from monitor.urgent import UrgentWords

COPIES_FOR = timedelta(days=14)
"""A copy of an older post is news again."""
HABIT = timedelta(days=30)
UNHAPPY_FROM = 0.5
KIND_FROM = 0.6
"""From this probability on an author who writes back is content, and owed nothing more."""


def consider(
    session: Session,
    mention: Mention,
    neighbours: Neighbours,
    urgent: UrgentWords,
    settings: Settings,
    now: datetime,
) -> Case | None:
    """Join the case that the mention belongs to, or open one where its author is unhappy."""
    if case := neighbours.case_of(mention):
        _join(session, case, mention, settings, now)
        neighbours.joined(mention, case)
        return case
    seen = situation(mention, settings, now)
    if not decide(seen, settings.triage).opens:
        return None
    mention.signature = copies.signature(mention.text)
    if original := _copied_from(session, mention):
        return _count_copy(session, original, mention, now)
    told = replace(seen, urgent=urgent.find(mention.text), complaints=_complaints(session, mention))
    case = _open(session, mention, decide(told, settings.triage), settings, now)
    neighbours.joined(mention, case)
    return case


def situation(mention: Mention, settings: Settings, now: datetime) -> Situation:
    """What the mention alone says; urgent words and earlier complaints only raise the priority, and cost a look."""
    brand = settings.brand(mention.brand)
    return Situation(
        negative=mention.negative or 0.0,
        complaint=mention.complaint,
        rating=mention.rating,
        relevance=mention.relevance,
        age=now - mention.posted_at,
        reach=mention.reach,
        urgent=(),
        complaints=1,
        ours=brand is not None and brand.ours,
    )


def redraw(session: Session, case: Case, now: datetime) -> None:
    """The card no longer tells the truth: it waits to be edited."""
    alert = session.scalar(select(Alert).where(Alert.case_id == case.id))
    if alert is not None and alert.bundle_id is not None:
        session.get_one(Bundle, alert.bundle_id).due_at = now
    elif alert is not None:
        alert.due_at = now


def _complaints(session: Session, mention: Mention) -> int:
    """How many unhappy posts the author wrote at this source lately, this one counted."""
    unhappy = select(func.count(Mention.external_id.distinct())).where(
        Mention.source == mention.source,
        Mention.author == mention.author,
        Mention.negative >= UNHAPPY_FROM,
        Mention.posted_at > mention.posted_at - HABIT,
        Mention.external_id != mention.external_id,
    )
    return 1 + (session.scalar(unhappy) or 0)


def _open(session: Session, mention: Mention, decision: Decision, settings: Settings, now: datetime) -> Case:
    assert decision.priority is not None
    case = Case(
        brand=mention.brand,
        source=mention.source,
        thread_id=mention.thread_id,
        author=mention.author,
        status=Status.OPEN,
        priority=decision.priority,
        reasons=[reason.stored() for reason in decision.reasons],
        opened_at=now,
        answer_by=now + settings.sla.within(decision.priority),
    )
    session.add(case)
    session.flush()
    mention.case_id = case.id
    _remember_bands(session, mention)
    event = Event(case_id=case.id, kind=Happening.OPENED, at=now, mention_id=mention.id)
    session.add_all([event, _card(case, settings, now)])
    return case


def _card(case: Case, settings: Settings, now: datetime) -> Alert:
    chat = settings.staff.chat_for(case.brand)
    topic = chat.topic_for(case.brand, case.source, case.priority)
    return Alert(case_id=case.id, chat_id=chat.id, topic_id=topic, due_at=now)


def _join(session: Session, case: Case, mention: Mention, settings: Settings, now: datetime) -> None:
    mention.case_id = case.id
    if mention.author != case.author:
        mention.is_copy = True
    session.add(Event(case_id=case.id, kind=Happening.JOINED, at=now, mention_id=mention.id))
    redraw(session, case, now)
    if case.status is Status.OPEN or _same_post(session, case, mention):
        return
    if case.status is not Status.CLAIMED and _wakes(mention):
        case.wake(now, now + settings.sla.within(Priority(case.priority)))
        session.add(Event(case_id=case.id, kind=Happening.WOKEN, at=now, mention_id=mention.id))
    session.add(_author_wrote(session, case, mention, now))


def _same_post(session: Session, case: Case, mention: Mention) -> bool:
    """The post is known; only another brand in it is new."""
    known = select(Mention.id).where(
        Mention.case_id == case.id, Mention.external_id == mention.external_id, Mention.id != mention.id
    )
    return session.scalar(known.limit(1)) is not None


def _wakes(mention: Mention) -> bool:
    return (mention.positive or 0.0) < KIND_FROM


def _author_wrote(session: Session, case: Case, mention: Mention, now: datetime) -> Notice:
    alert = session.scalars(select(Alert).where(Alert.case_id == case.id)).one()
    return Notice(
        key=f"author:{mention.id}",
        kind="author_wrote",
        values={"case": case.id, "author": mention.author, "text": mention.text, "url": mention.url},
        chat_id=alert.chat_id,
        topic_id=alert.topic_id,
        case_id=case.id,
        due_at=now,
    )


def _copied_from(session: Session, mention: Mention) -> Case | None:
    """The case of a mention with (nearly) the same text, seen lately."""
    if mention.signature is None:
        return None
    sharing = select(MentionBand.mention_id).where(MentionBand.band.in_(copies.bands(mention.signature)))
    near = (
        select(Mention)
        .where(Mention.id.in_(sharing), Mention.id != mention.id, Mention.case_id.is_not(None))
        .where(Mention.brand == mention.brand, Mention.posted_at > mention.posted_at - COPIES_FOR)
        .order_by(Mention.posted_at)
    )
    original = next((m for m in session.scalars(near) if copies.is_copy(m.text, mention.text)), None)
    return session.get(Case, original.case_id) if original else None


def _count_copy(session: Session, case: Case, mention: Mention, now: datetime) -> Case:
    mention.case_id = case.id
    mention.is_copy = True
    session.add(Event(case_id=case.id, kind=Happening.JOINED, at=now, mention_id=mention.id))
    redraw(session, case, now)
    return case


def _remember_bands(session: Session, mention: Mention) -> None:
    if mention.signature is None:
        return
    insert = upsert(session)(MentionBand).on_conflict_do_nothing()
    session.execute(
        insert, [{"band": b, "mention_id": mention.id} for b in set(copies.bands(mention.signature))]
    )
