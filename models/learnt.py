from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, RowId
from models.staff import Staff


class LearntState(StrEnum):
    PROPOSED = "proposed"  # shown to a lead, who has not decided
    ACTIVE = "active"
    REFUSED = "refused"
    RETIRED = "retired"  # no longer in use, or overtaken by a newer one before anybody decided


class Learnt(Base):
    """What the model learnt from our corrections: a last layer of our own, beside the shipped one."""

    __tablename__ = "learnt"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    made_at: Mapped[datetime]
    base: Mapped[str]
    """SHA-256 of the model that it was learnt on: on another it means nothing."""
    weights: Mapped[bytes]
    """What monitor.sentiment.learning.head packs."""
    figures: Mapped[dict[str, Any]]
    """How good it is, as Lesson.figures says."""
    state: Mapped[LearntState] = mapped_column(default=LearntState.PROPOSED)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]

    decided_by: Mapped[Staff | None] = relationship(lazy="joined")
