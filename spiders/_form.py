"""A form on a page: filled in as a browser would, hidden fields kept."""

from dataclasses import dataclass
from urllib.parse import urljoin

from parsel import Selector

from ._links import same_site
from ._markup import every, found

_NOT_TO_PRESS = ("preview", "cancel", "delete", "save", "load", "draft", "attach", "more")


@dataclass(frozen=True)
class Form:
    """Where to send what."""

    action: str
    fields: dict[str, str]


def form(document: Selector, css: str, url: str) -> Form | None:
    """The first form that the selector finds and that stays on the site."""
    element = found(document, css)
    if element is None or element.root.tag != "form":
        return None
    action = urljoin(url, element.attrib.get("action") or url)
    if not action.startswith(("http://", "https://")) or not same_site(action, url):
        return None
    fields = {name: value or "" for name, value in element.root.form_values()}
    return Form(action, fields | _button(element))


def _button(element: Selector) -> dict[str, str]:
    """The button that sends: some engines look at which one was pressed."""
    for button in every(element, "input[type=submit][name], button[name]"):
        name = button.attrib["name"]
        if not any(word in name.lower() for word in _NOT_TO_PRESS):
            return {name: button.attrib.get("value") or ""}
    return {}
