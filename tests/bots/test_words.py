"""Every message of the bot is in every catalogue, whole; and numbers, times and names are said as people say them."""

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import bots
from bots.words import CATALOGUES, languages
from tests.bots.rendering import LANGUAGES, NOW, words

BOTS = Path(bots.__path__[0])
TRANSLATED = [language for language in LANGUAGES if language != "en"]
LETTERS = re.compile(r"[^\W\d_]")
Ids = set[str | tuple[str, str]]


def used() -> Ids:
    """The messages that the bot's code and its template ask for."""
    found: Ids = set()
    for path in BOTS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found |= set(asked(node))
    template = (BOTS / "digest.html.j2").read_text(encoding="utf-8")
    return found | set(re.findall(r'\bt\("([^"]+)"', template))


def asked(call: ast.Call) -> Iterator[str | tuple[str, str]]:
    """What one call asks for: words("…"), self("…") within Words, words.plural("…", "…", n), _close(…, "…"),
    Command(…, "…")."""
    said = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    match call.func:
        case ast.Attribute(attr="plural") if len(said) == 2:
            yield said[0], said[1]
        case ast.Name(id="Command") if said:
            yield said[-1]
        case (
            ast.Name(id="words" | "self" | "_close") | ast.Call(func=ast.Attribute(attr="words" | "personal"))
        ) if said:
            yield said[0]


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_is_a_catalogue_for_every_language_that_can_be_configured() -> None:
    assert sorted(languages()) == sorted(LANGUAGES)


def test_every_call_for_words_is_understood_here() -> None:
    """The counter-check: a call that `asked` can't read would hide a missing message."""
    for path in BOTS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_words = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "words"
            )
            if is_words:
                assert list(asked(node)), (
                    f"{path.name}:{node.lineno} asks for words that are not written there"
                )


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_in_the_catalogue_and_none_is_unused(language: str) -> None:
    known = {tuple(m.id) if isinstance(m.id, tuple | list) else m.id for m in messages(language)}
    assert known - used() == set()
    assert used() - known == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_translated_twice(language: str) -> None:
    """Of two, the reader takes one without a word."""
    written = (CATALOGUES / f"{language}.po").read_text(encoding="utf-8")
    ids = re.findall(r'^msgid (".+")$', written, re.MULTILINE)
    assert [one for one, times in Counter(ids).items() if times > 1] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_whole(language: str) -> None:
    for message in messages(language):
        assert all(form.strip() for form in forms(message)), message.id
        assert not message.fuzzy, message.id
        assert "\n" not in "".join(forms(message))


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_in_what_the_original_does(language: str) -> None:
    for message in messages(language):
        originals = message.id if isinstance(message.id, tuple | list) else (message.id,)
        expected = placeholders(originals[-1])
        for form in forms(message):
            assert placeholders(form) == expected, (message.id, form)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_plural_has_all_forms_of_its_language(language: str) -> None:
    expected = catalogue(language).num_plurals
    assert expected == 3
    for message in messages(language):
        if isinstance(message.id, tuple | list):
            assert len(forms(message)) == expected, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_letter_of_another_alphabet_slipped_in(language: str) -> None:
    foreign = (
        re.compile(r"[а-яёіїєґ]", re.IGNORECASE)
        if language == "ro"
        else re.compile(r"[ăâîșțşţ]", re.IGNORECASE)
    )
    not_theirs = {
        "uk": re.compile(r"[ыэёъ]", re.IGNORECASE),
        "ru": re.compile(r"[іїєґ]", re.IGNORECASE),
        "ro": re.compile(r"[şţ]", re.IGNORECASE),
    }
    for message in messages(language):
        for form in forms(message):
            assert not foreign.search(form), form
            assert not not_theirs[language].search(form), form


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("uk", 1, "+1 копія"),
        ("uk", 3, "+3 копії"),
        ("uk", 5, "+5 копій"),
        ("uk", 21, "+21 копія"),
        ("uk", 112, "+112 копій"),
        ("ru", 2, "+2 копии"),
        ("ru", 11, "+11 копий"),
        ("ro", 1, "+1 copie"),
        ("ro", 2, "+2 copii"),
        ("ro", 20, "+20 de copii"),
        ("en", 1, "+1 copy"),
        ("en", 0, "+0 copies"),
    ],
)
def test_numbers_decline_their_nouns(language: str, count: int, expected: str) -> None:
    assert words(language).plural("+{count} copy", "+{count} copies", count) == expected


def test_a_time_today_is_short_and_any_other_has_its_date() -> None:
    assert words("uk").time(NOW, NOW) == "14:00"
    assert words("uk").time(NOW + timedelta(hours=9, minutes=59), NOW) == "23:59"
    assert words("uk").time(NOW + timedelta(hours=10), NOW) == "19 лист., 00:00"


@pytest.mark.parametrize(
    ("language", "yesterday", "day", "ago"),
    [
        ("en", "17 Nov, 14:00", "18 November", "14 min. ago"),
        ("uk", "17 лист., 14:00", "18 листопада", "14 хв тому"),
        ("ru", "17 нояб., 14:00", "18 ноября", "14 мин. назад"),
        ("ro", "17 nov., 14:00", "18 noiembrie", "acum 14 min."),
    ],
)
def test_dates_are_written_as_in_each_language(language: str, yesterday: str, day: str, ago: str) -> None:
    said = words(language)
    assert said.time(NOW - timedelta(days=1), NOW) == yesterday
    assert said.day(NOW) == day
    assert said.ago(NOW - timedelta(minutes=14), NOW).replace("\xa0", " ") == ago


def test_times_are_those_of_the_place_where_we_live_also_in_summer() -> None:
    july = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert words("en").time(july, july) == "15:00"


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(seconds=9), "9 с"),
        (timedelta(minutes=14), "14 хв"),
        (timedelta(minutes=100), "2 год"),
        (timedelta(days=3), "3 дн."),
        (timedelta(seconds=-5), "0 с"),
    ],
)
def test_a_span_is_one_number_and_its_unit(length: timedelta, expected: str) -> None:
    assert words("uk").span(length).replace("\xa0", " ") == expected


def test_nothing_lies_in_the_future() -> None:
    assert words("uk").ago(NOW + timedelta(hours=1), NOW) == words("uk").ago(NOW, NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_a_short_name_and_an_unknown_one_is_said_so(language: str) -> None:
    names = [words(language).which(code) for code in ("uk", "ru", "ro", "en", "und")]
    assert len(set(names)) == len(names)
    assert words(language).which("zz") == "zz"


def test_an_abbreviation_and_its_sentence_have_one_point() -> None:
    expired = "{name}, case #{case} is free again: nothing happened for {time}. Your draft is kept."
    said = words("ro")(expired, name="Ana P.", case=7, time=words("ro").span(timedelta(minutes=30)))
    assert said.startswith(
        "Ana P., cazul nr. 7 e din nou liber: nimic nu s-a întâmplat timp de 30 min. Ciorna "
    )
