"""Is a mention muted? Asked of every batch, so one query answers it for all."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models import Mention, Mute, MuteKind
from monitor.stems import sought, stems


class Mutes:
    """The mutes that work now, against a mention."""

    def __init__(self, session: Session, now: datetime):
        rows = session.scalars(select(Mute).where(works(now))).unique().all()
        self._exact = {(m.kind, m.source, m.value): m for m in rows if m.kind is not MuteKind.WORD}
        self._words = [
            (m, [sought(word) for word in m.value.split()]) for m in rows if m.kind is MuteKind.WORD
        ]

    def of(self, mention: Mention) -> Mute | None:
        """What mutes this mention; where several do, one for good before one for a time."""
        found = [
            self._exact.get((MuteKind.AUTHOR, mention.source, mention.author)),
            self._exact.get((MuteKind.PERSON, mention.source, mention.author_id or "")),
            self._exact.get((MuteKind.THREAD, mention.source, mention.thread_id or "")),
            *self._by_word(mention),
        ]
        return min(filter(None, found), key=lambda mute: mute.until is not None, default=None)

    def _by_word(self, mention: Mention) -> Sequence[Mute]:
        if not self._words:
            return ()
        said = stems(f"{mention.title}\n{mention.text}", mention.language)
        return [mute for mute, words in self._words if not any(said.isdisjoint(word) for word in words)]


def works(now: datetime) -> ColumnElement[bool]:
    """Of a mute: it has begun, and neither run out nor been ended."""
    return Mute.ended_at.is_(None) & or_(Mute.until.is_(None), Mute.until > now)
