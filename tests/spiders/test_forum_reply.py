"""Answers through a forum's own form, against a forum on loopback that has its moods."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.source import CanReply, PostRef, SourceError
from spiders import _address, _reply_form, forum
from spiders._reply_form import says
from tests.spiders.forum_town import SELECTORS, Thread, Town, open_town

LOGIN = {"username": "Shop", "password": "correct horse"}
TEXT = "Вибачте, Олено! Посилка вже їде: https://example.test/track/123456789?from=forum\nДякуємо."


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr(_reply_form, "PAUSE_SECONDS", 0)
    with open_town() as opened:
        yield opened


@pytest.fixture
def thread(town: Town) -> Thread:
    return town.thread("Cars", "Where is my parcel", 6)


def shop(town: Town, **keys: Any) -> forum.SourceWithLogin:
    base = {
        "name": "town",
        "url": town.url,
        "engine": "custom",
        "selectors": SELECTORS,
        "allow_private": True,
    }
    built = forum.build(**base | {"login": LOGIN} | keys)
    assert isinstance(built, forum.SourceWithLogin)
    return built


def ref(town: Town, thread: Thread, index: int = 0) -> PostRef:
    post = thread.posts[index]
    return PostRef(
        id=str(post.id), url=f"{town.url}p/{post.id}", author=post.author, thread_id=f"/t/{thread.id}"
    )


def test_only_a_source_with_a_login_can_reply(town: Town) -> None:
    reader = forum.build(name="town", url=town.url, engine="custom", selectors=SELECTORS, allow_private=True)
    assert not isinstance(reader, CanReply)
    assert isinstance(shop(town), CanReply)
    assert shop(town).account == "Shop"
    assert shop(town).max_length == 500


def test_an_answer_is_posted_and_found_with_its_permalink(town: Town, thread: Thread) -> None:
    posted = shop(town).reply(ref(town, thread), TEXT)
    written = thread.posts[-1]
    assert (written.author, written.body.replace("\r\n", "\n")) == ("Shop", TEXT)
    assert posted.id == str(written.id)
    assert posted.url == f"{town.url}p/{written.id}"
    assert shop(town).find_reply(ref(town, thread), TEXT) == posted


def test_an_answer_that_was_never_sent_is_not_found(town: Town, thread: Thread) -> None:
    town.write(thread, "Shop", "Вибачте, Іване! Гроші повернуто.")
    town.write(thread, "Olena", TEXT)
    assert shop(town).find_reply(ref(town, thread), TEXT) is None


def test_the_same_words_to_an_earlier_author_are_not_found_for_a_later_one(
    town: Town, thread: Thread
) -> None:
    first = shop(town).reply(ref(town, thread), TEXT)
    town.write(thread, "Bohdan", "А мій холодильник розбитий!")
    bohdan = ref(town, thread, index=-1)
    assert shop(town).find_reply(bohdan, TEXT) is None
    second = shop(town).reply(bohdan, TEXT)
    assert second != first
    assert shop(town).find_reply(bohdan, TEXT) == second


def test_no_answer_is_found_to_a_post_that_is_gone(town: Town, thread: Thread) -> None:
    asked = ref(town, thread, index=-1)
    shop(town).reply(asked, TEXT)
    assert shop(town).find_reply(replace(asked, id="gone"), TEXT) is None


def test_the_form_is_not_sent_in_the_second_in_which_it_was_fetched(
    town: Town, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps: list[tuple[float, bool]] = []
    monkeypatch.setattr(_reply_form, "PAUSE_SECONDS", 2.5)
    monkeypatch.setattr(
        _reply_form.time, "sleep", lambda seconds: naps.append((seconds, thread.posts[-1].author == "Shop"))
    )
    shop(town).reply(ref(town, thread), TEXT)
    assert naps == [(2.5, False)]


def test_the_same_words_twice_are_two_answers(town: Town, thread: Thread) -> None:
    account = shop(town)
    first = account.reply(ref(town, thread), "Дякуємо за відгук!")
    second = account.reply(ref(town, thread), "Дякуємо за відгук!")
    assert first.id != second.id


def test_a_wrong_password_is_a_sentence_for_staff_without_the_password(town: Town, thread: Thread) -> None:
    account = shop(town, login={"username": "Shop", "password": "hunter2"})
    with pytest.raises(SourceError, match="did not let 'Shop' log in: Wrong name or password") as caught:
        account.reply(ref(town, thread), TEXT)
    assert caught.value.permanent
    assert "hunter2" not in str(caught.value) + repr(account)


def test_a_locked_thread_is_permanent_and_nothing_is_sent(town: Town, thread: Thread) -> None:
    town.locked.add(thread.id)
    with pytest.raises(SourceError, match="no reply form") as caught:
        shop(town).reply(ref(town, thread), TEXT)
    assert caught.value.permanent
    assert not caught.value.unsure
    assert len(thread.posts) == 6


def test_flood_control_says_its_reason_and_may_be_tried_again(town: Town, thread: Thread) -> None:
    def flood(town: Town, thread: Thread, user: str, text: str) -> tuple[int, str]:
        form = f'<form id="reply"><textarea name="text">{text}</textarea></form>'
        return 200, f'<p class="error">Wait 30 seconds between posts.</p>{form}'

    town.on_reply = flood
    with pytest.raises(
        SourceError, match="did not accept the answer: Wait 30 seconds between posts"
    ) as caught:
        shop(town).reply(ref(town, thread), TEXT)
    assert not caught.value.permanent
    assert not caught.value.unsure


def test_an_answer_held_for_a_moderator_is_never_sent_again(town: Town, thread: Thread) -> None:
    town.on_reply = lambda town, thread, user, text: (200, "<p>Your post awaits a moderator.</p>")
    with pytest.raises(SourceError, match="waits for the forum's moderator") as caught:
        shop(town).reply(ref(town, thread), TEXT)
    assert caught.value.permanent
    assert caught.value.unsure


def test_an_answer_dropped_silently_is_unsure(town: Town, thread: Thread) -> None:
    town.on_reply = lambda town, thread, user, text: (302, f"/t/{thread.id}")
    with pytest.raises(SourceError, match="does not show it") as caught:
        shop(town).reply(ref(town, thread), TEXT)
    assert caught.value.unsure


def test_a_server_that_breaks_after_the_form_was_sent_is_unsure(town: Town, thread: Thread) -> None:
    town.on_reply = lambda town, thread, user, text: (500, "oops")
    with pytest.raises(SourceError) as caught:
        shop(town).reply(ref(town, thread), TEXT)
    assert caught.value.unsure


@pytest.mark.parametrize("status", [403, 429, 500])
def test_an_answer_after_which_the_thread_is_not_shown_is_looked_for_and_not_sent_again(
    town: Town, thread: Thread, status: int
) -> None:
    def take(town: Town, thread: Thread, user: str, text: str) -> tuple[int, str]:
        town.write(thread, user, text)
        town.answers["/busy"] = lambda desk: desk.send(status, "")
        return 302, "/busy"

    town.on_reply = take
    account = shop(town)
    with pytest.raises(SourceError) as caught:
        account.reply(ref(town, thread), TEXT)
    assert caught.value.unsure
    found = account.find_reply(ref(town, thread), TEXT)
    assert found is not None
    assert found.id == str(thread.posts[-1].id)


def test_a_login_that_broke_has_posted_nothing_and_may_be_tried_again(town: Town, thread: Thread) -> None:
    account, town.lets_in = shop(town), False
    with pytest.raises(SourceError) as caught:
        account.reply(ref(town, thread), TEXT)
    assert not caught.value.unsure
    assert not caught.value.permanent
    town.lets_in = True
    account.reply(ref(town, thread), TEXT)
    assert [post.author for post in thread.posts].count("Shop") == 1


def test_a_forgotten_session_is_opened_again(town: Town, thread: Thread) -> None:
    account = shop(town)
    account.reply(ref(town, thread), "Перша відповідь")
    town.sessions.clear()
    account.reply(ref(town, thread), "Друга відповідь")
    assert [post.body for post in thread.posts if post.author == "Shop"] == [
        "Перша відповідь",
        "Друга відповідь",
    ]


def test_a_text_too_long_is_refused_before_anything_is_asked(town: Town, thread: Thread) -> None:
    with pytest.raises(SourceError, match="501 characters"):
        shop(town).reply(ref(town, thread), "x" * 501)
    assert not town.asked


def test_check_reads_and_logs_in_without_writing(town: Town, thread: Thread) -> None:
    told = shop(town).check()
    assert "1 sections and 0 threads" in told
    assert told.endswith("Logged in as Shop.")
    assert len(thread.posts) == 6


def test_a_private_address_is_not_asked_to_log_in(
    town: Town, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_address, "PORTS", {urlsplit(town.url).port})
    with pytest.raises(SourceError, match="not a public address"):
        shop(town, allow_private=False).reply(ref(town, thread), TEXT)
    assert not town.asked


@pytest.mark.parametrize(
    ("shown", "wanted", "same"),
    [
        ("Thank you — we’re sorry!", 'Thank you -- we\'re "sorry"!', True),
        ("See example.test/a…zz for more", "See https://example.test/aaaaaaaaaaaaaaaazz for more", True),
        ("Так, ми вже шукаємо", "Так", False),
        ("Щось пішло не так, гроші повернемо.", "Ось: https://example.test/return", False),
        ("Ось і все: гроші повернемо у пʼятницю, а посилку заберемо.", "Ось: https://example.test/", False),
        (
            "Вона вже їде: Стеження за посилкою №1. Дякуємо!",
            "Вона вже їде: www.example.test/1\nДякуємо!",
            True,
        ),
        ("Дякуємо! Ось: example.test/a", "Ось: https://example.test/a Дякуємо!", False),
        ("", "", False),
        ("Дякуємо!", "> she wrote this\nДякуємо!", True),
    ],
)
def test_a_text_is_recognised_in_the_engines_spelling(shown: str, wanted: str, same: bool) -> None:
    assert says(shown, wanted) is same


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_comparing_never_fails_and_a_text_equals_itself(one: str, other: str) -> None:
    says(one, other)
    assert says("дякуємо " + one.replace(">", ""), "дякуємо " + one.replace(">", ""))
