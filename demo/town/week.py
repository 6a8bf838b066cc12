"""The week's story: who says what, where and when, and what the product should make of it."""

import re
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from demo.town.places import Person, Reviewed, Section, Thread

WEEK = Path(__file__).parents[1] / "week"
FIRST_NUMBER = 101
OFFSET = re.compile(r"([0-6])d ([01]\d|2[0-3]):([0-5]\d)")


def offset(text: object) -> object:
    """Turn ``3d 14:20`` (three days, fourteen hours and twenty minutes into the week) into a timedelta."""
    if isinstance(text, timedelta):
        return text
    found = OFFSET.fullmatch(str(text))
    if not found:
        raise ValueError(f"{text!r} is not a moment of the week: write it like 3d 14:20")
    days, hours, minutes = map(int, found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


Offset = Annotated[timedelta, BeforeValidator(offset)]


class Expectation(BaseModel):
    """What the product should make of a post."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    brand: Literal["novolinia", "budsvit"] | None
    """The brand that the post is a mention of; None where it is not about any, or is the brand's own."""
    case: bool
    """Whether staff must hear of it: it opens a case, or belongs to one."""
    same_case_as: str | None = None
    """The key of the post whose case it must join."""


class Post(BaseModel):
    """One thing somebody says in the town."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    at: Offset
    """How far into the week; for a post that waits for an answer, only its place in the story."""
    where: str
    """``forum/THREAD``, ``shop/REVIEWED``, ``blog`` (an article), ``blog/ARTICLE`` (a comment) or ``telegram``."""
    author: str
    text: str
    language: Literal["uk", "ru", "ro", "en"]
    expect: Expectation
    title: str = ""
    """Of an article or a review."""
    rating: int | None = Field(default=None, ge=1, le=5)
    """Stars."""
    quote_of: str | None = None
    copy_of: str | None = None
    after_answer: Offset | None = None
    """Said only once the company has answered in the thread, so much later."""


class Week(BaseModel):
    """Everything that happens, from ``start`` on (aware; the story is written for a Monday, 00:00 in Kyiv)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: datetime
    sections: list[Section]
    threads: list[Thread]
    reviewed: list[Reviewed]
    people: dict[str, Person] = {}
    posts: list[Post]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        self.posts.sort(key=lambda post: post.at)
        return self

    @cached_property
    def by_key(self) -> dict[str, Post]:
        return {post.key: post for post in self.posts}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number that a post has in permalinks, by its key."""
        return {post.key: number for number, post in enumerate(self.posts, FIRST_NUMBER)}

    def time_of(self, post: Post) -> datetime:
        """When a post that waits for no answer is said."""
        return self.start + post.at

    def said(self, where: str, now: datetime) -> list[Post]:
        """The posts at a place whose time has come, oldest first; those that wait for an answer are left out."""
        return [p for p in self.posts if p.where == where and not p.after_answer and self.time_of(p) <= now]

    def with_posts(self, chapter: Path) -> "Week":
        """The same week, in which one more chapter happens."""
        said = {name: getattr(self, name) for name in type(self).model_fields}
        return Week.model_validate(
            {**said, "posts": [*self.posts, *YAML(typ="safe", pure=True).load(chapter)]}
        )

    def hurried(self, after: datetime, every: timedelta) -> "Week":
        """The same week, in which whatever was to be said later than ``after`` comes one post each ``every``."""
        past = [post for post in self.posts if self.time_of(post) <= after]
        coming = self.posts[len(past) :]
        first = after - self.start
        hurried = [p.model_copy(update={"at": first + n * every}) for n, p in enumerate(coming, 1)]
        posts = [p.model_copy(update={"after_answer": p.after_answer and every}) for p in past + hurried]
        return Week(
            start=self.start,
            sections=self.sections,
            threads=self.threads,
            reviewed=self.reviewed,
            people=self.people,
            posts=posts,
        )


def load_week(start: datetime, folder: Path = WEEK) -> Week:
    """Read the story: ``town.yaml`` has the places and people, every other file is a list of posts."""
    yaml = YAML(typ="safe", pure=True)
    town: dict[str, Any] = yaml.load(folder / "town.yaml")
    chapters = sorted(path for path in folder.glob("*.yaml") if path.name != "town.yaml")
    posts = [post for path in chapters for post in yaml.load(path)]
    return Week.model_validate({**town, "start": start, "posts": posts})
