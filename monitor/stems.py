"""What is left of a word without its endings, so that «посилку» is found by «посилки», "orders" by "order".

Russian, Romanian and English are stemmed by Snowball, which knows no Ukrainian: there the endings below are cut. First simplemma's
dictionaries (which the words of our queries have loaded anyway) give the base form, for «comenzi» is of «comandă», and "paid" of "pay".
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice
from threading import Lock

import snowballstemmer

from monitor import folding
from monitor.transliteration import cyrillic_spellings, latin_spellings
from monitor.words import forms, lemma

MOST_WORDS = 400
"""Different ones of a text, from its start: nobody looks for the end of a novel."""
LONGEST = 40
"""Letters; nobody looks for what is longer, and a stem is a key of the index."""

_CYRILLIC = re.compile("[Ѐ-ӿ]")
_LATIN = re.compile("[a-z]")
_CYRILLIC_LANGUAGES = ("uk", "ru")
_LATIN_LANGUAGES = ("ro", "en")
_SNOWBALL = {"ru": "russian", "ro": "romanian", "en": "english"}
_ONE_AT_A_TIME = Lock()
"""A stemmer of Snowball keeps the word that it works on."""
_SHORTEST = 3
_VOWEL = "аеєиіїоуюяы"
_DATIVE = re.compile(f"(?<=[^{_VOWEL}])ці$")
"""посилці is of посилка, though серці is of серце: both are tried."""
_MISTAKEN = {"руця": "рука", "нозя": "нога"}
"""What the dictionary takes руці and нозі for is no word."""
_WITHOUT_APOSTROPHE = re.compile("(?<=[бвдзкмпрф])(?=[єїюя])")
"""Where folding may have taken one away: памяттю, підїзд."""
_VERB_ENDINGS = """
ти тися тись ться вся лася лося лися ла ло ли в й йте ймо вши ючи вати вав вала вали вало ює ють юся
ити ить ила ило или ив имо ите иш ять ю єш є ємо єте еш емо ете уть ать учи ачи ячи вся вся
"""
_NAME_ENDINGS = """
а у о е и і ь я ю є ї ом ем ам ям ою ею єю ами ями ах ях ові еві єві ів їв ей ий ій ого ього ому ьому им їм ім их іх їх
ими іми ої ьої ій ую юю ії ію ією іям іями іях ий ння нню нням ння ням нями нях
"""
_AFTER_A_VOWEL = ("ла", "ло", "ли", "в", "й", "ти", "ться")
"""Endings of verbs that end names after a consonant: ходи-ла, but шко-ла is школ-а."""
_ENDINGS = sorted({*_VERB_ENDINGS.split(), *_NAME_ENDINGS.split()}, key=len, reverse=True)


def stems(text: str, language: str) -> set[str]:
    """The stems of a text in a language (ISO 639-1, or any other code where we can't tell)."""
    words = dict.fromkeys(word for word in folding.words(text) if len(word) <= LONGEST)
    return {stem for word in islice(words, MOST_WORDS) for stem in stems_of(word, language)}


def sought(word: str) -> set[str]:
    """All stems that a text may have where somebody looks for this folded word: in each language and alphabet."""
    spelled = {word, *forms(word), *cyrillic_spellings(word), *latin_spellings(word)}
    return {stem for spelling in spelled for stem in stems_of(spelling, "und")}


def stems_of(word: str, language: str) -> frozenset[str]:
    """The stems of one folded word in a text of this language."""
    if _CYRILLIC.search(word):
        return _in(word, language, _CYRILLIC_LANGUAGES)
    return _in(word, language, _LATIN_LANGUAGES) if _LATIN.search(word) else frozenset([word])


def _in(word: str, language: str, languages: tuple[str, ...]) -> frozenset[str]:
    """In its text's language where that is written in this alphabet, else in each that is."""
    spoken = (language,) if language in languages else languages
    return frozenset().union(*(_stems(word, each) for each in spoken))


@lru_cache(maxsize=50_000)
def _stems(word: str, language: str) -> frozenset[str]:
    """Of the word and of its base form: the dictionary takes some words for forms of others («посилка» for one of «посилок»)."""
    base = lemma(word, language) or lemma(_WITHOUT_APOSTROPHE.sub("'", word, count=1), language)
    base = _MISTAKEN.get(base or "", base)
    bases = {word, folding.fold(base or word), _DATIVE.sub("ка", word)}
    return frozenset(_stem(base, language) for base in bases)


def _stem(word: str, language: str) -> str:
    if language == "uk":
        return _without_ending(word)
    with _ONE_AT_A_TIME:
        return str(_snowball(language).stemWord(word))


@cache
def _snowball(language: str) -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer(_SNOWBALL[language])


def _without_ending(word: str) -> str:
    stem = next(_cut(word), word).rstrip("ь")
    return _without_fleeting_vowel(stem)


def _cut(word: str) -> Iterator[str]:
    """The word without its ending, the longest first."""
    for ending in _fitting(word):
        stem = word.removesuffix(ending)
        is_verbs = ending not in _AFTER_A_VOWEL or stem[-1:] in _VOWEL
        if len(stem) >= _SHORTEST and is_verbs:
            yield stem


def _fitting(word: str) -> Iterable[str]:
    return (ending for ending in _ENDINGS if word.endswith(ending))


def _without_fleeting_vowel(stem: str) -> str:
    """посилок → посилк, папір and папер → папр: what comes and goes, or changes, before the last consonant."""
    comes_and_goes = len(stem) > _SHORTEST and stem[-2] in "оеіє" and stem[-1] not in _VOWEL
    return stem[:-2] + stem[-1] if comes_and_goes else stem
