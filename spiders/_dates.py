"""Times as sites write them: ISO, seconds since 1970, words in four languages, with or without a zone."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import dateparser

LANGUAGES = ("uk", "ru", "ro", "en")
MAX_LENGTH = 80

# dateparser 1.5 does not know these.
_NOW = re.compile(
    r"^(щойно|тільки що|только что|chiar acum|adineauri|just now|a moment ago|moments ago|now)\b"
    r"|^(acum )?(менше|меньше|менее|less than|mai pu[țţt]in de)( a| un)? (хвилин|минут|minut)"
    r"|^((де)?кілька|несколько|a few|(acum )?c[âa]teva) (секунд|хвилин|минут|second|secunde|minute)",
    re.IGNORECASE,
)
_BEFORE_YESTERDAY = re.compile(r"\b(позавчора|позавчера|alalt[ăa]ieri)\b", re.IGNORECASE)
_ONE_AGO = re.compile(r"^(?=(?:день|тиждень|місяць|рік) тому\b)", re.IGNORECASE)
# "Сер 18, 2026" is August, not Wednesday, and "mar 3, 2026" March: a day of the week stands before a whole date.
_WEEKDAY = (
    r"(?:пон|вів|вто|сер|сре|чет|п['’ʼ`]?ят|суб|нед|вос|lun|mar|mie|joi|vin|s[âaă]m|dum|mon|tue|wed|thu|fri|sat|sun)\w*"
    r"|пнд?|втр?|срд?|чтв?|птн?|сбт?|нд|вск?"
)
_MONTH = (
    r"(?:січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек"
    r"|ian|jan|feb|mar|apr|mai|may|iun|jun|iul|jul|aug|sep|oct|noi|nov|dec)"
)
_BEFORE_DATE = re.compile(
    rf"^(?:{_WEEKDAY})\b[.,]*\s+(?=(?:\d{{1,2}}[\s-]+)?{_MONTH}|\d{{1,2}}[./]\d{{1,2}}[./])", re.IGNORECASE
)
_IN_BEFORE_WEEKDAY = re.compile(rf"^[ву]о?\s+(?=(?:{_WEEKDAY})\b)", re.IGNORECASE)
_ROMANIAN = (
    (re.compile(r"\bo jum[ăa]tate de or[ăa]\b", re.IGNORECASE), "30 minute"),
    (re.compile(r"\bast[ăãa]zi\b", re.IGNORECASE), "azi"),
    # Beside a number only: elsewhere "noi" is "new", or "we".
    (re.compile(r"(?<=\d[ .-])noi\b\.?|\bnoi\b\.?(?=[ -]\d)", re.IGNORECASE), "noiembrie"),
    (
        re.compile(
            r"\b(?:o|un)(?= (?:secund[ăa]|minut|or[ăa]|zi|s[ăa]pt[ăa]m[âa]n[ăa]|lun[ăa]|an)\b)", re.IGNORECASE
        ),
        "1",
    ),
)
_EPOCH = re.compile(r"^\d{9,10}(\d{3})?$")
_DOTTED = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{2,4}\b")
_NOISE = re.compile(r"[«»]|\b(?:on|о|в|la ora|la|ora|at)\b:?(?=\s*\d)", re.IGNORECASE)


def read_time(
    written: Iterable[str | None], *, now: datetime, timezone: str = "UTC", order: str = "DMY"
) -> datetime | None:
    """The first of the given spellings that is a time, in UTC and never after now; None when none is.

    timezone is what a spelling without a zone means, order what 01/02/2026 means: with dots the day is always first.
    """
    for text in written:
        found = _read(" ".join((text or "").split())[:MAX_LENGTH], now, timezone, order)
        if found is not None:
            return min(found.astimezone(UTC), now)
    return None


def _read(text: str, now: datetime, timezone: str, order: str) -> datetime | None:
    if _EPOCH.match(text):
        return datetime.fromtimestamp(int(text) / (1 if len(text) < 11 else 1000), UTC)
    if _NOW.match(text):
        return now
    if len(text) < 2 or text.isdigit():  # dateparser takes a lone number for a day of the month
        return None
    return _iso(text, timezone) or _words(text, now.replace(second=0, microsecond=0), timezone, order)


def _iso(text: str, timezone: str) -> datetime | None:
    # "2026" and "20261121" are ISO too, and seldom meant so.
    if not re.match(r"\d{4}-\d\d-\d\d(?:[T ]\d|$)", text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone))


@lru_cache(maxsize=4096)
def _words(text: str, now: datetime, timezone: str, order: str) -> datetime | None:
    local = now.astimezone(ZoneInfo(timezone))
    day = (local - timedelta(days=2)).strftime("%Y-%m-%d")
    bare = _ONE_AGO.sub("1 ", _IN_BEFORE_WEEKDAY.sub("", _BEFORE_DATE.sub("", text)))
    plain = _NOISE.sub(" ", _romanian(_BEFORE_YESTERDAY.sub(day, bare))).strip(" ,.")
    try:
        return dateparser.parse(
            plain,
            languages=list(LANGUAGES),
            settings={
                "RELATIVE_BASE": local.replace(tzinfo=None),
                "TIMEZONE": timezone,
                "TO_TIMEZONE": "UTC",
                "RETURN_AS_TIMEZONE_AWARE": True,
                "PREFER_DATES_FROM": "past",
                "DATE_ORDER": "DMY" if _DOTTED.search(plain) else order,
            },
        )
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def _romanian(text: str) -> str:
    for pattern, known in _ROMANIAN:
        text = pattern.sub(known, text)
    return text
