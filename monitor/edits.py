"""What an author changed in a post that staff have before them: the card stays as they read it, and a line says what is there now."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, Case, Mention, Status
from monitor.folding import words
from monitor.notices import ring


def tell(session: Session, mention: Mention, text: str, rating: float | None, now: datetime) -> None:
    """Say in the thread of its case's card that the post has other words or stars now; each once, commas are none."""
    has_other_words = words(text) != words(mention.text)
    has_other_stars = None not in (rating, mention.rating) and rating != mention.rating
    if mention.is_copy or not (has_other_words or has_other_stars):
        return
    case = session.get_one(Case, mention.case_id)
    card = session.scalars(select(Alert).where(Alert.case_id == case.id)).unique().one()
    is_unseen = not case.promised and card.message_id is None
    if case.status is Status.CLOSED or is_unseen:
        return
    changed = {"case": case.id, "author": mention.author}
    if has_other_stars:
        values = {**changed, "before": mention.rating, "rating": rating}
        key = f"rated:{case.id}:{mention.external_id}:{rating}"
        ring(session, case, key, "rating_changed", values, _after(card, now))
    if has_other_words:
        wording = sha256(" ".join(words(text)).encode()).hexdigest()[:16]
        key = f"edited:{case.id}:{mention.external_id}:{wording}"
        ring(session, case, key, "post_edited", {**changed, "text": text}, _after(card, now))


def _after(card: Alert, now: datetime) -> datetime:
    """Not before the card itself, which may wait for the opening."""
    if card.message_id is not None or card.due_at is None:
        return now
    return max(card.due_at, now)
