"""In a browser: what is said while one watches appears by itself."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, sync_playwright

from demo.town import Town, Week

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
LAMINATE = "/forum/remont/415-laminat"

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}")


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(town.app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.clock.install()
        yield page
        browser.close()


def test_the_companys_answer_appears_while_a_customer_watches(
    page: Page, address: str, town: Town, week: Week
) -> None:
    page.goto(address + LAMINATE)
    assert page.locator("article.post").count() == 6
    thread = next(thread for thread in week.threads if thread.key == "laminat")
    town.board.reply(thread, town.account, "Завтра о десятій приїде експерт.")
    page.clock.run_for(4_500)
    page.locator("#p9001").wait_for(timeout=60_000)
    assert "Завтра о десятій" in page.locator("#p9001 .body").inner_text()
    assert page.locator("article.new").count() == 1


def test_a_draft_survives_what_appears_above_it(page: Page, address: str, town: Town, clock) -> None:
    clock.go_to(6, 11, 19)
    page.goto(f"{address}/forum/login?next={LAMINATE}")
    page.get_by_label("Ім’я на форумі").fill(town.account)
    page.get_by_label("Пароль").fill(town.password)
    page.locator("#login").get_by_role("button", name="Увійти").click()
    page.locator("#text").fill("Пане Богдане, ми ")
    clock.go_to(6, 11, 20)
    page.clock.run_for(4_500)
    page.get_by_text("лінолеум рулить").wait_for(timeout=60_000)
    assert page.locator("#text").input_value() == "Пане Богдане, ми "


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("/", "/forum/", "/forum/pokupky", LAMINATE, "/shop/", "/shop/novolinia-vokzalna", "/blog/"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
