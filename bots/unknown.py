"""Messages of ours whose numbers we don't have: Telegram took them, and its word of that was lost on the way."""

from telegram import InlineKeyboardButton, Message, MessageEntity

from bots.pressed import read_pressed


def case_of_card(message: Message) -> int | None:
    """The case that a card is about, by its Reply button."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    calls = [read_pressed(data) for row in rows for button in row if (data := _data(button))]
    return next((call.number for call in calls if call and call.verb == "reply"), None)


def calls(message: Message, telegram_id: int) -> bool:
    """Does it call this person by name, as our questions do?"""
    called = (e.user.id for e in message.entities if e.type == MessageEntity.TEXT_MENTION and e.user)
    return telegram_id in called


def _data(button: InlineKeyboardButton) -> str:
    return button.callback_data if isinstance(button.callback_data, str) else ""
