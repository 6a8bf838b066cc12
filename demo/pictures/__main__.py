"""`python -m demo.pictures [FOLDER]`: play a day at the desk and photograph it."""

import sys
import tempfile
from pathlib import Path

from PIL import Image

from demo.pictures.camera import Camera, NoBrowser, open_browser, save, side_by_side
from demo.pictures.day import Day, Picture, open_day
from demo.play import ZONE
from monitor import log

DOCS = Path(__file__).parents[2] / "docs" / "pictures"
LOOP = ("card", "preview", "answered")
"""These, and the answer in its thread, stand side by side in the README."""
LOOP_HEIGHT = 1000


def main(folder: Path) -> None:
    log.configure(verbose=False, quiet=True)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as stage, open_browser() as browser, open_day(Path(stage)) as day:
        camera = Camera(browser, day.stage.telegram_url, day.stage.staff_chat.id, ZONE.key)
        photograph(day, camera, folder)
    for path in sorted(folder.glob("*.png")):
        print(f"{path}  {path.stat().st_size // 1000} kB")


def photograph(day: Day, camera: Camera, folder: Path) -> None:
    loop: list[Image.Image] = []
    for picture in day.pictures():
        camera.take(picture.message["message_id"], folder / f"staff-{picture.name}.png")
        loop += in_the_loop(picture, camera)
    save(side_by_side(loop, LOOP_HEIGHT), folder / "loop.png")


def in_the_loop(picture: Picture, camera: Camera) -> list[Image.Image]:
    if picture.name not in LOOP:
        return []
    shown = camera.phone(picture.message["message_id"])
    return [shown, camera.page(picture.links[-1])] if picture.name == "answered" else [shown]


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
    except NoBrowser as error:
        sys.exit(f"The pictures are not made: {error}")
