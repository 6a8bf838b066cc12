"""The keyboard of a card whose menu somebody has opened: kept when the card is redrawn, as long as it makes sense."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bots import menu
from bots.message import Rows
from bots.words import Words
from models import Alert, Case
from monitor.cards import CaseView
from monitor.handover import colleagues
from monitor.settings import Settings

STAYS = {"more", "hand", "later", "card", "why", "history", "mute", "dup", "show"}
"""Buttons after which the menu may stay as it is: they lead from one to the other, or change nothing on the card."""


def to_whom(case: Case, offset: int) -> str:
    """The menu of colleagues, from this one on, for a case in these hands."""
    return f"hand:{offset}:{case.claimed_by_id or 0}"


def keyboard(
    session: Session, case: Case, seen: CaseView, settings: Settings, words: Words, now: datetime
) -> Rows | None:
    """The open menu; None where there is none, or no longer anything that it could do."""
    alert = session.scalars(select(Alert).where(Alert.case_id == case.id)).unique().one()
    if alert.menu is None or alert.menu_until is None or alert.menu_until <= now or not seen.offers_more:
        return None
    verb, _, page = alert.menu.partition(":")
    match verb:
        case "more":
            return menu.rest(seen, words)
        case "later" if seen.snoozed_until is None:
            return menu.later(seen, words)
        case "hand":
            return _colleagues(session, case, seen, page, settings, words)
        case _:
            return None


def _colleagues(
    session: Session, case: Case, seen: CaseView, page: str, settings: Settings, words: Words
) -> Rows | None:
    """Opened by whoever could hand it over then: it has to be in the same hands still."""
    offset, owner = map(int, page.split(":"))
    if owner != (case.claimed_by_id or 0):
        return None
    people = colleagues(session, settings, but=case.claimed_by_id)
    return menu.colleagues(seen, people, offset, words)
