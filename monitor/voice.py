"""How the outbox speaks to staff, whatever carries it: bots/voice.py does."""

from datetime import timedelta
from typing import Protocol

from models import Alert, Bundle, Crisis, DigestIssue, Notice, Reply


class Unsaid(Exception):
    """Staff's chat did not take a message. Its text is a sentence."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        permanent: bool = False,
        unsure: bool = False,
    ):
        super().__init__(message)
        self.unsure = unsure  # it may stand there all the same
        self.retry_after = retry_after
        self.permanent = permanent


class Voice(Protocol):
    """Speaks to staff. Every method raises Unsaid, and nothing else, when the chat did not take it."""

    def card(self, alert: Alert) -> int:
        """Send the card, or edit it where it has a message; return the message's id."""
        ...

    def bundle(self, bundle: Bundle) -> int: ...

    def crisis(self, crisis: Crisis) -> int: ...

    def notice(self, notice: Notice) -> int: ...

    def digest(self, issue: DigestIssue) -> None:
        """Send the message, unless it has been sent, and then the page."""
        ...

    def preview(self, reply: Reply) -> None:
        """Show on the preview message what became of the reply. May raise the SourceError of its source, too."""
        ...
