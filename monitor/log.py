"""One event a line: readable on a terminal, JSON elsewhere. No token, e-mail address or message text in it."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import Processor

SECRETS = (
    (re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{20,}"), "<token>"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "<e-mail>"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 <secret>"),
    (re.compile(r"(://)[^/\s:@]+:[^/\s@]+@"), r"\1<credentials>@"),
    # A feed's key stands there, under whatever name.
    (re.compile(r"(https?://[^\s\"'<>?#]+)\?[^\s\"'<>]*"), r"\1?<query>"),
)
TALKATIVE = (
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "apscheduler",
    "telegram",
    "alembic",
    "scrapy",
    "prawcore",
    "asyncio",
    "uvicorn",
)


def configure(*, verbose: bool = False, quiet: bool = False) -> None:
    """Send structlog's and the standard library's events to stderr, one a line, with secrets blotted out."""
    terminal = sys.stderr.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if terminal else "iso", utc=not terminal),
        structlog.processors.format_exc_info,
        blot_out,
    ]
    renderer = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _one_line, renderer],
        )
    )
    level = logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.WARNING)


def blot_out(_logger: Any, _method: str, event: Any) -> Any:
    """Replace what looks like a secret or a person's address in every value."""
    return {key: value if key.startswith("_") else _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    value = str(value)
    for pattern, instead in SECRETS:
        value = pattern.sub(instead, value)
    return value


def _one_line(_logger: Any, _method: str, event: Any) -> Any:
    return {
        key: value.replace("\n", "\\n") if isinstance(value, str) else value for key, value in event.items()
    }
