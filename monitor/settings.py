"""What can be configured, and nothing more: the shape of config/vidhuk.yaml."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator, model_validator

from monitor.coverage import Coverage
from monitor.hours import Calendar
from monitor.keys import (
    Duration,
    DurationOrNever,
    Language,
    Name,
    PriorityName,
    Section,
    Share,
    SourceName,
    TelegramId,
    TimeOfDay,
    TimeZone,
    Weekday,
)
from monitor.matching import BrandTerms
from monitor.shifts import Rota, Shifts
from monitor.sla import Sla
from monitor.staff_settings import StaffSettings


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
    name: SourceName
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


class TriageSettings(Section):
    precision: Share = 0.9
    """Of ten alerts so many tenths shall be about an unhappy author: where the zone begins follows, by language."""
    ask_precision: Share = 0.5
    """The same of those that staff are only asked about, they alone."""
    alert_from: Share | None = None
    """Probability of an unhappy author from which a case is opened, whatever precision follows from it."""
    ask_from: Share | None = None
    """Probability from which staff are asked."""
    asked_a_day: Annotated[int, Field(ge=0, le=1_000)] = 20
    """Questions in one chat a day; further ones wait in the inbox only."""
    rating: Annotated[float, Field(ge=1, le=5)] = 2
    """A review at or under it opens a case, whatever its words."""
    reach: Annotated[int, Field(ge=1)] = 10_000
    """An author with so many followers raises the priority."""
    ignore_older_than: Duration = timedelta(days=7)

    @model_validator(mode="after")
    def _asks_below_alerts(self) -> Self:
        if self.ask_precision > self.precision:
            raise ValueError(
                "ask_precision is above precision: what is asked about is less sure than an alert"
            )
        if self.alert_from is not None and self.ask_from is not None and self.ask_from > self.alert_from:
            raise ValueError(
                "ask_from is above alert_from: staff are asked where we are not sure enough to alert"
            )
        return self


class Trigger(Section):
    """A rule beside sentiment. It has exactly one condition; the priority is raised to its own, never lowered."""

    name: Name
    rating: Annotated[float, Field(ge=1, le=5)] | None = None
    """A review at or under it."""
    reach: Annotated[int, Field(ge=1)] | None = None
    """An author with so many followers."""
    complaints: Annotated[int, Field(ge=2, le=100)] | None = None
    """The author's complaint of this number within 30 days."""
    posts: Annotated[int, Field(ge=2, le=1000)] | None = None
    """A thread longer than this, our answers counted, whose author is still unhappy."""
    unanswered: Duration | None = None
    """Since the case was opened."""
    answered_once: Duration | None = None
    """So long after the author wrote again, and nobody answered a second time."""
    brand: str | None = None
    source: str | None = None
    priority: PriorityName = "high"
    opens: bool = False
    """A case is opened even where the author seems content: for rating and reach."""

    @model_validator(mode="after")
    def _has_one_condition(self) -> "Trigger":
        given = [name for name in CONDITIONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a rule has exactly one of {', '.join(CONDITIONS)}")
        if self.opens and given[0] not in ("rating", "reach"):
            raise ValueError("only rating and reach can open a case; the others need one that is open")
        return self


CONDITIONS = ("rating", "reach", "complaints", "posts", "unanswered", "answered_once")


class CrisisSettings(Section):
    """When unhappy posts of one hour are a crisis; a chance of less than one in a million is always needed."""

    at_least: Annotated[int, Field(ge=3, le=10_000)] = 8
    """So many within the hour: fewer never alarm."""
    times: Annotated[float, Field(ge=1.5, le=100)] = 3
    """So many times what is usual for this hour of the week."""


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
    labels: dict[str, Literal["negative", "neutral", "positive"]] = Field(default={})


class Health(Section):
    failures: Annotated[int, Field(ge=1, le=100)] = 3
    """In a row; then staff are told."""


class DigestSettings(Section):
    day: Weekday = "monday"
    at: TimeOfDay = time(9, 0)
    folder: str = "digests"
    chats: tuple[TelegramId, ...] = ()
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
    hours: Coverage = Coverage()
    shifts: Shifts = Shifts()
    triage: TriageSettings = TriageSettings()
    sentiment: SentimentSettings = SentimentSettings()
    desk: DeskSettings = DeskSettings()
    approval: tuple[ApprovalRule, ...] = ()
    health: Health = Health()
    digest: DigestSettings = DigestSettings()
    triggers: tuple[Trigger, ...] = ()
    crisis: CrisisSettings = CrisisSettings()
    saved: Annotated[str, Field(max_length=500)] = ""
    """The file of saved answers, from the configuration's folder on; saved.yaml there, if there is one."""

    def brand(self, name: str) -> Brand | None:
        return next((b for b in self.brands if b.name == name), None)

    def source(self, name: str) -> SourceSettings | None:
        return next((s for s in self.sources if s.name == name), None)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def calendar(self, brand: str) -> Calendar:
        """The hours in which promises to a brand's authors run."""
        return self.hours.calendar_of(brand, self.zone)

    @property
    def rota(self) -> Rota:
        return self.shifts.rota(self.zone)

    @field_validator("brands")
    @classmethod
    def _has_one_of_ours(cls, brands: tuple[Brand, ...]) -> tuple[Brand, ...]:
        if not any(brand.ours for brand in brands):
            raise ValueError("at least one brand must be ours: one without `ours: false`")
        return brands
