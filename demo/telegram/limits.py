"""How much a bot may send: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""

import math
from dataclasses import dataclass

from demo.telegram.refusal import Refusal

JITTER_S = 0.5
"""A call that comes this much too early is let through: the network reorders what a careful client spaced out."""


@dataclass
class Bucket:
    """So many calls at once, and then one in every so many seconds."""

    capacity: float
    per_second: float
    level: float = 0.0
    seen_at: float = 0.0

    def wait(self, at: float) -> float:
        """Seconds until one more call is allowed; 0 or less: now."""
        self.level = max(0.0, self.level - (at - self.seen_at) * self.per_second)
        self.seen_at = at
        return (self.level + 1 - self.capacity) / self.per_second - JITTER_S

    def take(self) -> None:
        """Count one call."""
        self.level += 1


class Limits:
    """20 a minute into one group, about one a second into a private chat, 30 a second in all."""

    def __init__(self, *, on: bool):
        self.on = on
        self._all = Bucket(capacity=30, per_second=30)
        self._chats: dict[int, Bucket] = {}

    def count(self, chat_id: int, at: float) -> None:
        """Count one message into a chat at a time in seconds; refuse with 429 when it is too much."""
        if not self.on:
            return
        buckets = [self._all, self._bucket(chat_id)]
        wait = max(bucket.wait(at) for bucket in buckets)
        if wait > 0:
            seconds = math.ceil(wait + JITTER_S)
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for bucket in buckets:
            bucket.take()

    def _bucket(self, chat_id: int) -> Bucket:
        if chat_id not in self._chats:
            group = chat_id < 0
            self._chats[chat_id] = Bucket(20, 20 / 60) if group else Bucket(30, 1)
        return self._chats[chat_id]
