"""Which engine reads which forum."""

from datetime import datetime
from typing import Any

from monitor.source import Answerable

from ._discourse import Discourse
from ._engines import selectors
from ._flarum import Flarum
from ._forum_html import HtmlEngine
from ._forum_page import Engine
from ._nodebb import NodeBB

JSON_ENGINES: dict[str, type[Discourse | NodeBB | Flarum]] = {
    "discourse": Discourse,
    "nodebb": NodeBB,
    "flarum": Flarum,
}


def engine(keys: dict[str, Any], now: datetime) -> Engine:
    """The engine for the keys of a source; now is when the pages are read."""
    if kind := JSON_ENGINES.get(keys["engine"]):
        return kind(now=now, language=keys["language"])
    return HtmlEngine(
        selectors=selectors(keys["engine"], keys["selectors"]),
        now=now,
        timezone=keys["timezone"],
        language=keys["language"],
        answerable=Answerable(keys["answerable"]),
    )
