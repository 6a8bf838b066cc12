from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId
from models.staff import Role


class Invitation(Base):
    """A link that makes one person a member of the staff, once, for a time."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of what the link carries: whoever reads the tables can't join."""
    role: Mapped[Role]
    name: Mapped[str]
    """What the others will call them; what they call themselves at Telegram where it is empty."""
    made_by: Mapped[int | None]
    """A Telegram id; empty where it was made in the terminal."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_by: Mapped[int | None]
    used_at: Mapped[datetime | None]
