"""What Telegram does not take, and what it has forgotten: nothing is done that nobody sees."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden, TelegramError, TimedOut

from bots import reply_acts
from bots.act import Act
from models import Status
from monitor import outbox
from monitor.pace import Pace
from tests.bots.room import ANSWER, Room, Unhurried, button, press_send

BETTER = "Краще так."


@dataclass
class Lossy(Unhurried):
    """The way to Telegram, on which calls of these methods fail."""

    loses: set[str] = field(default_factory=set)
    error: TelegramError = field(default_factory=TimedOut)
    meanwhile: Callable[[], object] | None = None
    """Happens once, while the next call of this method is under way."""
    of: str = "sendMessage"

    async def process_request(
        self, callback: Any, args: Any, kwargs: Any, endpoint: str, data: dict[str, Any], rate_limit_args: Any
    ) -> Any:
        if endpoint in self.loses:
            raise self.error
        if self.meanwhile and endpoint == self.of:
            happens, self.meanwhile = self.meanwhile, None
            await asyncio.to_thread(happens)
        return await callback(*args, **kwargs)


@pytest.fixture
def lossy(room: Room) -> Iterator[Room]:
    room.limiter = Lossy()
    room.restart()
    return room


def losing(room: Room, *methods: str) -> None:
    assert isinstance(room.limiter, Lossy)
    room.limiter.loses = set(methods)


def edited_unseen(room: Room) -> dict[str, Any]:
    """A preview that shows ANSWER, where BETTER would leave: nothing of that came through so far."""
    preview = room.previewed(room.case())
    press_send(room, preview, "Edit")
    prompt = room.last("write your answer")
    losing(room, "sendMessage", "editMessageText")
    room.telegram.write(room.olena, room.staff, BETTER, reply_to=prompt["message_id"])
    room.bot.handle_waiting()
    return preview


def test_a_text_whose_preview_was_lost_is_shown_before_it_is_sent(lossy: Room) -> None:
    preview = edited_unseen(lossy)
    losing(lossy)
    assert ANSWER in lossy.last("Preview")["text"]
    assert press_send(lossy, preview) == ("This has changed meanwhile. Please read it again.", False)
    assert BETTER in lossy.last("Preview")["text"]
    assert lossy.forum.posted == []
    press_send(lossy, preview)
    assert lossy.forum.posted == [("p1", BETTER)]


@pytest.mark.parametrize("refusal", ["TOPIC_CLOSED", "Message can't be edited"])
def test_a_text_that_telegram_refuses_to_show_is_not_sent_unseen(lossy: Room, refusal: str) -> None:
    assert isinstance(lossy.limiter, Lossy)
    lossy.limiter.error = BadRequest(refusal)
    preview = edited_unseen(lossy)
    lossy.pass_by()
    losing(lossy)
    assert press_send(lossy, preview) == ("This has changed meanwhile. Please read it again.", False)
    assert BETTER in lossy.last("Preview")["text"]
    assert lossy.forum.posted == []


def test_a_text_that_was_to_be_read_again_and_was_lost_is_not_sent_unseen(lossy: Room) -> None:
    preview = edited_unseen(lossy)
    press_send(lossy, preview)
    losing(lossy)
    assert press_send(lossy, preview) == ("This has changed meanwhile. Please read it again.", False)
    assert BETTER in lossy.last("Preview")["text"]
    assert lossy.forum.posted == []


def test_a_second_press_while_the_text_is_still_under_way_sends_nothing(lossy: Room) -> None:
    assert isinstance(lossy.limiter, Lossy)
    preview = edited_unseen(lossy)
    losing(lossy)
    act = Act(lossy.olena.id, lossy.staff.id, 1, message_id=preview["message_id"], pressed=True)
    lossy.limiter.meanwhile, lossy.limiter.of = (
        lambda: reply_acts.send(lossy.office(), act),
        "editMessageText",
    )
    press_send(lossy, preview)
    lossy.pass_by(minutes=1)
    assert lossy.forum.posted == []


def test_a_text_that_could_not_be_drawn_is_not_sent_unseen(
    lossy: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = edited_unseen(lossy)
    losing(lossy)
    with monkeypatch.context() as patch:
        patch.setattr("bots.office.Office.draft", lambda *_: 1 / 0)
        outbox.deliver(lossy.sessions, lossy.bot.voice, Pace(), lambda: lossy.now)
    assert press_send(lossy, preview) == ("This has changed meanwhile. Please read it again.", False)
    assert lossy.forum.posted == []


def test_what_became_of_an_answer_is_shown_once_telegram_lets_us_again(lossy: Room) -> None:
    assert isinstance(lossy.limiter, Lossy)
    lossy.configure(desk={"undo": 20})
    lossy.limiter.error = Forbidden("bot was kicked")
    preview = lossy.previewed(lossy.case())
    losing(lossy, "editMessageText")
    lossy.telegram.press(lossy.olena, lossy.staff, preview["message_id"], button(preview, "Send"))
    lossy.pass_by()
    losing(lossy)
    lossy.pass_by(minutes=1)
    assert lossy.last("Posted")["message_id"] == preview["message_id"]


def test_done_beneath_older_words_is_not_taken_for_the_newer_ones(lossy: Room) -> None:
    number = lossy.case(source="blog", answerable="hand_off", url="https://blog.example/7")
    lossy.write(lossy.olena, ANSWER, to=lossy.card(number))
    steps = lossy.last("Only a person can post there")
    press_send(lossy, steps, "Edit")
    prompt = lossy.last("write your answer")
    losing(lossy, "sendMessage", "editMessageText")
    lossy.telegram.write(lossy.olena, lossy.staff, BETTER, reply_to=prompt["message_id"])
    lossy.bot.handle_waiting()
    losing(lossy)
    assert press_send(lossy, steps, "Done") == ("This has changed meanwhile. Please read it again.", False)
    assert lossy.row(number).status is Status.CLAIMED
    press_send(lossy, lossy.last(BETTER), "Done")
    assert lossy.row(number).status is Status.ANSWERED


def test_a_preview_that_shows_other_words_is_drawn_anew_by_itself(lossy: Room) -> None:
    preview = lossy.previewed(lossy.case())
    press_send(lossy, preview, "Edit")
    losing(lossy, "sendMessage")
    lossy.write(lossy.olena, BETTER, to=lossy.last("write your answer"))
    assert BETTER in lossy.last("Preview")["text"]


def test_a_preview_whose_words_changed_while_it_was_under_way_is_drawn_anew(lossy: Room) -> None:
    """Two texts in one go, and the preview of the second is lost."""
    assert isinstance(lossy.limiter, Lossy)
    number, act = lossy.case(), Act(lossy.olena.id, lossy.staff.id, 1, BETTER)
    lossy.limiter.meanwhile = lambda: reply_acts.write(lossy.office(), act)
    lossy.telegram.write(lossy.olena, lossy.staff, ANSWER, reply_to=lossy.card(number)["message_id"])
    lossy.bot.handle_waiting()
    preview = lossy.last("Preview")
    assert ANSWER in preview["text"]
    assert press_send(lossy, preview) == ("This has changed meanwhile. Please read it again.", False)
    assert BETTER in lossy.last("Preview")["text"]
    assert lossy.forum.posted == []


def test_of_two_previews_under_way_at_once_the_older_stays_the_older(lossy: Room) -> None:
    """Whichever is noted first."""
    older, newer = lossy.card(lossy.case()), lossy.previewed(1)
    reply_acts.shown(lossy.office(), 1, lossy.staff.id, older["message_id"], ANSWER)
    assert lossy.reply_row().preview_message_id == newer["message_id"]


def test_a_press_whose_toast_was_lost_is_seen_all_the_same(lossy: Room) -> None:
    number = lossy.case()
    losing(lossy, "answerCallbackQuery")
    reply = button(lossy.card(number), "Reply")
    lossy.telegram.press(lossy.olena, lossy.staff, lossy.card(number)["message_id"], reply)
    lossy.pass_by()
    assert "write your answer" in lossy.last("write your answer")["text"]


# Messages so old that Telegram tells of them nothing but their number


def test_the_buttons_of_a_forgotten_card_ask_and_tell_as_ever(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), button(room.card(number), "Reply"), forgotten=True)
    room.write(room.olena, ANSWER, to=room.last("write your answer"))
    assert ANSWER in room.last("Preview")["text"]
    room.press(room.olena, room.card(number), "Why?", forgotten=True)
    assert "Model:" in room.last("Model:")["text"]


def test_the_buttons_of_a_forgotten_preview_work(room: Room) -> None:
    preview = room.previewed(room.case())
    room.press(room.olena, preview, button(preview, "Edit"), forgotten=True)
    assert "write your answer" in room.last("write your answer")["text"]
    room.press(room.olena, preview, button(preview, "Send"), forgotten=True)
    assert "Posted" in room.last("Posted")["text"]
    assert room.forum.posted == [("p1", ANSWER)]
