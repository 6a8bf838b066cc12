"""How much a post is about a brand, from 0 to 1: a gate before tone, since a passing mention needs no answer."""

from collections.abc import Collection

from monitor.matching import Match

SHORT = 400
"""Characters. A post that fits on a phone's screen and names the brand is about it."""
EARLY = 250
LIST_OF_BRANDS = 4
OF_ANOTHER = 0.2
"""The thread's title names the brand, but the post speaks of another."""

PERHAPS = 0.0
"""The post names nobody, and follows one whose case is still to be opened: it joins that case, and opens none itself."""


def relevance(
    text: str, matches: Collection[Match], *, in_title: bool, brands: int, speaks_of_another: bool = False
) -> float:
    """A rule of thumb, kept simple enough to explain: named in the title, often, early, or in a short post.

    brands: how many brands that we follow the post names; one that lists many is about none of them.
    """
    if not matches and speaks_of_another:
        return OF_ANOTHER
    if in_title and not matches:
        return 0.8
    if in_title or len(text) <= SHORT or len(matches) >= 3:
        return 1.0 if brands < LIST_OF_BRANDS else 0.5
    first = min((match.start for match in matches), default=len(text))
    score = 0.7 if first <= EARLY or len(matches) == 2 else 0.4
    return score if brands < LIST_OF_BRANDS else score / 2
