"""Who complains for the third time within a month."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ANONYMOUS, Mention
from monitor.neighbours import may_be_one

HABIT = timedelta(days=30)
UNHAPPY_FROM = 0.5


class Complaints:
    """The unhappy posts of the authors of a batch, looked up at once."""

    def __init__(self, session: Session, unhappy: Collection[Mention], ours: Collection[str]):
        """ours: brands; what their authors say of a competitor is no complaint to us."""
        self._posts: dict[tuple[str, str], dict[str, tuple[str | None, datetime]]] = defaultdict(dict)
        if not unhappy:
            return
        since = min(mention.posted_at for mention in unhappy) - HABIT
        rows = session.execute(
            select(
                Mention.source, Mention.author, Mention.external_id, Mention.author_id, Mention.posted_at
            ).where(
                Mention.source.in_({m.source for m in unhappy}),
                Mention.author.in_({m.author for m in unhappy}),
                Mention.brand.in_(ours),
                (Mention.negative >= UNHAPPY_FROM) | (Mention.complaint >= UNHAPPY_FROM),
                Mention.posted_at > since,
            )
        )
        for source, author, external_id, person, posted_at in rows:
            self._posts[source, author][external_id] = person, posted_at

    def count(self, mention: Mention) -> int:
        """How many posts of this author at this source in the last 30 days were unhappy, this one counted."""
        if mention.author == ANONYMOUS:
            return 1
        posts = self._posts[mention.source, mention.author]
        posts[mention.external_id] = mention.author_id, mention.posted_at
        since = mention.posted_at - HABIT
        return sum(
            posted_at > since and may_be_one(person, mention.author_id)
            for person, posted_at in posts.values()
        )
