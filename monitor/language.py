"""In which of our four languages a text is written, as far as so few words can tell."""

import re
from collections import Counter
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

LANGUAGES = ("uk", "ru", "ro", "en")
UNDETERMINED = "und"

_READ = 2_000
"""Characters: more would not change the answer."""
_WORDS_LOOKED_UP = 20
# What a letter or a word says, on the scale of the classifier's log-likelihoods.
_PER_LETTER = 3.0
_PER_WORD = 2.0
_CLASSIFIER = 0.35
"""It is too sure of itself when words are few."""
_PER_TELLING_WORD = 3.5
_MARGIN = 1.0
_LETTERS = {"uk": "їієґ", "ru": "ыэъё", "ro": "ăâîșțşţ", "en": ""}
# Frequent little words that the other language of the same alphabet lacks or hardly uses, whatever dictionaries say.
_TELLING = {
    word: language
    for language, words in (
        ("uk", "це цей ця ці що коли вже від та чи але де дуже немає щоб ще якщо було"),
        ("ru", "это этот эта что когда уже или но где очень нет чтобы еще ещё если"),
        ("ro", "nu si este cu pentru mai am de la un din sa imi ce cand unde foarte"),
        ("en", "the is not with for and my i of to it was they this very when where"),
    )
    for word in words.split()
}
_NOT_LANGUAGE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|\S+@\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-zăâîșțşţ]")


def detect(text: str, hint: str | None = None) -> str:
    """uk, ru, ro or en; where text alone does not settle it, the hint (what the source declares), or else und."""
    plain = _NOT_LANGUAGE.sub(" ", text[:_READ]).lower()
    cyrillic, latin = len(_CYRILLIC.findall(plain)), len(_LATIN.findall(plain))
    unsettled = hint if hint in LANGUAGES else UNDETERMINED
    if not cyrillic and not latin:
        return unsettled
    first, second = ("uk", "ru") if cyrillic >= latin else ("ro", "en")
    margin = _evidence(plain, first, second)
    if abs(margin) < _MARGIN:
        return unsettled
    return first if margin > 0 else second


def _evidence(text: str, first: str, second: str) -> float:
    """How much more speaks for the first language than for the second."""
    likelihoods = dict(_identifier().rank(text))
    votes = {language: _CLASSIFIER * float(likelihoods[language]) for language in LANGUAGES}
    letters = Counter(text)
    for language in (first, second):
        votes[language] += _PER_LETTER * sum(letters[letter] for letter in _LETTERS[language])
    for word in _WORD.findall(text)[:_WORDS_LOOKED_UP]:
        if word in _TELLING:
            votes[_TELLING[word]] += _PER_TELLING_WORD
        else:
            for language in _only_knowing(word, first, second):
                votes[language] += _PER_WORD
    return votes[first] - votes[second]


def _only_knowing(word: str, *languages: str) -> list[str]:
    """The language whose dictionary has the word, when the other's doesn't."""
    dictionary = LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary
    knowing = [language for language in languages if dictionary(language).get(word) is not None]
    return knowing if len(knowing) == 1 else []


@cache
def _identifier() -> LanguageIdentifier:
    """Loading takes about a second, so only when first asked."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
