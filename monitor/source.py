"""What a source is. Everything in spiders/ implements this and knows nothing else of ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable


class Answerable(StrEnum):
    """How a post can be answered where it was written."""

    API = "api"
    API_IF_MENTIONED = "api_if_mentioned"  # the platform lets us answer only those who named our account
    HAND_OFF = "hand_off"  # a person follows the link and pastes the text
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Post:
    """One thing somebody wrote, as the source told it: plain text, no markup, an aware time."""

    id: str
    """Unique and stable within the source: the same post read twice has the same id."""
    url: str
    """The permalink, http(s): where a person can see this very post."""
    author: str
    """The author's name at the source, unique there where the source has such a name."""
    text: str
    """What the author wrote, without quotations of others and without a signature."""
    posted_at: datetime
    title: str = ""
    """Of the post or of its thread, where it says something that the text does not."""
    title_is_own: bool = True
    """False where the title is its thread's and somebody else's, as in a comment: it says nothing of this author."""
    thread_id: str | None = None
    """The discussion at the source; posts of one discussion share it."""
    reach: int | None = None
    """How many people the author reaches (followers, subscribers), where the source tells."""
    rating: float | None = None
    """On the scale 1 (worst) to 5 (best), whatever scale the source uses."""
    language: str | None = None
    """ISO 639-1, where the source declares it; we detect it otherwise."""
    answerable: Answerable = Answerable.HAND_OFF
    answers: str | None = None
    """The id of the post that it answers, where the source tells."""
    author_id: str | None = None
    """Who the author is, where the source has an id that outlives names, and names that several bear."""

    @property
    def own_title(self) -> str:
        """The title where this author wrote it."""
        return self.title if self.title_is_own else ""


@dataclass(frozen=True)
class Page:
    """Posts, oldest first, and how far we have read once they are stored."""

    posts: list[Post]
    cursor: str | None
    """Where to go on from. Only the source that made it can read it; it saves work and may overlap."""


@dataclass(frozen=True, kw_only=True)
class PostRef:
    """Enough of a stored post to answer it."""

    id: str
    url: str
    author: str
    thread_id: str | None = None
    posted_at: datetime | None = None


@dataclass(frozen=True)
class Posted:
    """What we posted: the permalink is the proof."""

    id: str
    url: str


class Source(Protocol):
    """A dataclass named ``Source`` whose fields are its keys in the configuration."""

    name: str

    def poll(self, cursor: str | None) -> Iterator[Page]:
        """Yield what is new since cursor (None: the first time), oldest first; raise only SourceError."""
        ...


@runtime_checkable
class CanReply(Protocol):
    """A source that can post in the author's thread."""

    @property
    def account(self) -> str:
        """The name that the public will see as the author of our reply."""
        ...

    @property
    def max_length(self) -> int:
        """How many characters a reply may have there."""
        ...

    def reply(self, post: PostRef, text: str) -> Posted:
        """Answer a post in its thread and read the answer back."""
        ...

    def find_reply(self, post: PostRef, text: str) -> Posted | None:
        """Did it get there? Asked after a crash or a time-out, so that nothing is posted twice."""
        ...


@runtime_checkable
class CanEdit(Protocol):
    """A source that can change what we posted there. To do it twice must be the same as to do it once."""

    def edit(self, posted: Posted, text: str) -> Posted:
        """Put the text in the place of what we posted."""
        ...


@runtime_checkable
class CanDelete(Protocol):
    """A source that can take away what we posted there."""

    def delete(self, posted: Posted) -> None:
        """Take it away; what is gone already is no error."""
        ...


@runtime_checkable
class HasWindow(Protocol):
    """A source that can reply, but to each post for a time only."""

    def answer_until(self, post: PostRef) -> datetime | None:
        """When its time ends, or None where there is no end. Asked whenever the case is drawn: without I/O."""
        ...


@runtime_checkable
class CanCheck(Protocol):
    """A source whose credentials can be tried without posting or changing anything."""

    def check(self) -> str:
        """Return a sentence for the person who installs us, or raise SourceError."""
        ...


@runtime_checkable
class Listens(Protocol):
    """A source that is told rather than asked: the bot hands it every update of chats that are not staff's."""

    def hear(self, update: Mapping[str, Any]) -> list[Post]:
        """The posts in one Telegram update (the Bot API's JSON), or none when it is not for this source."""
        ...


class SourceError(Exception):
    """The only error that a source may raise. Its message is a sentence for staff, without secrets."""

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        unsure: bool = False,
    ):
        super().__init__(message)
        self.permanent = permanent
        """True: staff must act (key revoked, thread locked). False: trying again may help."""
        self.retry_after = retry_after
        self.unsure = unsure
        """Of a reply: it may have been posted all the same (a time-out after sending). Never send it again."""
