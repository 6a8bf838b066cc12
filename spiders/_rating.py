"""Ratings of any scale on ours: 1 is the worst, 5 the best."""

import re
from dataclasses import dataclass
from typing import Any

_NUMBER = r"(\d{1,4}(?:[.,]\d{1,3})?)"
_OF = re.compile(rf"{_NUMBER}\s*(?:/|of|out of|із|з|из|din)\s*{_NUMBER}", re.IGNORECASE)


@dataclass(frozen=True)
class Scale:
    """schema.org: a scale that is not told goes from 1 to 5."""

    worst: float = 1.0
    best: float = 5.0

    def rate(self, written: Any) -> float | None:
        """On 1 to 5, two digits; None for what is no rating on this scale. "4 of 5" and "80%" bring their own."""
        text = str(written)
        if own := _OF.search(text):
            return Scale(min(1.0, self.worst), _float(own[2])).rate(own[1])
        found = re.search(_NUMBER, text)
        if found is None:
            return None
        if text.strip().endswith("%"):
            return _on(_float(found[1]), 0.0, 100.0)
        return _on(_float(found[1]), self.worst, self.best)


def scale(rating: dict[str, Any], default: Scale) -> Scale:
    """The scale that a schema.org Rating or AggregateRating tells."""
    worst, best = (_told(rating.get(name)) for name in ("worstRating", "bestRating"))
    return Scale(default.worst if worst is None else worst, default.best if best is None else best)


def _on(value: float, worst: float, best: float) -> float | None:
    if best <= worst or not worst - 1 <= value <= best:
        return None
    return round(1 + 4 * (max(value, worst) - worst) / (best - worst), 2)


def _told(value: Any) -> float | None:
    found = re.search(_NUMBER, str(value)) if isinstance(value, str | int | float) else None
    return _float(found[1]) if found else None


def _float(text: str) -> float:
    return float(text.replace(",", "."))
