"""How long a platform takes answers to a post: asked of its source, never written down here."""

from datetime import datetime

from models import Mention
from monitor.source import Answerable, HasWindow, PostRef


def post_ref(post: Mention) -> PostRef:
    return PostRef(
        id=post.external_id,
        url=post.url,
        author=post.author,
        thread_id=post.thread_id,
        posted_at=post.posted_at,
    )


def answer_until(source: object, post: Mention) -> datetime | None:
    """When the source takes no more answers to the post; None: no such time, or only people answer there anyway."""
    if post.answerable == Answerable.HAND_OFF or not isinstance(source, HasWindow):
        return None
    return source.answer_until(post_ref(post))
