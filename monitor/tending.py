"""What time itself does to cases, and to what is kept for a time, looked for every few seconds."""

from datetime import datetime

from monitor import card_menus, claims, search, snoozing
from monitor.db import Sessions
from monitor.settings import Settings


def tend(sessions: Sessions, settings: Settings, now: datetime) -> int:
    """Do what has become due; return how much that was."""
    with sessions.begin() as session:
        done = claims.release_silent(session, settings, now) + snoozing.bring_back(session, now)
        return done + search.forget_old(session, now) + card_menus.fold_old(session, now)
