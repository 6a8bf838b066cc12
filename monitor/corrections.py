"""What the team has taught us: posts whose author staff called unhappy or not, as the model was given them to judge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Case, Event, Happening, Mention
from monitor.excerpt import readings
from monitor.triage import stars

VERDICTS: Mapping[Happening, tuple[bool | None, bool | None]] = {
    Happening.COMPLAINT: (True, True),
    # Somebody read the card, and answered instead of closing it as a mistake; where the words raised it.
    Happening.ANSWERED: (True, True),
    Happening.NO_COMPLAINT: (None, False),
    Happening.WRONG_TONE: (False, False),
    Happening.NOT_OURS: (None, None),
    Happening.SPAM: (None, None),
}
"""What each event says: is the author unhappy, and is it a complaint? None: nothing."""
NOT_ABOUT_US = (Happening.NOT_OURS, Happening.SPAM)
TAKEN_BACK = (Happening.NO_COMPLAINT, Happening.WRONG_TONE, *NOT_ABOUT_US)
"""What closed a case says nothing any more once the case is reopened."""
SPOKE = (Happening.ASKED, Happening.OPENED, Happening.WOKEN)
"""Events whose mention is what staff see on the card from then on."""
_OF_WORDS = {"negative", "complaint"}
"""Reasons that a case has where its post reached the zone of alerts or of questions."""


@dataclass(frozen=True)
class Correction:
    case: int
    readings: tuple[str, ...]
    """What the model was given of the post (monitor.excerpt)."""
    language: str
    brand: str
    is_unhappy: bool | None
    """None where staff said nothing of it."""
    is_complaint: bool | None
    is_relevant: bool
    kind: Happening
    """The event that says so."""
    staff: int | None
    at: datetime


def corrections(session: Session) -> Iterable[Correction]:
    """Return what staff said last of each post that stood on a card, oldest first."""
    spoke: dict[int, tuple[Happening, int]] = {}
    said: dict[tuple[int, int], Event] = {}
    kinds = [*VERDICTS, *SPOKE, Happening.REOPENED]
    wanted = select(Event).where(Event.kind.in_(kinds)).order_by(Event.id).options(joinedload(Event.case))
    for event in session.scalars(wanted).unique():
        if event.kind in SPOKE and event.mention_id is not None:
            spoke[event.case_id] = event.kind, event.mention_id
        elif event.case_id in spoke and not _is_courtesy(event.kind, spoke[event.case_id][0]):
            post = (event.case_id, spoke[event.case_id][1])
            before = said.pop(post, None)  # what is said anew goes to the end
            if event.kind is not Happening.REOPENED:
                said[post] = before if before and _is_plainer(before, event) else event
            elif before and before.kind not in TAKEN_BACK:
                said[post] = before
    mentions = _mentions(session, {mention for _, mention in said})
    told = [(event, mentions[mention]) for (_, mention), event in said.items()]
    return [
        _correction(event, mention)
        for event, mention in told
        if event.kind is not Happening.ANSWERED or _is_found_by_words(event.case, mention)
    ]


def _is_courtesy(kind: Happening, spoke: Happening) -> bool:
    """Whoever writes again after an answer wakes the case unless the words are glad: thanks are answered too."""
    return (kind, spoke) == (Happening.ANSWERED, Happening.WOKEN)


def _is_plainer(before: Event, event: Event) -> bool:
    """A yes was said of the words; the answer that follows confirms whatever opened the case."""
    return (before.kind, event.kind) == (Happening.COMPLAINT, Happening.ANSWERED)


def _is_found_by_words(case: Case, mention: Mention) -> bool:
    """Did the words raise the card, as judged at the time, and not a rating or a rule that opens cases?

    Where few stars helped them, they have to be unhappy sooner than not by themselves.
    """
    if not _OF_WORDS & {reason["code"] for reason in case.reasons}:
        return False
    is_helped = mention.rating is not None and stars(mention.rating) > 0
    return not is_helped or max(mention.negative or 0.0, mention.complaint or 0.0) > 0.5


def _mentions(session: Session, ids: Iterable[int]) -> dict[int, Mention]:
    found: dict[int, Mention] = {}
    every = sorted(ids)
    for start in range(0, len(every), 500):
        chosen = select(Mention).where(Mention.id.in_(every[start : start + 500]))
        found |= {mention.id: mention for mention in session.scalars(chosen)}
    return found


def _correction(event: Event, mention: Mention) -> Correction:
    is_unhappy, is_complaint = VERDICTS[event.kind]
    return Correction(
        case=event.case_id,
        readings=readings(mention.own_title, mention.text, mention.matches),
        language=mention.language,
        brand=mention.brand,
        is_unhappy=is_unhappy,
        is_complaint=is_complaint,
        is_relevant=event.kind not in NOT_ABOUT_US,
        kind=event.kind,
        staff=event.staff_id,
        at=event.at,
    )
