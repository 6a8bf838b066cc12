"""Reddit's API through PRAW, which is neither thread-safe nor quick to import; and what its refusals mean."""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitor.source import SourceError

from ._text import one_line, plain

if TYPE_CHECKING:
    import praw
    from prawcore import Requestor

_LONGEST_WAIT = timedelta(days=1)
_WAIT = re.compile(r"(\d{1,6})\s*(millisecond|second|minute|hour)")
_REFUSALS = {
    "THREAD_LOCKED": "the thread is locked",
    "DELETED_COMMENT": "the comment was deleted",
    "DELETED_LINK": "the submission was deleted",
    "TOO_OLD": "the thread is archived",
    "TOO_LONG": "the text is too long",
    "NO_TEXT": "the text is empty",
    "SUBREDDIT_NOTALLOWED": "the subreddit doesn't let our account post",
    "USER_BLOCKED": "the author has blocked our account",
}


class NotRepeated(Exception):
    """A comment was sent and its fate is unknown: PRAW must not send it again, as it does with other requests."""


class Api:
    """One account at Reddit. Calls wait for each other."""

    def __init__(self, user_agent: str, **keys: Any):
        self._user_agent = user_agent
        self._keys = keys
        self._reddit: praw.Reddit | None = None
        self._turn = threading.Lock()

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        """The JSON at a path of the API; SourceError where there is none."""
        with self._session() as reddit:
            return reddit.request(method="GET", path=path, params={**(params or {}), "raw_json": 1})

    def comment(self, thing: str, text: str) -> str:
        """Answer a comment (t1_…) or a submission (t3_…), and return the id (t1_…) of the answer."""
        with self._session(sends=True) as reddit:
            kind, _, bare = thing.partition("_")
            parent = reddit.comment(bare) if kind == "t1" else reddit.submission(bare)
            answer = parent.reply(text)
        if answer is None:
            raise SourceError("Reddit took the reply but didn't say where it is.", unsure=True)
        return str(answer.fullname)

    def edit(self, comment: str, text: str) -> None:
        """Put the text in the place of our comment (t1_…)."""
        with self._session() as reddit:
            reddit.comment(comment.removeprefix("t1_")).edit(text)

    def delete(self, comment: str) -> None:
        """Take our comment (t1_…) away; Reddit doesn't mind one that is gone."""
        with self._session() as reddit:
            reddit.comment(comment.removeprefix("t1_")).delete()

    @contextmanager
    def _session(self, *, sends: bool = False) -> "Iterator[praw.Reddit]":
        import prawcore
        from praw.exceptions import PRAWException

        with self._turn:
            try:
                self._reddit = self._reddit or self._made()
                yield self._reddit
            except NotRepeated:
                raise SourceError("Reddit didn't say whether it took the reply.", unsure=True) from None
            except prawcore.BadJSON:
                raise SourceError("Reddit sent something that is not JSON.", unsure=sends) from None
            except (PRAWException, prawcore.PrawcoreException) as error:
                raise _as_source_error(error) from None
            except (
                ArithmeticError,
                AssertionError,
                AttributeError,
                LookupError,
                TypeError,
                ValueError,
            ) as error:
                # PRAW believes what it is sent: an answer of another shape fails anywhere in it.
                name = type(error).__name__
                raise SourceError(
                    f"Reddit sent an answer that can't be read ({name}).", unsure=sends
                ) from None

    def _made(self) -> "praw.Reddit":
        import praw

        return praw.Reddit(
            **self._keys,
            user_agent=self._user_agent,
            requestor_class=_requestor(),
            check_for_updates=False,
            ratelimit_seconds=0,
        )


def _requestor() -> "type[Requestor]":
    """PRAW's own way to talk HTTP, less its habit to repeat what failed where that would post a comment twice."""
    import prawcore
    import requests

    class OnceRequestor(prawcore.Requestor):
        def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> requests.Response:
            asked = " ".join(map(str, (*args, kwargs.get("method"), kwargs.get("url"))))
            is_comment = "POST" in asked and "/api/comment" in asked
            try:
                response = super().request(*args, timeout=timeout, **kwargs)
            except prawcore.RequestException as error:
                never_sent = isinstance(error.original_exception, requests.exceptions.ConnectTimeout)
                if is_comment and not never_sent:
                    raise NotRepeated from None
                raise
            if is_comment and (response.status_code >= 500 or response.status_code == 408):
                raise NotRepeated
            return response

    return OnceRequestor


def _as_source_error(error: Exception) -> SourceError:
    import prawcore
    from praw.exceptions import RedditAPIException

    if isinstance(error, RedditAPIException):
        return _refusal(error)
    if isinstance(error, prawcore.OAuthException | prawcore.InvalidToken | prawcore.InsufficientScope):
        return _keys_refused()
    if isinstance(error, prawcore.TooManyRequests):
        wait = waiting_time(f"{error.retry_after} second") or timedelta(minutes=10)
        return SourceError("Reddit asks us to be slower.", retry_after=wait)
    if isinstance(error, prawcore.ResponseException):
        return _status(error.response.status_code)
    if isinstance(error, prawcore.Redirect):
        return SourceError(
            "Reddit redirects elsewhere: a subreddit of this name does not exist.", permanent=True
        )
    return SourceError(f"No connection to Reddit ({type(error).__name__}).")


def _status(status: int) -> SourceError:
    if status == 401:
        return _keys_refused()
    if status == 403:
        return SourceError(
            "Reddit doesn't let our account in there (403): it may be banned, the subreddit private or the thread"
            " locked. Look at the place while logged in as the account.",
            permanent=True,
        )
    if status == 404:
        return SourceError(
            "Reddit has nothing there (404): check the names of the subreddits.", permanent=True
        )
    if 400 <= status < 500 and status != 408:
        return SourceError(f"Reddit refused the request (status {status}).", permanent=True)
    return SourceError(f"Reddit is in trouble (status {status}).")


def _keys_refused() -> SourceError:
    return SourceError(
        "Reddit refused the keys: check client_id, client_secret, username and password of the script app at"
        " reddit.com/prefs/apps, and that Reddit has approved it.",
        permanent=True,
    )


def _refusal(error: Any) -> SourceError:
    item = error.items[0]
    if item.error_type == "RATELIMIT":
        wait = waiting_time(item.message or "") or timedelta(minutes=10)
        return SourceError("Reddit lets our account post only now and then.", retry_after=wait)
    # PRAW passes on whatever came: a proxy's web page, too.
    words = one_line(plain(f"{item.error_type} {item.message or ''}"), limit=200)
    reason = _REFUSALS.get(item.error_type, words)
    return SourceError(f"Reddit refused the reply: {reason}.", permanent=True)


def waiting_time(message: str) -> timedelta | None:
    """How long to wait, out of "Take a break for 9 minutes before trying again."; a little more, at most a day."""
    found = _WAIT.search(message)
    if not found:
        return None
    wait = timedelta(**{f"{found[2]}s": int(found[1])})
    return min(wait + timedelta(seconds=5), _LONGEST_WAIT)
