"""The terms of all brands, broken into the words that a text is searched for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.query_tree import Term, Word, may_be_left_out
from monitor.vocabulary import Spellings, Vocabulary


@dataclass(frozen=True)
class SoughtWord:
    """A word of a term by its number in the vocabulary."""

    number: int
    capital: bool
    gap: str


@dataclass(frozen=True)
class SoughtTerm:
    """A term and the ways in which it may stand in a text: word by word, or glued together as in a hashtag."""

    term: Term
    ways: tuple[tuple[SoughtWord, ...], ...]
    sure: bool
    """Its capitals say that it is the brand: no word near it has to."""


class Seeker:
    """Numbers the words of terms; terms that share a word share its number."""

    def __init__(self) -> None:
        self._numbers: dict[Spellings, int] = {}

    def seek(self, term: Term, *, ambiguous: bool, transliterate: bool) -> SoughtTerm:
        """A term to look for; ambiguous: nothing beside a single word says that it is the name."""
        in_name = len(term.words) > 1
        alone = ambiguous and not in_name
        ways = tuple(
            tuple(
                SoughtWord(
                    self._number(Spellings(_plain(word), alone, transliterate, glued, in_name)),
                    word.capital,
                    word.gap,
                )
                for word, glued in way
            )
            for way in _ways(term)
        )
        return SoughtTerm(term, ways, any(word.capital for word in term.words))

    def vocabulary(self) -> Vocabulary:
        """What finds all words that were numbered so far."""
        return Vocabulary(list(self._numbers))

    def _number(self, wanted: Spellings) -> int:
        return self._numbers.setdefault(wanted, len(self._numbers))


def _plain(word: Word) -> Word:
    """A word without what is asked of its place: it is found once for all places."""
    return replace(word, capital=False, gap="")


def _ways(term: Term) -> Iterator[tuple[tuple[Word, str], ...]]:
    """Word by word; and for a name of several words also in one, as in #новапошта."""
    yield tuple((word, "") for word in term.words)
    *first, last = term.words
    if (
        first
        and not last.exact
        and not any(word.prefix for word in first)
        and all(may_be_left_out(word.gap) for word in term.words)
    ):
        yield (
            (
                replace(last, capital=any(word.capital for word in term.words)),
                "".join(word.text for word in first),
            ),
        )
