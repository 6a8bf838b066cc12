"""What the bot's handlers need of the rest: the database, the configuration, the sources, the time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bots.card import card
from bots.inbox import PAGE, Inbox, inbox
from bots.lists import IN_BUNDLE, bundle
from bots.message import Message
from bots.preview import Draft
from bots.words import Words
from models import Alert, Case, Reply, Staff
from monitor import bundles, desk
from monitor import inbox as shelves
from monitor.cards import view
from monitor.db import Sessions, reading
from monitor.inbox import Look
from monitor.settings import Settings
from monitor.source import Answerable, CanReply


@dataclass(frozen=True)
class Office:
    sessions: Sessions
    settings: Settings
    sources: Mapping[str, object]
    clock: Callable[[], datetime]

    def words(self, chat_id: int) -> Words:
        chat = self.settings.staff.chat(chat_id)
        return Words(chat.language if chat else self.settings.language, self.settings.zone)

    def card(self, case_id: int, chat_id: int) -> Message:
        with reading(self.sessions) as session:
            now = self.clock()
            return card(
                view(session, desk.find(session, case_id), self.settings, now), self.words(chat_id), now
            )

    def bundle(self, bundle_id: int, chat_id: int) -> Message:
        with reading(self.sessions) as session:
            now = self.clock()
            inside = bundles.contents(session, bundle_id)
            cases = [view(session, alert.case, self.settings, now) for alert in inside[:IN_BUNDLE]]
            priorities = [alert.case.priority for alert in inside]
            return bundle(bundle_id, cases, priorities, self.words(chat_id))

    def inbox(self, look: Look, staff_id: int, chat_id: int) -> Message:
        """A page of the inbox, as this person sees it."""
        with reading(self.sessions) as session:
            now = self.clock()
            page = shelves.page(session, look, staff_id, now, PAGE)
            views = [view(session, case, self.settings, now) for case in page.cases]
            reader = desk.name_of(session, staff_id, self.settings)
            found = Inbox(page.look, views, page.counts, page.by_brand, self.brands, reader)
            return inbox(found, self.words(chat_id), now)

    @property
    def brands(self) -> list[str]:
        """Ours: a competitor's mentions open no case."""
        return [brand.name for brand in self.settings.brands if brand.ours]

    def draft(self, session: Session, reply: Reply) -> Draft:
        """A reply as the preview shows it, with what its source allows."""
        source = self.can_reply(reply)
        settings = self.settings.source(reply.source)
        return Draft(
            number=reply.id,
            case=reply.case_id,
            state=reply.state,
            text=reply.text,
            staff=reply.staff.name,
            staff_id=reply.staff_id,
            author=reply.mention.author,
            place=settings.place if settings else reply.source,
            title=reply.mention.title,
            url=reply.mention.url,
            account=source.account if source else None,
            limit=source.max_length if source else None,
            posted_url=reply.url,
            error=reply.error,
        )

    def can_reply(self, reply: Reply) -> CanReply | None:
        """The source that can post this reply, or None where a person must."""
        source = self.sources.get(reply.source)
        by_api = reply.mention.answerable in (Answerable.API, Answerable.API_IF_MENTIONED)
        return source if by_api and isinstance(source, CanReply) else None

    def person(self, session: Session, telegram_id: int) -> Staff:
        """The member of staff who pressed or wrote."""
        staff = desk.known(session, telegram_id, self.settings)
        assert staff is not None, "strangers are refused before they can act"
        return staff

    def case_of_message(self, session: Session, chat_id: int, message_id: int) -> Case | None:
        """The case whose card this message is."""
        alert = session.query(Alert).filter_by(chat_id=chat_id, message_id=message_id).first()
        return alert.case if alert else None
