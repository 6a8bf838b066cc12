"""Who answers, and in which chats: a part of the configuration."""

from collections import Counter
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StrictInt, field_validator

from models import Priority, Role
from monitor.keys import (
    Duration,
    Language,
    Name,
    PriorityName,
    Section,
    TelegramId,
)

MOST_TOPICS = 2**31 - 1
"""Numbers of messages at Telegram end there."""


class Topic(Section):
    """Cases that meet every key given go to this topic of the chat."""

    topic: Annotated[StrictInt, Field(ge=1, le=MOST_TOPICS)]
    brand: str | None = None
    source: str | None = None
    priority: PriorityName | None = None

    def takes(self, brand: str, source: str, priority: int) -> bool:
        wanted = self.priority and Priority[self.priority.upper()]
        return self.brand in (None, brand) and self.source in (None, source) and wanted in (None, priority)


class StaffChat(Section):
    id: TelegramId
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
    telegram: TelegramId
    role: Role = Role.STAFF


class StaffSettings(Section):
    chats: Annotated[tuple[StaffChat, ...], Field(min_length=1)]
    people: Annotated[tuple[Person, ...], Field(min_length=1)]
    invitation_lasts: Duration = timedelta(hours=48)

    @field_validator("chats")
    @classmethod
    def _are_there_once(cls, chats: tuple[StaffChat, ...]) -> tuple[StaffChat, ...]:
        for number, count in Counter(chat.id for chat in chats).items():
            if count > 1:
                raise ValueError(f"the chat {number} is there twice: give it all its brands and topics once")
        return chats

    @field_validator("people")
    @classmethod
    def _are_told_apart(cls, people: tuple[Person, ...]) -> tuple[Person, ...]:
        by_id: dict[int, Person] = {}
        names: set[str] = set()
        for person in people:
            if person.name.casefold() in names:
                raise ValueError(
                    f"two people are called {person.name}; shifts and cards tell them apart by their names alone"
                )
            names.add(person.name.casefold())
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
