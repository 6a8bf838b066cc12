"""What a value of the configuration looks like: durations, times of day, zones, names."""

import re
from datetime import time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Language = Literal["uk", "ru", "ro", "en"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
PriorityName = Literal["high", "normal", "low"]

ID_DIGITS = 18
"""What the database holds; Telegram's are shorter."""
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_duration(value: object) -> timedelta:
    """`90s`, `10m`, `2h`, `7d`, `1w`: a whole number and a unit, more than nothing, at most a year."""
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"(\d{1,6})\s*([smhdw])", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a duration is a number and a unit, such as 90s, 10m, 2h, 7d or 1w")
    duration = timedelta(**{UNITS[match[2]]: int(match[1])})
    if not timedelta(0) < duration <= timedelta(days=366):
        raise ValueError("a duration is more than nothing and at most a year")
    return duration


NEVER = timedelta.max


def _or_never(value: object) -> timedelta:
    if value == "never":
        return NEVER
    try:
        return parse_duration(value)
    except ValueError as error:
        raise ValueError(f"{error}; or never") from None


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("not a time zone; they look like Europe/Kyiv or Europe/Chisinau") from None
    return name


def _clock_time(value: object) -> time:
    if isinstance(value, time):
        return value
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('a time of day is hours and minutes in quotes, such as "09:00" or "17:30"')
    return time(int(match[1]), int(match[2]))


def _telegram_id(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 10**ID_DIGITS:
        raise ValueError(
            f"an id is a number of at most {ID_DIGITS} digits, without quotes; with any number here `vidhuk check`"
            " reads on, and shows the ids as long as the staff chat's is wrong"
        )
    return value


def named_by(pattern: str, sentence: str) -> AfterValidator:
    """A name that is a part of addresses or buttons; the sentence says what it may have."""

    def check(name: str) -> str:
        if not re.fullmatch(pattern, name):
            raise ValueError(sentence)
        return name

    return AfterValidator(check)


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
DurationOrNever = Annotated[timedelta, BeforeValidator(_or_never)]
TimeZone = Annotated[str, AfterValidator(_zone)]
TimeOfDay = Annotated[time, BeforeValidator(_clock_time)]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^\S(.*\S)?$")]
TelegramId = Annotated[int, BeforeValidator(_telegram_id)]
SourceName = Annotated[
    str,
    named_by(
        r"[\w.-]{1,40}",
        "a name has letters, digits, _ . - and no spaces, at most 40; what staff read goes into `title`",
    ),
]
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
