"""The objects that a bot may send, field by field: https://core.telegram.org/bots/api#available-types

Strict: an unknown field or another type is refused. Fields that a bot like ours never uses are left out, and
refused too; a test holds this file against Telegram's own specification.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

ChatId = int | str


class Shape(BaseModel):
    """Every field is known and has its own type."""

    model_config = ConfigDict(strict=True, extra="forbid")


class MessageEntity(Shape):
    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None


class CopyTextButton(Shape):
    text: str


class InlineKeyboardButton(Shape):
    text: str
    style: str | None = None
    url: str | None = None
    callback_data: str | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    copy_text: CopyTextButton | None = None


class InlineKeyboardMarkup(Shape):
    inline_keyboard: list[list[InlineKeyboardButton]]


class KeyboardButton(Shape):
    text: str
    style: str | None = None


class ReplyKeyboardMarkup(Shape):
    keyboard: list[list[KeyboardButton]]
    is_persistent: bool | None = None
    resize_keyboard: bool | None = None
    one_time_keyboard: bool | None = None
    input_field_placeholder: str | None = None
    selective: bool | None = None


class ReplyKeyboardRemove(Shape):
    remove_keyboard: bool
    selective: bool | None = None


class ForceReply(Shape):
    force_reply: bool
    input_field_placeholder: str | None = None
    selective: bool | None = None


def markup_kind(value: Any) -> str | None:
    """Which reply markup it is, by the one field that it must have."""
    kinds = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
    fields = value if isinstance(value, dict) else {}
    return next((kind for kind in kinds if kind in fields), None)


ReplyMarkup = Annotated[
    Annotated[InlineKeyboardMarkup, Tag("inline_keyboard")]
    | Annotated[ReplyKeyboardMarkup, Tag("keyboard")]
    | Annotated[ReplyKeyboardRemove, Tag("remove_keyboard")]
    | Annotated[ForceReply, Tag("force_reply")],
    Discriminator(markup_kind),
]


class ReplyParameters(Shape):
    message_id: int
    chat_id: ChatId | None = None
    allow_sending_without_reply: bool | None = None
    quote: str | None = None
    quote_parse_mode: str | None = None
    quote_entities: list[MessageEntity] | None = None
    quote_position: int | None = None


class LinkPreviewOptions(Shape):
    is_disabled: bool | None = None
    url: str | None = None
    prefer_small_media: bool | None = None
    prefer_large_media: bool | None = None
    show_above_text: bool | None = None


class BotCommand(Shape):
    command: str
    description: str


class BotCommandScope(Shape):
    """All seven scopes in one: which fields are needed depends on the type."""

    type: str
    chat_id: ChatId | None = None
    user_id: int | None = None


class ReactionTypeEmoji(Shape):
    type: Literal["emoji"]
    emoji: str


class InputMedia(Shape):
    """InputMediaPhoto and InputMediaDocument."""

    type: Literal["photo", "document"]
    media: str
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: list[MessageEntity] | None = None


class InputTextMessageContent(Shape):
    message_text: str
    parse_mode: str | None = None
    entities: list[MessageEntity] | None = None
    link_preview_options: LinkPreviewOptions | None = None


class InlineQueryResultArticle(Shape):
    type: Literal["article"]
    id: str = Field(min_length=1, max_length=64)
    title: str = Field(min_length=1)
    input_message_content: InputTextMessageContent
    reply_markup: InlineKeyboardMarkup | None = None
    url: str | None = None
    description: str | None = None


class InlineQueryResultsButton(Shape):
    text: str
    start_parameter: str | None = None
