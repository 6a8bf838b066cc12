"""How people spell a name in the other alphabet, or in the other Cyrillic: Новолінія, Новолиния, novolinia, novolinija."""

import re
from collections.abc import Container, Iterator, Mapping
from itertools import islice, product

MOST_SPELLINGS = 48
"""Of one word; the likeliest come first."""

# Ukrainian by the Cabinet's table of 2010 first, then Russian and what people type. One choice holds for the whole word.
_LATIN = {
    "а": "a", "б": "b", "в": "v w", "г": "h g", "д": "d", "е": "e", "є": "ie ye je", "ж": "zh j", "з": "z",
    "и": "y i", "і": "i", "ї": "i yi ji", "й": "i y j", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh h x", "ц": "ts c", "ч": "ch", "ш": "sh",
    "щ": "shch sch", "ь": "", "ю": "iu yu ju", "я": "ia ya ja a", "ы": "y i", "э": "e", "ъ": "",
}  # fmt: skip
_FIRST_LATIN = {"є": "ye ie je", "ї": "yi i ji", "й": "y i j", "ю": "yu iu ju", "я": "ya ia ja"}
_CYRILLIC = {
    "shch": "щ", "sch": "щ ш", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч х", "sh": "ш", "ck": "к", "ph": "ф", "th": "т",
    "qu": "кв", "ya": "я", "ja": "я", "ia": "ія ия я", "iya": "ія ия", "ija": "ія ия", "iia": "ія ия", "yu": "ю",
    "ju": "ю", "iu": "ю", "ye": "є е", "ie": "є е іє ие", "yi": "иї ї ие", "ll": "лл л", "ss": "сс с", "nn": "нн н",
    "tt": "тт т", "a": "а", "b": "б", "c": "к ц с", "d": "д", "e": "е є э", "f": "ф", "g": "г", "h": "г х", "i": "і и",
    "j": "й дж", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т",
    "u": "у ю", "v": "в", "w": "в", "x": "кс", "y": "и й і ы", "z": "з",
}  # fmt: skip
_OTHER_CYRILLIC = {"і": "і и", "ї": "ї и й", "є": "є е", "и": "и і ы", "ы": "ы и", "э": "э е"}
_FIRST_CYRILLIC = {"е": "е э є"}
_LATIN_OF_SOUNDS = _LATIN | {letter.upper(): options for letter, options in _FIRST_LATIN.items()}
_CYRILLIC_OF_SOUNDS = _OTHER_CYRILLIC | {
    letter.upper(): options for letter, options in _FIRST_CYRILLIC.items()
}
_LATIN_SOUND = re.compile("|".join(sorted(_CYRILLIC, key=len, reverse=True)))


def latin_spellings(word: str) -> list[str]:
    """Of a folded Cyrillic word; none for any other."""
    if not all(letter in _LATIN for letter in word):
        return []
    return list(_spelled(_sounds(word, _FIRST_LATIN), _LATIN_OF_SOUNDS))


def cyrillic_spellings(word: str) -> list[str]:
    """Of a folded Latin word; of a Cyrillic one, as Ukrainians and Russians write each other's names."""
    if word.isascii():
        return list(_spelled(_LATIN_SOUND.findall(word), _CYRILLIC)) if word.isalpha() else []
    return list(_spelled(_sounds(word, _FIRST_CYRILLIC), _CYRILLIC_OF_SOUNDS))


def _sounds(word: str, first: Container[str]) -> list[str]:
    """The letters of a word; one that is spelled otherwise at the beginning is a capital there."""
    return [word[0].upper() if word[0] in first else word[0], *word[1:]]


def _spelled(sounds: list[str], table: Mapping[str, str]) -> Iterator[str]:
    distinct = list(dict.fromkeys(sounds))
    options = [table.get(sound, sound).split() or [""] for sound in distinct]
    for choice in islice(product(*options), MOST_SPELLINGS):
        chosen = dict(zip(distinct, choice, strict=True))
        yield "".join(chosen[sound] for sound in sounds)
