"""What can be configured, and nothing more: the shape of config/vidhuk.yaml."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    field_validator,
    model_validator,
)

from models import Priority, Role
from monitor.matching import BrandTerms

Language = Literal["uk", "ru", "ro", "en"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
PriorityName = Literal["high", "normal", "low"]

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


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
DurationOrNever = Annotated[timedelta, BeforeValidator(_or_never)]
TimeZone = Annotated[str, AfterValidator(_zone)]
TimeOfDay = Annotated[time, BeforeValidator(_clock_time)]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^\S(.*\S)?$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Brand(Section):
    """A name that we follow, ours or a competitor's."""

    name: Name
    query: Annotated[str, Field(min_length=1, max_length=10_000)]
    context: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    own_accounts: tuple[str, ...] = ()
    transliterate: bool = False
    ours: bool = True
    """A competitor's mentions are counted in the digest and never raise an alert."""

    @property
    def terms(self) -> BrandTerms:
        return BrandTerms(
            self.name, self.query, self.context, self.exclude, self.own_accounts, self.transliterate
        )


class SourceSettings(BaseModel):
    """The keys that every source has; those of its kind are checked by its own class."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    kind: str
    name: Annotated[str, Field(pattern=r"^[\w.-]{1,40}$")]
    every: Duration = timedelta(minutes=10)
    title: Annotated[str, Field(max_length=60)] = ""
    """What staff call it; its name where it is empty."""
    about: str | None = None
    """Every post there is about this brand, named or not: its own review page, for example."""

    @property
    def place(self) -> str:
        return self.title or self.name

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Without the keys of its kind: passwords are among them."""
        for name in type(self).model_fields:
            yield name, getattr(self, name)

    @property
    def own_keys(self) -> dict[str, Any]:
        return {"name": self.name, **(self.model_extra or {})}


class Topic(Section):
    """Cases that meet every key given go to this topic of the chat."""

    topic: StrictInt
    brand: str | None = None
    source: str | None = None
    priority: PriorityName | None = None

    def takes(self, brand: str, source: str, priority: int) -> bool:
        wanted = self.priority and Priority[self.priority.upper()]
        return self.brand in (None, brand) and self.source in (None, source) and wanted in (None, priority)


class StaffChat(Section):
    id: StrictInt
    language: Language = "en"
    brands: tuple[str, ...] = ()
    """Whose cases come here; of all brands where it is empty."""
    topics: tuple[Topic, ...] = ()
    thread_mode: Literal["reply", "topic"] = "reply"
    """A case is a chain of replies under its card, or a forum topic of its own."""

    def topic_for(self, brand: str, source: str, priority: int) -> int | None:
        return next((t.topic for t in self.topics if t.takes(brand, source, priority)), None)


class Person(Section):
    name: Name
    telegram: StrictInt
    role: Role = Role.STAFF


class StaffSettings(Section):
    chats: Annotated[tuple[StaffChat, ...], Field(min_length=1)]
    people: Annotated[tuple[Person, ...], Field(min_length=1)]
    invitation_lasts: Duration = timedelta(hours=48)

    @field_validator("people")
    @classmethod
    def _are_told_apart(cls, people: tuple[Person, ...]) -> tuple[Person, ...]:
        by_id: dict[int, Person] = {}
        for person in people:
            if (first := by_id.setdefault(person.telegram, person)) is not person:
                raise ValueError(
                    f"{first.name} and {person.name} have the same Telegram id, {first.telegram}"
                )
        return people

    def chat_for(self, brand: str) -> StaffChat:
        return next((c for c in self.chats if brand in c.brands or not c.brands), self.chats[0])

    def chat(self, chat_id: int) -> StaffChat | None:
        return next((c for c in self.chats if c.id == chat_id), None)

    def person(self, telegram_id: int) -> Person | None:
        return next((p for p in self.people if p.telegram == telegram_id), None)

    @property
    def names_an_admin(self) -> bool:
        return any(p.role is Role.ADMIN for p in self.people)

    def role_of(self, person: Person) -> Role:
        """Where nobody is named as admin, the first of the list is: nobody can be locked out."""
        is_admin = not self.names_an_admin and person == self.people[0]
        return Role.ADMIN if is_admin else person.role


class Sla(Section):
    """How soon an author is owed an answer, by the case's priority."""

    high: Duration = timedelta(hours=1)
    normal: Duration = timedelta(hours=4)
    low: Duration = timedelta(days=1)

    def within(self, priority: Priority) -> timedelta:
        return {Priority.HIGH: self.high, Priority.NORMAL: self.normal, Priority.LOW: self.low}[priority]


class TriageSettings(Section):
    alert_from: Share = 0.6
    """Probability of an unhappy author from which a case is opened."""
    rating: Annotated[float, Field(ge=1, le=5)] = 2
    """A review at or under it opens a case, whatever its words."""
    reach: Annotated[int, Field(ge=1)] = 10_000
    """An author with so many followers raises the priority."""
    ignore_older_than: Duration = timedelta(days=7)


class DeskSettings(Section):
    """How staff work on a case."""

    undo: Annotated[StrictInt, Field(ge=0, le=300)] = 20
    """Seconds after Send in which Undo stops an answer; 0: it leaves at once."""
    claim_expires: DurationOrNever = timedelta(minutes=30)
    """A claim without a sign of life for so long is released."""

    @property
    def grace(self) -> timedelta:
        return timedelta(seconds=self.undo)


class ApprovalRule(Section):
    """Which answers a second person looks at first: those that meet every key given."""

    name: Name
    words: tuple[str, ...] = ()
    """Any of them, in the answer or in what the author wrote; each is a query of docs/queries.md."""
    sources: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    """Who wrote the answer: people in training."""
    reach: Annotated[int, Field(ge=1)] | None = None
    """The author reaches at least so many."""
    by: Literal["staff", "lead"] = "staff"

    @model_validator(mode="after")
    def _says_when(self) -> "ApprovalRule":
        if not (self.words or self.sources or self.brands or self.staff or self.reach):
            raise ValueError("say when: one of words, sources, brands, staff or reach is needed")
        return self


class SentimentSettings(Section):
    model: str = "embedded"
    labels: dict[str, Literal["negative", "neutral", "positive"]] = {}


class Health(Section):
    failures: Annotated[int, Field(ge=1, le=100)] = 3
    """In a row; then staff are told."""


class DigestSettings(Section):
    day: Weekday = "monday"
    at: TimeOfDay = time(9, 0)
    folder: str = "digests"
    chats: tuple[StrictInt, ...] = ()
    """Where it is sent; to the staff chats where it is empty."""


class Settings(Section):
    language: Language = "en"
    timezone: TimeZone = "Europe/Kyiv"
    contact: Annotated[str, Field(min_length=3, max_length=200)]
    """A page or an address in the user agent: whoever is crawled can ask us to stop."""
    brands: Annotated[tuple[Brand, ...], Field(min_length=1)]
    sources: Annotated[tuple[SourceSettings, ...], Field(min_length=1)]
    staff: StaffSettings
    sla: Sla = Sla()
    triage: TriageSettings = TriageSettings()
    sentiment: SentimentSettings = SentimentSettings()
    desk: DeskSettings = DeskSettings()
    approval: tuple[ApprovalRule, ...] = ()
    health: Health = Health()
    digest: DigestSettings = DigestSettings()
    saved: Annotated[str, Field(max_length=500)] = ""
    """The file of saved answers, from the configuration's folder on; saved.yaml there, if there is one."""

    def brand(self, name: str) -> Brand | None:
        return next((b for b in self.brands if b.name == name), None)

    def source(self, name: str) -> SourceSettings | None:
        return next((s for s in self.sources if s.name == name), None)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @field_validator("brands")
    @classmethod
    def _has_one_of_ours(cls, brands: tuple[Brand, ...]) -> tuple[Brand, ...]:
        if not any(brand.ours for brand in brands):
            raise ValueError("at least one brand must be ours: one without `ours: false`")
        return brands
