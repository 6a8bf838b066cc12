"""Open a case for an unhappy mention, or find the case that it belongs to."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, Bundle, Case, Event, Happening, Mention, Priority, Status
from monitor.asking import ASKED_FOR, Questions, becomes_real
from monitor.bundles import take_out
from monitor.complaints import Complaints
from monitor.echoes import Echoes
from monitor.escalation import after_post
from monitor.muted import Mutes
from monitor.neighbours import Neighbours, is_by_author
from monitor.notices import ring
from monitor.promise import breaks_through, hasten, heard_at, promise, wake
from monitor.said_before import said_before
from monitor.settings import Settings
from monitor.triage import Decision, Situation, urgent_reasons
from monitor.triggers import decide
from monitor.urgent import UrgentWords
from monitor.whom import WROTE
from monitor.zones import Zones

CORRECTIONS = (Happening.NOT_OURS, Happening.WRONG_TONE, Happening.SPAM)
KIND_FROM = 0.6
"""From this probability on an author who writes back is content, and owed nothing more."""
SETTLES = timedelta(seconds=15)
"""A wave of copies is one edit of the card in so long."""


class Consideration:
    """Judged mentions, taken one after the other; what they are held against was looked up for all of them at once."""

    def __init__(
        self,
        session: Session,
        mentions: Collection[Mention],
        urgent: UrgentWords,
        settings: Settings,
        now: datetime,
        zones: Zones | None = None,
    ):
        self._session, self._urgent, self._settings, self._now = session, urgent, settings, now
        self._zones = zones or Zones({}, settings.triage)
        self._mentions = mentions
        self._situations = {mention.id: situation(mention, settings, now) for mention in mentions}
        self._decisions = {
            mention.id: self._decide(mention, self._situations[mention.id]) for mention in mentions
        }
        unhappy = [m for m in mentions if self._decisions[m.id].priority is not None]
        self._unhappy = {mention.id for mention in unhappy}
        self._questions = Questions(session, settings, now)
        self._neighbours = Neighbours(session, mentions)
        self._echoes = Echoes(session, unhappy)
        self._complaints = Complaints(session, unhappy, [b.name for b in settings.brands if b.ours])
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
            if case.promised:
                self._join(case, mention)
                unhappy = self._decisions[mention.id].opens
                after_post(self._session, case, mention, self._settings, self._now, unhappy=unhappy)
            else:
                self._add_evidence(case, mention)
            self._joined(mention, case)
            return case
        if mention.id not in self._unhappy:
            return None
        complaints = self._complaints.count(mention)
        if case := self._echoes.case_of(mention):
            self._repeat(case, mention)
            return case
        return self._open(mention, complaints)

    def _repeat(self, case: Case, mention: Mention) -> None:
        """A copy is counted; where its author is the case's own, and it is over, it says that it is not."""
        if _is_taken_up_again(self._session, case, mention):
            self._join(case, mention)
        else:
            _belongs(self._session, case, mention, self._now, is_copy=True)
        self._joined(mention, case)

    def _joined(self, mention: Mention, case: Case) -> None:
        """What its author says next, and who copies it, belongs to the case, too."""
        self._neighbours.joined(mention, case)
        if not mention.is_copy:
            self._echoes.joined(mention, case)

    def _join(self, case: Case, mention: Mention) -> None:
        """One more post where an answer is owed, or was given: staff are told, unless they have not begun."""
        session, settings, now = self._session, self._settings, self._now
        _belongs(session, case, mention, now)
        was_put_off = case.snoozed_until is not None and not mention.is_copy
        is_new = not _same_post(session, case, mention)
        is_raised = is_new and self._raise(case, mention)
        if (case.status is Status.OPEN and not was_put_off and not is_raised) or not is_new:
            return
        if was_put_off:
            case.snoozed_until = None
        if case.status not in (Status.OPEN, Status.CLAIMED) and _wakes(mention):
            wake(case, settings, now)
            session.add(Event(case=case, kind=Happening.WOKEN, at=now, mention_id=mention.id))
        elif is_raised:
            hasten(case, settings, now)
        _tell_that_author_wrote(session, case, mention, heard_at(case, settings, now))
        if is_raised:
            take_out(session, case.id, now, is_asked_for=False)

    def _raise(self, case: Case, mention: Mention) -> bool:
        """Urgent words make a case urgent also where they come later, unless it is, or its author is content."""
        found = self._urgent.find(mention.text) if case.priority > Priority.HIGH and _wakes(mention) else ()
        if not found:
            return False
        case.priority = Priority.HIGH
        case.reasons = [*case.reasons, *(reason.stored() for reason in urgent_reasons(found))]
        return True

    def _join_quietly(self, mention: Mention, case: Case | None) -> Case | None:
        """Whoever works on the case sees the post there; nobody is called."""
        if case is not None:
            _belongs(self._session, case, mention, self._now)
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
        decision = self._with_urgent_words(mention, complaints)
        open_one = self._ask if decision.asks else self._alert
        case = open_one(mention, decision)
        self._joined(mention, case)
        return case

    def _with_urgent_words(self, mention: Mention, complaints: int = 1) -> Decision:
        seen = self._situations[mention.id]
        told = replace(seen, urgent=self._urgent.find(mention.text), complaints=complaints)
        return self._decide(mention, told)

    def _decide(self, mention: Mention, situation: Situation) -> Decision:
        return decide(situation, self._settings, self._zones.of(mention.language))

    def _alert(self, mention: Mention, decision: Decision) -> Case:
        return _open(self._session, mention, decision, self._settings, self._now)

    def _ask(self, mention: Mention, decision: Decision) -> Case:
        """Nothing is promised; a question beyond the day's measure has no card and waits in the inbox."""
        case = _case(mention, decision, Status.ASKED, self._now)
        case.promised, case.answer_by = False, self._now + ASKED_FOR
        card = _card(case, self._settings, self._now)
        if not self._questions.take(card.chat_id):
            card.due_at, card.held = None, False
        event = Event(case=case, kind=Happening.ASKED, at=self._now, mention_id=mention.id)
        self._session.add_all([case, event, card])
        return case

    def _add_evidence(self, case: Case, mention: Mention) -> None:
        """One more post where staff are, or were, only asked: one that would raise an alert makes the case real."""
        _belongs(self._session, case, mention, self._now)
        decision = self._with_urgent_words(mention)
        if not decision.opens or decision.priority is None or _same_post(self._session, case, mention):
            return
        becomes_real(case, decision.priority, self._settings, self._now)
        case.reasons = [reason.stored() for reason in decision.reasons]
        self._session.add(Event(case=case, kind=Happening.OPENED, at=self._now, mention_id=mention.id))
        due_at = heard_at(case, self._settings, self._now)
        card = self._session.scalars(select(Alert).where(Alert.case_id == case.id)).one()
        if card.message_id is not None:  # an edit rings for nobody
            redraw(self._session, case, self._now)
            _tell_that_author_wrote(self._session, case, mention, due_at)
        else:
            card.due_at, card.held = due_at, due_at > self._now


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
        brand=mention.brand,
        source=mention.source,
    )


def redraw(session: Session, case: Case, now: datetime) -> None:
    """The card no longer tells the truth: it waits to be edited."""
    if (card := _stands_in(session, case)) is not None:
        card.due_at = now


def redraw_soon(session: Session, case: Case, now: datetime) -> None:
    """Something that can wait was added, and more may follow: one edit for all of it."""
    if (card := _stands_in(session, case)) is not None and not card.is_to_be_said:
        card.due_at = now + SETTLES


def _stands_in(session: Session, case: Case) -> Alert | Bundle | None:
    """The message that tells of the case, where it may be drawn now."""
    alert = session.scalar(select(Alert).where(Alert.case_id == case.id))
    if alert is not None and alert.bundle_id is not None:
        return session.get_one(Bundle, alert.bundle_id)
    return alert if alert is not None and _may_be_drawn(case, alert) else None


def _may_be_drawn(case: Case, alert: Alert) -> bool:
    """What waits for the opening waits on; what is only asked, in the inbox alone, gets no card for being changed."""
    if alert.held and alert.message_id is None and not breaks_through(case):
        return False
    return case.promised or alert.message_id is not None


def _open(session: Session, mention: Mention, decision: Decision, settings: Settings, now: datetime) -> Case:
    assert decision.priority is not None
    case = _case(mention, decision, Status.OPEN, now)
    promise(case, settings, now)
    event = Event(case=case, kind=Happening.OPENED, at=now, mention_id=mention.id)
    session.add_all([case, event, _card(case, settings, now)])
    return case


def _case(mention: Mention, decision: Decision, status: Status, now: datetime) -> Case:
    assert decision.priority is not None
    return Case(
        brand=mention.brand,
        source=mention.source,
        thread_id=mention.thread_id,
        author=mention.author,
        status=status,
        priority=decision.priority,
        reasons=[reason.stored() for reason in decision.reasons],
        opened_at=now,
        answer_by=now,
        mentions=[mention],
    )


def _card(case: Case, settings: Settings, now: datetime) -> Alert:
    chat = settings.staff.chat_for(case.brand)
    topic = chat.topic_for(case.brand, case.source, case.priority)
    due_at = heard_at(case, settings, now)
    return Alert(case=case, chat_id=chat.id, topic_id=topic, due_at=due_at, held=due_at > now)


def _is_taken_up_again(session: Session, case: Case, mention: Mention) -> bool:
    """The author says once more, after the end of the matter, what staff took for a complaint."""
    if case.waits or not case.promised or not is_by_author(session, case, mention):
        return False
    if _was_corrected(session, case):
        return False
    return (ended := _ended_at(session, case)) is not None and mention.posted_at > ended


def _ended_at(session: Session, case: Case) -> datetime | None:
    if case.closed_at is not None:
        return case.closed_at
    told = said_before(session, case)
    return told.at if told else None


def _was_corrected(session: Session, case: Case) -> bool:
    if case.status is not Status.CLOSED:
        return False
    closings = select(Event.kind).where(
        Event.case_id == case.id, Event.kind.in_((Happening.CLOSED, *CORRECTIONS))
    )
    return session.scalar(closings.order_by(Event.id.desc()).limit(1)) in CORRECTIONS


def _belongs(session: Session, case: Case, mention: Mention, now: datetime, *, is_copy: bool = False) -> None:
    if case.id is None:
        session.flush()  # opened by an earlier mention of this batch
    is_copy = is_copy or any(side.is_copy for side in _other_sides(session, case, mention))
    mention.case_id, mention.is_copy = case.id, is_copy
    session.add(Event(case=case, kind=Happening.JOINED, at=now, mention_id=mention.id))
    (redraw_soon if is_copy else redraw)(session, case, now)


def _same_post(session: Session, case: Case, mention: Mention) -> bool:
    """The post is known; only another brand in it is new."""
    return bool(_other_sides(session, case, mention))


def _other_sides(session: Session, case: Case, mention: Mention) -> list[Mention]:
    """The same post's mentions of other brands, where they are in the case, if only since a moment ago."""
    known = select(Mention).where(
        Mention.source == mention.source,
        Mention.external_id == mention.external_id,
        Mention.id != mention.id,
    )
    return [side for side in session.scalars(known) if side.case_id == case.id]


def _wakes(mention: Mention) -> bool:
    return (mention.positive or 0.0) < KIND_FROM


def _tell_that_author_wrote(session: Session, case: Case, mention: Mention, due_at: datetime) -> None:
    before = said_before(session, case)
    values = {
        "case": case.id,
        "author": mention.author,
        "text": mention.text,
        "url": mention.url,
        "before": before and before.stored(due_at),
    }
    ring(session, case, f"{WROTE}{mention.id}", "author_wrote", values, due_at)
