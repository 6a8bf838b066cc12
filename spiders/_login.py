"""The account with which a forum is answered: logs in through the site's own form, and stays logged in."""

from dataclasses import dataclass, field
from urllib.parse import urljoin

from parsel import Selector

from monitor.source import SourceError

from ._engines import Selectors
from ._form import form
from ._http import Fetched, Web, client, user_agent
from ._links import shown
from ._markup import found, read, utf8, words
from ._text import cut

_PROBLEM = (
    ".errorlist, .error, .errors, .errorbox, .error-message, .field-error, .invalid-feedback, .alert-danger,"
    " .alert-warning, .has-error .help-block, .blockMessage--error, .messages, .flash, [role=alert]"
)


@dataclass(frozen=True)
class Seen:
    """A page as the account sees it."""

    url: str
    content: bytes
    document: Selector


@dataclass(kw_only=True)
class Account:
    """Not for several threads at once: what happens on the site has an order."""

    url: str
    selectors: Selectors
    name: str
    """Under which the site shows what the account writes."""
    username: str
    password: str = field(repr=False)
    allow_private: bool = False
    contact: str = ""
    _web: Web | None = field(default=None, init=False, repr=False)

    def get(self, url: str) -> Seen:
        return seen(self._logged_in().get(url))

    def post(self, url: str, fields: dict[str, str]) -> Seen:
        """Send a form. SourceError.unsure says that it may have arrived all the same."""
        return seen(self._logged_in().post(url, form=fields, headers={"Referer": url}))

    def log_in_again(self) -> None:
        """After the site has forgotten us."""
        self._web = None
        self._logged_in()

    def _logged_in(self) -> Web:
        if self._web is None:
            web = client(user_agent=user_agent(self.contact), allow_private=self.allow_private, cookies=True)
            self._log_in(web)
            self._web = web
        return self._web

    def _log_in(self, web: Web) -> None:
        page = seen(web.get(urljoin(self.url, self.selectors.login_url)))
        wanted = form(page.document, self.selectors.login_form, page.url)
        if wanted is None:
            raise SourceError(
                f"There is no login form at {shown(page.url)}: check selectors.login_url and login_form.",
                permanent=True,
            )
        filled = {self.selectors.login_username: self.username, self.selectors.login_password: self.password}
        try:
            sent = web.post(wanted.action, form=wanted.fields | filled, headers={"Referer": page.url})
        except SourceError as error:
            error.unsure = False  # whatever came of it, no answer has been sent
            raise
        answer = seen(sent)
        if found(answer.document, self.selectors.login_form) is not None:
            reason = problem(answer.document) or "check username and password"
            raise SourceError(
                f"{_host(self.url)} did not let {self.username!r} log in: {reason}.", permanent=True
            )


def seen(fetched: Fetched) -> Seen:
    content = utf8(fetched.body, fetched.headers.get("content-type", ""))
    return Seen(fetched.url, content, read(content))


def problem(document: Selector) -> str:
    """What the page complains about, in its own words."""
    return cut(words(document, _PROBLEM), 200).rstrip(". ")


def _host(url: str) -> str:
    return url.split("/")[2]
