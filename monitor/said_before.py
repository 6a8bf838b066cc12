"""What the author of a case was told last, by us or by a colleague at the source."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, OwnPost, Reply, ReplyState

PUBLIC = (ReplyState.SENT, ReplyState.HANDED_OFF)
KEPT = 500
"""Characters of it that a notice keeps."""


@dataclass(frozen=True)
class SaidBefore:
    name: str
    text: str
    at: datetime

    def stored(self, now: datetime) -> dict[str, Any]:
        return {
            "name": self.name,
            "text": self.text[:KEPT],
            "at": self.at.isoformat(),
            "now": now.isoformat(),
        }


def said_before(session: Session, case: Case) -> SaidBefore | None:
    """The newest answer, or None where the author has had none."""
    reply = session.scalars(
        select(Reply)
        .where(Reply.case_id == case.id, Reply.state.in_(PUBLIC), Reply.sent_at.is_not(None))
        .order_by(Reply.sent_at.desc())
        .limit(1)
    ).first()
    post = session.scalars(
        select(OwnPost).where(OwnPost.case_id == case.id).order_by(OwnPost.posted_at.desc()).limit(1)
    ).first()
    said = [SaidBefore(post.account, post.text, post.posted_at)] if post else []
    if reply is not None and reply.sent_at is not None:
        said.append(SaidBefore(reply.staff.name, reply.text, reply.sent_at))
    return max(said, key=lambda one: one.at, default=None)
