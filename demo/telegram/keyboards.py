"""What may be under a message."""

from demo.telegram.refusal import bad_request
from demo.telegram.rows import Json
from demo.telegram.shapes import InlineKeyboardButton, InlineKeyboardMarkup, ReplyMarkup
from demo.telegram.urls import button_link

MAX_BUTTONS = 100
MAX_CALLBACK_BYTES = 64
MAX_COPY_TEXT = 256
MAX_PLACEHOLDER = 64
STYLES = {"primary", "success", "danger"}
ACTIONS = ("url", "callback_data", "switch_inline_query", "switch_inline_query_current_chat", "copy_text")
EMPTY_ALLOWED = ("switch_inline_query", "switch_inline_query_current_chat")


def checked_markup(markup: ReplyMarkup | None) -> Json | None:
    """The markup as messages carry it, None for none; raise Refusal."""
    if markup is None:
        return None
    if isinstance(markup, InlineKeyboardMarkup):
        return inline_keyboard(markup)
    placeholder = getattr(markup, "input_field_placeholder", None) or ""
    if len(placeholder) > MAX_PLACEHOLDER:
        raise bad_request("REPLY_MARKUP_PLACEHOLDER_INVALID")
    return markup.model_dump(exclude_none=True)


def inline_keyboard(markup: InlineKeyboardMarkup) -> Json | None:
    """Rows of buttons, empty rows left out as Telegram does; None: no button at all."""
    rows = [[button(each) for each in row] for row in markup.inline_keyboard if row]
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def button(given: InlineKeyboardButton) -> Json:
    """One button with exactly one thing to do."""
    if not given.text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    if given.style not in (None, "", "default", *STYLES):
        raise bad_request("can't parse inline keyboard button: invalid button style specified")
    check_action(given, action_of(given))
    checked = given.model_dump(exclude_none=True)
    if given.url:
        checked["url"] = button_link(given.url)
    return checked


def action_of(given: InlineKeyboardButton) -> str:
    """The name of the field that says what the button does."""
    present = [
        name
        for name in ACTIONS
        if (value := getattr(given, name)) or (value is not None and name in EMPTY_ALLOWED)
    ]
    if not present:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(present) > 1:
        raise bad_request(
            f"can't parse inline keyboard button: it must have exactly one of the optional fields,"
            f" not {' and '.join(present)}"
        )
    return present[0]


def check_action(given: InlineKeyboardButton, action: str) -> None:
    """Its length."""
    if action == "callback_data" and len((given.callback_data or "").encode()) > MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if given.copy_text and not 1 <= len(given.copy_text.text) <= MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
