"""What we posted is edited and deleted at the source: PRAW against loopback, Telegram against its stand-in."""

from collections.abc import Iterator
from typing import Any

import pytest

from demo.serving import serve
from demo.telegram import Chat, Telegram
from monitor.source import CanDelete, CanEdit, Posted, PostRef, SourceError
from spiders import reddit
from spiders.telegram import Source

TOKEN = "1000000001:a-token-of-nobody-for-the-tests-only"
KEYS = {"client_id": "id", "client_secret": "secret", "username": "Novolinia_Help", "password": "hunter2"}
OURS = Posted("t1_new1", "https://www.reddit.com/r/x/comments/bb1/slug/new1/")


@pytest.fixture
def account(httpserver: Any) -> Any:
    httpserver.expect_request("/api/v1/access_token").respond_with_json(
        {"access_token": "token", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
    )
    url = httpserver.url_for("").rstrip("/")
    return reddit.build(name="reddit", queries=["novolinia"], **KEYS, reddit_url=url, oauth_url=url)


@pytest.fixture
def group() -> Iterator[tuple[Telegram, Chat, Source]]:
    telegram = Telegram(token=TOKEN, flood_limits=False)
    chat = telegram.add_group("Двір", [telegram.add_user("Anna")], username="dvir", bot="member")
    with serve(telegram.app) as url:
        yield telegram, chat, Source(name="groups", token=TOKEN, api_url=url)


def posted(telegram: Telegram, chat: Chat, source: Source) -> Posted:
    asked = telegram.write(
        next(u for u in telegram.world.users.values() if not u.is_bot), chat, "Де посилка?"
    )
    post = PostRef(id=f"{chat.id}/{asked['message_id']}", url="", author="Anna")
    return source.reply(post, "Шукаємо.")


def ours(telegram: Telegram, chat: Chat) -> list[str]:
    return [m["text"] for m in telegram.messages(chat) if m["from"]["is_bot"] and "text" in m]


def test_who_can_edit_and_delete_says_so(account: Any, group: tuple[Telegram, Chat, Source]) -> None:
    for source in (account, group[2]):
        assert isinstance(source, CanEdit)
        assert isinstance(source, CanDelete)
    without_keys = reddit.build(name="reddit", queries=["novolinia"])
    assert not isinstance(without_keys, CanEdit)
    assert not isinstance(without_keys, CanDelete)


def test_a_comment_is_edited(account: Any, httpserver: Any) -> None:
    changed = {"kind": "t1", "data": {"id": "new1", "body": "Уже їде.", "author": "Novolinia_Help"}}
    answer = {"json": {"errors": [], "data": {"things": [changed]}}}
    httpserver.expect_request("/api/editusertext/", method="POST").respond_with_json(answer)
    assert account.edit(OURS, "Уже їде.") == OURS
    (sent,) = [request for request, _ in httpserver.log if request.path == "/api/editusertext/"]
    assert (sent.form["thing_id"], sent.form["text"]) == ("t1_new1", "Уже їде.")


def test_an_edit_that_is_refused_says_why(account: Any, httpserver: Any) -> None:
    refused = {"json": {"errors": [["THREAD_LOCKED", "locked", "parent"]], "data": {}}}
    httpserver.expect_request("/api/editusertext/").respond_with_json(refused)
    with pytest.raises(SourceError, match="the thread is locked") as failure:
        account.edit(OURS, "Уже їде.")
    assert failure.value.permanent


def test_a_comment_is_deleted(account: Any, httpserver: Any) -> None:
    httpserver.expect_request("/api/del/", method="POST").respond_with_json({})
    account.delete(OURS)
    (sent,) = [request for request, _ in httpserver.log if request.path == "/api/del/"]
    assert sent.form["id"] == "t1_new1"


def test_a_message_is_edited_once_or_twice(group: tuple[Telegram, Chat, Source]) -> None:
    telegram, chat, source = group
    message = posted(*group)
    assert source.edit(message, "Знайшли!") == message
    source.edit(message, "Знайшли!")
    assert ours(telegram, chat) == ["Знайшли!"]


def test_a_message_is_deleted_once_or_twice(group: tuple[Telegram, Chat, Source]) -> None:
    telegram, chat, source = group
    message = posted(*group)
    source.delete(message)
    source.delete(message)
    assert ours(telegram, chat) == []


def test_what_is_gone_is_not_edited(group: tuple[Telegram, Chat, Source]) -> None:
    _, _, source = group
    message = posted(*group)
    source.delete(message)
    with pytest.raises(SourceError, match="not found") as failure:
        source.edit(message, "Знайшли!")
    assert failure.value.permanent
