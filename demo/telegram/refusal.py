"""How Telegram says no."""

from typing import Any


class Refusal(Exception):
    """An answer without a result: the HTTP status, Telegram's words, and how long to wait where it is 429."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None):
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        """Seconds."""

    def as_json(self) -> dict[str, Any]:
        """The body of the HTTP answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(reason: str) -> Refusal:
    """400, as Telegram words it."""
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    """403, as Telegram words it."""
    return Refusal(403, f"Forbidden: {reason}")
