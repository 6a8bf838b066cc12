"""An answer through the forum's own reply form, read back from the thread.

It is sent once. When it can't be seen afterwards the error says so (unsure), and a person looks: a public answer is
never sent twice.
"""

import re
import time
from collections.abc import Iterable, Iterator
from itertools import dropwhile, islice

from rapidfuzz import fuzz

from monitor.source import Post, Posted, PostRef, SourceError

from ._form import Form, form
from ._forum_page import Engine, Unreadable
from ._links import absolute, page, shown
from ._login import Account, Seen, problem
from ._markup import found, link, words

PAUSE_SECONDS = 3.0
"""Between fetching the form and sending it: engines refuse what no person could have typed."""
MAX_PAGES = 50
_ALIKE = 90.0  # per cent of the letters
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_HELD = re.compile(
    r"moderat|approv|модерац|модератор|перевір|проверк|одобрен|схвален|aprobar|aprobat", re.IGNORECASE
)


def reply(account: Account, engine: Engine, post: PostRef, text: str) -> Posted:
    """Post the text in the thread of a post, and find it there."""
    before = {old.id for old in _own(account, engine, post, text)}
    where = _form_of(account, post)
    time.sleep(PAUSE_SECONDS)
    answer = account.post(where.action, where.fields | {account.selectors.reply_text: text})
    try:
        for new in _own(account, engine, post, text):
            if new.id not in before:
                return Posted(new.id, new.url)
    except SourceError as error:
        raise SourceError(f"Sent, but the thread can't be read to see it: {error}", unsure=True) from None
    raise _not_seen(account, answer, text)


def find(account: Account, engine: Engine, post: PostRef, text: str) -> Posted | None:
    """The account's newest post with this text after the post, if there is one."""
    own = list(_ours(_after(_posts(account, engine, post), post), account, text))
    return Posted(own[-1].id, own[-1].url) if own else None


def _form_of(account: Account, post: PostRef) -> Form:
    for attempt in range(2):
        if attempt:
            account.log_in_again()
        thread = account.get(post.url)
        if href := absolute(thread.url, link(thread.document, account.selectors.reply_link)):
            thread = account.get(href)
        where = form(thread.document, account.selectors.reply_form, thread.url)
        if where and account.selectors.reply_text in where.fields:
            return where
    raise SourceError(
        f"There is no reply form for {account.name!r} in the thread: it is locked, or the account may not write "
        f"there. {problem(thread.document)}".strip(),
        permanent=True,
    )


def _own(account: Account, engine: Engine, post: PostRef, text: str) -> Iterator[Post]:
    """The account's posts with this text, from the page of the post to the end of the thread."""
    return _ours(_posts(account, engine, post), account, text)


def _ours(posts: Iterable[Post], account: Account, text: str) -> Iterator[Post]:
    for written in posts:
        if written.author.casefold() == account.name.casefold() and says(written.text, text):
            yield written


def _after(posts: Iterable[Post], post: PostRef) -> Iterator[Post]:
    """What was written before a post answers somebody else, be it in the same saved words."""
    yield from islice(dropwhile(lambda written: written.id != post.id, posts), 1, None)


def _posts(account: Account, engine: Engine, post: PostRef) -> Iterator[Post]:
    url: str | None = post.url
    asked: set[str] = set()
    while url and page(url) not in asked:
        if len(asked) >= 2 * MAX_PAGES:  # each page may have two addresses
            raise SourceError(
                f"More than {MAX_PAGES} pages were written since: look by hand.", permanent=True
            )
        asked.add(page(url))
        seen = account.get(url)
        asked.add(page(seen.url))
        try:
            read = engine.thread(seen.content, seen.url, id=post.thread_id or "")
        except Unreadable as error:
            raise SourceError(f"{shown(seen.url)}: {error}.", permanent=error.permanent) from None
        yield from read.posts
        url = read.next


def _not_seen(account: Account, answer: Seen, text: str) -> SourceError:
    """Why the answer is not in the thread, as far as the page after sending tells."""
    again = form(answer.document, account.selectors.reply_form, answer.url)
    if again and says(again.fields.get(account.selectors.reply_text, ""), text):
        reason = problem(answer.document) or "it does not say why"
        return SourceError(f"The forum did not accept the answer: {reason}.")
    if found(answer.document, account.selectors.login_form) is not None:
        return SourceError("The forum has forgotten that we were logged in; nothing was posted.")
    if _HELD.search(words(answer.document, "body")):
        return SourceError(
            "The answer waits for the forum's moderator: it was accepted, and is not public yet.",
            permanent=True,
            unsure=True,
        )
    return SourceError(
        "The forum took the answer but does not show it (held or dropped): look into the thread.",
        permanent=True,
        unsure=True,
    )


def says(read: str, wanted: str) -> bool:
    """Whether a post shows what was to be written: engines change quotes, links, spaces and markup."""
    wanted = _without_quotes(wanted)
    seen, meant = _letters(read), _letters(wanted)
    if not meant:
        return False
    return fuzz.ratio(seen, meant) >= _ALIKE or _says_around_links(read, wanted)


def _says_around_links(read: str, wanted: str) -> bool:
    """Long links are shown shortened, or by a title: what stands around them must be there, word for word, in this order.

    What else is there may be no longer than the links, or than what stands around them.
    """
    links, seen = _LINK.findall(wanted), _spaced(read)
    pieces = [piece for piece in map(_spaced, _LINK.split(wanted)) if piece.strip()]
    if not links or not pieces:
        return False
    place = 0
    for piece in pieces:
        found_at = seen.find(piece, place)
        if found_at < 0:
            return False
        place = found_at + len(piece) - 1  # on the space with which the next one begins
    around = sum(map(len, pieces))
    return len(seen) - around <= max(around, sum(len(_spaced(each)) for each in links))


def _spaced(text: str) -> str:
    """Its words, each between two spaces."""
    return " ".join(["", *re.findall(r"[^\W_]+", text.casefold()), ""])


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _without_quotes(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
