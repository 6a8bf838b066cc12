"""The same text elsewhere: reposts, copies, small edits; not another complaint in the same words."""

import re
from hashlib import blake2b
from struct import iter_unpack, pack

from rapidfuzz import fuzz
from rensa import RMinHash

from monitor.folding import fold
from monitor.quotations import quotations
from monitor.spans import between, merged

SHORTEST = 30
"""Letters and digits: below it, people say the same thing by themselves («не працює», "never again"), and one changed
word changes most of a signature. Shorter texts are nobody's copies."""
BANDS = 16

_PERMUTATIONS = 64
_SEED = 20_261_121
"""Signatures are stored: changing the seed or the folding makes strangers of all earlier posts."""
_SHINGLE = 4
_COMPARED = 4_000
"""Letters of a text that count: comparing two texts takes the product of their lengths."""
_ALIKE = 85.0
"""Percent, of characters that two texts share in order: a sentence in seven may be new."""
_LINK = r"https?://\S+|www\.\S+|t\.me/\S+"
_NOT_TEXT = re.compile(rf"{_LINK}|[@#]\w+|[^\w\s]|_")
_NOT_NUMBERS = re.compile(rf"{_LINK}|@\w+")
_NUMBER = re.compile(r"\d{4,}")


def signature(text: str) -> bytes | None:
    """64 MinHash values (little-endian, 32 bits each) of the text's 4-letter shingles; None below SHORTEST."""
    words = bare(text)
    if not _long_enough(words):
        return None
    sketch = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    sketch.update(sorted({words[at : at + _SHINGLE] for at in range(len(words) - _SHINGLE + 1)}))
    return pack(f"<{_PERMUTATIONS}I", *sketch.digest())


def bands(signature: bytes) -> list[int]:
    """16 numbers of signed 64 bits: texts that share half of their shingles share one of them more often than not."""
    width = len(signature) // BANDS
    return [_hash(bytes([band]) + signature[band * width : (band + 1) * width]) for band in range(BANDS)]


def is_copy(a: str, b: str) -> bool:
    """Whether b says what a says, in its words; links, handles, tags, punctuation and case are ignored.

    Two texts of which each has a long number (order, parcel) that the other lacks are two people's, however alike: what
    both have is a year or a hotline. One that quotes the other and adds its own is none, either. Texts below SHORTEST are
    never copies, not even of each other.
    """
    first, second = bare(a), bare(b)
    if not _long_enough(first) or not _long_enough(second):
        return False
    numbers = _numbers(a), _numbers(b)
    if numbers[0] - numbers[1] and numbers[1] - numbers[0]:
        return False
    return _alike(first, second) and _alike(_own(a), _own(b))


def bare(text: str) -> str:
    """Return the words of a text, folded, one space between them: what is left where nothing is said but the words."""
    return " ".join(_NOT_TEXT.sub(" ", fold(text[: 4 * _COMPARED])).split())[:_COMPARED]


def _alike(a: str, b: str) -> bool:
    return fuzz.ratio(a, b, score_cutoff=_ALIKE) > 0


def _numbers(text: str) -> set[str]:
    """Of the whole text: people write an order as a tag, too (#4459123)."""
    return set(_NUMBER.findall(_NOT_NUMBERS.sub(" ", fold(text[: 4 * _COMPARED]))))


def _own(text: str) -> str:
    """The words of a text without what it quotes; all of them where it adds none."""
    kept = between(merged(quotations(text[: 4 * _COMPARED])), len(text))
    return bare(" ".join(text[start:end] for start, end in kept)) or bare(text)


def _long_enough(words: str) -> bool:
    return len(words) - words.count(" ") >= SHORTEST


def _hash(band: bytes) -> int:
    (number,) = next(iter_unpack("<q", blake2b(band, digest_size=8).digest()))
    return int(number)
