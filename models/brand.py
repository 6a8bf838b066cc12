from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class BrandState(Base):
    """Since when we have listened for a brand of the configuration."""

    __tablename__ = "brands"

    name: Mapped[str] = mapped_column(primary_key=True)
    known_since: Mapped[datetime]
    """Before it nothing is known of its habit."""
