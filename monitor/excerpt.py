"""The part of a post that speaks of the brand, in its author's own words: what the model is given to judge."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from monitor.quotations import quotations
from monitor.relevance import EARLY
from monitor.spans import Span, between, merged
from monitor.trimmings import earlier_mail, trimmings

LONGEST = 50_000
"""Characters around the first match that are looked at, so that a megabyte costs no more than a few pages."""
WHOLE = 830
"""A text up to this length is judged whole: it fills, in Ukrainian, the 256 tokens that are all that the model reads."""
PARTS = 600
"""A longer one in parts that make no more: on long reviews fewer words were judged better than as many as fit."""
REACH = (250, 125, 60)
"""Characters on either side of what matched: as far as there is room for."""
OFTEN = 3
MOST = 200
"""Matches looked at, the first and the last; more have no room between them."""
SHORT = 350
"""A text under this length needs its title to be understood."""
LONGEST_TITLE = 300
_SAYS_LITTLE = 50
"""A paragraph under this length is a heading, or half a thought."""
_WORTH_READING = 60
_GAP = " … "
_SPACE = re.compile(r"\s+")
_BOUNDARY = re.compile(r"[.!?…][)\]»”\"]*\s+|\n+")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")


def readings(title: str, text: str, matches: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return what can be judged of a post: with its title and, where a title is added to words of its own, without.

    What stands above a letter is read alone as well: the letter may be answered, or passed on to be heard.

    Each at most ``WHOLE`` characters and the title; empty only where title and text are. Quotations of others and
    signatures are left out, unless there is nothing else. Of a long text, whole sentences around the matches (their "start"
    and "end" are offsets into text); its beginning and end too, where all of it is about the brand (named early, often, or
    in the title alone).
    """
    text, spans = _near(text, sorted((match["start"], match["end"]) for match in matches))
    bodies = [_parts(*_own(text, spans)), *_above_mail(text, spans)]
    return tuple(dict.fromkeys(chain.from_iterable(_with_and_without(title, body) for body in bodies)))


def _with_and_without(title: str, body: str) -> tuple[str, ...]:
    whole = _titled(title, body)
    return (whole,) if body == whole or not any(map(str.isalpha, body)) else (whole, body)


def _above_mail(text: str, spans: list[Span]) -> Iterator[str]:
    """What the author wrote above the headers of a letter, unless that is nothing, or announces it ("They answered:")."""
    at = earlier_mail(text)
    if not at:
        return
    above = [(start, min(end, at)) for start, end in _authored(text, spans) if start < at]
    words, places = _together(text, [span for span in spans if span[1] <= at], above)
    if any(map(str.isalpha, words)) and not words.rstrip().endswith(":"):
        yield _parts(words, places)


def _titled(title: str, body: str) -> str:
    title = title[:LONGEST_TITLE].strip()
    if not title or len(body) >= SHORT or title in body:
        return body
    return f"{title} {body}" if title[-1] in ".!?…" else f"{title}. {body}"


def _near(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    first = spans[0][0] if spans else 0
    offset = max(0, min(first - LONGEST // 2, len(text) - LONGEST))
    end = min(len(text), offset + LONGEST)
    return text[offset:end], [(s - offset, e - offset) for s, e in spans if offset <= s <= e <= end]


def _own(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """The author's own words and the matches in them; all of the text where the author added no word."""
    words, places = _together(text, spans, _authored(text, spans))
    return (words, places) if any(map(str.isalpha, words)) else (text, spans)


def _authored(text: str, spans: list[Span]) -> list[Span]:
    """Where the author's own words are."""
    trimmed = merged(trimmings(text, spans))
    return list(between(merged(chain(quotations(text, trimmed, spans), trimmed)), len(text)))


def _together(text: str, spans: list[Span], kept: Sequence[Span]) -> tuple[str, list[Span]]:
    return "".join(text[start:end] for start, end in kept), list(_moved(spans, kept))


def _moved(spans: list[Span], kept: Iterable[Span]) -> Iterator[Span]:
    length = 0
    for start, end in kept:
        for s, e in spans[bisect_left(spans, (start, 0)) : bisect_left(spans, (end, 0))]:
            yield s - start + length, min(e, end) - start + length
        length += end - start


def _parts(text: str, spans: Sequence[Span]) -> str:
    text = text.rstrip()
    if len(text) <= WHOLE:
        return text.lstrip()
    spans = spans if len(spans) <= MOST else [*spans[: MOST // 2], *spans[-MOST // 2 :]]
    chosen = _windows(text, spans)
    if not spans or spans[0][0] <= EARLY or len(spans) >= OFTEN:
        chosen = merged([*chosen, *_edges(text, chosen)])
    else:
        chosen = [*chosen[:-1], _further(text, chosen[-1], PARTS - _length(chosen))]
    parts = [text[start:end].strip() for start, end in chosen]
    return _GAP.join(parts) if any(map(_is_seen, parts)) else text.lstrip()[:WHOLE]


def _is_seen(text: str) -> bool:
    return any(sign.isprintable() and not sign.isspace() for sign in text)


def _windows(text: str, spans: Sequence[Span]) -> list[Span]:
    for reach in REACH:
        windows = [_around(text, span, reach) for span in spans]
        if _length(merged(windows)) <= PARTS:
            return merged(windows)
    return _fitting([*windows, (_start(text, len(text) - REACH[1], len(text)), len(text))])


def _around(text: str, span: Span, reach: int) -> Span:
    """Whole sentences of the match's own paragraph: the next one may be about another brand."""
    low, high = max(0, span[0] - reach), min(len(text), span[1] + reach)
    before = [gap.end() for gap in _PARAGRAPH.finditer(text, low, span[0])]
    after = _PARAGRAPH.search(text, span[1], high)
    start = before[-1] if before else _start(text, low, span[0])
    end = after.start() if after else _end(text, span[1], high)
    if end - start >= _SAYS_LITTLE:
        return start, end
    return _start(text, low, span[0]), _end(text, span[1], high)


def _fitting(windows: Sequence[Span]) -> list[Span]:
    """The first and the last, then inwards: a long story ends with what its author thinks of it."""
    chosen: list[Span] = []
    inwards = chain.from_iterable(zip(windows, reversed(windows), strict=True))
    for start, end in islice(inwards, len(windows)):
        room = PARTS - _length(chosen)
        if room < _WORTH_READING:
            break
        chosen = merged([*chosen, (start, min(end, start + room))])
    return chosen


def _further(text: str, window: Span, room: int) -> Span:
    """On to the end of the next paragraph, as far as there is room: who named a shop goes on with "they"."""
    start, end = window
    if room < _WORTH_READING:
        return window
    high = min(len(text), end + room)
    gaps = list(islice(_PARAGRAPH.finditer(text, end, high), 2))
    if len(gaps) == 2:
        return start, gaps[1].start()
    return start, _end(text, gaps[0].end() if gaps else end, high)


def _edges(text: str, windows: Sequence[Span]) -> Iterator[Span]:
    """The end and the beginning, where authors say what they think of it all: each has half of the room that is left."""
    room = (PARTS - _length(windows)) // 2 - len(_GAP)
    if room <= 0:
        return
    first, last = (windows[0][0], windows[-1][1]) if windows else (len(text), 0)
    yield max(last, _start(text, len(text) - room, len(text))), len(text)
    yield 0, min(first, _end(text, 0, room))


def _length(windows: Iterable[Span]) -> int:
    return sum(end - start + len(_GAP) for start, end in windows)


def _start(text: str, low: int, high: int) -> int:
    """Where the first sentence begins after low; a word, where no sentence does; low itself, where no word does."""
    if low <= 0:
        return 0
    boundary = _BOUNDARY.search(text, low, high) or _SPACE.search(text, low, high)
    return boundary.end() if boundary else low


def _end(text: str, low: int, high: int) -> int:
    """Where the last sentence ends before high, or a word."""
    if high >= len(text):
        return len(text)
    ends = [boundary.end() for boundary in _BOUNDARY.finditer(text, low, high)]
    return ends[-1] if ends else max(text.rfind(" ", low, high), 0) or high
