"""What a query consists of, once it is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.folding import WORD, fold

_LEFT_OUT = ".!?:®™©"
_SAME_AS_SPACE = re.compile(r"[\s\-‐-―_'\"«»“”„‘’…]+")


@dataclass(frozen=True)
class Word:
    """One word of a term, folded."""

    text: str
    exact: bool = False
    prefix: bool = False
    capital: bool = False
    gap: str = ""
    """Signs between the word before and this one, without spaces, hyphens and quotes (1+1, booking.com)."""


@dataclass(frozen=True)
class Term:
    """Words that stand side by side, in this order."""

    written: str
    words: tuple[Word, ...]

    def __hash__(self) -> int:
        # Matching looks terms up all the time, and a string remembers its hash.
        return hash(self.written)


@dataclass(frozen=True)
class Near:
    """One of left and one of right, in either order, with at most so many words between them."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    distance: int


@dataclass(frozen=True)
class Field:
    """What a post says of itself; the value is in lower case, and a glob for source and author."""

    name: str
    value: str


@dataclass(frozen=True)
class Not:
    """What must not be true of the post."""

    part: "Query"


@dataclass(frozen=True)
class And:
    """What must all be true of the post."""

    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Or:
    """Of which something must be true of the post."""

    parts: tuple["Query", ...]


Query = Term | Near | Field | Not | And | Or


def terms(query: Query) -> Iterator[Term]:
    """All terms of a query, in the order in which they stand there."""
    match query:
        case Term():
            yield query
        case Near():
            yield from (*query.left, *query.right)
        case Not():
            yield from terms(query.part)
        case And() | Or():
            for part in query.parts:
                yield from terms(part)


def words_with_gaps(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text, folded, each with what Word.gap says."""
    folded = fold(text)
    end = None
    for match in WORD.finditer(folded):
        yield match.group(), "" if end is None else significant(folded[end : match.start()])
        end = match.end()


def significant(gap: str) -> str:
    """What is left of a gap between two words without spaces, hyphens and quotes."""
    return _SAME_AS_SPACE.sub("", gap)


def may_be_left_out(gap: str) -> bool:
    """Whether people write a name without the signs of this gap, too: Dr. Max, but not 1+1."""
    return not gap.strip(_LEFT_OUT)
