"""Saved answers as staff see them: buttons to begin from, the list, and what `@bot words` offers."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from telegram import InlineQueryResultArticle, InputTextMessageContent

from bots.draft import Draft
from bots.markup import escape, quote, shorten, shown_length
from bots.message import Message
from bots.office import Office
from bots.preview import offers
from bots.words import Words
from models import Reply
from monitor.claims import UNSENT
from monitor.db import reading
from monitor.fields import fill
from monitor.offers import known_of
from monitor.saved import SavedAnswer

FITS = 3_900
SHOWN = 400
RESULTS = 20
LONGEST = 4_096


def beginnings(draft: Draft, words: Words) -> Message | None:
    """What the answer could begin from, if anything: stands beneath the question for its text."""
    rows = offers(draft, words)
    return Message("📋 " + words("Or begin from a saved answer:"), rows) if rows else None


def saved_list(answers: Sequence[SavedAnswer], words: Words) -> Message:
    """Each with its title, its languages and its text in the chat's language."""
    if not answers:
        return Message(
            words("No saved answer fits. They stand in a file beside the configuration, saved.yaml.")
        )
    text = "📋 <b>" + words("Saved answers") + "</b>"
    for number, answer in enumerate(answers):
        said = _entry(answer, words)
        if shown_length(text) + shown_length(said) > FITS:
            text += "\n" + words("… and {count} more", count=len(answers) - number)
            break
        text += "\n" + said
    told = words(
        "The likeliest three are offered when you press Reply. The file is read when the program starts."
    )
    return Message(f"{text}\n<i>{told}</i>")


def results(office: Office, telegram_id: int, asked: str) -> list[InlineQueryResultArticle]:
    """What `@bot words` offers somebody: with the fields of the answer that they are writing, if they are."""
    with reading(office.sessions) as session:
        mine = select(Reply).where(Reply.staff_id == telegram_id, Reply.state.in_(UNSENT))
        reply = session.scalars(mine.order_by(Reply.id.desc()).limit(1)).unique().first()
        return list(_results(office, reply, asked))[:RESULTS]


def _results(office: Office, reply: Reply | None, asked: str) -> Iterator[InlineQueryResultArticle]:
    brands = [reply.case.brand] if reply else []
    like = asked or (reply.mention.text if reply else "")
    found = office.saved.like(like, brands) if like else office.saved.of(brands)
    values = known_of(reply) if reply else {}
    words = Words(office.settings.language, office.settings.zone)
    for answer in found or ([] if asked else office.saved.of(brands)):
        wanted = (
            [answer.language_for(reply.mention.language, words.language)] if reply else list(answer.texts)
        )
        for language in wanted:
            text = fill(answer.texts[language], values).strip()[:LONGEST]
            if text:
                yield _result(answer, language, text, words)


def _result(answer: SavedAnswer, language: str, text: str, words: Words) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=f"{answer.name}:{language}",
        title=f"{answer.title} ({words.which(language)})",
        input_message_content=InputTextMessageContent(text),
        description=shorten(" ".join(text.split()), 100),
    )


def _entry(answer: SavedAnswer, words: Words) -> str:
    spoken = ", ".join(words.which(language) for language in answer.texts)
    text = answer.texts[answer.language_for(words.language)]
    return f"<b>{escape(answer.title)}</b> · {escape(spoken)}\n{quote(text, limit=SHOWN)}"
