"""What the bot's handlers need of the rest: the database, the configuration, the sources, the time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bots import open_menu
from bots.card import card
from bots.chart import chart
from bots.crisis import crisis_card
from bots.draft import Draft
from bots.inbox import PAGE, Inbox, inbox
from bots.lists import IN_BUNDLE, bundle, morning
from bots.message import Message
from bots.question import TO_DECIDE, question, with_questions
from bots.words import Words
from models import Alert, Bundle, Case, Crisis, DigestIssue, Mention, Reply, ReplyState, Staff
from monitor import (
    answered,
    answers,
    approval,
    bundles,
    card_menus,
    crisis_view,
    desk,
    leaving,
    notes,
    verdicts,
)
from monitor import inbox as shelves
from monitor.cards import view
from monitor.db import Sessions, reading
from monitor.inbox import Look, Shelf
from monitor.offers import is_one_of_three, offered
from monitor.pace import Pace
from monitor.people import member
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
    pace: Pace = field(default_factory=Pace)
    """Shared with the outbox, which says less where staff ask much."""
    saved: SavedAnswers = field(default_factory=SavedAnswers)

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
            case = desk.find(session, case_id)
            is_moved = case.duplicate_of_id is not None  # its posts are another case's now
            until = None if is_moved else self.window_of(answers.newest_post(session, case))
            shown = replace(view(session, case, self.settings, now), answer_until=until)
            if not shown.promised and shown.duplicate_of is None:
                return question(shown, self.words(chat_id))
            words = self.words(chat_id)
            drawn = card(shown, words, now)
            opened = open_menu.keyboard(session, case, shown, self.settings, words, now)
            return drawn if opened is None else replace(drawn, rows=opened)

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
            row, words = session.get_one(Bundle, bundle_id), self.words(chat_id)
            done, apart = bundles.done(session, bundle_id), bundles.apart(session, bundle_id)
            if row.is_morning:
                return morning(bundle_id, cases, priorities, words, now, shown=apart, done=done)
            return bundle(bundle_id, cases, priorities, words, shown=apart)

    def inbox(self, look: Look, staff_id: int, chat_id: int) -> Message:
        """A page of the inbox, as this person sees it."""
        with reading(self.sessions) as session:
            now = self.clock()
            page = shelves.page(session, look, staff_id, now, PAGE)
            views = [view(session, case, self.settings, now) for case in page.cases]
            reader = member(session, staff_id, self.settings)
            found = Inbox(
                page.look, views, page.counts, page.by_brand, self.brands, reader.name if reader else "?"
            )
            shown = inbox(found, self.words(chat_id), now)
            is_last = page.look.offset + PAGE >= page.total
            if not is_last or page.look.shelf is not Shelf.OPEN:
                return shown
            asked, count = verdicts.undecided(session, limit=TO_DECIDE)
            questions = [view(session, case, self.settings, now) for case in asked]
            return with_questions(shown, questions, count, self.words(chat_id))

    @property
    def brands(self) -> list[str]:
        """Ours: a competitor's mentions open no case."""
        return [brand.name for brand in self.settings.brands if brand.ours]

    def draft(self, session: Session, reply: Reply) -> Draft:
        """A reply as the preview shows it, with what its source allows."""
        now, until = self.clock(), self.answer_until(reply)
        source = None if until and until <= now else self.can_reply(reply)
        settings = self.settings.source(reply.source)
        waits = reply.state is ReplyState.WAITING
        rule = (approval.rule_of if waits else approval.needed)(reply, self.settings)
        is_open = reply.state in (ReplyState.DRAFT, ReplyState.PREVIEW)
        since = answered.after(session, reply, reply.created_at) if is_open or waits else None
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
            leaves_at=reply.leaves_at(now),
            rule=reply.rule if waits else rule.name if rule else None,
            needs_lead=rule is not None and rule.by == "lead",
            approved_by=reply.approved_by.name if reply.approved_by else None,
            offers=offered(self.saved, reply, self.settings.language) if is_open else (),
            said_before=is_open and is_one_of_three(session, self.saved, reply),
            answer_until=until,
            seen_at=now,
            replaces=reply.replaces_id is not None,
            can_edit=reply.external_id is not None and isinstance(source, CanEdit),
            can_delete=reply.external_id is not None and isinstance(source, CanDelete),
            answered_there=(since.values or {}).get("account") if since else None,
            answered_by=since.staff.name if since and since.staff else None,
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
        by_api = by_api and not reply.by_hand
        return source if by_api and isinstance(source, CanReply) else None

    def stands(self, case_id: int, chat_id: int, message_id: int) -> None:
        """Remember a message of ours in a case's thread: what staff answer to it is a note."""
        with self.sessions.begin() as session:
            notes.stands(session, case_id, chat_id, message_id)

    def told_digest(self, number: int) -> None:
        """Its message stands in the chat: where the page can't be sent, only the page is tried again."""
        with self.sessions.begin() as session:
            session.get_one(DigestIssue, number).sent_at = self.clock()

    def tell_moved(self, new_id: int) -> None:
        """A staff group became a supergroup: only whoever runs us can say that it is still staff's."""
        with self.sessions.begin() as session:
            leaving.tell_moved(session, new_id, self.clock())

    def fold(self, chat_id: int, message_id: int) -> None:
        """Somebody chose from the menu on this card: it is drawn as usual from now on."""
        with reading(self.sessions) as session:
            number = card_menus.is_open(session, chat_id, message_id, self.clock())
        if number is not None:
            with self.sessions.begin() as session:
                card_menus.fold(session, number)

    def person(self, session: Session, telegram_id: int) -> Staff:
        """The member of staff who pressed or wrote."""
        staff = desk.known(session, telegram_id, self.settings)
        assert staff is not None, "strangers are refused before they can act"
        return staff

    def case_of_message(self, session: Session, chat_id: int, message_id: int) -> Case | None:
        """The case whose card this message is."""
        alert = session.query(Alert).filter_by(chat_id=chat_id, message_id=message_id).first()
        return alert.case if alert else None
