"""Pages that ask whether we are human, instead of what was asked for."""

from parsel import Selector

from ._markup import every, found

TOLD = "the site asks to prove that we are human (a captcha): ask its owner to let Vidhuk in"
# Themes load scripts of captchas on every page, for a form at the foot of it.
_CAPTCHA = "[class*=captcha], [src*=captcha]:not(script), [id*=captcha]:not(script), #challenge-form, #cf-wrapper, .cf-turnstile"
_MOST_LINKS = 5


def is_challenge(document: Selector) -> bool:
    """Whether the page is nothing but a captcha: a page of the site itself has links to the rest of it."""
    return found(document, _CAPTCHA) is not None and len(every(document, "a[href]")) <= _MOST_LINKS
