"""FlaskBB 3.0rc, installed and started here: read completely and once, answered through its own form."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.source import Answerable, PostRef, SourceError
from spiders import forum
from tests.ports import free_port
from tests.slow.software import environment, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
SITE = Path(__file__).with_name("flaskbb_site.py")
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
        built = forum.build(name="flaskbb", url=self.url, engine="flaskbb", allow_private=True, login=LOGIN)
        assert isinstance(built, forum.SourceWithLogin)
        return built


def _site(python: Path, action: str, folder: Path, *rest: str) -> str:
    command = [python, SITE, action, folder, *rest]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    python = environment("flaskbb", "3.12")
    folder = tmp_path_factory.mktemp("flaskbb")
    written = json.loads(_site(python, "install", folder))
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with running([python, SITE, "serve", folder, str(port)], url, folder / "log", folder):
        yield Board(url, folder, python, written)


def test_a_two_page_thread_is_read_once_answered_and_read_on(board: Board) -> None:
    reader = board.source()
    [page] = reader.poll(None)
    assert [post.id for post in page.posts] == [told["id"] for told in board.written]
    for post, told in zip(page.posts, board.written, strict=True):
        assert post.author == told["author"]
        assert abs(post.posted_at - datetime.fromisoformat(told["at"]).astimezone(UTC)) < timedelta(seconds=2)
        assert post.url == f"{board.url}post/{post.id}"
        assert post.text == told["text"].replace("*", "")
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
    assert posted.url == f"{board.url}post/{posted.id}"
    assert reader.find_reply(ref, answer) == posted
    [own] = reader.poll(found.cursor)
    assert [(post.id, post.author) for post in own.posts] == [(posted.id, "Shop")]


def test_check_logs_in_and_a_wrong_password_does_not(board: Board) -> None:
    assert board.source().check().endswith("Logged in as Shop.")
    wrong = forum.build(
        name="flaskbb",
        url=board.url,
        engine="flaskbb",
        allow_private=True,
        login={"username": "Shop", "password": "wrong"},
    )
    assert isinstance(wrong, forum.SourceWithLogin)
    with pytest.raises(SourceError, match="did not let 'Shop' log in") as caught:
        wrong.check()
    assert caught.value.permanent
