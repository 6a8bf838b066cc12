"""The chat page in Chromium, as a phone shows it, and pictures of single messages."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTH, HEIGHT = 390, 844
"""A phone."""
HIGH = 1800
"""Higher than any message, so that nothing is cut off."""
SCALE = 2
COLOURS = 256
"""Enough for letters, and a third of the bytes."""
MARGIN, GAP = 5, 16
WAIT_MS = 20_000

_LOADED = """Promise.all([...document.images].filter(image => !image.complete).map(
    image => new Promise(done => { image.onload = image.onerror = done; })))"""
"""Comes back when every picture of the page is there. (What polls would be text that becomes script: the page forbids it.)"""


class NoBrowser(Exception):
    """There is no Chromium."""


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Raises NoBrowser where Chromium is not on PATH."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise NoBrowser("no chromium on PATH: install Debian's package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


class Camera:
    """Looks at one chat of the page, in the light."""

    def __init__(self, browser: Browser, url: str, chat_id: int, zone: str):
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HIGH},
            device_scale_factor=SCALE,
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id=zone,
        )
        self._page: Page = context.new_page()
        self._url, self._chat = url, f"chat-{chat_id}"

    def take(self, message_id: int, path: Path) -> None:
        """A PNG of one message as it is now, with its buttons."""
        message = self._look(message_id)
        save(self._shot(clip=self._frame(message)), path)

    def phone(self, message_id: int) -> Image.Image:
        """A message in the midst of the chat, as a phone shows it."""
        self._page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        self._look(message_id)
        return self._phone_again()

    def page(self, url: str) -> Image.Image:
        """Any page, as a phone shows it."""
        self._page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        self._page.goto(url)
        return self._phone_again()

    def _phone_again(self) -> Image.Image:
        shot = self._shot()
        self._page.set_viewport_size({"width": WIDTH, "height": HIGH})
        return shot

    def _look(self, message_id: int) -> Locator:
        self._page.goto(self._url)
        self._page.get_by_test_id(self._chat).click(timeout=WAIT_MS)
        message = self._page.locator(f'[data-testid=message][data-message-id="{message_id}"] .stack')
        message.wait_for(timeout=WAIT_MS)
        message.evaluate("node => node.scrollIntoView({block: 'center'})")
        self._page.mouse.move(0, 0)  # what hovers over a message is for a mouse, not for a phone
        self._page.evaluate(_LOADED)
        return message

    def _shot(self, **frame: Any) -> Image.Image:
        return Image.open(BytesIO(self._page.screenshot(**frame))).convert("RGB")

    def _frame(self, message: Locator) -> Any:
        box = message.bounding_box()
        assert box is not None
        top = max(0.0, box["y"] - MARGIN)
        return {"x": 0, "y": top, "width": WIDTH, "height": box["y"] + box["height"] + MARGIN - top}


def side_by_side(shots: Sequence[Image.Image], height: int) -> Image.Image:
    """Of one height, in pixels, with a little white between them."""
    small = [shot.resize((round(shot.width * height / shot.height), height)) for shot in shots]
    whole = Image.new("RGB", (sum(one.width + GAP for one in small) - GAP, height), "white")
    for place, one in enumerate(small):
        whole.paste(one, (place * (one.width + GAP), 0))
    return whole


def save(picture: Image.Image, path: Path) -> None:
    few = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
