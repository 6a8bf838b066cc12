"""What waits for the bot: https://core.telegram.org/bots/api#getting-updates"""

import threading
from collections import deque
from time import monotonic
from typing import Any

from demo.telegram.refusal import Refusal

UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds that a bot gets only when it names them."""
MAX_PENDING = 10_000
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """The queue of one bot. Its methods are called with the world's lock held."""

    def __init__(self, changed: threading.Condition):
        self.changed = changed
        self.closed = False
        self.webhook = ""
        self.allowed: list[str] = []
        self._pending: deque[dict[str, Any]] = deque(maxlen=MAX_PENDING)
        self._last_id = 500_000_000
        self._poll = 0
        self._waiting = 0

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def polled(self) -> bool:
        """Is a bot waiting for updates just now?"""
        return self._waiting > 0

    def add(self, kind: str, body: dict[str, Any]) -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        asked = kind in self.allowed if self.allowed else kind not in UNASKED
        if not asked:
            return
        self._last_id += 1
        self._pending.append({"update_id": self._last_id, kind: body})
        self.changed.notify_all()

    def take(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """Wait up to timeout seconds for updates from offset on; older ones are confirmed and forgotten.

        A second poller ends the first one with 409, as at Telegram.
        """
        if self.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first",
            )
        self._poll += 1
        mine = self._poll
        self._confirm(offset)
        self.changed.notify_all()
        self._wait(mine, monotonic() + timeout)
        if self._poll != mine:
            raise Refusal(409, CONFLICT)
        return list(self._pending)[:limit]

    def drop(self) -> None:
        """Forget everything that waits."""
        self._pending.clear()

    def _wait(self, mine: int, deadline: float) -> None:
        self._waiting += 1
        self.changed.notify_all()
        while not self._pending and self._poll == mine and not self.closed and monotonic() < deadline:
            self.changed.wait(deadline - monotonic())
        self._waiting -= 1

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        while offset > 0 and self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
