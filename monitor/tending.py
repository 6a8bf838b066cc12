"""What time itself does to cases, looked for every few seconds."""

from datetime import datetime

from monitor import claims, snoozing
from monitor.db import Sessions
from monitor.settings import Settings


def tend(sessions: Sessions, settings: Settings, now: datetime) -> int:
    """Do what has become due; return how much that was."""
    with sessions.begin() as session:
        return claims.release_silent(session, settings, now) + snoozing.bring_back(session, now)
