"""Which posts a source has read, in a few kilobytes: for places that can't be asked for what is new."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_MOST = 4_000


@dataclass(frozen=True)
class Seen:
    """Short hashes of ids, the latest read last. What is forgotten is merely read again: the store knows it."""

    hashes: tuple[str, ...] = ()

    @classmethod
    def load(cls, stored: Any) -> "Seen":
        """Read a list of hashes from JSON; anything else is a new beginning."""
        hashes = stored if isinstance(stored, list) else []
        return cls(tuple(each for each in hashes if isinstance(each, str)))

    def unseen(self, ids: Iterable[str]) -> set[str]:
        """Those that were not read before."""
        seen = set(self.hashes)
        return {each for each in ids if _short(each) not in seen}

    def plus(self, ids: Iterable[str]) -> "Seen":
        """With these ids, which are remembered longest; the others are forgotten once there are too many."""
        latest = dict.fromkeys(map(_short, ids))
        earlier = (each for each in self.hashes if each not in latest)
        return Seen((*earlier, *latest)[-_MOST:])


def _short(post_id: str) -> str:
    return hashlib.blake2b(post_id.encode("utf-8", "replace"), digest_size=6).hexdigest()
