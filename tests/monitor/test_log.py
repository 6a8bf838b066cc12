"""What the log must never show, and that a program can read it."""

import json
import logging
import sys
from collections.abc import Iterator
from types import ModuleType

import httpcore
import httpcore2
import httpx
import httpx2
import prawcore
import pytest
import scrapy
import structlog
import telegram
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from monitor import log
from monitor.db import connect

TOKEN = "1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawX"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), structlog.get_config())
    yield
    root.setLevel(before[0])
    root.handlers = before[1]
    structlog.configure(**before[2])


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    "secret",
    [
        f"{TOKEN}",
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"GET /bot{TOKEN}/sendMessage 400",
        "oksana.petrenko+shop@mail.example",
        "https://care:hunter2hunter2@forum.example/",
        "postgresql+psycopg://vidhuk:hunter2hunter2@db/vidhuk",
        "Authorization: Bearer abcdef0123456789",
        "authorization: Basic Y2FyZTpodW50ZXIy",
        "HTTP Request: GET https://forum.example/rss?what=abcdef0123&n=9 'HTTP/1.1 200 OK'",
    ],
)
def test_no_secret_is_logged(capsys: pytest.CaptureFixture[str], secret: str) -> None:
    log.configure()
    logger = structlog.get_logger("any")
    logger.warning("refused", why=secret, error=ValueError(secret), nested={"all": [secret]})
    logging.getLogger("library").warning("it said %s", secret)
    try:
        raise RuntimeError(secret)
    except RuntimeError:
        logger.exception("broke")
        logging.getLogger("library").exception("broke")
    written = capsys.readouterr().err
    assert written.count("\n") == 4
    for hidden in (TOKEN, "oksana", "hunter2", "abcdef0123", "Y2FyZ"):
        assert hidden not in written


def test_off_a_terminal_an_event_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()
    structlog.get_logger("any").info("polled", source="форум", posts=3, error="two\nlines")
    (event,) = said(capsys)
    assert (event["event"], event["source"], event["posts"], event["level"]) == ("polled", "форум", 3, "info")
    assert event["timestamp"]


@pytest.mark.parametrize("library", [httpx, httpx2, httpcore, httpcore2, telegram, scrapy, prawcore])
def test_libraries_are_quiet_unless_everything_is_asked_for(
    capsys: pytest.CaptureFixture[str], library: ModuleType
) -> None:
    log.configure()
    logging.getLogger(library.__name__).info("HTTP Request")
    assert said(capsys) == []
    log.configure(verbose=True)
    logging.getLogger(library.__name__).info("HTTP Request")
    assert [event["event"] for event in said(capsys)] == ["HTTP Request"]


def test_on_a_terminal_it_is_for_people(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    log.configure()
    structlog.get_logger("any").info("polled", source="forum")
    written = capsys.readouterr().err
    assert "polled" in written
    assert not written.startswith("{")


def test_an_error_of_the_database_shows_nobodys_words() -> None:
    sessions = connect("sqlite://")
    with sessions.begin() as session:
        session.execute(text("CREATE TABLE t (words TEXT UNIQUE)"))
        session.execute(text("INSERT INTO t VALUES (:w)"), {"w": "моя адреса"})
        with pytest.raises(IntegrityError) as error:
            session.execute(text("INSERT INTO t VALUES (:w)"), {"w": "моя адреса"})
    assert "моя адреса" not in str(error.value)
