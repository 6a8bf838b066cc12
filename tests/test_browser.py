"""The demo as its visitor sees it: `vidhuk demo` in a process of its own, the chat page and the forum in Chromium."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.ports import free_port
from tests.two_people import chromium

STAFF_CHAT = "chat--1001000000001"
pytestmark = pytest.mark.slow
ANSWER = "Доброго дня! Нам прикро. Напишіть номер замовлення в особисті, розберемося сьогодні до вечора."
PATIENCE_MS = 90_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The one address that the demo prints."""
    port = free_port(neighbours=1)  # the town lives next to the chat
    environ = {**os.environ, "TMPDIR": str(tmp_path_factory.mktemp("demo")), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "monitor", "demo", "--port", str(port)]
    demo = subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    )
    try:
        assert demo.stdout is not None
        said: list[str] = []
        for line in demo.stdout:
            said.append(line)
            if printed := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            pytest.fail(f"the demo ended before it printed its address: {''.join(said)}")
        yield printed[0]
    finally:
        demo.terminate()  # SIGINT is ignored by what a script began in the background
        demo.wait(120)


def test_a_visitor_claims_a_case_answers_it_and_sees_the_answer_in_the_forum(
    browser: Browser, address: str
) -> None:
    chat = _open(browser, address, width=390, height=844)
    chat.get_by_test_id(STAFF_CHAT).click()
    cards = (
        chat.get_by_test_id("message").filter(has_text="форум «Покупець»").filter(has_text="Відповісти до")
    )
    expect(cards.first).to_be_visible(timeout=PATIENCE_MS)
    number = cards.first.get_attribute("data-message-id")
    card = chat.locator(f'[data-testid=message][data-message-id="{number}"]')

    card.get_by_test_id("button").filter(has_text="Взяти").click()
    expect(card).to_contain_text("Взято: Олена", timeout=PATIENCE_MS)

    card.get_by_test_id("button").filter(has_text="Відповісти").click()
    _message(chat, "напишіть відповідь")
    chat.get_by_test_id("composer").fill(ANSWER)
    chat.get_by_test_id("send").click()
    preview = _message(chat, "Це побачать усі")
    expect(preview).to_contain_text("novolinia-care")
    preview.get_by_test_id("button").filter(has_text="Надіслати").click()

    expect(card).to_contain_text("Олена: відповідь о", timeout=PATIENCE_MS)
    proof = card.get_by_role("link", name="відповідь", exact=True)
    forum = _open(browser, proof.get_attribute("href") or "", width=1280, height=800)
    answer = forum.locator("article.post").filter(has_text=ANSWER)
    expect(answer).to_contain_text("novolinia-care")


def test_a_colleague_sees_that_a_case_is_taken(browser: Browser, address: str) -> None:
    chat = _open(browser, address, width=1280, height=800)
    chat.get_by_test_id(STAFF_CHAT).click()
    unclaimed = chat.get_by_test_id("button").filter(has_text="Взяти")
    card = chat.get_by_test_id("message").filter(has=unclaimed).last
    number = card.get_attribute("data-message-id", timeout=PATIENCE_MS)
    card = chat.locator(f'[data-testid=message][data-message-id="{number}"]')
    card.get_by_test_id("button").filter(has_text="Взяти").click()
    expect(card).to_contain_text("Взято: Олена", timeout=PATIENCE_MS)
    chat.get_by_test_id("persona-1002").click()
    card.get_by_test_id("button").filter(has_text="Відповісти").click()
    expect(chat.get_by_test_id("alert")).to_contain_text("Олена", timeout=PATIENCE_MS)


def test_two_of_staff_hand_over_approve_and_undo(browser: Browser, address: str) -> None:
    chat = _open(browser, address, width=390, height=844)
    chat.get_by_test_id(STAFF_CHAT).click()
    unclaimed = chat.get_by_test_id("button").filter(has_text="Взяти")
    newest = chat.get_by_test_id("message").filter(has=unclaimed).filter(has_text="форум «Покупець»").last
    card = _kept(chat, newest)
    _press(card, "Взяти")
    expect(card).to_contain_text("Взято: Олена", timeout=PATIENCE_MS)

    _press(card, "⋯")
    _press(card, "Передати")
    _press(card, "Андрій")
    expect(card).to_contain_text("Взято: Андрій", timeout=PATIENCE_MS)
    _message(chat, "Андрій, Олена передає вам справу")

    chat.get_by_test_id("persona-1002").click()
    _press(card, "Відповісти")
    _message(chat, "Андрій, напишіть відповідь")
    chat.get_by_test_id("composer").fill("Доброго дня! Нам прикро, відшкодуємо вартість сьогодні.")
    chat.get_by_test_id("send").click()
    preview = _kept(chat, _message(chat, "Гроші й компенсація"))
    _press(preview, "Попросити схвалення")
    expect(preview).to_contain_text("Андрій просить колегу", timeout=PATIENCE_MS)

    chat.get_by_test_id("persona-1001").click()
    _press(preview, "Схвалити")
    expect(preview).to_contain_text("схвалено: Олена", timeout=PATIENCE_MS)
    _press(preview, "Скасувати надсилання")
    expect(preview).to_contain_text("Перегляд", timeout=PATIENCE_MS)
    expect(card).not_to_contain_text("відповідь о")


def _kept(page: Page, message: Locator) -> Locator:
    """This message, whatever it comes to say."""
    number = message.get_attribute("data-message-id", timeout=PATIENCE_MS)
    return page.locator(f'[data-testid=message][data-message-id="{number}"]')


def _press(message: Locator, button: str) -> None:
    message.get_by_test_id("button").filter(has_text=button).first.click(timeout=PATIENCE_MS)


def _open(browser: Browser, url: str, **size: Any) -> Page:
    page = browser.new_context(viewport=size, locale="uk").new_page()
    page.goto(url)
    return page


def _message(page: Page, saying: str) -> Locator:
    message = page.get_by_test_id("message").filter(has_text=saying).last
    expect(message).to_be_visible(timeout=PATIENCE_MS)
    return message
