"""The day that the pictures of docs/staff.md are taken on still goes as it should."""

from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from demo.pictures.camera import SCALE, WIDTH, Camera, NoBrowser, open_browser
from demo.pictures.day import open_day
from demo.play import ZONE

SAYING = {
    "question": "Is this a complaint?",
    "morning": " cases came while we were closed",
    "card": "Answer by 14:14",
    "inbox": "Андрій",
    "menu": "Claimed by Олена",
    "preview": "novolinia-care",
    "undo": "10:14:20",
    "answered": "Олена answered",
    "approval": "Андрій asks",
    "crisis": "More often than usual: ",
}

pytestmark = pytest.mark.slow


@pytest.mark.timeout(900)
def test_every_situation_comes_about_and_can_be_photographed(tmp_path: Path) -> None:
    said: dict[str, str] = {}
    try:
        with open_browser() as browser, open_day(tmp_path) as day:
            camera = Camera(browser, day.stage.telegram_url, day.stage.staff_chat.id, ZONE.key)
            for picture in day.pictures():
                said[picture.name] = picture.text
                camera.take(picture.message["message_id"], tmp_path / f"{picture.name}.png")
    except NoBrowser as error:
        pytest.skip(str(error))
    assert list(said) == list(SAYING)
    assert [name for name, part in SAYING.items() if part not in said[name]] == []
    for name in said:
        assert Image.open(tmp_path / f"{name}.png").width == WIDTH * SCALE
        assert (tmp_path / f"{name}.png").stat().st_size < 200_000
    urgent = [text for light, text in pairwise(said["inbox"].splitlines()) if light.startswith("🔴")]
    assert any("котёл" in text for text in urgent)
    assert not any("ламінат" in text or "parchet" in text for text in urgent), "parquet is no prosecutor"
