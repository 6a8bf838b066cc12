"""What is rare in the rows and common in life, made by rule: lost diacritics, Latin letters, slips of the finger.

Capitals are not among it: the courses read them as small letters, as what ships does.
"""

import random
import unicodedata
from collections.abc import Callable

# fmt: off
_TRANSLITERATION = {
    "uk": {
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
        "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
        "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
        "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia", "'": "",
    },
    "ru": {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
        "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
        "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch",
        "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    },
}
# fmt: on
_LOOKALIKES = str.maketrans("аеорсхіАЕОРСХІВНМТ", "aeopcxiAEOPCXIBHMT")
_APOSTROPHES = "'’ʼ`"
_RARELY = 0.04
_OFTEN = 0.12


def augment(text: str, language: str, rng: random.Random) -> str:
    """Return text, most often as it is, otherwise as a hurried person might have typed it."""
    if language == "ro" and rng.random() < 0.35:
        text = without_diacritics(text)
    for change, chance in _CHANGES:
        if rng.random() < chance:
            text = change(text, rng)
    if language in _TRANSLITERATION and rng.random() < _RARELY:
        text = transliterate(text, language)
    return text


def without_diacritics(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def transliterate(text: str, language: str) -> str:
    letters = _TRANSLITERATION[language]
    return "".join(_latin(c, letters) for c in text)


def _latin(character: str, letters: dict[str, str]) -> str:
    latin = letters.get(character.lower(), character)
    return latin.capitalize() if character.isupper() else latin


def _apostrophes(text: str, rng: random.Random) -> str:
    """Type all of them otherwise, or none."""
    return text.translate(dict.fromkeys(map(ord, _APOSTROPHES), rng.choice([*_APOSTROPHES, ""])))


def _emphatic(text: str, rng: random.Random) -> str:
    """Repeat some emoji."""
    return "".join(c * rng.randint(1, 3) if unicodedata.category(c) == "So" else c for c in text)


def _lookalikes(text: str, rng: random.Random) -> str:
    return "".join(c.translate(_LOOKALIKES) if rng.random() < 0.15 else c for c in text)


def _unpunctuated(text: str, rng: random.Random) -> str:
    return "".join(c for c in text if c not in ".,!?;:")


def _slip(text: str, rng: random.Random) -> str:
    """Swap, drop or double a letter, about once in thirty."""
    letters = list(text)
    for _ in range(1 + len(letters) // 30):
        if len(letters) < 4:
            break
        at = rng.randrange(1, len(letters) - 1)
        letters[at : at + 2] = rng.choice(
            ([letters[at + 1], letters[at]], [letters[at + 1]], [letters[at], letters[at], letters[at + 1]])
        )
    return "".join(letters)


_CHANGES: tuple[tuple[Callable[[str, random.Random], str], float], ...] = (
    (_apostrophes, _RARELY),
    (_emphatic, _OFTEN),
    (_unpunctuated, _OFTEN),
    (_slip, _OFTEN),
    (_lookalikes, 0.02),
)
