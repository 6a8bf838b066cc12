"""How fast we may speak in one chat, so that Telegram listens and commands still get through."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
PER_MINUTE = 14
"""Of the 20 messages a minute that Telegram allows a bot in one group; the rest is for answers to commands."""


class Pace:
    """Counts what we said in each chat in the last minute. Not persistent: a restart takes longer than a minute's worth."""

    def __init__(self, per_minute: int = PER_MINUTE):
        self._per_minute = per_minute
        self._said: dict[int, deque[datetime]] = defaultdict(deque)

    def allows(self, chat_id: int, now: datetime, *, spare: int = 0) -> bool:
        """Whether one more may be said there; with spare, whether so many would still be left afterwards."""
        said = self._said[chat_id]
        while said and now - said[0] >= MINUTE:
            said.popleft()
        return len(said) < self._per_minute - spare

    def spoke(self, chat_id: int, now: datetime) -> None:
        self._said[chat_id].append(now)
