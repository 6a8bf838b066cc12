"""What an author changed in a post that staff have before them: the card stays as they read it, and a line says what is there now."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, Case, Mention, Status
from monitor.folding import words
from monitor.notices import ring


def tell(session: Session, mention: Mention, text: str, now: datetime) -> None:
    """Say in the thread of its case's card that the post has other words now; each wording once, commas are none."""
    said = words(text)
    if mention.is_copy or said == words(mention.text):
        return
    case = session.get_one(Case, mention.case_id)
    card = session.scalars(select(Alert).where(Alert.case_id == case.id)).unique().one()
    is_unseen = not case.promised and card.message_id is None
    if case.status is Status.CLOSED or is_unseen:
        return
    wording = sha256(" ".join(said).encode()).hexdigest()[:16]
    values = {"case": case.id, "author": mention.author, "text": text}
    key = f"edited:{case.id}:{mention.external_id}:{wording}"
    ring(session, case, key, "post_edited", values, _after(card, now))


def _after(card: Alert, now: datetime) -> datetime:
    """Not before the card itself, which may wait for the opening."""
    if card.message_id is not None or card.due_at is None:
        return now
    return max(card.due_at, now)
