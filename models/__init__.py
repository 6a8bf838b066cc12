"""The tables. Importing this package loads every one of them; alembic relies on that."""

from models.base import Base
from models.case import Case, Event, Happening, Priority, Status
from models.mention import Mention, MentionBand
from models.outgoing import Alert, Bundle, DigestIssue, Notice, Outgoing, Reply, ReplyState
from models.own_post import OwnPost
from models.source import SourceDay, SourceState
from models.staff import Role, Staff, Stranger

__all__ = [
    "Alert",
    "Base",
    "Bundle",
    "Case",
    "DigestIssue",
    "Event",
    "Happening",
    "Mention",
    "MentionBand",
    "Notice",
    "Outgoing",
    "OwnPost",
    "Priority",
    "Reply",
    "ReplyState",
    "Role",
    "SourceDay",
    "SourceState",
    "Staff",
    "Status",
    "Stranger",
]
