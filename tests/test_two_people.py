"""A shift of two people, played in the chat page: what each of them sees, and what stands in the forum after it.

Each test is a case of its own. tests/test_browser.py plays hand-over, approval and undo.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from models import Mention
from monitor.db import reading
from tests.shift import START, post, small_week
from tests.two_people import DESK, PATIENCE_MS, Person, Shift, at_work, open_page

OKSANA = (
    "Третій тиждень чекаю на доставку від Новолінії! Гроші списали одразу, телефон не беруть, "
    "на листи не відповідають. Це просто жах, більше ніколи нічого у вас не куплю."
)
STILL = "Обіцяли подзвонити і знову брехня. Ніхто не подзвонив, грошей нема. Обурена до краю!"
TARAS = "Купив у Новолінії дриль, згорів за день. Повертати відмовились, нахамили просто в обличчя. Ганьба!"
IHOR = "В Новолинии продали бракованную краску, стена в пятнах. Деньги возвращать отказываются, позор!"
LESIA = "Новолінія привезла розбиту плитку, половина коробки сміття. Обмінювати не хочуть, я в люті."
STEPAN = "Новолінія третій раз переносить монтаж дверей. Сиджу без дверей у листопаді, це знущання!"
NATALIA = "Жахливе обслуговування в Новолінії: година в черзі, каса зламана, охоронець кричить на людей."
NOTE = "Вона телефонувала вчора двічі, склад усе знає."
THANKS = "Дякую, тоді обіцяю дзвінок сьогодні."
ANSWER = "Пані Оксано, нам дуже прикро. Сьогодні до 18:00 подзвонимо й повернемо гроші."
BY_HAND = "Пані Лесю, вибачте. Обміняємо плитку завтра зранку, наш водій зателефонує."
AGAIN = "Двері Новолінії досі ніхто не поставив, знов перенесли. Сором і знущання!"
week = small_week(
    post("oksana", "0d 10:00", "oksana_k", OKSANA, "forum/dah"),
    post("taras", "0d 10:00", "taras_v", TARAS, "forum/obyavy"),
    post("ihor", "0d 10:01", "ihor_p", IHOR, "forum/bur", language="ru"),
    post("lesia", "0d 10:01", "lesia_m", LESIA, "forum/laminat"),
    post("stepan", "0d 10:02", "stepan77", STEPAN, "forum/metro"),
    post("natalia", "0d 10:02", "natalia_b", NATALIA, "forum/mist"),
)


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shift]:
    folder: Path = tmp_path_factory.mktemp("shift")
    with at_work(week, START + timedelta(hours=10, minutes=3), folder) as shift:
        yield shift


@pytest.fixture(scope="module")
def olena(shift: Shift) -> Person:
    return Person(shift, shift.stage.olena)


@pytest.fixture(scope="module")
def andriy(shift: Shift) -> Person:
    return Person(shift, shift.stage.andriy)


def both(saying: str, author: str, *people: Person) -> None:
    """Each of them sees that on the card of this author's case."""
    for person in people:
        expect(person.card(author)).to_contain_text(saying, timeout=PATIENCE_MS)


def stands(forum: Page, *texts: str) -> None:
    """All that the public sees in the thread, in order; the page follows by itself."""
    expect(forum.locator("article.post .body")).to_contain_text(list(texts), timeout=PATIENCE_MS)
    expect(forum.locator("article.post")).to_have_count(len(texts))


def wait_for(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_MS / 1000
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def test_both_claim_and_exactly_one_has_it_and_the_other_is_told_whose_it_is(
    shift: Shift, olena: Person, andriy: Person
) -> None:
    cards = {person: person.card("taras_v") for person in (olena, andriy)}
    for person, card in cards.items():
        expect(person.button(card, "Взяти")).to_be_visible(timeout=PATIENCE_MS)
    for person, card in cards.items():
        person.button(card, "Взяти").evaluate("button => button.click()")
    expect(cards[olena]).to_contain_text("Взято:", timeout=PATIENCE_MS)
    winner, loser = (olena, andriy) if "Взято: Олена" in cards[olena].inner_text() else (andriy, olena)
    assert re.fullmatch(rf"Справу №\d+ вже взято: {winner.name}\.\s+OK", loser.told())
    both(f"Взято: {winner.name}", "taras_v", olena, andriy)
    stands(shift.public("obyavy"), TARAS)


def test_a_note_stays_inside_while_a_saved_answer_becomes_public_and_the_author_comes_back(
    shift: Shift, olena: Person, andriy: Person
) -> None:
    forum, card = shift.public("dah"), olena.card("oksana_k")
    olena.press(card, "Взяти", "Відповісти")
    offered = olena.sees("Або почніть із заготовки")
    both("Олена: пише відповідь", "oksana_k", olena, andriy)

    # A saved answer is a start: it has gaps, and cannot leave.
    olena.press(offered, "До нас не додзвонитися")
    for person in (olena, andriy):
        preview = person.sees("Заповніть перед надсиланням: що робимо, коли")
        expect(preview).to_contain_text("oksana_k, вибачте, що до нас не додзвонитися")
        expect(person.button(preview, "Надіслати")).to_have_count(0)
    stands(forum, OKSANA)

    # What a colleague writes beneath the preview is a note, and so is what is answered to that.
    andriy.reply(andriy.sees("Заповніть перед надсиланням"), NOTE)
    both("1 нотатка", "oksana_k", olena, andriy)
    expect(olena.sees(NOTE).get_by_test_id("reaction")).to_contain_text("✍")
    olena.reply(olena.sees(NOTE), THANKS)
    both("2 нотатки", "oksana_k", olena, andriy)
    stands(forum, OKSANA)

    # Edited, it goes through a preview of its own.
    olena.press(olena.sees("Заповніть перед надсиланням"), "Змінити")
    expect(olena.page.get_by_test_id("reply-bar")).to_contain_text("напишіть відповідь", timeout=PATIENCE_MS)
    expect(andriy.page.get_by_test_id("reply-bar")).to_be_hidden()
    olena.write(ANSWER)
    for person in (olena, andriy):
        expect(person.sees("Це побачать усі", ANSWER)).to_be_visible(timeout=PATIENCE_MS)
    stands(forum, OKSANA)
    olena.press(olena.sees("Це побачать усі", ANSWER), "Надіслати")
    stands(forum, OKSANA, ANSWER)
    both("Олена: відповідь о", "oksana_k", olena, andriy)
    for person in (olena, andriy):
        expect(person.sees("Опубліковано")).to_contain_text(ANSWER, timeout=PATIENCE_MS)

    # She writes again: the same thread of the chat, with what she was told.
    shift.says("oksana_k", "dah", STILL)
    both("Автор написав знову", "oksana_k", olena, andriy)
    for person in (olena, andriy):
        woken = person.sees("oksana_k: новий допис", "Перед тим відповіли: Олена")
        expect(woken).to_contain_text(STILL, timeout=PATIENCE_MS)
        expect(woken).to_contain_text(ANSWER)
        person.leads_to(woken, person.card("oksana_k"))
    stands(forum, OKSANA, ANSWER, STILL)


def test_a_colleagues_answer_in_the_forum_stops_the_clock(
    shift: Shift, olena: Person, andriy: Person
) -> None:
    both("Відповісти до", "lesia_m", olena, andriy)
    shift.answer_by_hand("laminat", BY_HAND)
    both("Відповіли на самому майданчику: novolinia-care", "lesia_m", olena, andriy)
    for person in (olena, andriy):
        card = person.card("lesia_m")
        expect(card).not_to_contain_text("Відповісти до")
        expect(person.button(card, "Взяти")).to_have_count(0)
    stands(shift.public("laminat"), LESIA, BY_HAND)

    proof = olena.card("lesia_m").get_by_role("link", name="відповідь", exact=True).get_attribute("href")
    assert proof is not None
    place = open_page(shift.browser, proof, DESK)
    expect(place.locator(f"article#{proof.partition('#')[2]}")).to_contain_text(BY_HAND)


def test_a_closed_case_is_reopened_by_the_colleague(shift: Shift, olena: Person, andriy: Person) -> None:
    andriy.press(andriy.card("ihor_p"), "Взяти", "Закрити")
    both("Закрито", "ihor_p", olena, andriy)
    for person in (olena, andriy):
        expect(person.button(person.card("ihor_p"), "Відповісти")).to_have_count(0)
    olena.press(olena.card("ihor_p"), "Відкрити знову")
    for person in (olena, andriy):
        card = person.card("ihor_p")
        expect(card).to_contain_text("Взято: Андрій", timeout=PATIENCE_MS)
        expect(card).not_to_contain_text("Закрито")
        expect(person.button(card, "Відповісти")).to_be_visible()
    stands(shift.public("bur"), IHOR)


def test_what_is_muted_wakes_nobody_and_is_listed_and_counted(
    shift: Shift, olena: Person, andriy: Person
) -> None:
    card = olena.card("stepan77")
    olena.claim(card)
    olena.press(card, "⋯", "Не сповіщати")
    olena.press(olena.sees("Про що не сповіщати й доки?"), "👤 7 днів")
    for person in (olena, andriy):
        expect(person.sees("Олена вимикає сповіщення")).to_contain_text("stepan77", timeout=PATIENCE_MS)

    shift.says("stepan77", "metro", AGAIN)
    wait_for(lambda: kept_quiet(shift) == 1, "the post was read and kept quiet")
    andriy.write("/muted")
    for person in (olena, andriy):
        listed = person.sees("Без сповіщень: 1")
        expect(listed).to_contain_text("stepan77", timeout=PATIENCE_MS)
        expect(listed).to_contain_text("приглушено 1 допис")
        assert AGAIN not in person.page.locator("#messages").inner_text()
    stands(shift.public("metro"), STEPAN, AGAIN)


def test_a_case_that_is_put_off_comes_back_by_itself(shift: Shift, olena: Person, andriy: Person) -> None:
    andriy.claim(andriy.card("natalia_b"))
    andriy.press(andriy.card("natalia_b"), "⋯", "Пізніше", "за 1 годину")
    both("Відкладено до", "natalia_b", olena, andriy)
    olena.write("/inbox")
    for person in (olena, andriy):
        expect(person.button(person.sees("Чека"), "Відкладені 1")).to_be_visible(timeout=PATIENCE_MS)

    shift.now.move_by(hours=1)
    for person in (olena, andriy):
        back = person.sees("повернулася")
        expect(back).to_contain_text("Андрій", timeout=PATIENCE_MS)
        person.leads_to(back, person.card("natalia_b"))
        expect(person.card("natalia_b")).not_to_contain_text("Відкладено")
    stands(shift.public("mist"), NATALIA)


def kept_quiet(shift: Shift) -> int:
    with reading(shift.rounds.sessions) as session:
        return session.scalar(select(func.count()).where(Mention.mute_id.is_not(None))) or 0
