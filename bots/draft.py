"""A reply as staff see it before anybody else does: what the preview has to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import ReplyState
from monitor.offers import Offer


@dataclass(frozen=True)
class Draft:
    """A reply as the preview shows it."""

    number: int
    case: int
    state: ReplyState
    text: str
    staff: str
    staff_id: int
    author: str
    place: str
    title: str
    url: str
    account: str | None
    """None: nobody can post there but a person."""
    limit: int | None
    posted_url: str | None
    error: str | None
    language: str = "und"
    """The author's."""
    leaves_at: datetime | None = None
    """While it can still be stopped."""
    rule: str | None = None
    """Why a second person has to look at it, until one has."""
    needs_lead: bool = False
    approved_by: str | None = None
    offers: Sequence[Offer] = ()
    said_before: bool = False
    """The brand's last two customers got the very same words."""
    answer_until: datetime | None = None
    """When the platform takes no more answers to this post."""
    seen_at: datetime | None = None
    replaces: bool = False
    """It is to stand in the place of what is posted."""
    can_edit: bool = False
    can_delete: bool = False
    answered_there: str | None = None
    """The account by which a colleague has answered since this draft was begun."""
    answered_by: str | None = None
    """Who has answered from here since this draft was begun."""

    @property
    def is_shut(self) -> bool:
        """The platform takes no more answers to this post."""
        return (
            self.answer_until is not None and self.seen_at is not None and self.answer_until <= self.seen_at
        )
