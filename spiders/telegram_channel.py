"""Public channels of Telegram, by the preview that everybody can read at t.me/s/<channel>."""

import re
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime

from parsel import Selector

from monitor.source import Page, Post, SourceError

from ._http import client, user_agent
from ._keys import LanguageCode, WebAddress
from ._robots import require_allowed
from ._text import one_line, plain

_MOST_PAGES = 10
"""Of twenty messages each: who wrote more between two polls is read no further back."""
_NAME = re.compile(r"(?:https?://)?(?:t\.me/)?(?:s/)?@?([A-Za-z][A-Za-z0-9_]{3,31})/?")
_DATA_POST = re.compile(r"[A-Za-z0-9_]{1,32}/([0-9]{1,10})")
_VIEWS = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([KMB]?)")
_TIMES = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


@dataclass
class Source:
    """`channel` is its name, with or without @ or t.me/. `site` is only for a copy of t.me."""

    _: KW_ONLY
    name: str
    channel: str
    language: LanguageCode | None = None
    site: WebAddress = "https://t.me"
    allow_private: bool = False
    contact: str = ""

    def __post_init__(self) -> None:
        self._web = client(user_agent=user_agent(self.contact), allow_private=self.allow_private)
        name = _NAME.fullmatch(self.channel.strip())
        if not name:
            raise SourceError(f"{self.channel!r} is not the name of a Telegram channel.", permanent=True)
        self._name = name[1].lower()
        self._address = f"{self.site.rstrip('/')}/s/{name[1]}"

    def poll(self, cursor: str | None) -> Iterator[Page]:
        """One page with all that is newer than the last message; the first time, what the preview shows."""
        last = self._last(cursor or "")
        require_allowed(self._web, self._address)
        posts: dict[str, Post] = {}
        newest, before = last or 0, None
        for _ in range(_MOST_PAGES):
            content = self._web.get(self._address + (f"?before={before}" if before else "")).body
            numbers = message_numbers(content)
            posts |= {post.id: post for post in parse(content, now=datetime.now(UTC), language=self.language)}
            newest = max(newest, *numbers, 0)
            oldest = min(numbers, default=0)
            if last and not numbers and before is None:
                raise SourceError("The preview of this channel shows no message any more.", permanent=True)
            if last is None or oldest <= last + 1 or (before and oldest >= before):
                break
            before = oldest
        new = sorted(number for number in map(int, posts) if number > (last or 0))
        if newest != last:
            yield Page([posts[str(number)] for number in new], f"{self._name}/{newest}")

    def _last(self, cursor: str) -> int | None:
        """The number of the last message that is known; None where none is, or it was one of another channel."""
        channel, _, number = cursor.rpartition("/")
        is_ours = channel in (self._name, "")  # at first the number was written alone
        return int(number) if is_ours and number.isascii() and number.isdigit() else None


def parse(content: bytes, *, now: datetime, language: str | None = None) -> list[Post]:
    """Posts of a preview, as it shows them: oldest first. Photos and videos without words are left out.

    SourceError if it is not a preview, as where a channel has none.
    """
    page = _page(content)
    if not page.css(".tgme_widget_message_wrap, .tgme_channel_info, .tgme_channel_history"):
        raise SourceError(
            "There is no public preview of this channel: it does not exist, is private, or Telegram shows it only in"
            " the app. Check its name, or add the bot to its discussion group and read that.",
            permanent=True,
        )
    posts = (_post(message, now, language) for message in _messages(page))
    return [post for post in posts if post is not None]


def message_numbers(content: bytes) -> list[int]:
    """The numbers of all messages in a preview, those without words, too."""
    return [number for message in _messages(_page(content)) if (number := _number(message)) is not None]


def _page(content: bytes) -> Selector:
    text = content.decode("utf-8", "replace").replace("\x00", "")
    return Selector(text=text or "<html></html>", type="html")


def _messages(page: Selector) -> list[Selector]:
    return list(page.css(".tgme_widget_message[data-post]"))


def _number(message: Selector) -> int | None:
    found = _DATA_POST.fullmatch(message.attrib["data-post"])
    return int(found[1]) if found else None


def _post(message: Selector, now: datetime, language: str | None) -> Post | None:
    number = _number(message)
    # What the message answers stands in js-message_reply_text.
    text = plain(message.css(".js-message_text").get() or "")
    if number is None or not text or "service_message" in message.attrib.get("class", "").split():
        return None
    owner = _words(message, ".tgme_widget_message_owner_name")
    return Post(
        id=str(number),
        url=f"https://t.me/{message.attrib['data-post']}",
        author=_words(message, ".tgme_widget_message_from_author")
        or owner
        or message.attrib["data-post"].split("/")[0],
        text=text,
        title=_words(message, ".tgme_widget_message_forwarded_from_name"),
        title_is_own=False,
        posted_at=min(
            _date(message.css(".tgme_widget_message_date time::attr(datetime)").get("")) or now, now
        ),
        reach=views(_words(message, ".tgme_widget_message_views")),
        language=language,
    )


def views(shown: str) -> int | None:
    """Read "873", "12.3K" or "1.4M"."""
    found = _VIEWS.fullmatch(shown)
    return round(float(found[1][:15]) * _TIMES[found[2]]) if found else None


def _words(message: Selector, css: str) -> str:
    return one_line(plain(message.css(css).get() or ""))


def _date(value: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
