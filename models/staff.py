from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Staff(Base):
    """Somebody who answers. The configuration says who may; this remembers who did."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Telegram's user id."""
    name: Mapped[str]


class Stranger(Base):
    """Somebody who wrote to the bot and may not: refused once, politely."""

    __tablename__ = "strangers"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    refused_at: Mapped[datetime]
