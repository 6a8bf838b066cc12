"""What a message says: limits, markup, and the entities that Telegram finds by itself."""

import re
from typing import Any

from demo.telegram.html_markup import Entity, order, parse_html, utf16_length
from demo.telegram.refusal import bad_request
from demo.telegram.urls import link_or_none

MAX_TEXT = 4096
MAX_CAPTION = 1024
"""UTF-16 code units, after entities were parsed."""
MAX_MARKUP = 1 << 15
"""Bytes of what is sent, markup included."""

FOUND = {
    "bot_command": re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])"),
    "url": re.compile(r"\bhttps?://[^\s<>\"«»]*[^\s<>\"«».,;:!?)\]}'’]"),
    "email": re.compile(r"\b[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63})+\b"),
    "mention": re.compile(r"(?<![\w@./])@[A-Za-z0-9_]{3,32}(?!\w)"),
    "hashtag": re.compile(r"(?<![\w#&])#(?=\w*[^\W\d_])\w{1,256}"),
}
GIVEN = {
    *("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote"),
    *("expandable_blockquote", "text_link", "text_mention", "custom_emoji"),
}
"""Entities that a bot may give; those that Telegram finds by itself are accepted and ignored."""


def read_text(text: str, parse_mode: str | None, entities: list[Entity] | None) -> dict[str, Any]:
    """The fields text and entities of a message; raise Refusal."""
    plain, found = read_markup(text, parse_mode, entities)
    if not plain:
        raise bad_request("text must be non-empty")
    if utf16_length(plain) > MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": plain, "entities": found} if found else {"text": plain}


def read_caption(
    caption: str | None, parse_mode: str | None, entities: list[Entity] | None
) -> dict[str, Any]:
    """The fields caption and caption_entities of a message, if it has any; raise Refusal."""
    plain, found = read_markup(caption or "", parse_mode, entities)
    if utf16_length(plain) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    if not plain:
        return {}
    return {"caption": plain, "caption_entities": found} if found else {"caption": plain}


def read_markup(
    markup: str, parse_mode: str | None, entities: list[Entity] | None = None
) -> tuple[str, list[Entity]]:
    """The text, trimmed, and all of its entities; raise Refusal."""
    if len(markup.encode("utf-8")) > MAX_MARKUP:
        raise bad_request("text is too long")
    text, given = parse(markup, parse_mode, entities or [])
    text, given = trim(text, given)
    return text, sorted([*given, *detect(text, given)], key=order)


def parse(markup: str, parse_mode: str | None, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """By its parse mode, or by the entities that came with it."""
    match (parse_mode or "none").lower():
        case "html":
            return parse_html(markup)
        case "none":
            return markup, [checked(entity, markup) for entity in entities if is_given(entity)]
        case "markdown" | "markdownv2":
            raise bad_request("can't parse entities: the stand-in for Telegram reads HTML, not Markdown")
    raise bad_request("unsupported parse_mode")


def is_given(entity: Entity) -> bool:
    """Is it one that a bot may give?"""
    if entity["type"] in GIVEN:
        return True
    if entity["type"] in {*FOUND, "cashtag", "phone_number", "bank_card_number"}:
        return False
    raise bad_request("can't parse MessageEntity: Unsupported type specified")


def checked(entity: Entity, text: str) -> Entity:
    """An entity that lies in the text."""
    offset, length = entity["offset"], entity["length"]
    if offset < 0:
        raise bad_request(f"receive an entity with incorrect offset {offset}")
    if length < 0:
        raise bad_request(f"receive an entity with incorrect length {length}")
    if offset > utf16_length(text):
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if offset + length > utf16_length(text):
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text"
            f" at UTF-16 offset {offset + length}"
        )
    if entity["type"] == "text_link" and link_or_none(entity.get("url", "")) is None:
        raise bad_request(f"entity URL '{entity.get('url', '')}' is invalid: Wrong HTTP URL")
    return entity


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without space around it, the entities moved along."""
    shift = utf16_length(text[: len(text) - len(text.lstrip())])
    text = text.strip()
    clipped = (clip(entity, -shift, utf16_length(text)) for entity in entities)
    return text, [entity for entity in clipped if entity["length"] > 0]


def clip(entity: Entity, shift: int, end: int) -> Entity:
    """Moved, and cut to the text."""
    begin = max(0, entity["offset"] + shift)
    length = min(end, entity["offset"] + entity["length"] + shift) - begin
    return {**entity, "offset": begin, "length": length}


def detect(text: str, given: list[Entity]) -> list[Entity]:
    """Commands, links, mentions … outside of code and of given links."""
    taken = [entity for entity in given if entity["type"] in ("code", "pre", "text_link")]
    found: list[Entity] = []
    for kind, pattern in FOUND.items():
        for match in pattern.finditer(text):
            entity = {
                "type": kind,
                "offset": utf16_length(text[: match.start()]),
                "length": utf16_length(match.group()),
            }
            if not any(overlap(entity, other) for other in taken):
                found.append(entity)
                taken.append(entity)
    return found


def overlap(one: Entity, other: Entity) -> bool:
    """Do they share a character?"""
    one_end, other_end = int(one["offset"] + one["length"]), int(other["offset"] + other["length"])
    return bool(one["offset"] < other_end and other["offset"] < one_end)
