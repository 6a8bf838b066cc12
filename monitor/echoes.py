"""Mentions with (nearly) the same text: reposts, copies, small edits. They belong to one case, with a count."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from models import Case, Mention, MentionBand
from monitor import copies

COPIES_FOR = timedelta(days=14)
"""A copy of an older post is news again."""


class Echoes:
    """The earlier mentions that the unhappy ones of a batch may copy, looked up at once by their bands."""

    def __init__(self, session: Session, unhappy: Collection[Mention]):
        self._session = session
        self._cases: dict[int, Case] = {}
        self._new: list[dict[str, int]] = []
        self._by_band: dict[int, list[Mention]] = defaultdict(list)
        self._bands = {mention.id: self._sign(mention) for mention in unhappy}
        wanted = {band for bands in self._bands.values() for band in bands}
        for band, mention in session.execute(_sharing(wanted)):
            self._by_band[band].append(mention)

    def case_of(self, mention: Mention) -> Case | None:
        """The case of the earliest mention that this one copies."""
        original = self._original(mention)
        if original is None:
            return None
        return self._cases.get(original.id) or self._session.get(Case, original.case_id)

    def joined(self, mention: Mention, case: Case) -> None:
        """Later ones may copy the mention; where it says again what was said before, they copy that."""
        if self._original(mention) is not None:
            return
        self._cases[mention.id] = case
        for band in self._bands.get(mention.id, ()):
            self._by_band[band].append(mention)
            self._new.append({"band": band, "mention_id": mention.id})

    def keep(self) -> None:
        """Write the bands of all that can be copied: sixteen rows each, too many to write one by one."""
        if self._new:
            self._session.execute(insert(MentionBand), self._new)
            self._new = []

    def _original(self, mention: Mention) -> Mention | None:
        return next((m for m in self._candidates(mention) if copies.is_copy(m.text, mention.text)), None)

    def _sign(self, mention: Mention) -> frozenset[int]:
        mention.signature = copies.signature(mention.text)
        return frozenset(copies.bands(mention.signature)) if mention.signature else frozenset()

    def _candidates(self, mention: Mention) -> Iterable[Mention]:
        sharing = {m.id: m for band in self._bands.get(mention.id, ()) for m in self._by_band[band]}
        sharing.pop(mention.id, None)
        since = mention.posted_at - COPIES_FOR
        fitting = (m for m in sharing.values() if m.brand == mention.brand and m.posted_at > since)
        return sorted(fitting, key=lambda m: (m.posted_at, m.id))


def _sharing(bands: Collection[int]) -> Select[int, Mention]:
    joined = select(MentionBand.band, Mention).join(Mention, Mention.id == MentionBand.mention_id)
    return joined.where(MentionBand.band.in_(bands), Mention.case_id.is_not(None))
