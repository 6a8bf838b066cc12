from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Role(StrEnum):
    """What somebody may do; each may do all that those before may."""

    VIEWER = "viewer"  # reads
    STAFF = "staff"  # answers
    LEAD = "lead"  # decides: approvals, others' cases, what is muted, what the model learns
    ADMIN = "admin"  # invites and removes people

    def reaches(self, needed: "Role") -> bool:
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class Staff(Base):
    """Somebody who answers. The configuration says who may; this remembers who did."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Telegram's user id."""
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(default=Role.STAFF, server_default=Role.STAFF)
    language: Mapped[str | None]
    """Of what the bot says to this person alone; the chat's or the installation's where it is empty."""
    joined_at: Mapped[datetime | None]
    """When they accepted an invitation; empty for the people of the configuration, and for who was removed."""


class Stranger(Base):
    """Somebody who wrote to the bot and may not: refused once, politely."""

    __tablename__ = "strangers"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    refused_at: Mapped[datetime]
