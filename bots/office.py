"""What the bot's handlers need of the rest: the database, the configuration, the sources, the time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bots.card import card
from bots.lists import IN_BUNDLE, PAGE, SourceLine, bundle, inbox, sources
from bots.message import Message
from bots.preview import Draft
from bots.words import Words
from models import Alert, Case, Mention, Reply, ReplyState, SourceState
from monitor import answers, bundles, desk
from monitor.cards import answered_there, view
from monitor.db import Sessions, reading
from monitor.offers import is_one_of_three, offered
from monitor.saved import SavedAnswers
from monitor.settings import Settings
from monitor.source import Answerable, CanDelete, CanEdit, CanReply
from monitor.windows import answer_until


@dataclass(frozen=True)
class Office:
    sessions: Sessions
    settings: Settings
    sources: Mapping[str, object]
    clock: Callable[[], datetime]
    saved: SavedAnswers = field(default_factory=SavedAnswers)

    def words(self, chat_id: int) -> Words:
        chat = self.settings.staff.chat(chat_id)
        return Words(chat.language if chat else self.settings.language, self.settings.zone)

    def card(self, case_id: int, chat_id: int) -> Message:
        with reading(self.sessions) as session:
            now = self.clock()
            case = desk.find(session, case_id)
            until = self.window_of(answers.newest_post(session, case))
            seen = replace(view(session, case, self.settings, now), answer_until=until)
            return card(seen, self.words(chat_id), now)

    def bundle(self, bundle_id: int, chat_id: int) -> Message:
        with reading(self.sessions) as session:
            now = self.clock()
            inside = bundles.contents(session, bundle_id)
            cases = [view(session, alert.case, self.settings, now) for alert in inside[:IN_BUNDLE]]
            priorities = [alert.case.priority for alert in inside]
            return bundle(bundle_id, cases, priorities, self.words(chat_id))

    def inbox(self, offset: int, chat_id: int) -> Message:
        with reading(self.sessions) as session:
            now = self.clock()
            cases, total = desk.waiting(session, offset=offset, limit=PAGE)
            views = [view(session, case, self.settings, now) for case in cases]
            return inbox(views, total, offset, self.words(chat_id), now)

    def sources_list(self, chat_id: int) -> Message:
        with reading(self.sessions) as session:
            states = {state.name: state for state in session.query(SourceState)}
            lines = [
                SourceLine(source.place, source.kind, states[source.name])
                for source in self.settings.sources
                if source.name in states
            ]
            return sources(lines, self.words(chat_id), self.clock())

    def draft(self, session: Session, reply: Reply) -> Draft:
        """A reply as the preview shows it, with what its source allows."""
        now, until = self.clock(), self.answer_until(reply)
        source = None if until and until <= now else self.can_reply(reply)
        settings = self.settings.source(reply.source)
        there = answered_there(session, reply.case)
        is_open = reply.state in (ReplyState.DRAFT, ReplyState.PREVIEW)
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
            language=reply.mention.language,
            offers=offered(self.saved, reply, self.settings.language) if is_open else (),
            said_before=is_open and is_one_of_three(session, self.saved, reply),
            answer_until=until,
            seen_at=now,
            replaces=reply.replaces_id is not None,
            can_edit=reply.external_id is not None and isinstance(source, CanEdit),
            can_delete=reply.external_id is not None and isinstance(source, CanDelete),
            answered_there=there.account if there and there.at > reply.created_at else None,
        )

    def answer_until(self, reply: Reply) -> datetime | None:
        """When the platform takes no more such answers; what is posted is edited at any time."""
        return self.window_of(reply.mention) if reply.replaces_id is None else None

    def window_of(self, post: Mention) -> datetime | None:
        return answer_until(self.sources.get(post.source), post)

    def can_reply(self, reply: Reply) -> CanReply | None:
        """The source that can post this reply, or None where a person must."""
        source = self.sources.get(reply.source)
        by_api = reply.mention.answerable in (Answerable.API, Answerable.API_IF_MENTIONED)
        return source if by_api and isinstance(source, CanReply) else None

    def case_of_message(self, session: Session, chat_id: int, message_id: int) -> Case | None:
        """The case whose card this message is."""
        alert = session.query(Alert).filter_by(chat_id=chat_id, message_id=message_id).first()
        return alert.case if alert else None
