"""The words of the interface: gettext catalogues in config/messages, read as they are, nothing to compile."""

import gettext
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal

CATALOGUES = Path(__file__).parents[1] / "config" / "messages"


class Words:
    """One language of the interface, in one time zone."""

    def __init__(self, language: str, zone: ZoneInfo):
        self.language = language
        self.zone = zone
        self._catalogue = _catalogue(language)

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, with values filled in."""
        return _filled(self._catalogue.gettext(message), values)

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        return _filled(self._catalogue.ngettext(one, many, count), {"count": count, **values})

    def time(self, moment: datetime, now: datetime) -> str:
        """12:40 today; with the date on any other day."""
        local = moment.astimezone(self.zone)
        if local.date() == now.astimezone(self.zone).date():
            return format_time(local, "HH:mm", locale=self.language)
        return format_datetime(local, "d MMM, HH:mm", locale=self.language)

    def second(self, moment: datetime) -> str:
        """12:40:20"""
        return format_time(moment.astimezone(self.zone), "HH:mm:ss", locale=self.language)

    def day(self, moment: datetime) -> str:
        return format_date(moment.astimezone(self.zone), "d MMMM", locale=self.language)

    def span(self, length: timedelta) -> str:
        """14 хв, 2 год, 3 дні: the largest unit, short."""
        return format_timedelta(
            max(length, timedelta(0)), locale=self.language, format="short", threshold=1.5
        )

    def ago(self, moment: datetime, seen_at: datetime) -> str:
        if seen_at - moment < timedelta(minutes=1):
            return self("just now")
        passed = moment - seen_at
        return format_timedelta(
            passed, locale=self.language, format="short", add_direction=True, threshold=1.5
        )

    def number(self, value: float) -> str:
        return format_decimal(value, locale=self.language)

    def share(self, value: float) -> str:
        """Of 1, in two decimals: 0.90 stands among 0.86 and 0.92 as what it is."""
        return format_decimal(value, "0.00", locale=self.language)

    def compact(self, value: int) -> str:
        """12 тис."""
        return format_compact_decimal(value, locale=self.language)

    def which(self, code: str) -> str:
        """The language that somebody wrote in, short: укр; the code itself where we have no word for it."""
        names = {
            "uk": self("ukr"),
            "ru": self("rus"),
            "ro": self("rom"),
            "en": self("eng"),
            "und": self("unknown language"),
        }
        return names.get(code, code)

    def language_of(self, code: str) -> str:
        """Its whole name: українська; the code itself where nobody knows one."""
        return str(Locale.parse(self.language).languages.get(code, code))


def _filled(template: str, values: Mapping[str, object]) -> str:
    """An abbreviation at the end, 30 min., ends its sentence with the same point."""
    points = {
        name: value.removesuffix(".")
        for name, value in values.items()
        if isinstance(value, str) and f"{{{name}}}." in template
    }
    return template.format(**{**values, **points})


def languages() -> Iterable[str]:
    return sorted({"en"} | {path.stem for path in CATALOGUES.glob("*.po")})


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return gettext.NullTranslations()  # messages are written in English
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
