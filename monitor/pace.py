"""How fast we may speak in one chat, so that Telegram listens and commands still get through."""

import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
PER_MINUTE = 14
"""Of the 20 messages a minute that Telegram allows a bot in one group; the rest is for answers to commands."""
ALWAYS = 4
"""However much staff ask, so many messages a minute get through to them."""
REFUSED = 2
"""Where a chat has refused so many in a minute, what it refused before waits: others may be heard there."""


class Pace:
    """Counts what we said in each chat in the last minute; the more staff ask, the less we say unasked.

    Not persistent: where a restart is quicker than a minute, Telegram asks us to wait, and we do. Thread-safe.
    """

    def __init__(self, per_minute: int = PER_MINUTE):
        self._per_minute = per_minute
        self._said: dict[int, deque[datetime]] = defaultdict(deque)
        self._answered: dict[int, deque[datetime]] = defaultdict(deque)
        self._refused: dict[int, deque[datetime]] = defaultdict(deque)
        self._rests_until: dict[int, datetime] = {}
        self._lock = threading.Lock()

    def allows(self, chat_id: int, now: datetime, *, leave: int = 0) -> bool:
        """May we speak there, and still leave room for so many more urgent messages?"""
        with self._lock:
            return self._allows(chat_id, now, leave)

    def spoke(self, chat_id: int, now: datetime) -> None:
        with self._lock:
            self._said[chat_id].append(now)

    def answered(self, chat_id: int, now: datetime) -> None:
        """We said what staff had asked for."""
        with self._lock:
            self._answered[chat_id].append(now)

    def refused(self, chat_id: int, now: datetime) -> None:
        """We may not say there what we said; it counts as said all the same."""
        with self._lock:
            self._refused[chat_id].append(now)

    def refusing(self, now: datetime) -> list[int]:
        """The chats in which it is no use to try again right now what they refused before."""
        with self._lock:
            return sorted(
                chat for chat, moments in self._refused.items() if _in_last_minute(moments, now) >= REFUSED
            )

    def rest(self, chat_id: int, until: datetime) -> None:
        """Telegram asked us to wait: whatever else we say there would be refused too."""
        with self._lock:
            self._rests_until[chat_id] = until

    def full(self, now: datetime, *, leave: int = 0) -> list[int]:
        """The chats in which we may not speak now."""
        with self._lock:
            chats = {*self._said, *self._rests_until}
            return sorted(chat_id for chat_id in chats if not self._allows(chat_id, now, leave))

    def _allows(self, chat_id: int, now: datetime, leave: int) -> bool:
        if now < self._rests_until.get(chat_id, now):
            return False
        room = self._per_minute - leave - _in_last_minute(self._answered[chat_id], now)
        return _in_last_minute(self._said[chat_id], now) < max(min(ALWAYS, self._per_minute), room)


def _in_last_minute(moments: deque[datetime], now: datetime) -> int:
    while moments and now - moments[0] >= MINUTE:
        moments.popleft()
    return len(moments)
