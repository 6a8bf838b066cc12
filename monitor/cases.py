"""Open a case for an unhappy mention, or find the case that it belongs to."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, Bundle, Case, Event, Happening, Mention, Notice, Priority, Status
from monitor.complaints import Complaints
from monitor.echoes import Echoes
from monitor.muted import Mutes
from monitor.neighbours import Neighbours
from monitor.said_before import said_before
from monitor.settings import Settings
from monitor.triage import Decision, Situation, decide
from monitor.urgent import UrgentWords

CORRECTIONS = (Happening.NOT_OURS, Happening.WRONG_TONE, Happening.SPAM)
KIND_FROM = 0.6
"""From this probability on an author who writes back is content, and owed nothing more."""


class Consideration:
    """Judged mentions, taken one after the other; what they are held against was looked up for all of them at once."""

    def __init__(
        self,
        session: Session,
        mentions: Collection[Mention],
        urgent: UrgentWords,
        settings: Settings,
        now: datetime,
    ):
        self._session, self._urgent, self._settings, self._now = session, urgent, settings, now
        self._mentions = mentions
        self._situations = {mention.id: situation(mention, settings, now) for mention in mentions}
        unhappy = [m for m in mentions if decide(self._situations[m.id], settings.triage).opens]
        self._unhappy = {mention.id for mention in unhappy}
        self._neighbours = Neighbours(session, mentions)
        self._echoes = Echoes(session, unhappy)
        self._complaints = Complaints(session, unhappy)
        self._mutes = Mutes(session, now)

    def consider_all(self) -> list[Case | None]:
        """What becomes of each mention, in their order."""
        cases = [self._consider(mention) for mention in self._mentions]
        self._echoes.keep()
        self._session.flush()
        return cases

    def _consider(self, mention: Mention) -> Case | None:
        """Join the case that the mention belongs to, or open one where its author is unhappy."""
        case = self._neighbours.case_of(mention)
        if self._is_muted(mention) or (case and self._is_settled(mention, case)):
            return self._join_quietly(mention, case)
        if case:
            _join(self._session, case, mention, self._settings, self._now)
            self._neighbours.joined(mention, case)
            return case
        if mention.id not in self._unhappy:
            return None
        complaints = self._complaints.count(mention)
        if case := self._echoes.case_of(mention):
            return _count_copy(self._session, case, mention, self._now)
        return self._open(mention, complaints)

    def _join_quietly(self, mention: Mention, case: Case | None) -> Case | None:
        """Whoever works on the case sees the post there; nobody is called."""
        if case is not None:
            _belongs(self._session, case, mention, self._now, is_copy=mention.author != case.author)
            self._neighbours.joined(mention, case)
        return case

    def _is_settled(self, mention: Mention, case: Case) -> bool:
        """Staff said that it was no complaint; only another complaint opens it again."""
        return mention.id not in self._unhappy and _was_corrected(self._session, case)

    def _is_muted(self, mention: Mention) -> bool:
        """A mute for a time lets a complaint with an urgent word through; one for good lets nothing."""
        muted = self._mutes.of(mention)
        if muted is None:
            return False
        if muted.until and mention.id in self._unhappy and self._urgent.find(mention.text):
            return False
        mention.mute_id = muted.id
        return True

    def _open(self, mention: Mention, complaints: int) -> Case:
        """Urgent words and earlier complaints only raise the priority, and cost a look: so they come last."""
        seen = self._situations[mention.id]
        told = replace(seen, urgent=self._urgent.find(mention.text), complaints=complaints)
        decision = decide(told, self._settings.triage)
        case = _open(self._session, mention, decision, self._settings, self._now)
        self._neighbours.joined(mention, case)
        self._echoes.opened(mention, case)
        return case


def situation(mention: Mention, settings: Settings, now: datetime) -> Situation:
    """What the mention says by itself."""
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
        mentions=[mention],
    )
    event = Event(case=case, kind=Happening.OPENED, at=now, mention_id=mention.id)
    session.add_all([case, event, _card(case, settings, now)])
    return case


def _card(case: Case, settings: Settings, now: datetime) -> Alert:
    chat = settings.staff.chat_for(case.brand)
    topic = chat.topic_for(case.brand, case.source, case.priority)
    return Alert(case=case, chat_id=chat.id, topic_id=topic, due_at=now)


def _join(session: Session, case: Case, mention: Mention, settings: Settings, now: datetime) -> None:
    _belongs(session, case, mention, now, is_copy=mention.author != case.author)
    was_put_off = case.snoozed_until is not None and mention.author == case.author
    if (case.status is Status.OPEN and not was_put_off) or _same_post(session, case, mention):
        return
    if was_put_off:
        case.snoozed_until = None
    if case.status not in (Status.OPEN, Status.CLAIMED) and _wakes(mention):
        case.wake(now, now + settings.sla.within(Priority(case.priority)))
        session.add(Event(case=case, kind=Happening.WOKEN, at=now, mention_id=mention.id))
    session.add(_author_wrote(session, case, mention, now))


def _count_copy(session: Session, case: Case, mention: Mention, now: datetime) -> Case:
    _belongs(session, case, mention, now, is_copy=True)
    return case


def _was_corrected(session: Session, case: Case) -> bool:
    if case.status is not Status.CLOSED:
        return False
    closings = select(Event.kind).where(
        Event.case_id == case.id, Event.kind.in_((Happening.CLOSED, *CORRECTIONS))
    )
    return session.scalar(closings.order_by(Event.id.desc()).limit(1)) in CORRECTIONS


def _belongs(session: Session, case: Case, mention: Mention, now: datetime, *, is_copy: bool) -> None:
    if case.id is None:
        session.flush()  # opened by an earlier mention of this batch
    mention.case_id, mention.is_copy = case.id, is_copy
    session.add(Event(case=case, kind=Happening.JOINED, at=now, mention_id=mention.id))
    redraw(session, case, now)


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
    before = said_before(session, case)
    return Notice(
        key=f"author:{mention.id}",
        kind="author_wrote",
        values={
            "case": case.id,
            "author": mention.author,
            "text": mention.text,
            "url": mention.url,
            "before": before and before.stored(now),
        },
        chat_id=alert.chat_id,
        topic_id=alert.topic_id,
        case_id=case.id,
        due_at=now,
    )
