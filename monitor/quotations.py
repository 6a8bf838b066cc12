"""Where a post repeats what others wrote, as forums and mail programs mark it.

Only marks that a program sets, or that stand alone on their line: words in quotation marks belong to the author's own story.
When in doubt the words are the author's: to judge a quoted sentence too costs little, to drop a complaint costs a customer.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

from monitor.spans import Span, holds, lines

_LONGEST_HEADER = 200
_TAG = re.compile(r"\[(/?)quote\b[^\[\]\n]{0,200}\]", re.IGNORECASE)
# "> text", ">> text" and The Bat's "IP> text"; but neither ">:(" and ">_<", nor Reddit's ">!spoiler!<", nor "> 3 weeks"
# and "> $300" (more than that).
_AMOUNT = (
    r"\s*(?i:[$€£₴₽]\s?\d|\d[\d.,]{0,12}(?:\s\d{3}){0,3}(?:\s?[-–—]\s?\d{1,6})?\s?(?:de\s)?(?:[%$€£₴₽]|(?:тис|тыс|mii|k)\b"
    r"|тиж|дн|день|доб|год|час|міс|мес|рок|лет|нед|раз|хв|мин|сек|грн|гривен|руб|лей|лея|леев|леї|дол|євро|евро|км|метр|кг|шт"
    r"|lei|leu\b|eur|uah|mdl|usd|ron\b|dollar|week|day|hour|month|year|min|sec|times|pcs|pieces|km|kg|mile"
    r"|săpt|sapt|zile|ore\b|lun|ani\b|buc|ori\b))"
)
_QUOTED = re.compile(rf"(?:[A-ZА-ЯІЇЄҐ]{{1,3}})?>(?![!:;=_.<(-]|{_AMOUNT})")
_WROTE = r"(?:(?:на)?писа(?:в|ла|л)|пише|пишет|сказа(?:в|ла|л)|wrote|writes|said|a (?:scris|spus)|scrie)"
_EITHER = r"\s?[(/]-?(?:ла|а)\)?"
_ARROW = r"[↑▲](?:.{0,40}\d\d?:\d\d.{0,10})?"
# Who answers customers, and what does: what they said is told, not quoted.
_ROLE = (
    r"\b(?:оператор|сайт|додат|приложени|кур.?[єе]р|менеджер|консультант|продав|кас+ир|майст|мастер|підтримк|поддержк|служб"
    r"|адм[иі]н[иі]стратор|директор|власни|владел|лікар|врач|водій|водител|магазин|компан|банк|ф[иі]рм|програм|бот\b|чат\b"
    r"|терм[іи]нал|систем|екран|экран|робот|лист\b|письмо|смс|[еэ]тикет|чек|каса\b|касса\b|інструкц|инструкц"
    r"|curier|aplicați|aplicati|operator|site|manager|suport|vânzăt|vanzat|casier|magazin|firm|șofer|sofer|director|medic"
    r"|administrator|app\b|courier|support|driver|seller|shop|store|agent|owner|website|bot\b|clerk|staff|service|bank|doctor"
    r"|terminal|sistem|system|ecran|screen|robot|e-?mail|sms|etichet|label|bon\b|receipt|instruc)"
)
_SET_BY_A_PROGRAM = re.compile(
    # phpBB's "Ivan писал(а):", XenForo's "Ivan said: ↑"; with a date and a time also longer, as mail programs have it.
    rf"[^.!?…;:]{{1,60}} {_WROTE}(?:{_EITHER}\s?:\s?(?:{_ARROW})?|(?:{_EITHER})?\s?:?\s?{_ARROW})"
    rf"|(?=.*\d\d?:\d\d)(?=.*\b20\d\d\b)(?!.*{_ROLE}).{{1,160}} {_WROTE}(?:{_EITHER})?\s?:\s?(?:{_ARROW})?"
    rf"|.{{0,160}}<[^<>\s]+@[^<>\s]+>(?:\s{_WROTE})?\s?:"
    r"|(?:цитата|quote|citat)\s?\((?=[^()]{0,80}[@\d]).{1,80}\)\s?:?",
    re.IGNORECASE,
)
_TYPED = re.compile(
    rf"(?:[^.!?…;:]{{1,60}}|(?=.*\d\d?:\d\d).{{1,160}}) {_WROTE}\s?:"
    r"|(?:цитата|цитую|quote|citat)(?:\s?\(.{1,80}\)\s?:?|(?:\s@?\w{1,40}){0,2}\s?:|)"
    r"|originally posted by\s.{1,60}",
    re.IGNORECASE,
)
# An author who tells "and the shop wrote to me:" tells a story.
_TELLING = re.compile(
    r"\b(?:я|мені|мне|нам|меня|ми|мы|він|вона|вони|їм|їй|йому|он|она|они|им|ей|ему|i|we|me|us|he|she|they|eu|mi|mie|ne|noi|nouă|îmi|ne-a|mi-a|ei|ele|lor|lui)\b",
    re.IGNORECASE,
)
# "help@shop.eu" is not Romanian for "I", nor "Noi", a month, for "we".
_ADDRESS_OR_DATE = re.compile(r"\S+@\S+|[↑▲].*")
# Names of writers have no "and" in them, nor six words; nor a comma, but before a time.
_STORY = re.compile(
    r"^[^:]*,[^:]*:?$|(?:^|\s)(?:и|і|й|та|and|și|si)\s|^(?:на|в|у|pe|în|in|on|at|la|the|my|this|that)\s|(?:\S+\s+){5}|"
    + _ROLE,
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"-{2,}\s?(?:original message|исходное сообщение|первоначальное сообщение|вихідне повідомлення"
    r"|оригінальне повідомлення|mesaj(?:ul)? (?:original|inițial))\s?-{2,}",
    re.IGNORECASE,
)


class _Kind(Enum):
    OWN = auto()
    EMPTY = auto()
    """No word, or a signature and the like."""
    MARKED = auto()
    HEADER = auto()
    TYPED = auto()
    """Like a header, but people write so too."""
    TOLD = auto()
    """Like a header, but people write so oftener."""
    EARLIER = auto()


class _Row(NamedTuple):
    start: int
    end: int
    kind: _Kind
    opens: bool
    """Whether a paragraph begins with it."""


def quotations(text: str, trimmed: Sequence[Span] = (), matches: Sequence[Span] = ()) -> Iterator[Span]:
    """What others wrote: [quote]…[/quote], lines behind ">", the paragraph under "Ivan wrote:". They may overlap.

    trimmed: what of the text says nothing (monitor.trimmings), merged. matches: where the brand is named, in order; an
    unmarked paragraph that alone names it is what the author came to tell («Сестра пише:»).
    """
    yield from _bracketed(text)
    yield from _lined(text, trimmed, matches)


def _bracketed(text: str) -> Iterator[Span]:
    """From each [quote] to its own [/quote]. One that nothing closes quotes nothing."""
    opened: list[int] = []
    for tag in _TAG.finditer(text):
        if not tag[1]:
            opened.append(tag.start())
        elif opened:
            yield opened.pop(), tag.end()


def _lined(text: str, trimmed: Sequence[Span], matches: Sequence[Span]) -> Iterator[Span]:
    rows = list(_rows(text, trimmed))
    answer = _last_answer(rows)
    under_header = False
    for place, row in enumerate(rows[: _steps(text, rows)]):
        if row.kind is _Kind.EARLIER:
            yield row.start, len(text)
            return
        heads = _heads(rows, place, answer, matches)
        under_header = under_header and not row.opens
        if heads or under_header or row.kind is _Kind.MARKED:
            yield row.start, row.end
        # Where every line of theirs is marked, one that is not is the author's.
        under_header = heads or (under_header and row.kind is not _Kind.MARKED)


def _rows(text: str, trimmed: Sequence[Span]) -> Iterator[_Row]:
    last, opens = 0, True
    for start, end in lines(text):
        opens = opens or text.count("\n", last, start) > 1
        yield _Row(start, end, _kind(text, start, end, trimmed), opens)
        last, opens = end, False


def _kind(text: str, start: int, end: int, trimmed: Sequence[Span]) -> _Kind:
    if _EARLIER.match(text, start, end):
        return _Kind.EARLIER
    if _QUOTED.match(text, start, end):
        return _Kind.MARKED
    header = _header(text[start:end].rstrip()) if end - start <= _LONGEST_HEADER else None
    if header:
        return header
    says_something = any(map(str.isalpha, text[start:end])) and not holds(trimmed, start)
    return _Kind.OWN if says_something else _Kind.EMPTY


def _header(line: str) -> _Kind | None:
    """Whether a line says no more than whose words follow."""
    is_set, is_typed = _SET_BY_A_PROGRAM.fullmatch(line), _TYPED.fullmatch(line)
    if not (is_set or is_typed) or _TELLING.search(_ADDRESS_OR_DATE.sub("", line)):
        return None
    if is_set:
        return _Kind.HEADER
    return _Kind.TOLD if _STORY.search(line) else _Kind.TYPED


def _heads(rows: Sequence[_Row], place: int, answer: int, matches: Sequence[Span]) -> bool:
    """Whether others' words follow. Unmarked ones are a paragraph by themselves, which the author answers in another."""
    row = rows[place]
    if row.kind not in (_Kind.TYPED, _Kind.TOLD):
        return row.kind is _Kind.HEADER
    if place + 1 < len(rows) and rows[place + 1].kind is _Kind.MARKED:
        return True
    typed = row.kind is _Kind.TYPED and row.opens and place < answer
    return typed and not _alone_names(rows, place, matches)


def _alone_names(rows: Sequence[_Row], place: int, matches: Sequence[Span]) -> bool:
    """Whether the brand is named in the paragraph that begins here, and nowhere else."""
    last = place
    while last + 1 < len(rows) and not rows[last + 1].opens:
        last += 1
    return bool(matches) and rows[place].start <= matches[0][0] and matches[-1][1] <= rows[last].end


def _last_answer(rows: Sequence[_Row]) -> int:
    """The last line of the author's in a paragraph that no header leads; -1 where there is none."""
    answer, is_led = -1, False
    for place, row in enumerate(rows):
        if row.opens:
            is_led = row.kind in (_Kind.HEADER, _Kind.TYPED)
        if row.kind in (_Kind.OWN, _Kind.TOLD) and not is_led:
            answer = place
    return answer


def _steps(text: str, rows: Sequence[_Row]) -> int:
    """Where lines behind ">" begin that are the author's list: the last of the post, under a line like "What happened:".

    Nobody quotes at such length to say nothing of it.
    """
    last = next((n for n in range(len(rows), 0, -1) if rows[n - 1].kind is not _Kind.EMPTY), 0)
    first = last
    while first and text[rows[first - 1].start] == ">" and not text.startswith(">>", rows[first - 1].start):
        first -= 1
    if not 0 < first < last:
        return len(rows)
    above = rows[first - 1]
    introduces = above.kind is _Kind.OWN and text[above.start : above.end].rstrip().endswith(":")
    return first if introduces else len(rows)
