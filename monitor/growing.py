"""The words that are suddenly in many posts. Pure.

A word's growth is the log-odds ratio with an informative Dirichlet prior of Monroe, Colaresi and Quinn, Fightin' Words, Political
Analysis 16 (2008) 372-403, in standard deviations. A word counts once a post, in any of its forms.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log, sqrt
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

SURE = 1.96
"""Standard deviations: one word in forty would grow so much by chance."""
AT_LEAST = 3
"""Posts with the word: two people may say the same."""
PRIOR = 10.0
"""Posts' worth of belief that a word is as common as it ever was."""
SHORTEST, LONGEST = 4, 30
DICTIONARIES = frozenset({"uk", "ru", "ro", "en"})
EMPTY_WORDS = Path(__file__).parents[1] / "config" / "empty_words.yaml"


@dataclass(frozen=True)
class Said:
    """What one post says: its words without the brand's name."""

    text: str
    language: str
    matches: Sequence[Mapping[str, Any]] = ()


def growing(now: Iterable[Said], before: Iterable[Said], without: str = "", limit: int = 5) -> list[str]:
    """The words that grew most, as they are most often written; without: a brand's name, which is in every post."""
    told, usual = [_words(said) for said in now], [_words(said) for said in before]
    here, there = _posts_with(told), _posts_with(usual)
    names = {stem for stem, _ in _tokens(without, "und")}
    scores = {
        stem: _growth(here[stem], len(told), there[stem], len(usual))
        for stem in here
        if here[stem] >= AT_LEAST and stem not in names
    }
    best = sorted((stem for stem, score in scores.items() if score >= SURE), key=lambda s: (-scores[s], s))
    return [_as_written(stem, told) for stem in best[:limit]]


def _growth(here: int, posts_here: int, there: int, posts_there: int) -> float:
    """z of the log-odds; the prior is the word's share of all posts, before and now."""
    share = (here + there + 0.5) / (posts_here + posts_there + 1)
    with_, without = PRIOR * share, PRIOR * (1 - share)
    now = log((here + with_) / (posts_here - here + without))
    usual = log((there + with_) / (posts_there - there + without))
    return (now - usual) / sqrt(1 / (here + with_) + 1 / (there + with_))


def _posts_with(posts: Collection[Mapping[str, str]]) -> Counter[str]:
    return Counter(stem for post in posts for stem in post)


def _as_written(stem: str, posts: Iterable[Mapping[str, str]]) -> str:
    forms = Counter(post[stem] for post in posts if stem in post)
    return min(forms, key=lambda form: (-forms[form], len(form), form))


def _words(said: Said) -> dict[str, str]:
    """Each stem once, with the form in which it is written here."""
    text = said.text
    for match in said.matches:
        start, end = match["start"], match["end"]
        text = text[:start] + " " * (end - start) + text[end:]
    return dict(_tokens(text, said.language))


def _tokens(text: str, language: str) -> Iterable[tuple[str, str]]:
    for word in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text.casefold()):
        if SHORTEST <= len(word) <= LONGEST and word not in _empty_words():
            yield _stem(word, language), word


def _stem(word: str, language: str) -> str:
    if language not in DICTIONARIES:
        return word
    return LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(language).get(word) or word


@cache
def _empty_words() -> frozenset[str]:
    by_language: dict[str, str] = YAML(typ="safe").load(EMPTY_WORDS.read_text(encoding="utf-8"))
    return frozenset(word for words in by_language.values() for word in words.split())
