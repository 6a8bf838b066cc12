"""Titles above posts: a question, a piece of news, an offer. The post, not its title, says what its author thinks."""

import random
from collections.abc import Sequence

from training.rows import KINDS, SENTIMENTS, Row

LONGEST = 90
"""Characters of a post that may stand for a title."""
BODY = range(40, 350)
"""Characters of a post that is judged with its title: monitor/excerpt.py leaves it out above a longer one."""
CHANCE = 0.12
_OCCASIONS = {KINDS.index(kind) for kind in ("question", "news", "promotion", "other")}


class Titles:
    """Short neutral posts of ours, by language."""

    def __init__(self, rows: Sequence[Row]):
        self._titles: dict[str, list[str]] = {}
        for row in rows:
            if _may_be_title(row):
                self._titles.setdefault(row.language, []).append(row.text)

    def above(self, row: Row, rng: random.Random) -> str:
        """Return the text of row, now and then beneath somebody's title in its language."""
        titles = self._titles.get(row.language)
        if not titles or len(row.text) not in BODY or rng.random() >= CHANCE:
            return row.text
        title = rng.choice(titles)
        return f"{title} {row.text}" if title[-1] in ".!?…" else f"{title}. {row.text}"


def _may_be_title(row: Row) -> bool:
    is_neutral = row.sentiment == SENTIMENTS.index("neutral") and row.kind in _OCCASIONS
    return row.dataset == "posts" and is_neutral and len(row.text) <= LONGEST and "\n" not in row.text
