"""A message to staff as plain text, for the terminal."""

import re
from html import unescape


def plain(html: str) -> str:
    """Telegram's HTML without its tags; a link keeps its address."""
    with_links = re.sub(r'<a href="([^"]*)">(.*?)</a>', r"\2 (\1)", html, flags=re.DOTALL)
    return unescape(re.sub(r"</?[a-z][^<>]*>", "", with_links))
