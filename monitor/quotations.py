"""Where a post repeats what others wrote, as forums and mail programs mark it.

Only marks that a program sets, or that stand alone on their line: words in quotation marks belong to the author's own story.
"""

import re
from collections.abc import Iterator

from monitor.spans import Span, lines

_LONGEST_HEADER = 200
_TAG = re.compile(r"\[(/?)quote\b[^\[\]\n]{0,200}\]", re.IGNORECASE)
# "> text", ">> text" and The Bat's "IP> text"; but neither ">:(" and ">_<", nor "> 3 weeks" (more than three).
_AMOUNT = (
    r"\s*\d[\d.,]*\s?(?:%|тиж|дн|день|доб|год|час|міс|мес|рок|лет|нед|раз|грн|лей|лея|lei|eur|uah|mdl"
    r"|week|day|hour|month|year|săpt|zile|ore\b|lun|ani\b)"
)
_QUOTED = re.compile(rf"(?:[A-ZА-ЯІЇЄҐ]{{1,3}})?>(?![:;=_.<(-]|{_AMOUNT})")
_WROTE = (
    r"(?:(?:на)?писа(?:в|ла|л)|пише|пишет|сказа(?:в|ла|л)|wrote|writes|said|a (?:scris|spus)|scrie)"
    r"(?:\s?[(/]-?(?:ла|а)\)?)?"
)
_HEADER = re.compile(
    # "Ivan писал(а):" of phpBB, "Ivan said: ↑" of XenForo; with a time in it also longer, as mail programs have it.
    rf"(?:[^.!?…;:]{{1,60}}|(?=.*\d\d?:\d\d).{{1,160}}) {_WROTE}\s?(?::\s?[↑▲]?|[↑▲])"
    r"|.{0,160}<[^<>\s]+@[^<>\s]+>\s?:"
    r"|(?:цитата|цитую|quote|citat)(?:\s?\(.{1,80}\)\s?:?|(?:\s@?\w{1,40}){0,2}\s?:|)"
    r"|originally posted by\s.{1,60}",
    re.IGNORECASE,
)
# An author who tells "and the shop wrote to me:" tells a story.
_TELLING = re.compile(
    r"\b(?:я|мені|мне|нам|меня|ми|мы|i|we|me|us|eu|mi|mie|ne|noi|nouă|îmi|ne-a|mi-a)\b", re.IGNORECASE
)
_EARLIER = re.compile(
    r"-{2,}\s?(?:original message|исходное сообщение|первоначальное сообщение|вихідне повідомлення"
    r"|оригінальне повідомлення|mesaj(?:ul)? (?:original|inițial))\s?-{2,}",
    re.IGNORECASE,
)


def quotations(text: str) -> Iterator[Span]:
    """What others wrote: [quote]…[/quote], lines behind ">", the paragraph under "Ivan wrote:". They may overlap."""
    yield from _bracketed(text)
    yield from _lined(text)


def _bracketed(text: str) -> Iterator[Span]:
    """From each [quote] to its own [/quote]. One that nothing closes quotes nothing."""
    opened: list[int] = []
    for tag in _TAG.finditer(text):
        if not tag[1]:
            opened.append(tag.start())
        elif opened:
            yield opened.pop(), tag.end()


def _lined(text: str) -> Iterator[Span]:
    under_header, last = False, 0
    for start, end in lines(text):
        if text.count("\n", last, start) > 1:
            under_header = False
        last = end
        if _EARLIER.match(text, start, end):
            yield start, len(text)
            return
        heads = is_header(text[start:end].rstrip()) if end - start <= _LONGEST_HEADER else False
        marked = _QUOTED.match(text, start, end)
        if heads or under_header or marked:
            yield start, end
        # Where every line of theirs is marked, one that is not is the author's.
        under_header = heads or (under_header and not marked)


def is_header(line: str) -> bool:
    """Whether a line says no more than whose words follow."""
    return _HEADER.fullmatch(line) is not None and not _TELLING.search(line)
