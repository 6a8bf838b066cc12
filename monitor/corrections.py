"""What staff's buttons say about the model: read from what happened to cases."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Event, Happening, Mention
from monitor.excerpt import excerpt

_SAYS = {
    Happening.WRONG_TONE: (False, False),
    Happening.NO_COMPLAINT: (None, False),
    Happening.COMPLAINT: (None, True),
    # Somebody read the card, and answered instead of closing it as a mistake.
    Happening.ANSWERED: (True, True),
}
"""What an event says: is the author unhappy, is it a complaint. None: nothing."""


@dataclass(frozen=True)
class Correction:
    text: str
    """As it was judged."""
    language: str
    is_unhappy: bool | None
    is_complaint: bool | None
    case: int


def corrections(session: Session) -> Iterator[Correction]:
    """Yield one for each case that staff said something about, by the last thing that they said, oldest first."""
    events = session.scalars(select(Event).where(Event.kind.in_(_SAYS)).order_by(Event.id))
    said = {event.case_id: event.kind for event in events}
    first = select(Mention).where(Mention.case_id.is_not(None)).order_by(Mention.posted_at.desc())
    opened = {
        mention.case_id: mention for mention in session.scalars(first.where(Mention.is_copy.is_(False)))
    }
    for case_id, kind in said.items():
        if mention := opened.get(case_id):
            text = excerpt(mention.title, mention.text, mention.matches)
            yield Correction(text, mention.language, *_SAYS[kind], case_id)
