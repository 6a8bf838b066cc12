"""All words of all brands, and the one pass that finds them in a text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import ahocorasick

from monitor.folding import WORD
from monitor.query_tree import Word
from monitor.transliteration import cyrillic_spellings, latin_spellings
from monitor.words import Forms, forms, is_another_word, other_words

Places = dict[int, int]
"""Where a word stands in a folded text: the end by the start, in the order of the text."""

# Of the Cyrillic spellings of a name, how many are spelled in Latin again: novolinia → новолінія → novolinija.
_RESPELLED = 2


@dataclass(frozen=True)
class Spellings:
    """A word of a term, and all the ways to spell it."""

    word: Word
    alone: bool
    """Nothing beside it says that it is the name: forms that are first of all other words don't count."""
    transliterate: bool
    glued: str = ""
    """What stands before it without a space: #новапошта."""
    in_name: bool = False
    """It stands beside other words of its term."""

    def all(self) -> Forms:
        """Each spelling that counts, with the languages in which it doesn't."""
        bases = _spellings(self.word.text) if self.transliterate else [self.word.text]
        if self.word.exact or self.word.prefix:
            found: Forms = {base: frozenset() for base in bases}
        else:
            found = {form: others for base in reversed(bases) for form, others in self._forms(base).items()}
            if self.transliterate:
                found = {form: other_words(form) for form in self._latin_forms()} | found
        return {self.glued + form: others if self.alone else frozenset() for form, others in found.items()}

    def _forms(self, base: str) -> Forms:
        return forms(base, self.in_name)

    def _latin_forms(self) -> Iterator[str]:
        for form in self._forms(self.word.text):
            yield from latin_spellings(form)


def _spellings(word: str) -> list[str]:
    """In both alphabets, the word itself first."""
    cyrillic = cyrillic_spellings(word)
    latin = (spelling for base in (word, *cyrillic[:_RESPELLED]) for spelling in latin_spellings(base))
    return list(dict.fromkeys((word, *cyrillic, *latin)))


class Vocabulary:
    """Finds words by their number in the list that it was made of."""

    def __init__(self, words: Sequence[Spellings]) -> None:
        senses: dict[str, list[tuple[int, bool, frozenset[str]]]] = {}
        for number, word in enumerate(words):
            for spelling, others in word.all().items():
                senses.setdefault(spelling, []).append((number, word.word.prefix, others))
        self._automaton = ahocorasick.Automaton()
        # pyahocorasick searches with no empty automaton: a character that folding removes is never found.
        self._automaton.add_word("\u200b", (1, []))
        for spelling, meant in senses.items():
            self._automaton.add_word(spelling, (len(spelling), meant))
        self._automaton.make_automaton()

    def find(self, text: str, language: Callable[[], str | None]) -> dict[int, Places]:
        """The places of each word in a folded text, in one pass over it; the language is asked for where it matters."""
        found: dict[int, Places] = {}
        for last, (length, senses) in self._automaton.iter(text):
            start, end = last + 1 - length, last + 1
            if start and text[start - 1].isalnum():
                continue
            inside_word = text[end : end + 1].isalnum()
            for number, prefix, others in senses:
                if (inside_word and not prefix) or (others and is_another_word(others, language())):
                    continue
                found.setdefault(number, {})[start] = _word_end(text, start) if inside_word else end
        return found


def _word_end(text: str, start: int) -> int:
    word = WORD.match(text, start)
    return word.end() if word else start
