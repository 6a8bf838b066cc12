"""One spelling for all the ways in which people type the same word.

Folded are: case, compatibility forms (NFKC), stress marks and Latin diacritics (ă â î ș ț → a a i s t), ё → е and ґ → г
(people write either), apostrophes inside words (п’ять = пять, as it is often typed), invisible characters, and look-alike letters of
the other alphabet inside a word. Kept apart are й/и, ї/і, є/е and і/и: they tell words and languages apart.
Punctuation and white space stay as they are.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property, lru_cache

WORD = re.compile(r"[^\W_]+")
"""A word of a folded text: letters and digits; underscores and hyphens part words (#Нова_Пошта)."""

_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_APOSTROPHES = "'’‘ʼʹ`´′＇"
# Characters that lower() and _SIMPLE fold one to one. Everything else is looked at more closely (and remembered).
_PLAIN = (
    "\x00-\x7f\xa0\xa7\xa9\xab\xae\xb0\xb7\xbbЄІЇА-яєіїЁёҐґăâîșşțţĂÂÎȘŞȚŢ"
    "\u2010-\u2027\u2030-\u203a₴€₽№™\u2190-\u23ff\u2500-\u2bff\U0001f000-\U0001f0ff\U0001f1e6-\U0001faff"
)
_APOSTROPHE = re.compile(f"(?<=[\\w{_INVISIBLE}])[{_APOSTROPHES}]+(?=[\\w{_INVISIBLE}])")
_ODD = re.compile(f"[^{_PLAIN}]")
_CHANGING = re.compile(f"{_APOSTROPHE.pattern}|[^\\W\\d_]?[{_MARKS}]+|{_ODD.pattern}")
_SIMPLE = tuple(zip("ёґăâîșşțţ", "егaaisstt", strict=True))
_LATIN_BY_CYRILLIC = dict(zip("авсенікмортхуј", "abcehikmoptxyj", strict=True))
_CYRILLIC_BY_LATIN = {latin: cyrillic for cyrillic, latin in _LATIN_BY_CYRILLIC.items()}
_TWO_ALPHABETS = re.compile("[a-z][а-яєії]|[а-яєії][a-z]")
_LATIN_NAME_WITH_CYRILLIC_ENDING = re.compile(
    "[a-z0-9]{2,}(?:а|ам|ами|ах|е|и|і|ів|ов|ові|ой|ом|ою|у|ы|я|ю|ем)"
)
# Normalising a long run of marks takes quadratic time, and no letter that we read has more than two.
_MARKS_READ = 2


def fold(text: str) -> str:
    """Fold text in time linear in its length; folding twice changes nothing."""
    if not text.isascii() and _ODD.search(text):
        text = _CHANGING.sub(_folded_cluster, text)
    elif any(mark in text for mark in _APOSTROPHES):
        text = _APOSTROPHE.sub("", text)
    text = text.lower()
    if text.isascii():
        return text
    for letter, base in _SIMPLE:
        text = text.replace(letter, base)
    if _TWO_ALPHABETS.search(text):
        return WORD.sub(_one_alphabet, text)
    return text


class Folded:
    """A text beside its folded form, and the way back from the one to the other."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.text = fold(original)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded text[start:end] stands in the original; start < end."""
        return self._origin(start, 0), self._origin(end - 1, 1)

    def _origin(self, place: int, side: int) -> int:
        """The original place of one folded character: its start (side 0) or its end (side 1)."""
        folded_starts, pieces = self._changes
        found = bisect_right(folded_starts, place) - 1
        if found < 0:
            return place + side
        folded_end, start, end = pieces[found]
        if place < folded_end:
            return end if side else start
        return end + place - folded_end + side

    @cached_property
    def _changes(self) -> tuple[list[int], list[tuple[int, int, int]]]:
        """Where each changed piece starts in the folded text, and (its end there, its start and end in the original)."""
        starts, pieces = [], []
        longer = 0
        for match in _CHANGING.finditer(self.original):
            start = match.start() + longer
            length = len(_folded_cluster(match))
            starts.append(start)
            pieces.append((start + length, match.start(), match.end()))
            longer += length - (match.end() - match.start())
        return starts, pieces


def _folded_cluster(match: re.Match[str]) -> str:
    cluster = match.group()
    if cluster[0] in _APOSTROPHES and cluster[0] not in "ʼʹ":
        return ""
    return _fold_cluster(cluster[: 1 + _MARKS_READ])


@lru_cache(maxsize=4096)
def _fold_cluster(cluster: str) -> str:
    """Fold one character with its marks; й and ї keep theirs."""
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    return "".join(_bare(letter) for letter in composed if not _invisible(letter))


def _bare(letter: str) -> str:
    if letter in "йї":
        return letter
    bare = "".join(c for c in unicodedata.normalize("NFKD", letter) if unicodedata.category(c) != "Mn")
    return bare.lower().replace("ł", "l").replace("ø", "o").replace("đ", "d").replace("ı", "i")


def _invisible(letter: str) -> bool:
    return letter in "ʼʹ" or unicodedata.category(letter) == "Cf"


def _one_alphabet(match: re.Match[str]) -> str:
    """Look-alikes of one alphabet, the rarer if it can be, become letters of the other, when all of them are look-alikes."""
    word = match.group()
    latin = {letter for letter in word if "a" <= letter <= "z"}
    cyrillic = {letter for letter in word if "Ѐ" <= letter <= "ґ"}
    if not latin or not cyrillic or _LATIN_NAME_WITH_CYRILLIC_ENDING.fullmatch(word):
        return word
    masks = [(latin, _CYRILLIC_BY_LATIN), (cyrillic, _LATIN_BY_CYRILLIC)]
    if sum(map(word.count, cyrillic)) < sum(map(word.count, latin)):
        masks.reverse()
    for letters, table in masks:
        if letters <= table.keys():
            return "".join(table.get(letter, letter) if letter in letters else letter for letter in word)
    return word


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return WORD.findall(fold(text))
