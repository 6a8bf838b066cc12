"""The tables. Importing this package loads every one of them; alembic relies on that."""

from models.base import Base
from models.case import Case, Event, Happening, Priority, Status
from models.crisis import Crisis
from models.invitation import Invitation
from models.learnt import Learnt, LearntState
from models.mention import Mention, MentionBand
from models.outgoing import Alert, Bundle, DigestIssue, Notice, Outgoing, Reply, ReplyState
from models.source import SourceDay, SourceState
from models.staff import Role, Staff, Stranger

__all__ = [
    "Alert",
    "Base",
    "Bundle",
    "Case",
    "Crisis",
    "DigestIssue",
    "Event",
    "Happening",
    "Invitation",
    "Learnt",
    "LearntState",
    "Mention",
    "MentionBand",
    "Notice",
    "Outgoing",
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
