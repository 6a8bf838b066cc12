"""The tables. Importing this package loads every one of them; alembic relies on that."""

from models.base import Base
from models.brand import BrandState
from models.case import Case, Event, Happening, Priority, Status
from models.crisis import Crisis
from models.invitation import Invitation
from models.learnt import Learnt, LearntState
from models.mention import ANONYMOUS, Mention, MentionBand
from models.mute import Mute, MuteKind
from models.note import Asked, Note, Question, ThreadMessage
from models.outgoing import Alert, Bundle, DigestIssue, Notice, Outgoing, Reply, ReplyState
from models.own_post import OwnPost
from models.search import MentionWord, Search
from models.source import SourceDay, SourceState
from models.staff import Role, Staff, Stranger

__all__ = [
    "ANONYMOUS",
    "Alert",
    "Asked",
    "Base",
    "BrandState",
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
    "MentionWord",
    "Mute",
    "MuteKind",
    "Note",
    "Notice",
    "Outgoing",
    "OwnPost",
    "Priority",
    "Question",
    "Reply",
    "ReplyState",
    "Role",
    "Search",
    "SourceDay",
    "SourceState",
    "Staff",
    "Status",
    "Stranger",
    "ThreadMessage",
]
