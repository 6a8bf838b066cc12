"""`python -m demo.pictures [FOLDER]`: play a day at the desk and photograph it."""

import sys
import tempfile
from pathlib import Path

from demo.pictures.camera import Camera, NoBrowser, open_browser
from demo.pictures.day import open_day
from demo.play import ZONE
from monitor import log

DOCS = Path(__file__).parents[2] / "docs" / "pictures"


def main(folder: Path) -> None:
    log.configure(verbose=False, quiet=True)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as stage, open_browser() as browser, open_day(Path(stage)) as day:
        camera = Camera(browser, day.stage.telegram_url, day.stage.staff_chat.id, ZONE.key)
        for picture in day.pictures():
            path = folder / f"staff-{picture.name}.png"
            camera.take(picture.message["message_id"], path)
            print(f"{path}  {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
    except NoBrowser as error:
        sys.exit(f"The pictures are not made: {error}")
