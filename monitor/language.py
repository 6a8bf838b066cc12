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
_PLAIN = 15.0
"""Letters and little words alone say so much that nobody else need be asked, which costs ten times as much."""
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
    words = _WORD.findall(plain)[:_WORDS_LOOKED_UP]
    margin = _letters_and_little_words(plain, words, first, second)
    if abs(margin) < _PLAIN:
        margin += _classifier_and_dictionaries(plain, words, first, second)
    if abs(margin) < _MARGIN:
        return unsettled
    return first if margin > 0 else second


def _letters_and_little_words(text: str, words: list[str], first: str, second: str) -> float:
    """How much more they speak for the first language than for the second; the other two methods say it so, too."""
    letters = Counter(text)
    margin = _PER_LETTER * (
        sum(letters[letter] for letter in _LETTERS[first])
        - sum(letters[letter] for letter in _LETTERS[second])
    )
    for word in words:
        margin += {first: _PER_TELLING_WORD, second: -_PER_TELLING_WORD}.get(_TELLING.get(word, ""), 0.0)
    return margin


def _classifier_and_dictionaries(text: str, words: list[str], first: str, second: str) -> float:
    likelihoods = dict(_identifier().rank(text))
    margin = _CLASSIFIER * float(likelihoods[first] - likelihoods[second])
    for word in words:
        if word not in _TELLING:
            margin += {first: _PER_WORD, second: -_PER_WORD}.get(_only_knowing(word, first, second), 0.0)
    return margin


def _only_knowing(word: str, first: str, second: str) -> str:
    """The language whose dictionary has the word, when the other's doesn't."""
    dictionary = LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary
    knowing = [language for language in (first, second) if dictionary(language).get(word) is not None]
    return knowing[0] if len(knowing) == 1 else ""


@cache
def _identifier() -> LanguageIdentifier:
    """Loading takes about a second, so only when first asked."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
