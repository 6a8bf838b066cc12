"""Cases, drafts and digests to render, hostile ones too; and a look at a message as Telegram would take it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from telegram import InlineKeyboardButton

from bots.draft import Draft
from bots.message import Message
from bots.words import Words
from demo.telegram.html_markup import parse_html, utf16_length
from demo.telegram.keyboards import inline_keyboard
from demo.telegram.shapes import InlineKeyboardMarkup
from demo.telegram.texts import read_text
from models import Case, ReplyState, Status
from monitor.cards import Answer, CaseView

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Kyiv")
LANGUAGES = ("en", "uk", "ru", "ro")
TEXT = "Третій тиждень чекаю на відповідь від Новолінії: гроші списали, посилки немає."

HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80),
    st.lists(
        st.sampled_from(
            [
                "<b>",
                "</b>",
                "</blockquote>",
                "<a href='x'>",
                "&lt;",
                "&#0;",
                "&",
                '"',
                "{0}",
                "{name}",
                "%s",
                "😀",
                " ",
                "\n",
                "є",
                "\u202e",
            ]
        ),
        max_size=30,
    ).map("".join),
    st.sampled_from(["😀" * 5000, "<" * 5000, "слово " * 4000, "ш" * 20_000, "&amp;" * 3000]),
)
URLS = st.one_of(
    st.just("https://forum.example/t/7#p1"),
    st.just(""),
    HOSTILE.map(lambda path: f"https://forum.example/{path}"[:2000]),
    HOSTILE.map(lambda host: f"http://{host}"[:2000]),
)


def words(language: str = "uk") -> Words:
    return Words(language, ZONE)


@dataclass(frozen=True)
class Seen:
    """A message as the reader sees it."""

    text: str
    entities: list[dict[str, Any]]
    buttons: list[InlineKeyboardButton]

    def marked(self, kind: str) -> list[str]:
        """The parts of the text that have this formatting."""
        units = self.text.encode("utf-16-le")
        return [
            units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.entities
            if e["type"] == kind
        ]

    def button(self, text: str) -> InlineKeyboardButton:
        (found,) = [button for button in self.buttons if text in button.text]
        return found


def seen(message: Message | str) -> Seen:
    """Take a message as the stand-in does: whatever Telegram would refuse is a failure here."""
    message = message if isinstance(message, Message) else Message(message)
    read_text(message.text, "HTML", None)  # length, markup, not empty
    if message.keyboard:
        assert inline_keyboard(InlineKeyboardMarkup.model_validate(message.keyboard.to_dict()))
    buttons = [button for row in message.rows for button in row]
    for button in buttons:
        assert (
            button.url
            or button.copy_text
            or re.fullmatch(r"[a-z_]+:\d{1,19}(:[\w-]*)*", str(button.callback_data), re.ASCII)
        )
    text, entities = parse_html(message.text)
    return Seen(text, entities, buttons)


def length(message: Message | str) -> int:
    return utf16_length(seen(message).text)


def case_view(**changes: Any) -> CaseView:
    values: dict[str, Any] = {
        "number": 17,
        "brand": "Новолінія",
        "place": "форум «Покупець»",
        "priority": 1,
        "status": Status.OPEN,
        "late": False,
        "author": "oksana",
        "reach": 12_400,
        "language": "uk",
        "rating": None,
        "title": "",
        "text": TEXT,
        "matches": [{"term": "Новолінія", "start": 38, "end": 47}],
        "url": "https://forum.example/t/7#p1",
        "answerable": "api",
        "posted_at": NOW - timedelta(minutes=14),
        "told_at": NOW,
        "answer_by": NOW + timedelta(hours=1),
        "reasons": [
            {"code": "complaint", "value": 0.94},
            {"code": "urgent", "value": {"topic": "money", "word": "гроші"}},
            {"code": "repeated", "value": 3},
            {"code": "unanswered", "value": 120},
        ],
        "posts": 1,
        "copies": 0,
        "claimed_by": None,
        "woken": False,
        "answer": None,
        "perhaps_twice": False,
    }
    return CaseView(**(values | changes))


def answer(state: ReplyState = ReplyState.SENT, **changes: Any) -> Answer:
    values: dict[str, Any] = {
        "id": 3,
        "state": state,
        "staff": "Олена",
        "text": "Вибачте, веземо сьогодні.",
        "url": "https://forum.example/t/7#r1",
        "error": None,
        "at": NOW,
    }
    return Answer(**(values | changes))


def draft(state: ReplyState = ReplyState.PREVIEW, **changes: Any) -> Draft:
    values: dict[str, Any] = {
        "number": 5,
        "case": 17,
        "state": state,
        "text": "Вибачте, веземо сьогодні.",
        "staff": "Олена",
        "staff_id": 7,
        "author": "oksana",
        "place": "форум «Покупець»",
        "title": "Де моя посилка?",
        "url": "https://forum.example/t/7#p1",
        "account": "novolinia-care",
        "limit": 500,
        "posted_url": None,
        "error": None,
    }
    return Draft(**(values | changes))


def a_case(**changes: Any) -> Case:
    values: dict[str, Any] = {"id": 17, "brand": "Новолінія", "author": "oksana"}
    return Case(**(values | changes))
