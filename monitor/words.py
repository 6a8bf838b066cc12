"""The forms in which a word may stand in a text, in Ukrainian, Russian, Romanian and English.

Names are what dictionaries do not know («Новолінією», «сбера», "Linellei"), so forms come from the endings of endings.py, with the
changes that a stem goes through. simplemma's dictionaries say only what endings can't: that «нова» is an adjective, and that «рима» is
in Ukrainian another word and no form of «Рим». Verbs are not inflected: a query writes достав* for them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

from monitor import endings

Forms = Mapping[str, frozenset[str]]
"""Each form, and the languages (ISO 639-1) in which that spelling is first of all another word."""

_CYRILLIC = re.compile("[а-яєії]+")
_LATIN = re.compile("[a-z0-9]*[a-z]")
_VOWEL = re.compile(f"[{endings.CYRILLIC_VOWELS}]")
_ADJECTIVE = re.compile(".+(?:ий|ій|ый|ой)")
_ADJECTIVE_FORM = re.compile(".+[аяеєоіиую]")
_UKRAINIAN_BASE = {"а": ("ий",), "е": ("ий",), "і": ("ий", "ій"), "я": ("ій",), "є": ("ій",)}
_BEFORE_I = {"г": "з", "к": "ц", "х": "с"}
_VOCATIVE = {"г": "ж", "к": "ч", "х": "ш"}
_OTHER_SYLLABLE = {"і": "ое", "ї": "є", "о": "і", "е": "і"}
_SHORTEST_STEM = 3


_CYRILLIC_LANGUAGES = ("uk", "ru")
_LATIN_LANGUAGES = ("ro", "en")
# The dictionaries take these genitives for possessive adjectives, words of their own: клієнтів.
_NEVER_ANOTHER_WORD = ("ів", "їв", "ов", "ев")


@lru_cache(maxsize=20_000)
def forms(word: str, in_name: bool = False) -> Forms:
    """The forms of a folded word, itself among them; of one that ends in a digit or is of another script, itself alone.

    in_name: it stands beside other words of a name, so that it may be an adjective of which dictionaries know only the noun
    («Добра Аптека»).
    """
    found: Iterable[str] = ()
    if _CYRILLIC.fullmatch(word):
        found = chain(_cyrillic_forms(word), _as_adjective(word) if in_name else ())
    elif _LATIN.fullmatch(word):
        found = _latin_forms(word)
    own = (word, *_base_adjectives(word))
    return {form: other_words(form) for form in found} | {form: frozenset() for form in own}


def other_words(form: str) -> frozenset[str]:
    """The languages whose dictionary has this spelling as the head of an entry of its own."""
    if form.endswith(_NEVER_ANOTHER_WORD):
        return frozenset()
    languages = _LATIN_LANGUAGES if form.isascii() else _CYRILLIC_LANGUAGES
    return frozenset(language for language in languages if lemma(form, language) == form)


def is_another_word(languages: frozenset[str], language: str | None) -> bool:
    """Whether a form with these languages (see Forms) is no form of ours in a text of this language; None: unknown."""
    if language in (*_CYRILLIC_LANGUAGES, *_LATIN_LANGUAGES):
        return language in languages
    return len(languages) == len(_LATIN_LANGUAGES)


def lemma(word: str, language: str) -> str | None:
    """The base form of a word in a language of ours, or None where the dictionary does not know it."""
    return LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(language).get(word)


def _cyrillic_forms(word: str) -> Iterator[str]:
    adjectives = set(_base_adjectives(word))
    for base in adjectives:
        yield from _adjective_forms(base)
    if len(word) >= _SHORTEST_STEM and (not adjectives or word in adjectives):
        yield from _noun_forms(word)


def _as_adjective(word: str) -> Iterator[str]:
    """The forms of the Ukrainian adjective that a feminine, neuter or plural may be."""
    if len(word) > _SHORTEST_STEM:
        for base in _UKRAINIAN_BASE.get(word[-1], ()):
            yield from _adjective_forms(word[:-1] + base)


def _adjective_forms(base: str) -> Iterator[str]:
    paradigm = endings.ADJECTIVES[_longest(endings.ADJECTIVES, base)]
    yield from (base.removesuffix(paradigm.ending) + form for form in paradigm.forms)


def _base_adjectives(word: str) -> Iterator[str]:
    """Masculine nominatives of the adjective that word is, if it is one."""
    if _ADJECTIVE.fullmatch(word):
        yield word
    ending = _longest(endings.BASE_ADJECTIVE, word)
    if ending:
        yield word.removesuffix(ending) + endings.BASE_ADJECTIVE[ending]
    if _ADJECTIVE_FORM.fullmatch(word):
        lemmas = {lemma(word, language) or "" for language in _CYRILLIC_LANGUAGES}
        yield from (lemma for lemma in lemmas if _ADJECTIVE.fullmatch(lemma) and lemma[:2] == word[:2])


def _noun_forms(word: str) -> Iterator[str]:
    paradigm = endings.NOUNS.get(_longest(endings.NOUNS, word), endings.CONSONANT)
    stem = word.removesuffix(paradigm.ending)
    for form in paradigm.forms:
        yield stem + form
        yield from (changed + form for changed in _changed_stems(stem, paradigm.ending, form))


def _changed_stems(stem: str, ending: str, form: str) -> Iterator[str]:
    closes, closed = form in ("", "ь"), ending in ("", "ь")
    if form[:1] == "і" and stem[-1] in _BEFORE_I:
        yield stem[:-1] + _BEFORE_I[stem[-1]]
    if form == "е" and stem[-1] in _VOCATIVE:
        yield stem[:-1] + _VOCATIVE[stem[-1]]
    if closes and not closed:
        yield from _with_fleeting_vowel(stem)
    if closes != closed:
        yield from _opened_syllable(stem, closed)


def _with_fleeting_vowel(stem: str) -> Iterator[str]:
    """розетк → розеток, чашк → чашек, скриньк → скриньок."""
    first, last = stem[:-1], stem[-1]
    if not first or _VOWEL.match(last) or _VOWEL.match(first[-1]):
        return
    yield first + "о" + last
    yield first.rstrip("ьй") + "е" + last


def _opened_syllable(stem: str, closed: bool) -> Iterator[str]:
    """Київ → Києв-а, Харків → Харков-а; and back: школ-а → шкіл."""
    vowels = list(_VOWEL.finditer(stem))
    if not vowels or vowels[-1].end() < len(stem) - 2:
        return
    place, vowel = vowels[-1].start(), vowels[-1].group()
    if closed == (vowel in "ії"):
        for other in _OTHER_SYLLABLE.get(vowel, ""):
            yield stem[:place] + other + stem[place + 1 :]


def _latin_forms(word: str) -> Iterator[str]:
    yield from (word + "s", word + "ul", word + "ului")
    if len(word) < _SHORTEST_STEM:
        return
    paradigm = _latin_paradigm(word)
    stem = word.removesuffix(paradigm.ending)
    yield from (stem + form for form in paradigm.forms)


def _latin_paradigm(word: str) -> endings.Paradigm:
    hissing_or_not = endings.LATIN_HISSING if word.endswith(endings.HISSING) else endings.LATIN_CONSONANT
    return endings.LATIN.get(_longest(endings.LATIN, word), hissing_or_not)


def _longest(table: Mapping[str, object], word: str) -> str:
    """The longest key that word ends with and that leaves something of it; none: an empty string."""
    ends = (word[start:] for start in range(1, len(word)))
    return next((end for end in ends if end in table), "")
