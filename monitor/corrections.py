"""What the team has taught us: posts whose author staff called unhappy or not, as the model was given them to judge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Event, Happening, Mention
from monitor.excerpt import readings

VERDICTS: Mapping[Happening, tuple[bool | None, bool | None]] = {
    Happening.COMPLAINT: (True, True),
    # Somebody read the card, and answered instead of closing it as a mistake.
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


@dataclass(frozen=True)
class Correction:
    case: int
    readings: tuple[str, ...]
    """What the model was given of the post: with its title and without, or one that is both."""
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
    spoke: dict[int, int] = {}
    said: dict[tuple[int, int], Event] = {}
    kinds = [*VERDICTS, *SPOKE, Happening.REOPENED]
    wanted = select(Event).where(Event.kind.in_(kinds)).order_by(Event.id)
    for event in session.scalars(wanted).unique():
        if event.kind in SPOKE and event.mention_id is not None:
            spoke[event.case_id] = event.mention_id
        elif event.case_id in spoke:
            post = (event.case_id, spoke[event.case_id])
            before = said.pop(post, None)  # what is said anew goes to the end
            if event.kind is not Happening.REOPENED:
                said[post] = event
            elif before and before.kind not in TAKEN_BACK:
                said[post] = before
    mentions = _mentions(session, {mention for _, mention in said})
    return [_correction(event, mentions[mention]) for (_, mention), event in said.items()]


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
