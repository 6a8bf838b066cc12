"""What Telegram does not take, and what it has forgotten: nothing is done that nobody sees."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram.error import TimedOut

from bots import reply_acts
from bots.act import Act
from tests.bots.room import ANSWER, Room, Unhurried, button, press_send

BETTER = "Краще так."


@dataclass
class Lossy(Unhurried):
    """The way to Telegram, on which calls of these methods time out."""

    loses: set[str] = field(default_factory=set)
    meanwhile: Callable[[], object] | None = None
    """Happens once, while the next message is under way."""

    async def process_request(
        self, callback: Any, args: Any, kwargs: Any, endpoint: str, data: dict[str, Any], rate_limit_args: Any
    ) -> Any:
        if endpoint in self.loses:
            raise TimedOut
        if self.meanwhile and endpoint == "sendMessage":
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


def test_a_text_whose_preview_was_lost_is_shown_before_it_is_sent(lossy: Room) -> None:
    preview = lossy.previewed(lossy.case())
    press_send(lossy, preview, "Edit")
    prompt = lossy.last("write your answer")
    losing(lossy, "sendMessage", "editMessageText")
    lossy.telegram.write(lossy.olena, lossy.staff, BETTER, reply_to=prompt["message_id"])
    lossy.bot.handle_waiting()
    losing(lossy)
    assert ANSWER in lossy.last("Preview")["text"]
    assert press_send(lossy, preview) == ("This has changed meanwhile. Please read it again.", False)
    assert BETTER in lossy.last("Preview")["text"]
    assert lossy.forum.posted == []
    press_send(lossy, preview)
    assert lossy.forum.posted == [("p1", BETTER)]


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
