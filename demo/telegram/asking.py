"""Methods that fetch updates, and that answer what somebody asked."""

from demo.telegram.refusal import bad_request
from demo.telegram.rows import Json
from demo.telegram.shapes import InlineQueryResultArticle, InlineQueryResultsButton
from demo.telegram.texts import read_text
from demo.telegram.world import Answer, World

MAX_TIMEOUT_S = 50
MAX_ANSWER = 200
MAX_RESULTS = 50
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def get_me(world: World) -> Json:
    """The bot."""
    return {
        **world.bot.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_updates(
    world: World,
    *,
    offset: int = 0,
    limit: int = 100,
    timeout: int = 0,
    allowed_updates: list[str] | None = None,
) -> list[Json]:
    """Waits up to timeout seconds; the list of allowed kinds is remembered."""
    if allowed_updates is not None:
        world.updates.allowed = allowed_updates
    return world.updates.take(offset, max(1, min(limit, 100)), max(0, min(timeout, MAX_TIMEOUT_S)))


def set_webhook(world: World, *, url: str = "", drop_pending_updates: bool = False) -> bool:
    """Remembered, so that getUpdates conflicts; nothing is ever sent to it."""
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if drop_pending_updates:
        world.updates.drop()
    world.updates.webhook = url
    return True


def delete_webhook(world: World, *, drop_pending_updates: bool = False) -> bool:
    """Long polling works again."""
    return set_webhook(world, drop_pending_updates=drop_pending_updates)


def get_webhook_info(world: World) -> Json:
    """Where updates would go, and how many wait."""
    return {
        "url": world.updates.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }


def answer_callback_query(
    world: World,
    *,
    callback_query_id: str,
    text: str = "",
    show_alert: bool = False,
    url: str = "",
    cache_time: int = 0,
) -> bool:
    """Once for each press."""
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query = world.asked.callbacks.get(callback_query_id)
    if query is None or query.answer is not None:
        raise bad_request(TOO_OLD)
    query.answer = Answer(text, show_alert, url)
    world.note("answered", query.message.chat, query.message, query=query.id)
    return True


def answer_inline_query(
    world: World,
    *,
    inline_query_id: str,
    results: list[InlineQueryResultArticle],
    cache_time: int = 300,
    is_personal: bool = False,
    next_offset: str = "",
    button: InlineQueryResultsButton | None = None,
) -> bool:
    """Articles of text, at most 50."""
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len({result.id for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    query = world.asked.inline.get(inline_query_id)
    if query is None or query.results is not None:
        raise bad_request(TOO_OLD)
    query.results = [offered(result) for result in results]
    world.changed.notify_all()
    return True


def offered(result: InlineQueryResultArticle) -> Json:
    """What the page shows of a result, and the message that it becomes."""
    content = result.input_message_content
    entities = [entity.model_dump(exclude_none=True) for entity in content.entities or []]
    return {
        "id": result.id,
        "title": result.title,
        "description": result.description or "",
        "content": read_text(content.message_text, content.parse_mode, entities),
    }
