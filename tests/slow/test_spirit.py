"""Spirit 0.14, installed and started here: read completely and once, answered through its own form."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.source import Answerable, PostRef, SourceError
from spiders import _reply_form, forum
from tests.ports import free_port
from tests.slow.software import environment, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
SITE = Path(__file__).with_name("spirit_site.py")
LOGIN = {"username": "Shop", "password": "a long password 7"}


@dataclass
class Board:
    url: str
    folder: Path
    python: Path
    written: list[dict[str, str]]

    def write(self, author: str, text: str) -> dict[str, str]:
        told: dict[str, str] = json.loads(_site(self.python, "write", self.folder, "1", author, text))
        return told

    def source(self) -> forum.SourceWithLogin:
        built = forum.build(name="spirit", url=self.url, engine="spirit", allow_private=True, login=LOGIN)
        assert isinstance(built, forum.SourceWithLogin)
        return built


def _site(python: Path, action: str, folder: Path, *rest: str) -> str:
    command = [python, SITE, action, folder, *rest]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, cwd=folder)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    python = environment("spirit", "3.12")
    folder = tmp_path_factory.mktemp("spirit")
    written = json.loads(_site(python, "install", folder))
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with running([python, SITE, "serve", folder, str(port)], url, folder / "log", folder):
        yield Board(url, folder, python, written)


def test_a_two_page_thread_is_read_once_answered_and_read_on(board: Board) -> None:
    reader = board.source()
    [page] = reader.poll(None)
    assert sorted(int(post.id) for post in page.posts) == [int(told["id"]) for told in board.written]
    told = {each["id"]: each for each in board.written}
    for post in page.posts:
        assert post.author == told[post.id]["author"]
        written_at = datetime.fromisoformat(told[post.id]["at"]).astimezone(UTC)
        assert timedelta(0) <= written_at - post.posted_at < timedelta(minutes=1), (
            "Spirit shows whole minutes"
        )
        assert post.url == f"{board.url}comment/{post.id}/find/"
        assert post.text == told[post.id]["text"].replace("*", "")
        assert post.title == "Where is my parcel?"
        assert post.thread_id == "1"
        assert post.answerable == Answerable.API

    [again] = reader.poll(page.cursor)
    assert again.posts == []

    fresh = board.write("Olena", "Third week now")
    [found] = reader.poll(again.cursor)
    assert [post.id for post in found.posts] == [fresh["id"]]

    first = page.posts[0]
    ref = PostRef(id=first.id, url=first.url, author=first.author, thread_id=first.thread_id)
    answer = "Вибачте, Olena! Перевіряємо: https://example.test/track?id=1 — *зачекайте*, будь ласка."
    assert reader.find_reply(ref, answer) is None
    posted = reader.reply(ref, answer)
    assert posted.url == f"{board.url}comment/{posted.id}/find/"
    assert reader.find_reply(ref, answer) == posted
    [own] = reader.poll(found.cursor)
    assert [(post.id, post.author) for post in own.posts] == [(posted.id, "Shop")]


def test_flood_control_is_told_and_nothing_is_posted(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spirit takes one comment in ten seconds: of three at once at least the last is refused."""
    monkeypatch.setattr(_reply_form, "PAUSE_SECONDS", 0)
    reader = board.source()
    ref = PostRef(id="1", url=f"{board.url}comment/1/find/", author="Olena", thread_id="1")

    def answer() -> None:
        for number in range(3):
            reader.reply(ref, f"Відповідь {number}: одразу одна за одною")

    with pytest.raises(SourceError, match="did not accept the answer: Too many submissions") as caught:
        answer()
    assert not caught.value.unsure
    assert not caught.value.permanent


def test_a_wrong_password_does_not_log_in(board: Board) -> None:
    wrong = forum.build(
        name="spirit",
        url=board.url,
        engine="spirit",
        allow_private=True,
        login={"username": "Shop", "password": "wrong"},
    )
    assert isinstance(wrong, forum.SourceWithLogin)
    with pytest.raises(SourceError, match="did not let 'Shop' log in") as caught:
        wrong.check()
    assert caught.value.permanent
