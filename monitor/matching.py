"""Which posts are about which brands, and what says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial

from monitor.query import QueryError, parse_query
from monitor.query_tree import And, Field, Near, Not, Or, Query, Term, terms
from monitor.reading import Hit, Reading
from monitor.sought import Seeker, SoughtTerm

NEAR = 12
"""Words between a place and a context or exclude word that still counts as near."""
MOST_MATCHES = 100
"""Places kept of one brand in one post: more than any alert can show."""


@dataclass(frozen=True)
class BrandTerms:
    """What a brand is found by; docs/queries.md says what each part means."""

    name: str
    query: str
    context: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    own_accounts: tuple[str, ...] = ()
    transliterate: bool = False


@dataclass(frozen=True)
class Match:
    """A term as the query wrote it, found at text[start:end] of the post's own text."""

    term: str
    start: int
    end: int


@dataclass(frozen=True)
class _Facts:
    """What fields of a query ask about."""

    author: str
    source: str
    language: Callable[[], str | None]


class Matcher:
    """All brands at once: their words are looked up in one pass, and only brands that have a word there are asked."""

    def __init__(self, brands: Sequence[BrandTerms]) -> None:
        """Raise QueryError for a query, context or exclude entry that can't be read."""
        seeker = Seeker()
        self._brands = [_Brand(brand, seeker) for brand in brands]
        self._vocabulary = seeker.vocabulary()
        self._wordless: set[int] = set()
        self._by_word: dict[int, set[int]] = {}
        for index, brand in enumerate(self._brands):
            words = brand.trigger_words()
            if words is None:
                self._wordless.add(index)
            for number in words or ():
                self._by_word.setdefault(number, set()).add(index)

    def match(
        self,
        text: str,
        *,
        title: str = "",
        author: str = "",
        source: str = "",
        language: str | Callable[[], str] | None = None,
    ) -> dict[str, list[Match]]:
        """The brands that the post is about, each with its places in the text (none: the title or a field says so).

        A post by one of a brand's own accounts is not about that brand. The language (ISO 639-1) settles what is
        a form of the name and what another word; None: unknown; a function is called only where that matters, since
        few posts have such a word and finding out costs more than the match. Linear in the length of title and text.
        """
        spoken = language if callable(language) else lambda: language
        reading = Reading(title, text, self._vocabulary, spoken)
        post = _Facts(_account(author), source.lower(), spoken)
        candidates = self._wordless.union(*(self._by_word.get(number, ()) for number in reading.places))
        found = {}
        for brand in (self._brands[index] for index in sorted(candidates)):
            hits = brand.hits(reading, post)
            if hits is not None:
                found[brand.name] = _matches(hits, reading)
        return found


class _Brand:
    """One brand, its terms numbered in the vocabulary."""

    def __init__(self, brand: BrandTerms, seeker: Seeker) -> None:
        seek = partial(seeker.seek, transliterate=brand.transliterate)
        self.name = brand.name
        self.query = parse_query(brand.query)
        self.sought = {term: seek(term, ambiguous=True) for term in terms(self.query)}
        self.context = [seek(_single_term(entry), ambiguous=False) for entry in brand.context]
        self.exclude = [seek(_single_term(entry), ambiguous=False) for entry in brand.exclude]
        self.own = frozenset(map(_account, brand.own_accounts))
        self.terms_by_word: dict[int, set[Term]] = {}
        """A term can be there only if the first word of one of its ways is."""
        for term, sought in self.sought.items():
            for way in sought.ways:
                self.terms_by_word.setdefault(way[0].number, set()).add(term)

    def trigger_words(self) -> set[int] | None:
        """The numbers of words of which one must be in a post about the brand; None: it may have none of them."""
        triggers = _triggers(self.query)
        if triggers is None:
            return None
        return {way[0].number for term in triggers for way in self.sought[term].ways}

    def hits(self, reading: Reading, post: _Facts) -> list[Hit] | None:
        """Where the post speaks of the brand; None when it doesn't."""
        if post.author in self.own or f"{post.source}:{post.author}" in self.own:
            return None
        return _Question(self, reading, post).hits(self.query)


class _Question:
    """Is this post about this brand?"""

    def __init__(self, brand: _Brand, reading: Reading, post: _Facts) -> None:
        self._brand = brand
        self._reading = reading
        self._post = post
        words = brand.terms_by_word.keys() & reading.places.keys()
        self._possible: set[Term] = set().union(*(brand.terms_by_word[word] for word in words))
        self._context = _all_hits(reading, brand.context)
        self._exclude = _all_hits(reading, brand.exclude)

    def hits(self, query: Query, anywhere: bool = False) -> list[Hit] | None:
        """What makes the query true, None if nothing does; anywhere: whatever stands near."""
        match query:
            case Term():
                return self._places(query, anywhere) or None
            case Near():
                return self._near(query, anywhere) or None
            case Field():
                return [] if _field_holds(query, self._post) else None
            case Not():
                return [] if self.hits(query.part, anywhere=True) is None else None
            case And():
                parts = [self.hits(part, anywhere) for part in query.parts]
                found = [part for part in parts if part is not None]
                return [hit for part in found for hit in part] if len(found) == len(parts) else None
            case Or():
                return self._either(query, anywhere)

    def _either(self, query: Or, anywhere: bool) -> list[Hit] | None:
        possible = [part for part in query.parts if type(part) is not Term or part in self._possible]
        parts = [self.hits(part, anywhere) for part in possible]
        found = [part for part in parts if part is not None]
        return [hit for part in found for hit in part] if found else None

    def _near(self, query: Near, anywhere: bool) -> list[Hit]:
        near = self._reading.near
        left = [hit for term in query.left for hit in self._places(term, anywhere)]
        right = [hit for term in query.right for hit in self._places(term, anywhere)]
        return [*near(left, right, query.distance), *near(right, left, query.distance)]

    def _places(self, term: Term, anywhere: bool) -> list[Hit]:
        if term not in self._possible:
            return []
        sought = self._brand.sought[term]
        hits = self._reading.hits(sought)
        if anywhere:
            return hits
        excluded = set(_near_or_titled(self._reading, hits, self._exclude))
        hits = [hit for hit in hits if hit not in excluded]
        if not self._brand.context or sought.sure:
            return hits
        return _near_or_titled(self._reading, hits, self._context)


def _near_or_titled(reading: Reading, hits: list[Hit], others: list[Hit]) -> list[Hit]:
    """The hits that have one of the others near; a word in the title is near to everything."""
    if not hits or not others:
        return []
    if any(map(reading.in_title, others)):
        return hits
    return [*reading.near(hits, others, NEAR), *reading.touched(hits, others)]


def _all_hits(reading: Reading, sought: Sequence[SoughtTerm]) -> list[Hit]:
    return [hit for each in sought for hit in reading.hits(each)]


def _field_holds(field: Field, post: _Facts) -> bool:
    if field.name == "lang":
        return post.language() == field.value
    return fnmatchcase(post.source if field.name == "source" else post.author, field.value)


def _triggers(query: Query) -> set[Term] | None:
    """Terms of which one must be in a post for the query to be true; None: it can be true without any."""
    match query:
        case Term():
            return {query}
        case Near():
            return set(query.left)
        case Field() | Not():
            return None
        case And():
            needed = [triggers for part in query.parts if (triggers := _triggers(part)) is not None]
            return min(needed, key=len, default=None)
        case Or():
            each = [_triggers(part) for part in query.parts]
            needed = [triggers for triggers in each if triggers is not None]
            return set().union(*needed) if len(needed) == len(each) else None


def _single_term(entry: str) -> Term:
    query = parse_query(entry)
    if isinstance(query, Term):
        return query
    raise QueryError(
        "context and exclude take one word, prefix* or phrase an entry, without operators", entry, 0
    )


def _account(name: str) -> str:
    """An account's name as it is compared: @Name and name are one, also after a source (telegram:@Name)."""
    return name.strip().casefold().replace(":@", ":").removeprefix("@")


def _matches(hits: Sequence[Hit], reading: Reading) -> list[Match]:
    """Places in the text that don't overlap, the longest first where they would."""
    matches: list[Match] = []
    end = 0
    for hit in sorted(set(hits), key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= end and not reading.in_title(hit):
            matches.append(Match(hit.term.written, *reading.text_span(hit)))
            end = hit.end
        if len(matches) == MOST_MATCHES:
            break
    return matches
