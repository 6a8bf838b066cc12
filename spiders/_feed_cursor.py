"""What a feed source remembers between two polls."""

import json
from dataclasses import dataclass, field
from typing import Any

from ._seen import Seen


@dataclass(frozen=True)
class FeedCursor:
    """The marks for a conditional request, and what was read."""

    etag: str | None = None
    modified: str | None = None
    seen: Seen = field(default_factory=Seen)

    @classmethod
    def load(cls, cursor: str | None) -> "FeedCursor":
        """Read what `dump` wrote; anything else is a new beginning."""
        try:
            stored = json.loads(cursor or "{}")
        except ValueError:
            return cls()
        if not isinstance(stored, dict):
            return cls()
        seen = Seen.load(stored.get("seen"))
        return cls(_header(stored.get("etag")), _header(stored.get("modified")), seen)

    def dump(self) -> str:
        """As one line of JSON."""
        stored = {"etag": _header(self.etag), "modified": _header(self.modified), "seen": self.seen.hashes}
        return json.dumps(stored, separators=(",", ":"))


def _header(value: Any) -> str | None:
    """A header that can be sent back: bounded, without control characters."""
    usable = isinstance(value, str) and len(value) <= 500 and value.isascii() and value.isprintable()
    return value if usable else None
