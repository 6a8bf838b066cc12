"""What is in a post but says nothing: signatures, the marks of phones and mail programs, footers of feeds."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from monitor.spans import Span, holds, lines, merged

_LONGEST_TAIL = 120
"""Characters. A greeting with a name, or a phone's advertisement of itself, at the end of a line."""
_LONGEST_SIGNATURE = 400
_MOST_LINES = 6
"""Under a "-- ": what is longer is a part of the post, and the dashes were drawn to part it."""
_LONGEST_MOTTO = 20
"""Characters under a "-- " that may be more than what stands above it."""
_LEAST_HEADERS = 3
"""Lines that a mail program sets above a letter, at least; a person who fills in a form may type two."""

_NAME = r"[«\"„]?[A-ZА-ЯІЇЄҐЁĂÂÎȘȚŞŢ][\w'’ʼ.-]*[»\"”]?"
_NAMES = rf"{_NAME}(?:,?\s{_NAME}){{0,3}}"
_GREETING = (
    r"(?i:(?:із?|з) (?:щирою |великою )?повагою|з найкращими побажаннями|с (?:глубоким |большим )?уважением"
    r"|с наилучшими пожеланиями|cu (?:deosebit(?:ă|a) )?(?:respect|stim(?:ă|a)|considera(?:ț|ţ|t)ie)|toate cele bune"
    r"|(?:best|kind|warm) regards|regards|(?:yours )?sincerely|yours (?:faithfully|truly))"
)
_THING = (
    r"(?:iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|pixel|смартфон|мобільн|мобильн|телефон|phone|telefon|mobile"
    r"|tapatalk|outlook|gmail|yahoo|(?:яндекс|yandex).{0,2}(?:почт|mail)|mail\.ru|ukr\.net|proton)"
)
# What a phone says of itself is no sentence: after the name at most another name, and words like "using Tapatalk for Android".
_OF_A_THING = (
    r"(?:[\s-](?:(?-i:[A-Z][\w+-]{0,20})|\d\w{0,5}|smartphone|phone|device|mail|secure e-?mail|app|lite|pro|plus|ultra|using|via|with|for|on"
    r"|смартфон\w{0,3}|телефон\w{0,3}|пристро\w{1,3}|устройств\w{1,2}|за допомогою|с помощью|для|на|ul|meu|mea|cu|pentru|tapatalk|android))"
)
_SENT = (
    r"(?i:(?:sent|posted|надіслано|відправлено|отправлено|trimis|expediat)"
    r"\s(?:from|via|using|with|зі?|із|со?|из|через|за допомогою|с помощью|de (?:pe|la)|din|prin|cu)\s"
    rf"[^,.!?:;\n]{{0,25}}?{_THING}\w{{0,4}}{_OF_A_THING}{{0,7}}\.?"
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
    r"^(?:p\.?\s?s\b|п\.?\s?с\b|з\.?\s?[іи]\b|upd|апд|update|edit|tl;?\s?dr|тл;?\s?др|in short|bottom line|коротше|коротко"
    r"|короче|вкратце|итог|в итоге|підсумок|підсумую|отже|висновок|вывод|загалом|в общем|pe scurt|în concluzie|concluzi)",
    re.IGNORECASE | re.MULTILINE,
)
_RULE = re.compile(r"--|_{5,}")
_LETTERS = (
    r"(?:(?:our|this|these|all|future|the|цієї|цих|нашої|усіх|этой|этих|нашей|всех|acest|această|toate)\s){0,2}"
    r"(?:e-?mails?|(?:mailing |e-?mail )?lists?|newsletters?|notifications?|mailings?|розсил\w{1,4}|листів|сповіщень|повідомлень"
    r"|рассыл\w{1,4}|писем|уведомлений|buletin\w{0,4}|notific\w{1,6}|abonare|list[ăa])"
)
_SCANNER = r"(?:avast|avg|eset|nod32|kaspersky|касперск\w{1,3}|dr\.?\s?web|mcafee|norton|bitdefender|zillya)"
_FOOTER = re.compile(
    rf"(?:unsubscribe|відписатис[яь]|отписаться|dezabonare|dezabonați-vă)(?: here| тут| здесь| aici)?"
    rf"(?: (?:from|від|от|de la) {_LETTERS})?(?:\s?\|.{{0,80}})?\.?"
    r"|(?:view|open) (?:this (?:e-?mail|message) )?in (?:your )?browser"
    r"|you (?:are receiv|receiv)\w* this e-?mail because.*"
    r"|the post .{1,200} (?:appeared first|first appeared) on .{1,80}"
    r"|submitted by /?u/\S+.{0,60}"
    r"|(?:читати далі|читать далее|читать дальше|continue reading|read more|citește mai (?:mult|departe)).{0,10}"
    r"|(?:virus-free|не містить вірусів|без вірусів|без вирусов|проверено на вирусы|перевірено на віруси|fără viruși)"
    rf"(?:[.:,]?\s?(?:(?:by|від|от|антивірус\w{{0,3}}|антивирус\w{{0,3}})\s){{0,2}}(?:www\.)?{_SCANNER}(?:\.\w{{2,3}}|\s(?:anti-?virus|free|software)){{0,2}})?\.?"
    r"|https?://\S*(?:utm_|unsubscribe)\S*"
    r"|-{2,}\s?(?:forwarded message|переслане повідомлення|пересланное сообщение|пересылаемое сообщение"
    r"|mesaj (?:redirecționat|redirectionat|forwardat))\s?-*"
    r"|begin forwarded message:?"
    r"|(?:forwarded from|переслано від|переслано от|переслано из|redirecționat de la)"
    r" (?-i:[@A-ZА-ЯІЇЄҐ][^\s,!?]{0,40}(?:\s[A-ZА-ЯІЇЄҐ«\"„<(|\d][^\s,!?]{0,40}){0,5})",
    re.IGNORECASE,
)
_ENVELOPE = re.compile(
    r"(?:(?P<sender>from|від(?: кого)?|от(?: кого)?|de la|expeditor)"
    r"|to|cc|date|sent|кому|копія|копия|дата|надіслано|відправлено|отправлено|către|catre|data|trimis"
    r"|(?P<subject>subject|тема|subiect))\s?:\s?(?:(?:re|fwd?|відп|отв|на)\s?:\s?)?\S",
    re.IGNORECASE,
)


def trimmings(text: str, matches: Sequence[Span] = ()) -> Iterator[Span]:
    """Signatures, phones, senders and subjects of forwarded mail, footers. They may overlap.

    matches: where the brand is named.
    """
    trimmed = merged([*_marked(text), *_signature(text, matches)])
    yield from trimmed
    yield from _envelopes(text, trimmed)


def earlier_mail(text: str) -> int | None:
    """Where the headers of a letter begin that a mail program has put beneath the words of who answers or passes it on."""
    every = list(lines(text))
    return next((rows[0][0] for rows in _headers(text, every) if len(rows) >= _LEAST_HEADERS), None)


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


def _envelopes(text: str, trimmed: Sequence[Span]) -> Iterator[Span]:
    """The lines of headers. Where nothing follows, the subject is all that was written."""
    every = list(lines(text))
    last = next((start for start, _ in reversed(every) if not holds(trimmed, start)), 0)
    for rows in _headers(text, every):
        is_all = rows[-1][0] >= last
        for start, end, row in rows:
            yield start, row.end() - 1 if is_all and row["subject"] else end


def _headers(text: str, every: Sequence[Span]) -> Iterator[list[tuple[int, int, re.Match[str]]]]:
    """Two lines or more like "From: …", one of which names the sender: a form may have a single "Subject: …"."""
    matched = [(start, end, _ENVELOPE.match(text, start, end)) for start, end in every]
    for _, group in groupby(matched, key=lambda row: row[2] is not None):
        rows = [(start, end, row) for start, end, row in group if row]
        if len(rows) >= 2 and any(row["sender"] for _, _, row in rows):
            yield rows


def _signature(text: str, matches: Sequence[Span]) -> Iterator[Span]:
    """From the last "-- " to the end, where that is short and adds nothing to the post."""
    last = list(lines(text[-_LONGEST_SIGNATURE:]))[-_MOST_LINES - 1 :]
    offset = max(0, len(text) - _LONGEST_SIGNATURE)
    for start, end in last:
        if _RULE.fullmatch(text[offset + start : offset + end].rstrip()):
            if not _is_told(text, offset + start, offset + end, matches):
                yield offset + start, len(text)
            return


def _is_told(text: str, start: int, end: int, matches: Sequence[Span]) -> bool:
    """Whether what is under a rule belongs to the post: authors draw rules, too."""
    if _ADDED.search(text, end) or any(match[0] >= end for match in matches):
        return True
    return len(text[end:].strip()) > max(_LONGEST_MOTTO, len(text[:start].strip()))
