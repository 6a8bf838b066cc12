"""What the model gets to see of a text: bounded, without what identifies people, and always encodable."""

import re
import unicodedata
from collections.abc import Callable, Sequence

MAX_CHARACTERS = 2_000
"""A judged text; about 500 tokens, more than the model looks at."""
_RAW_CHARACTERS = 20_000
"""Cut before anything else looks at the text, so that a megabyte costs no more than a page."""
_UNHEARD_OF = "\U00012000 \U00012000"
"""Cuneiform, which no model knows; what is nobody's alphabet is dropped by some."""

_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_HANDLE = re.compile(r"(?<!\w)@\w[\w.]{0,63}")
_LONG_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[ ().-]{0,2}\d){8,17}(?!\w)")
_RUN = re.compile(r"([^\s\d])\1{3,}")
_SPACE = re.compile(r"\s+")


def prepare(text: str) -> str:
    """Return the text as the model was trained to read it, at most ``MAX_CHARACTERS`` long, possibly empty.

    Handles, links, e-mail addresses and long numbers (phones, parcels, cards) become placeholders; lone
    surrogates, which can't be encoded, become question marks; a run of one character that is no digit keeps three of them.
    """
    text = text[:_RAW_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    text = _RUN.sub(r"\1\1\1", _UNSEEN.sub("", text))
    text = _LINK.sub("http", text)
    text = _HANDLE.sub("@user", text)
    text = _EMAIL.sub("@mail", text)
    text = _LONG_NUMBER.sub("000", text)
    return _SPACE.sub(" ", text).strip()[:MAX_CHARACTERS]


class Readable:
    """Whether there is anything in a text that a model could judge, by the tokens that its tokenizer makes of it."""

    def __init__(self, encode: Callable[[str], Sequence[int]]):
        self._frame = frozenset(encode(""))
        self._unknown = frozenset(encode(_UNHEARD_OF))

    def __call__(self, text: str, tokens: Sequence[int]) -> bool:
        """Nothing visible is nothing. Letters of which none is known are another alphabet; a sign that is not known may still be a face or a fist."""
        if self._frame.issuperset(tokens) or all(unicodedata.category(sign)[0] in "CMZ" for sign in text):
            return False
        return not self._unknown.issuperset(tokens) or not any(map(str.isalpha, text))
