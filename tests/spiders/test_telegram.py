"""Telegram groups: what is heard, and how it is answered."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.source import CanCheck, CanReply, Listens, PostRef, SourceError
from spiders.telegram import Source, parse

TOKEN = "123456:secret"
CHAT = {"id": -1001234567890, "type": "supergroup", "title": "Group", "username": "group"}
TOPICS = {"id": -1009876543210, "type": "supergroup", "title": "Topics", "is_forum": True}
ANNA = {"id": 5001, "is_bot": False, "first_name": "Anna"}
POST = PostRef(
    id="-1001234567890/31", url="https://t.me/group/31", author="Anna", thread_id="-1001234567890/31"
)


def message(number: int, chat: dict = CHAT, **fields) -> dict:
    base = {"message_id": number, "from": ANNA, "chat": chat, "date": 1795255200, "text": "words"}
    return {"update_id": number, "message": {**base, **fields}}


@pytest.fixture
def telegram(httpserver):
    url = httpserver.url_for("").rstrip("/")
    return Source(name="groups", token=TOKEN, api_url=url)


def answers(httpserver, method: str, result=None, *, status: int = 200, **refusal):
    answer = (
        {"ok": True, "result": result} if status == 200 else {"ok": False, "error_code": status, **refusal}
    )
    httpserver.expect_request(f"/bot{TOKEN}/{method}").respond_with_json(answer, status=status)


def test_it_listens_replies_and_can_be_checked(telegram):
    assert isinstance(telegram, Listens)
    assert isinstance(telegram, CanReply)
    assert isinstance(telegram, CanCheck)
    assert telegram.max_length == 4096


def test_the_token_is_not_shown(telegram):
    assert "secret" not in repr(telegram)


def test_asking_gives_nothing_but_the_bots_name(telegram, httpserver):
    answers(httpserver, "getMe", {"id": 123456, "is_bot": True, "username": "novolinia_bot"})
    assert list(telegram.poll(None)) == []
    assert list(telegram.poll(None)) == []
    assert telegram.account == "@novolinia_bot"
    assert len(httpserver.log) == 1


OTHER = -4012
KICKED = {"status": 403, "description": "Forbidden: bot was kicked from the supergroup chat"}
UNKNOWN = {"status": 400, "description": "Bad Request: chat not found"}
MOVED = {
    "status": 400,
    "description": "Bad Request: group chat was upgraded to a supergroup chat",
    "parameters": {"migrate_to_chat_id": -1001777},
}


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (KICKED, "in the group -4012.*kicked.*add it to the group again"),
        (MOVED, "in the group -4012.*put its new id, -1001777, into the configuration"),
        (UNKNOWN, "in the group -4012.*chat not found.*check the name or the id"),
    ],
)
def test_a_group_that_no_longer_lets_the_bot_listen_is_for_staff(telegram, httpserver, refusal, words):
    telegram.chats = [OTHER]
    answers(httpserver, "getMe", {"id": 123456, "username": "novolinia_bot"})
    answers(httpserver, "getChatMemberCount", **refusal)
    for _ in range(2):
        with pytest.raises(SourceError, match=words) as failure:
            list(telegram.poll(None))
        assert failure.value.permanent


@pytest.mark.parametrize(
    ("member", "is_in"),
    [
        ({"status": "member"}, True),
        ({"status": "administrator"}, True),
        ({"status": "restricted", "is_member": True}, True),
        ({"status": "restricted", "is_member": False}, False),
        ({"status": "left"}, False),
        ({"status": "kicked"}, False),
    ],
)
def test_a_public_group_that_the_bot_has_left_is_for_staff(telegram, httpserver, member, is_in):
    telegram.chats = ["@group"]
    answers(httpserver, "getMe", {"id": 123456, "username": "novolinia_bot"})
    answers(httpserver, "getChatMemberCount", 812)
    answers(httpserver, "getChatMember", member)
    if is_in:
        assert list(telegram.poll(None)) == []
    else:
        with pytest.raises(SourceError, match=r"in the group @group.*not a member: add it") as failure:
            list(telegram.poll(None))
        assert failure.value.permanent
    assert httpserver.log[-1][0].args["user_id"] == "123456"


def test_telegram_being_away_says_nothing_of_the_groups(telegram, httpserver):
    telegram.chats = [OTHER]
    answers(httpserver, "getMe", {"id": 123456, "username": "novolinia_bot"})
    answers(httpserver, "getChatMemberCount", status=502, description="Bad Gateway")
    with pytest.raises(SourceError) as failure:
        list(telegram.poll(None))
    assert not failure.value.permanent
    assert "-4012" not in str(failure.value)


def test_a_wrong_token_is_said_without_showing_it(telegram, httpserver):
    answers(httpserver, "getMe", status=401, description="Unauthorized")
    with pytest.raises(SourceError, match="check TELEGRAM_TOKEN") as refusal:
        list(telegram.poll(None))
    assert refusal.value.permanent
    assert "secret" not in str(refusal.value)


def test_the_check_tells_of_the_privacy_mode(telegram, httpserver):
    answers(
        httpserver, "getMe", {"id": 123456, "username": "novolinia_bot", "can_read_all_group_messages": False}
    )
    assert "/setprivacy" in telegram.check()


def test_the_check_looks_for_every_chat(telegram, httpserver):
    telegram.chats = ["@group"]
    answers(
        httpserver, "getMe", {"id": 123456, "username": "novolinia_bot", "can_read_all_group_messages": True}
    )
    answers(httpserver, "getChatMemberCount", status=400, description="Bad Request: chat not found")
    with pytest.raises(SourceError, match=r"@group.*chat not found.*check the name"):
        telegram.check()
    assert httpserver.log[-1][0].args["chat_id"] == "@group"


def test_what_is_said_in_a_group_is_a_post(telegram):
    (post,) = telegram.hear(message(31))
    assert (post.id, post.thread_id) == ("-1001234567890/31", "-1001234567890/31")
    assert post.answerable == "api"


def test_only_the_named_chats_are_heard(telegram):
    for chats, heard in (
        ([], 1),
        (["@GROUP"], 1),
        ([-1001234567890], 1),
        (["-1001234567890"], 1),
        (["@other", -1], 0),
    ):
        telegram.chats = chats
        assert len(telegram.hear(message(31))) == heard


def test_the_answer_to_our_answer_is_of_the_same_thread_in_a_topic(telegram, httpserver):
    (complaint,) = telegram.hear(message(70, TOPICS, is_topic_message=True, message_thread_id=12))
    answers(httpserver, "sendMessage", {"message_id": 71, "chat": TOPICS})
    telegram.reply(
        PostRef(id=complaint.id, url=complaint.url, author="Anna", thread_id=complaint.thread_id), "Вибачте"
    )
    answered = {"message_id": 71, "chat": TOPICS, "from": {"id": 1, "is_bot": True}}
    (again,) = telegram.hear(
        message(72, TOPICS, is_topic_message=True, message_thread_id=12, reply_to_message=answered)
    )
    assert again.thread_id == complaint.thread_id == "-1009876543210/70"


def test_a_chain_of_answers_in_a_basic_group_is_one_thread(telegram):
    group = {"id": -4321, "type": "group", "title": "Vecini"}
    threads = []
    for number in range(1, 5):
        answered = {"reply_to_message": {"message_id": number - 1, "chat": group}} if number > 1 else {}
        threads += [post.thread_id for post in telegram.hear(message(number, group, **answered))]
    assert threads == ["-4321/1"] * 4


def test_a_reply_is_sent_to_the_message_and_its_link_returned(telegram, httpserver):
    answers(httpserver, "sendMessage", {"message_id": 35, "chat": CHAT, "text": "Вибачте <b>"})
    posted = telegram.reply(POST, "Вибачте <b>")
    assert (posted.id, posted.url) == ("-1001234567890/35", "https://t.me/group/35")
    sent = httpserver.log[0][0].json
    assert sent["chat_id"] == -1001234567890
    assert sent["text"] == "Вибачте <b>"
    assert sent["reply_parameters"] == {"message_id": 31}
    assert "parse_mode" not in sent


def test_too_many_messages_is_a_reason_to_wait(telegram, httpserver):
    answers(httpserver, "sendMessage", status=429, description="Too Many", parameters={"retry_after": 7})
    with pytest.raises(SourceError) as refusal:
        telegram.reply(POST, "x")
    assert refusal.value.retry_after == timedelta(seconds=7)
    assert not refusal.value.permanent
    assert not refusal.value.unsure


@pytest.mark.parametrize(
    ("status", "description", "words"),
    [
        (403, "Forbidden: bot was kicked from the supergroup chat", "kicked.*add it to the group again"),
        (400, "Bad Request: message to be replied not found", "message to be replied not found"),
        (401, "Unauthorized", "TELEGRAM_TOKEN"),
        (400, "Bad Request: chat not found", "check the name or the id"),
    ],
)
def test_a_refusal_is_for_staff(telegram, httpserver, status, description, words):
    answers(httpserver, "sendMessage", status=status, description=description)
    with pytest.raises(SourceError, match=words) as refusal:
        telegram.reply(POST, "x")
    assert refusal.value.permanent
    assert not refusal.value.unsure


def test_a_reply_to_what_was_written_before_the_group_moved_is_for_a_person(telegram, httpserver):
    answers(httpserver, "sendMessage", **MOVED)
    with pytest.raises(SourceError, match=r"-1001777.*answered by hand") as refusal:
        telegram.reply(POST, "x")
    assert refusal.value.permanent
    assert not refusal.value.unsure


def test_a_broken_gateway_leaves_the_fate_unknown(telegram, httpserver):
    httpserver.expect_request(f"/bot{TOKEN}/sendMessage").respond_with_data("<html>", status=502)
    with pytest.raises(SourceError) as failure:
        telegram.reply(POST, "x")
    assert failure.value.unsure


@pytest.mark.parametrize(
    "answer", ["", "5", "{}", '{"ok": true, "result": {}}', '{"ok": true, "result": true}', "["]
)
def test_an_answer_that_cannot_be_read_leaves_the_fate_unknown(telegram, httpserver, answer):
    httpserver.expect_request(f"/bot{TOKEN}/sendMessage").respond_with_data(answer)
    with pytest.raises(SourceError) as failure:
        telegram.reply(POST, "x")
    assert failure.value.unsure
    assert len(httpserver.log) == 1


def test_nobody_can_look_back_so_a_person_is_asked(telegram):
    with pytest.raises(SourceError, match=r"https://t\.me/group/31") as failure:
        telegram.find_reply(POST, "x")
    assert failure.value.unsure


def test_a_post_of_another_source_is_refused(telegram):
    with pytest.raises(SourceError, match="not a message of Telegram") as refusal:
        telegram.reply(PostRef(id="t3_abc", url="", author=""), "x")
    assert refusal.value.permanent


def test_what_is_remembered_is_bounded(telegram):
    for number in range(2, 10_100):
        telegram.hear(message(number, message_thread_id=1))
    assert len(telegram._roots) == 10_000


KEYS = "message message_id chat id type from is_bot date text entities reply_to_message sender_chat offset length"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.text(max_size=5)
    | st.sampled_from(["group", "supergroup", "blockquote", -100123, 1795255200]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6)
    ),
    max_leaves=15,
)


@given(VALUES, st.sampled_from(KEYS.split()))
@settings(max_examples=300, deadline=None)
def test_any_update_is_heard_without_a_crash(value, key):
    broken = message(31)
    broken["message"][key] = value
    for update in (broken, {"message": value}, {key: value}):
        assert all(post.url.startswith("https://") for post in Source(name="x").hear(update))


@pytest.mark.parametrize(
    "content", [b"", b"[1]", b"null", b"{", b'{"message": []}', b"\xff" * 100, b"[" * 100_000]
)
def test_noise_is_no_post(content):
    assert parse(content) == []


def test_characters_that_no_database_takes_are_gone():
    chat = {**CHAT, "username": "a\ud800", "title": "T\x00"}
    (post,) = parse(
        json.dumps(message(31, chat, text="x\ud800\x00", **{"from": {"first_name": "A\ud800"}})).encode()
    )
    assert (post.author, post.title, post.url) == ("A", "T", "https://t.me/c/1234567890/31")
    assert "\ud800" not in post.text


def test_a_megabyte_of_words_is_bounded():
    update = json.dumps(message(31, text="слово " * 200_000)).encode()
    assert len(parse(update)[0].text) <= 20_000
