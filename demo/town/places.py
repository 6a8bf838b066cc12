"""Where the town talks, and who its people are: the part of the story that does not happen at a moment."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Place(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    """Latin, for addresses."""


class Section(_Place):
    """A part of the forum."""

    name: str
    about: str
    members_only: bool = False


class Thread(_Place):
    """A discussion in a section of the forum; it appears with its first post."""

    id: int
    section: str
    title: str
    sticky: bool = False
    locked: bool = False


class Reviewed(_Place):
    """What the shop's visitors rate: a branch or a product."""

    kind: Literal["branch", "product"]
    name: str
    about: str
    marks: Literal["json-ld", "microdata"] = "json-ld"


class Person(BaseModel):
    """What the forum shows of a member beside the name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: str = ""
    signature: str = ""
    official: bool = False
    """Speaks for a company: the name carries a badge."""
