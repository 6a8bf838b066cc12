"""Whatever is said to staff fits Telegram and a phone, in four languages.

New texts and buttons are included by themselves: what the code can ask for and no scene has shown fails here by name.
"""

import re
import shutil
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from telegram import InlineKeyboardButton

from bots.handlers import BUTTONS
from bots.message import Message
from bots.words import Words
from demo.telegram.html_markup import utf16_length
from monitor import db
from tests.bots import awkward
from tests.bots.awkward import NAME, NUMBER, OUTSIDE
from tests.bots.awkward_desk import desk
from tests.bots.rendering import LANGUAGES, NOW, seen, words
from tests.bots.test_notices import VALUES
from tests.bots.test_words import used

ROOM = {1: 342, 2: 160, 3: 99, 4: 69, 5: 51}
"""Pixels for the text of a button, by how many there are in its row: measured in the chat page, 390 pixels wide."""
WIDTHS = {
    5: "'ijlîії ", 6: ",./:;IJ|ÎІЇ’‹›", 7: "!()-[]ftț", 8: "_rг–", 9: "?cszșзстэє", 10: "EFLTaekovxyâăГЕТавекоухчьяё•«»",
    11: "0123456789CPSYbdghnpquȘЗРСЭбийлнпрц" + OUTSIDE, 12: "ABGKRUVАБВКУХЧЯдм", 13: "#DHNOQДИЛНОПє→↗↩↻✏✓", 14: "wЦы",
    15: "%MМФжфю—…⋯", 16: "Wmш", 17: "щ", 18: "Ж№Ш", 0: "\ufe0f",
}  # fmt: skip
"""Pixels of a letter, as the same page draws it (DejaVu Sans, 14.5 pixels; the fonts of phones are narrower)."""
OF = {letter: width for width, letters in WIDTHS.items() for letter in letters}
SIGN = 20
"""Pixels of anything else: of an emoji."""
CAPTION = 1_024
TOAST = 200
NUMBERS = ("case", "count", "number", "of", "other", "limit", "percent")
SCENES = (awkward.cards, awkward.lists, awkward.previews, awkward.crises, awkward.looks, awkward.lessons)


@dataclass
class Shown:
    """Everything that the scenes said, by language; what they asked the catalogue for, and what their buttons call."""

    messages: dict[str, list[Message]] = field(default_factory=dict)
    asked: set[str | tuple[str, str]] = field(default_factory=set)

    @property
    def rows(self) -> Iterator[tuple[str, Sequence[InlineKeyboardButton]]]:
        for language, messages in self.messages.items():
            yield from ((language, row) for message in messages for row in message.rows if row)

    @property
    def verbs(self) -> set[str]:
        called = (str(button.callback_data) for _, row in self.rows for button in row if button.callback_data)
        return {data.partition(":")[0] for data in called}


@pytest.fixture(scope="module")
def shown(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Render everything once, and note what was asked for."""
    all_of_it = Shown()
    with pytest.MonkeyPatch.context() as patch:
        say, count = Words.__call__, Words.plural

        def noted(self: Words, message: str, /, **values: object) -> str:
            all_of_it.asked.add(message)
            return say(self, message, **values)

        def counted(self: Words, one: str, many: str, number: int, /, **values: object) -> str:
            all_of_it.asked.add((one, many))
            return count(self, one, many, number, **values)

        patch.setattr(Words, "__call__", noted)
        patch.setattr(Words, "plural", counted)
        for language in LANGUAGES:
            spoken = words(language)
            said = [message for scene in SCENES for message in scene(spoken)]
            said += [*awkward.notices(VALUES, spoken)]
            path = shutil.copyfile(migrated_sqlite, tmp_path_factory.mktemp("desk") / "desk.db")
            sessions = db.connect(f"sqlite:///{path}")
            all_of_it.messages[language] = [*said, *desk(sessions, language, NOW)]
            sessions.kw["bind"].dispose()
    return all_of_it


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_one_that_telegram_takes(shown: Shown, language: str) -> None:
    """Its text within 4,096 UTF-16 units, its markup whole, no button's data over 64 bytes: the stand-in refuses what Telegram does."""
    for message in shown.messages[language]:
        seen(message)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_crisis_fits_beneath_its_chart(shown: Shown, language: str) -> None:
    for message in awkward.crises(words(language)):
        assert utf16_length(seen(message).text) <= CAPTION


def test_every_button_can_be_read_on_a_phone(shown: Shown) -> None:
    cut = {
        (language, len(row), button.text.replace(OUTSIDE * 9, "…"), width(ours(button.text)))
        for language, row in shown.rows
        for button in row
        if width(ours(button.text)) > ROOM.get(len(row), 0)
    }
    assert cut == set()


def ours(text: str) -> str:
    """Without names from outside at the end, which a phone may cut; with a case number of a busy year."""
    return re.sub(rf"{OUTSIDE}[ ·…{OUTSIDE}]*$", "", re.sub(r"#\d+", f"#{NUMBER}", text))


def width(text: str) -> int:
    return sum(OF.get(letter, SIGN) for letter in text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_no_scene_shows_fits_into_the_narrowest_place(shown: Shown, language: str) -> None:
    """A toast: 200 characters, with the longest name in each gap. Whatever is longer belongs into a scene."""
    spoken = words(language)
    said = {text: at_most(text, spoken) for text in used() - shown.asked}
    assert {text: each for text, each in said.items() if utf16_length(each) > TOAST} == {}


def at_most(text: str | tuple[str, str], spoken: Words) -> str:
    """The text with every gap filled in."""
    forms = (text,) if isinstance(text, str) else text
    names = {name for _, name, _, _ in string.Formatter().parse(forms[-1]) if name}
    values = {name: NUMBER if name in NUMBERS else NAME for name in names}
    if isinstance(text, str):
        return spoken(text, **values)
    values.pop("count", None)
    return spoken.plural(*text, NUMBER, **values)


def test_no_button_is_left_out(shown: Shown) -> None:
    assert set(BUTTONS) - shown.verbs == set()
