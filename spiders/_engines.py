"""Presets of forum engines: which CSS selector finds what, read from config/engines/*.yaml."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

_FOLDER = Path(__file__).parents[1] / "config" / "engines"


@dataclass(frozen=True, kw_only=True)
class Selectors:
    """Where things stand on the pages of a site.

    A value is a CSS selector; `::text` or `::attr(name)` at its end takes a part instead of the whole text. A link
    is the href of what is found; a time is the first of datetime, data-time, title and the text that can be read.
    """

    section: str = ""
    """On an index: links to lists of threads."""
    thread: str = ""
    """On a list: one row for each thread. The next five are looked up inside a row."""
    thread_link: str = "a"
    thread_time: str = ""
    """When somebody wrote last."""
    thread_last: str = ""
    """The link to the last post: the page where reading begins."""
    thread_replies: str = ""
    """How many answers there are."""
    thread_pattern: str = ""
    """Not a selector: a regular expression whose group is the thread's id in its address."""
    list_next: str = "a[rel=next]"

    title: str = "h1"
    post: str = ""
    """On a thread's page: one element for each post. The next six are looked up inside it."""
    post_id: str = "::attr(id)"
    author: str = ""
    time: str = ""
    permalink: str = ""
    body: str = ""
    drop: str = ""
    """Inside the body: what is not the author's own text. Quotations in <blockquote> are dropped anyhow."""
    next: str = "a[rel=next]"
    previous: str = "a[rel=prev]"
    last: str = ""
    date_order: str = "DMY"
    """Not a selector: what 01/02/2026 means, DMY or MDY."""

    login_url: str = ""
    """Not a selector: the path of the page with the login form."""
    login_form: str = "form:has(input[type=password])"
    login_username: str = "username"
    """Not a selector: the name of the field; so are login_password and reply_text."""
    login_password: str = "password"
    reply_form: str = ""
    reply_link: str = ""
    """On a thread's page: the link to the page with the reply form, where the form is not on the page itself."""
    reply_text: str = ""
    reply_length: str = "10000"
    """Not a selector: how many characters an answer may have."""


def names() -> list[str]:
    """The engines that have a preset."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def selectors(engine: str, own: Mapping[str, str]) -> Selectors:
    """The preset of an engine with the site's own selectors over it. ValueError names what is unknown."""
    if engine not in names():
        raise ValueError(
            f"engine {engine!r} is not known{_nearest(engine, names())}: one of {', '.join(names())}"
        )
    known = [field.name for field in fields(Selectors)]
    for key in own:
        if key not in known:
            raise ValueError(f"selectors.{key} is not known{_nearest(key, known)}")
    return replace(_preset(engine), **own)


@cache
def _preset(engine: str) -> Selectors:
    return Selectors(**(YAML(typ="safe").load(_FOLDER / f"{engine}.yaml") or {}))


def _nearest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {close[0]}?)" if close else ""
