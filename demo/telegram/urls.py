"""Which links Telegram takes."""

from urllib.parse import urlsplit, urlunsplit

from demo.telegram.refusal import bad_request

SCHEMES = {"http", "https", "tg", "ton"}


def link_or_none(url: str) -> str | None:
    """The link as Telegram writes it, or None where it would drop it."""
    try:
        return checked_link(url)
    except ValueError:
        return None


def checked_link(url: str) -> str:
    """Add what is missing (scheme, path); raise ValueError with Telegram's reason where it is no link.

    Telegram refuses hosts without a dot; here localhost passes, because the town lives there.
    """
    url = url.strip()
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme.lower() not in SCHEMES:
        raise ValueError("Unsupported URL protocol")
    if parts.scheme in ("tg", "ton"):
        return url
    if any(character.isspace() for character in url) or not is_host(parts.hostname or ""):
        raise ValueError("Wrong HTTP URL")
    return urlunsplit(parts._replace(path=parts.path or "/"))


def is_host(host: str) -> bool:
    """Is it a name with a dot, an address, or this machine?"""
    return host == "localhost" or ":" in host or ("." in host.strip(".") and ".." not in host)


def button_link(url: str) -> str:
    """The link of a button; raise Refusal."""
    try:
        return checked_link(url)
    except ValueError as error:
        reason = str(error) if str(error)[:1].isupper() else "Wrong HTTP URL"
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}") from error
