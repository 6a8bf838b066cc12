"""Telegram's HTML: a few tags become entities, everything else is refused.

The rules and the words of the refusals are those of TDLib's parseTextEntities; offsets in refusals are bytes of
UTF-8, offsets of entities are UTF-16 code units: https://core.telegram.org/bots/api#html-style
"""

import re
from dataclasses import dataclass
from typing import Any

from demo.telegram.refusal import Refusal, bad_request
from demo.telegram.urls import link_or_none

Entity = dict[str, Any]
MENTION = re.compile(r"tg://user\?id=(\d{1,15})")

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
START = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(r"[^\s=>/\"']*")
END = re.compile(r"[^\s>]*")
TOKEN = re.compile(r"[a-zA-Z0-9.\-]*")
SPACE = re.compile(r"\s*")


@dataclass(frozen=True)
class Tag:
    """An opened tag: its name, the one attribute that matters to it, and where its text begins."""

    name: str
    argument: str
    offset: int
    position: int


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """The text without its tags, and the entities in Telegram's order; raise Refusal as Telegram would."""
    return Reader(markup).read()


def utf16_length(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Reader:
    """One pass over the markup."""

    def __init__(self, markup: str):
        self.markup = markup
        self.at = 0
        self.text = ""
        self.offset = 0
        self.open: list[Tag] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.markup):
            self._tag() if self._here() == "<" else self._append(self._character())
        if self.open:
            raise unparsable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        return self.text, sorted(self.entities, key=order)

    def _here(self) -> str:
        return self.markup[self.at : self.at + 1]

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.markup, self.at)
        self.at = found.end() if found else self.at
        return found.group() if found else ""

    def _append(self, text: str) -> None:
        self.text += text
        self.offset += utf16_length(text)

    def _character(self) -> str:
        found = CHARACTER.match(self.markup, self.at)
        decoded = decode(found) if found else None
        if found and decoded:
            self.at = found.end()
            return decoded
        self.at += 1
        return self.markup[self.at - 1]

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self._here() == "/":
            self.at += 1
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        name = self._match(START).lower()
        if not self._here():
            raise self._refusal("Unclosed start tag", begin)
        if name not in KINDS:
            raise self._refusal(f'Unsupported start tag "{name}"', begin)
        argument = self._attributes(name, begin)
        if name == "span" and argument != "spoiler":
            raise self._refusal('Tag "span" must have class "tg-spoiler"', begin)
        self.at += 1
        self.open.append(Tag(name, argument, self.offset, len(self.text)))

    def _attributes(self, tag: str, begin: int) -> str:
        argument = ""
        while self._skip_space() != ">":
            name = self._match(ATTRIBUTE)
            if not name:
                raise self._refusal(f'Empty attribute name in the tag "{tag}"', begin)
            value = self._value(tag, begin) if self._skip_space() == "=" else ""
            argument = meaning(tag, name, value) or argument
            if not self._here():
                raise self._refusal("Unclosed start tag", begin)
        return argument

    def _skip_space(self) -> str:
        self._match(SPACE)
        return self._here()

    def _value(self, tag: str, begin: int) -> str:
        self.at += 1
        quote = self._skip_space()
        if not quote:
            raise self._refusal(f'Unclosed start tag "{tag}"', begin)
        return self._literal(quote) if quote in "\"'" else self._token()

    def _token(self) -> str:
        begin = self.at
        token = self._match(TOKEN).lower()
        if self._here() and not (self._here().isspace() or self._here() == ">"):
            raise self._refusal("Unexpected end of name token", begin)
        return token

    def _literal(self, quote: str) -> str:
        self.at += 1
        value = ""
        while self._here() and self._here() != quote:
            value += self._character()
        self.at += 1
        return value

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise self._refusal("Unexpected end tag", begin)
        name = self._match(END)
        if self._skip_space() != ">":
            raise self._refusal("Unclosed end tag", begin)
        self.at += 1
        tag = self.open.pop()
        if name and name != tag.name:
            offset = self._bytes(begin)
            raise unparsable(
                f'Unmatched end tag at byte offset {offset}, expected "</{tag.name}>", found "</{name}>"'
            )
        if self.offset > tag.offset:
            self._close(tag)

    def _mention(self, url: str, tag: Tag) -> Entity | None:
        """Somebody who has no @name is mentioned by a link."""
        found = MENTION.fullmatch(url)
        if found is None:
            return None
        user = {"id": int(found[1]), "is_bot": False, "first_name": self.text[tag.position :]}
        return {"type": "text_mention", "user": user}

    def _close(self, tag: Tag) -> None:
        entity: Entity = {"type": KINDS[tag.name], "offset": tag.offset, "length": self.offset - tag.offset}
        match tag.name:
            case "a":
                url = link_or_none(tag.argument or self.text[tag.position :])
                if url is None:
                    return
                entity |= self._mention(url, tag) or {"url": url}
            case "tg-emoji":
                entity["custom_emoji_id"] = tag.argument
            case "blockquote" if tag.argument:
                entity["type"] = "expandable_blockquote"
            case "pre" | "code":
                return self._close_code(tag, entity)
        self.entities.append(entity)

    def _close_code(self, tag: Tag, entity: Entity) -> None:
        """A pre around (or inside) a code of the same extent is one block with a language."""
        last = self.entities[-1] if self.entities else {}
        other = "code" if tag.name == "pre" else "pre"
        same = (last.get("type"), last.get("offset"), last.get("length")) == (
            other,
            entity["offset"],
            entity["length"],
        )
        language = tag.argument or last.get("language", "")
        if same and language:
            self.entities[-1] = {**entity, "type": "pre", "language": language}
            return
        if tag.argument:
            entity["language"] = tag.argument
        self.entities.append(entity)

    def _bytes(self, position: int) -> int:
        return len(self.markup[:position].encode("utf-8", "surrogatepass"))

    def _refusal(self, reason: str, position: int) -> Refusal:
        return unparsable(f"{reason} at byte offset {self._bytes(position)}")


PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 10,
    "code": 20,
    "text_link": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}


def order(entity: Entity) -> tuple[int, int, int]:
    """From left to right, the outer before the inner."""
    return entity["offset"], -entity["length"], PRIORITY.get(entity["type"], 50)


def decode(found: re.Match[str]) -> str | None:
    """The character that a reference stands for; None: it is only text."""
    hexadecimal, decimal, name = found.groups()
    if name:
        return NAMED.get(name)
    if len(found.group()) > 10:
        return None
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if 0xD800 <= code <= 0xDFFF:
        raise unparsable(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return chr(code) if 0 < code < 0x10FFFF else None


def meaning(tag: str, name: str, value: str) -> str:
    """What an attribute says about its tag; most say nothing."""
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case "code", "class":
            return value.removeprefix("language-") if value.startswith("language-") else ""
        case "span", "class":
            return value.removeprefix("tg-") if value.startswith("tg-") else ""
        case "blockquote", "expandable":
            return "expandable"
    return ""


def unparsable(reason: str) -> Refusal:
    """400 for markup."""
    return bad_request(f"can't parse entities: {reason}")
