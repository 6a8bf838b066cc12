"""What the bot's handlers need of the rest: the database, the configuration, the sources, the time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bots.card import card
from bots.chart import chart
from bots.crisis import crisis_card
from bots.lists import IN_BUNDLE, PAGE, SourceLine, bundle, inbox, morning, sources
from bots.message import Message
from bots.preview import Draft
from bots.question import TO_DECIDE, question, with_questions
from bots.words import Words
from models import Alert, Bundle, Case, Crisis, Reply, SourceState, Staff
from monitor import bundles, crisis_view, desk, verdicts
from monitor.cards import view
from monitor.db import Sessions, reading
from monitor.pace import Pace
from monitor.settings import Settings
from monitor.source import Answerable, CanReply


@dataclass(frozen=True)
class Office:
    sessions: Sessions
    settings: Settings
    sources: Mapping[str, object]
    clock: Callable[[], datetime]
    pace: Pace = field(default_factory=Pace)
    """Shared with the outbox, which says less where staff ask much."""

    def words(self, chat_id: int) -> Words:
        """Of a staff chat; of a person where it is their private chat, whose id is theirs."""
        chat = self.settings.staff.chat(chat_id)
        return Words(chat.language, self.settings.zone) if chat else self.personal(chat_id)

    def personal(self, telegram_id: int, chat_id: int | None = None) -> Words:
        """What one person alone reads: their language, or that of the chat where it happens."""
        with reading(self.sessions) as session:
            row = session.get(Staff, telegram_id)
            chosen = row.language if row else None
        chat = self.settings.staff.chat(chat_id) if chat_id is not None else None
        fallback = chat.language if chat else self.settings.language
        return Words(chosen or fallback, self.settings.zone)

    def card(self, case_id: int, chat_id: int) -> Message:
        with reading(self.sessions) as session:
            now = self.clock()
            shown = view(session, desk.find(session, case_id), self.settings, now)
            if not shown.promised:
                return question(shown, self.words(chat_id))
            return card(shown, self.words(chat_id), now)

    def crisis(self, number: int, chat_id: int) -> tuple[Message, bytes]:
        """The card and its chart."""
        words = self.words(chat_id)
        with reading(self.sessions) as session:
            seen = crisis_view.view(session, session.get_one(Crisis, number), self.settings)
        return crisis_card(seen, words, self.clock()), chart(seen.curve, words.zone)

    def bundle(self, bundle_id: int, chat_id: int) -> Message:
        with reading(self.sessions) as session:
            now = self.clock()
            shown = bundles.contents(session, bundle_id, IN_BUNDLE)
            cases = [view(session, alert.case, self.settings, now) for alert in shown]
            priorities = bundles.priorities(session, bundle_id)
            if session.get_one(Bundle, bundle_id).is_morning:
                return morning(bundle_id, cases, priorities, self.words(chat_id), now)
            return bundle(bundle_id, cases, priorities, self.words(chat_id))

    def inbox(self, offset: int, chat_id: int) -> Message:
        with reading(self.sessions) as session:
            now = self.clock()
            cases, total = desk.waiting(session, offset=offset, limit=PAGE)
            views = [view(session, case, self.settings, now) for case in cases]
            shown = inbox(views, total, offset, self.words(chat_id), now)
            if offset + PAGE < total:
                return shown
            asked, count = verdicts.undecided(session, limit=TO_DECIDE)
            questions = [view(session, case, self.settings, now) for case in asked]
            return with_questions(shown, questions, count, self.words(chat_id))

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

    def case_of_message(self, session: Session, chat_id: int, message_id: int) -> Case | None:
        """The case whose card this message is."""
        alert = session.query(Alert).filter_by(chat_id=chat_id, message_id=message_id).first()
        return alert.case if alert else None
