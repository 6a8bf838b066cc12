"""What docs/sources/new.md shows is a kind of source as it stands."""

import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from monitor.kinds import build
from monitor.settings import SourceSettings
from monitor.source import SourceError

PAGE = Path(__file__).parents[2] / "docs/sources/new.md"
NOTES = [
    {"id": "1", "by": "Ivo", "html": "<p>All good</p>", "at": "2026-11-20T10:00:00+02:00"},
    {"id": "2", "by": "Ana", "html": "<p>Still <b>waiting</b></p>", "at": "2026-11-20T11:00:00+02:00"},
]


@pytest.fixture
def guest_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "guest_book.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "guest_book", raising=False)
    return import_module("guest_book")


def make(kind: ModuleType, url: str):
    settings = SourceSettings(kind="guest_book", name="book", url=url)
    return build(settings, kind, {"contact": "test", "allow_private": True})


def test_it_reads_what_is_new(guest_book: ModuleType, httpserver) -> None:
    httpserver.expect_request("/notes").respond_with_json(NOTES)
    source = make(guest_book, httpserver.url_for("/notes"))
    (page,) = source.poll(None)
    assert [post.text for post in page.posts] == ["All good", "Still waiting"]
    assert page.posts[1].url.endswith("/notes#2")
    assert list(source.poll(page.cursor)) == []


def test_an_answer_that_it_does_not_understand_is_a_sentence(guest_book: ModuleType, httpserver) -> None:
    httpserver.expect_request("/notes").respond_with_json([{"id": "1"}])
    with pytest.raises(SourceError, match="guest book"):
        list(make(guest_book, httpserver.url_for("/notes")).poll(None))
