"""The language in which a brand says how it is found; docs/queries.md describes it for staff."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from itertools import pairwise

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedToken

from monitor.folding import WORD, fold
from monitor.query_tree import And, Field, Near, Not, Or, Query, Term, Word, terms, words_with_gaps

LONGEST_QUERY = 10_000
"""Characters."""
MOST_TERMS = 500
DEEPEST_NESTING = 20
FARTHEST_NEAR = 50
"""Words: beyond that, two words in one post say no more than AND does."""
SHORTEST_PREFIX = 3
"""Letters: a shorter one finds half of the dictionary."""
FIELDS = ("lang", "source", "author")
LANGUAGES = ("uk", "ru", "ro", "en")

# Loosest first: OR, AND (or nothing at all), NOT, NEAR. Words side by side are one name: the parser shifts rather than reduces.
_GRAMMAR = r"""
?start: any
?any: all (_OR all)*
?all: part (_AND? part)*
?part: (_NOT | _MINUS) near -> negation
     | near
?near: operand (NEAR operand)*
?operand: PHRASE -> phrase
        | name
        | FIELD -> field
        | _OPEN any _CLOSE
name: WORD+

_OR.4: /OR(?![^\s()"«“„])/
_AND.4: /AND(?![^\s()"«“„])/
_NOT.4: /NOT(?![^\s()"«“„])/
NEAR.4: /NEAR(\/[^\s()"«“„]*)?(?![^\s()"«“„])/
PHRASE.3: /\^?("[^"]*"|«[^»]*»|[“„][^“”"]*[“”"])/
_OPEN.2: "("
_CLOSE.2: ")"
_MINUS.2: /-(?=[^\s\-)])/
FIELD.2: /[^\W\d_]+:[^\s()"«“„]*("[^"]*")?/
WORD.1: /[^\s()"«»“”„]+/

%import common.WS
%ignore WS
"""
_LOOSE_OPERATORS = {
    "and": "AND",
    "or": "OR",
    "not": "NOT",
    "near": "NEAR/5",
    "або": "OR",
    "или": "OR",
    "sau": "OR",
}
_FOREIGN = re.compile(r"[~\[\]{}|<>\\]|^[!=&\-]|^/.*/$")
_LIST = re.compile(r"(?<!\d)[,;]|[,;](?!\d)")
_CARET_CONTEXT = 40


class QueryError(ValueError):
    """Says what is wrong with a query and where: line and column count from 1."""

    def __init__(self, message: str, text: str, place: int) -> None:
        start = text.rfind("\n", 0, place) + 1
        self.message = message
        self.text = text
        self.line = text.count("\n", 0, place) + 1
        self.column = place - start + 1
        left = max(start, place - _CARET_CONTEXT)
        line = text[left : place + _CARET_CONTEXT].replace("\t", " ")
        shown = line[: place - left] + line[place - left :].partition("\n")[0]
        caret = " " * (place - left) + "^"
        super().__init__(f"line {self.line}, column {self.column}: {message}\n  {shown}\n  {caret}")


def parse_query(text: str) -> Query:
    """Read a query, or raise QueryError with the place."""
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"the query is longer than {LONGEST_QUERY} characters", text, LONGEST_QUERY)
    if not text.strip():
        raise QueryError("the query is empty: write the brand's name", text, 0)
    try:
        _check_parentheses(text, _parser().lex(text))
        query = _Reader(text).query(_parser().parse(text))
    except UnexpectedCharacters as error:
        raise QueryError("this quotation mark has no partner", text, error.pos_in_stream or 0) from None
    except UnexpectedToken as error:
        raise _misplaced(text, error.token) from None
    if sum(1 for _ in terms(query)) > MOST_TERMS:
        raise QueryError(f"the query has more than {MOST_TERMS} terms: make two brands of it", text, 0)
    if not _names_something(query):
        raise QueryError(
            "the query says only what to leave out: each part of OR must name what to find", text, 0
        )
    return query


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", propagate_positions=True)


def _check_parentheses(text: str, tokens: Iterable[Token]) -> None:
    open_at: list[int] = []
    for token in tokens:
        place = token.start_pos or 0
        if token.type == "_OPEN":
            open_at.append(place)
            if len(open_at) > DEEPEST_NESTING:
                raise QueryError(f"more than {DEEPEST_NESTING} parentheses inside each other", text, place)
        if token.type == "_CLOSE":
            if not open_at:
                raise QueryError("this ) closes nothing: expected no ) here, or a ( before it", text, place)
            open_at.pop()
    if open_at:
        raise QueryError("this ( is never closed: expected a )", text, open_at[-1])


def _misplaced(text: str, token: Token) -> QueryError:
    """With parentheses and quotes in order, all that can be wrong is that an operand is missing."""
    at_end = token.type == "$END"
    place = len(text.rstrip()) if at_end else token.start_pos or 0
    found = "the end of the query" if at_end else f"“{token}”"
    return QueryError(f'expected a word, a "phrase", a field or a ( here, found {found}', text, place)


class _Reader:
    """Turns the parser's tree into ours; its recursion is bounded by DEEPEST_NESTING."""

    def __init__(self, text: str) -> None:
        self._text = text

    def query(self, tree: Tree[Token]) -> Query:
        match tree.data:
            case "any":
                return Or(tuple(self.query(part) for part in _parts(tree)))
            case "all":
                return And(tuple(self.query(part) for part in _parts(tree)))
            case "negation":
                return Not(self.query(_parts(tree)[0]))
            case "near":
                return self._near(tree)
            case "field":
                return self._field(_tokens(tree)[0])
            case "phrase":
                return self._phrase(_tokens(tree)[0])
            case _:
                return self._name(_tokens(tree))

    def _name(self, tokens: Sequence[Token]) -> Term:
        words = [word for token in tokens for word in self._words(token)]
        name = " ".join(token.removeprefix("^").removesuffix("*") for token in tokens)
        gaps = (gap for _, gap in words_with_gaps(name))
        start, end = tokens[0].start_pos or 0, tokens[-1].end_pos or 0
        written = " ".join(self._text[start:end].split())
        return Term(written, tuple(replace(word, gap=gap) for word, gap in zip(words, gaps, strict=True)))

    def _words(self, token: Token) -> Iterator[Word]:
        """The words of a token, without their gaps: those go from one token to the next (Dr. Max)."""
        self._check_word(token)
        written = token.removeprefix("^")
        *before, text = WORD.findall(fold(written))
        for word in before:
            yield Word(word, capital=token.startswith("^"))
        prefix = written.endswith("*")
        if prefix and len(text) < SHORTEST_PREFIX:
            raise self._error(token, f"a prefix needs at least {SHORTEST_PREFIX} letters before its *")
        yield Word(text, prefix=prefix, capital=token.startswith("^"))

    def _check_word(self, token: Token) -> None:
        operator = _LOOSE_OPERATORS.get(fold(token).partition("/")[0])
        if operator:
            raise self._error(
                token,
                f'write {operator} for the operator, or put the name in "quotes" if “{token}” belongs to it',
            )
        if _FOREIGN.search(token):
            raise self._error(
                token, "no such sign here: there are AND, OR, NOT, NEAR/5, prefix*, ^Capital, ( ) and quotes"
            )
        if "*" in token[:-1]:
            raise self._error(token, "a * may stand only at the end of a word")
        if _LIST.search(token):
            raise self._error(
                token, 'a comma makes no list: write OR between names, or put a name that has one in "quotes"'
            )
        if not WORD.search(fold(token)):
            raise self._error(token, "expected a word: there is no letter or digit here")

    def _phrase(self, token: Token) -> Term:
        if "*" in token:
            raise self._error(token, "a phrase in quotes is exact: write prefix* without quotes")
        words = tuple(
            Word(text, exact=True, capital=token.startswith("^"), gap=gap)
            for text, gap in words_with_gaps(token)
        )
        if not words:
            raise self._error(token, "there is no word in these quotes")
        return Term(str(token), words)

    def _field(self, token: Token) -> Field:
        name, _, value = token.partition(":")
        name, value = name.lower(), value.strip('"').lower()
        if name not in FIELDS:
            near = get_close_matches(name, FIELDS, 1, 0.5)
            hint = f"did you mean {near[0]}: ?" if near else 'put it in "quotes" if it is text'
            known = ", ".join(f"{field}:" for field in FIELDS)
            raise self._error(token, f"there is no field {name}: (there are {known}); {hint}")
        if not value:
            raise self._error(token, f"expected a value right after {name}:")
        if name == "lang" and value not in LANGUAGES:
            raise self._error(token, f"expected one of {', '.join(LANGUAGES)} after lang:")
        return Field(name, value.removeprefix("@"))

    def _near(self, tree: Tree[Token]) -> Query:
        operands = [self._alternatives(part) for part in _parts(tree)]
        distances = [self._distance(token) for token in _tokens(tree)]
        pairs = zip(pairwise(operands), distances, strict=True)
        nears = tuple(Near(left, right, distance) for (left, right), distance in pairs)
        return nears[0] if len(nears) == 1 else And(nears)

    def _distance(self, token: Token) -> int:
        digits = token.partition("/")[2]
        if re.fullmatch("[0-9]{1,3}", digits) and 1 <= int(digits) <= FARTHEST_NEAR:
            return int(digits)
        raise self._error(token, f"expected a number of words from 1 to {FARTHEST_NEAR}, such as NEAR/5")

    def _alternatives(self, tree: Tree[Token]) -> tuple[Term, ...]:
        query = self.query(tree)
        found = query.parts if isinstance(query, Or) else (query,)
        alternatives = tuple(part for part in found if isinstance(part, Term))
        if len(alternatives) == len(found):
            return alternatives
        message = "NEAR joins words and phrases, or several of them in parentheses with OR between them"
        raise QueryError(message, self._text, tree.meta.start_pos)

    def _error(self, token: Token, message: str) -> QueryError:
        return QueryError(message, self._text, token.start_pos or 0)


def _parts(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _tokens(tree: Tree[Token]) -> list[Token]:
    return [child for child in tree.children if isinstance(child, Token)]


def _names_something(query: Query) -> bool:
    match query:
        case Term() | Near():
            return True
        case Field():
            return query.name != "lang"
        case Not():
            return False
        case And():
            return any(map(_names_something, query.parts))
        case Or():
            return all(map(_names_something, query.parts))
