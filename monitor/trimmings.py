"""What is in a post but says nothing: signatures, the marks of phones and mail programs, footers of feeds."""

import re
from collections.abc import Iterator
from itertools import groupby

from monitor.spans import Span, lines

_LONGEST_TAIL = 120
"""Characters. A greeting with a name, or a phone's advertisement of itself, at the end of a line."""
_LONGEST_SIGNATURE = 400
_MOST_LINES = 6
"""Under a "-- ": what is longer is a part of the post, and the dashes were drawn to part it."""

_NAME = r"[«\"„]?[A-ZА-ЯІЇЄҐЁĂÂÎȘȚŞŢ][\w'’ʼ.-]*[»\"”]?"
_NAMES = rf"{_NAME}(?:,?\s{_NAME}){{0,3}}"
_GREETING = (
    r"(?i:(?:із?|з) (?:щирою |великою )?повагою|з найкращими побажаннями|с (?:глубоким |большим )?уважением"
    r"|с наилучшими пожеланиями|cu (?:deosebit(?:ă|a) )?(?:respect|stim(?:ă|a)|considera(?:ț|ţ|t)ie)|toate cele bune"
    r"|(?:best|kind|warm) regards|regards|(?:yours )?sincerely|yours (?:faithfully|truly))"
)
_THING = (
    r"(?:iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|pixel|смартфон|телефон|phone|telefon|mobile|tapatalk"
    r"|outlook|gmail|yahoo|mail\.ru|пошт|почт|ukr\.net|proton)"
)
_SENT = (
    rf"(?i:(?:sent|posted|надіслано|відправлено|отправлено|trimis|expediat)\b[^.!?\n]{{0,40}}{_THING}[^!?\n]{{0,30}}"
    r"|get outlook for \w+)"
)
_TAIL = re.compile(
    rf"(?:^|(?<=[.!?…)]\s))(?:(?P<greeting>{_GREETING})[,.!]?(?:\s{_NAMES})?\.?|{_SENT})\s*$", re.MULTILINE
)
_CARD = re.compile(rf"{_NAMES}\.?|\S+@\S+\.\w+|(?:https?://|www\.)\S+")
_PHONE = re.compile(
    r"(?:(?:моб|тел|mob|tel|phone|факс|fax|viber|whatsapp|телефон|telefon)\.?\s?:?\s?)?\+?(?:[ ().-]{0,2}\d){9,15}",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"^(?:p\.?\s?s\b|п\.?\s?с\b|з\.?\s?[іи]\b|upd|апд|update|edit)", re.IGNORECASE | re.MULTILINE
)
_RULE = re.compile(r"--|_{5,}")
_FOOTER = re.compile(
    r"(?:unsubscribe|відписатис[яь]|отписаться|dezabonare|dezabonați-vă)"
    r"(?: (?:from|від|от|de la) [\w ]{1,30})?(?:\s?\|.{0,80})?\.?"
    r"|(?:view|open) (?:this (?:e-?mail|message) )?in (?:your )?browser"
    r"|you (?:are receiv|receiv)\w* this e-?mail because.*"
    r"|the post .{1,200} (?:appeared first|first appeared) on .{1,80}"
    r"|submitted by /?u/\S+.{0,60}"
    r"|(?:читати далі|читать далее|читать дальше|continue reading|read more|citește mai (?:mult|departe)).{0,10}"
    r"|(?:virus-free|не містить вірусів|без вирусов|проверено на вирусы)\b.{0,60}"
    r"|https?://\S*(?:utm_|unsubscribe)\S*"
    r"|-{2,}\s?(?:forwarded message|переслане повідомлення|пересланное сообщение|пересылаемое сообщение"
    r"|mesaj (?:redirecționat|redirectionat|forwardat))\s?-*"
    r"|begin forwarded message:?"
    r"|(?:forwarded from|переслано від|переслано от|переслано из|redirecționat de la) .{1,60}",
    re.IGNORECASE,
)
_ENVELOPE = re.compile(
    r"(?P<sender>from|від(?: кого)?|от(?: кого)?|de la|expeditor)\s?:\s?\S"
    r"|(?:to|cc|date|sent|subject|кому|копія|копия|дата|надіслано|отправлено|тема|către|catre|data|trimis|subiect)"
    r"\s?:\s?\S",
    re.IGNORECASE,
)


def trimmings(text: str) -> Iterator[Span]:
    """Signatures, phones, senders and subjects of forwarded mail, footers. They may overlap."""
    yield from _marked(text)
    yield from _envelopes(text)
    yield from _signature(text)


def _marked(text: str) -> Iterator[Span]:
    signed = False
    for start, end in lines(text):
        tail = _TAIL.search(text, max(start, end - _LONGEST_TAIL), end)
        if tail:
            signed = tail["greeting"] is not None
            yield tail.span()
        elif end - start <= 2 * _LONGEST_TAIL and _says_nothing(text[start:end].rstrip(), signed):
            yield start, end
        else:
            signed = False


def _says_nothing(line: str, signed: bool) -> bool:
    if _PHONE.fullmatch(line) or _FOOTER.fullmatch(line):
        return True
    return signed and _CARD.fullmatch(line) is not None


def _envelopes(text: str) -> Iterator[Span]:
    """Two lines or more like "From: …", one of which names the sender: a form may have a single "Subject: …"."""
    for is_envelope, group in groupby(lines(text), key=lambda line: bool(_ENVELOPE.match(text, *line))):
        if not is_envelope:
            continue
        rows = list(group)
        if len(rows) > 1 and any((m := _ENVELOPE.match(text, *row)) and m["sender"] for row in rows):
            yield rows[0][0], rows[-1][1]


def _signature(text: str) -> Iterator[Span]:
    """From the last "-- " to the end, where that is short and adds nothing to the post."""
    last = list(lines(text[-_LONGEST_SIGNATURE:]))[-_MOST_LINES - 1 :]
    offset = max(0, len(text) - _LONGEST_SIGNATURE)
    for start, end in last:
        if _RULE.fullmatch(text[offset + start : offset + end].rstrip()):
            if not _ADDED.search(text, offset + end):
                yield offset + start, len(text)
            return
