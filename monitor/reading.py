"""One post while it is being matched: where words and terms stand in it, and how far apart."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

from monitor.folding import WORD, Folded
from monitor.query_tree import Term, may_be_left_out, significant
from monitor.sought import SoughtTerm, SoughtWord
from monitor.vocabulary import Vocabulary

# Between title and text: a sign, so that no name goes from the one into the other.
_BOUNDARY = "\n\x00\n"
_WIDEST_GAP = 4


@dataclass(frozen=True)
class Hit:
    """A term found at folded text[start:end]."""

    term: Term
    start: int
    end: int


class Reading:
    """Title and text of a post as one folded text; near is counted in words across both."""

    def __init__(
        self, title: str, text: str, vocabulary: Vocabulary, language: Callable[[], str | None]
    ) -> None:
        before = title.replace("\x00", " ") + _BOUNDARY if title else ""
        self._text_offset = len(before)
        self._folded = Folded(before + text)
        self._title_end = self._folded.text.index("\x00") if title else 0
        self.places = vocabulary.find(self._folded.text, language)

    def hits(self, sought: SoughtTerm) -> list[Hit]:
        """The places of a term, in the order of the text."""
        ways = [way for way in sought.ways if way[0].number in self.places]
        found = {start: end for way in ways for start, end in self._spans(way)}
        return [Hit(sought.term, start, found[start]) for start in sorted(found)]

    def near(self, hits: Sequence[Hit], others: Sequence[Hit], distance: int) -> list[Hit]:
        """Those hits that have one of the others beside them, with at most so many words between the two."""
        starts = sorted(self._word_index(other.start) for other in others)
        ends = sorted(self._word_index(other.end - 1) for other in others)
        return [hit for hit in hits if self._gap(hit, starts, ends) <= distance]

    def touched(self, hits: Sequence[Hit], others: Sequence[Hit]) -> list[Hit]:
        """Those hits that share a word with one of the others."""
        starts = sorted(other.start for other in others)
        ends = sorted(other.end for other in others)
        return [hit for hit in hits if bisect_left(starts, hit.end) > bisect_right(ends, hit.start)]

    def in_title(self, hit: Hit) -> bool:
        return hit.start < self._title_end

    def text_span(self, hit: Hit) -> tuple[int, int]:
        """Where a hit that is not in the title stands in the post's original text."""
        start, end = self._folded.span(hit.start, hit.end)
        return start - self._text_offset, end - self._text_offset

    def _gap(self, hit: Hit, starts: Sequence[int], ends: Sequence[int]) -> float:
        """Words between a hit and the nearest place before or after it; infinite without one."""
        first, last = self._word_index(hit.start), self._word_index(hit.end - 1)
        after = bisect_right(starts, last)
        before = bisect_left(ends, first) - 1
        gap_after = starts[after] - last - 1 if after < len(starts) else inf
        gap_before = first - ends[before] - 1 if before >= 0 else inf
        return min(gap_after, gap_before)

    def _spans(self, way: tuple[SoughtWord, ...]) -> list[tuple[int, int]]:
        if any(word.number not in self.places for word in way):
            return []
        first, *rest = way
        starts = self.places[first.number].items()
        spans = [(start, self._end(end, rest)) for start, end in starts if self._fits(first, start, end)]
        return [(start, end) for start, end in spans if end is not None]

    def _end(self, end: int, words: Sequence[SoughtWord]) -> int | None:
        """Where the words that go on after end stop, if they are there."""
        for word in words:
            following = WORD.search(self._folded.text, end, end + _WIDEST_GAP + 1)
            if not following or significant(self._folded.text[end : following.start()]) not in _gaps(
                word.gap
            ):
                return None
            start = following.start()
            found = self.places[word.number].get(start)
            if found is None or not self._fits(word, start, found):
                return None
            end = found
        return end

    def _fits(self, word: SoughtWord, start: int, end: int) -> bool:
        if not word.capital:
            return True
        original_start, original_end = self._folded.span(start, end)
        return any(letter.isupper() for letter in self._folded.original[original_start:original_end])

    def _word_index(self, place: int) -> int:
        return bisect_right(self._word_starts, place) - 1

    @cached_property
    def _word_starts(self) -> list[int]:
        return [match.start() for match in WORD.finditer(self._folded.text)]


def _gaps(written: str) -> tuple[str, ...]:
    """What may stand between two words of a name: a point may be left out, but not put in (Dr Max for Dr. Max)."""
    return (written, "") if may_be_left_out(written) else (written,)
