"""What the parser of YAML finds wrong, in words for whoever wrote the file, and where the mistake really stands."""

import re
from typing import Any

Place = tuple[int, int]
"""Line and column, from 0."""
Found = tuple[Place, str]

AFTER_A_KEY = "after a key comes a colon, and after the colon a space"
AFTER_A_DASH = "after the dash of an entry comes a space"
INDENTED = "this line is indented otherwise than the lines that it belongs to: begin it in the same column"
GOES_ON = "this text goes on behind its closing quotation mark: put the whole of it in"
_LINE_BREAK = re.compile("\r\n|[\r\n]")
_NO_BREAK_SPACE = re.compile("^[ -]*([\u00a0\u202f])|: *([\u00a0\u202f])")
_CLOSED_VALUE = re.compile(r"""\s*(?:- +)*(?:[^\s:'"]+: +)?("(?:[^"\\]|\\.)*"|'[^']*'|\[[^]]*\]|\{[^}]*\})""")
_KEY = re.compile(r":\s|:$")
_GLUED = re.compile(r"[ -]*\w+:(?!//)\S+(\s+#|\s*$)")
_ITEM = re.compile(r"\s*- ")
_DASHED = re.compile(r"\s*-\w+:(\s|$)")
_SIGNS = "@`%!&*|>?,"


def in_words(error: Any, text: str) -> Found:
    """Where to look in the text, and what to do there; the parser's own words for what we don't know."""
    problem = " ".join(str(error.problem or error.context or "not readable as YAML").split())
    at = _place(error.problem_mark or error.context_mark)
    begins = _place(error.context_mark or error.problem_mark)
    return _found(problem, at, begins, _lines(text)) or (at, problem)


def begins_with(sign: str) -> str:
    return f"a text that begins with {sign} goes in single quotes"


def _found(problem: str, at: Place, begins: Place, lines: list[str]) -> Found | None:
    if "duplicate key" in problem:
        return at, re.sub(r" with value .*", "", problem) + "; every key stands once"
    if "end" in problem and "stream" in problem:
        # A quotation mark or bracket without its partner is noticed at the end of the file; it stands elsewhere.
        return begins, "what begins here is never closed"
    if space := _no_break_space(lines, at, begins):
        return space, "a no-break space is here, as copied from a page: type an ordinary space in its place"
    if r"'\t'" in problem:
        return at, "a tab is here: indent with spaces, and type one in its place"
    if "expected '<document start>'" in problem:
        return _key_above(lines, at)
    if "expected <block end>" in problem:
        return _after_a_block(lines, at)
    if problem.startswith("expected ',' or"):
        return _inside_brackets(lines, at, begins)
    if problem.startswith("mapping values"):
        return _second_colon(lines, at)
    if problem.startswith("could not find expected ':'"):
        return begins, AFTER_A_KEY
    if "another document" in problem:
        return at, "the configuration is one document: delete the line --- or ..."
    if "escape" in problem:
        return at, "a \\ has a meaning of its own in double quotes: put the text in single quotes"
    return _sign(lines, at) or _sign(lines, begins)


def _no_break_space(lines: list[str], at: Place, begins: Place) -> Place | None:
    for number in (at[0], at[0] - 1, begins[0]):
        if space := _NO_BREAK_SPACE.search(_line(lines, number)):
            return number, space.end() - 1
    return None


def _after_a_block(lines: list[str], at: Place) -> Found | None:
    before = _line(lines, at[0])[: at[1]]
    if not before.strip(" -"):
        return _key_above(lines, at) or (at, INDENTED)
    if closed := _CLOSED_VALUE.match(before):
        sign = closed[1][0]
        wrong = begins_with(sign) if sign in "[{" else _goes_on(_line(lines, at[0]))
        return (at[0], closed.start(1)), wrong
    if '"' in before or "'" in before:
        return at, "a quotation mark in this line, or in one above it, has no partner"
    return None


def _key_above(lines: list[str], at: Place) -> Found | None:
    """A key above that has no colon, or no space behind it: a comment ends it there, and the parser stumbles over the next."""
    above = _above(lines, at)
    written = _line(lines, above)
    has_no_colon = "#" in written and not (_KEY.search(written) or _ITEM.match(written))
    return ((above, _indent(written)), AFTER_A_KEY) if has_no_colon or _GLUED.match(written) else None


def _goes_on(line: str) -> str:
    if '"' not in line:
        return f"{GOES_ON} double quotes"
    twice = ", and write each ' in it twice" if "'" in line else ""
    return f"{GOES_ON} single quotes, as in '\"Acme Store\" OR acme'{twice}"


def _inside_brackets(lines: list[str], at: Place, begins: Place) -> Found:
    line, opening = _line(lines, at[0]), _line(lines, begins[0])[begins[1] : begins[1] + 1]
    before = line[: at[1]]
    if before.endswith("$"):
        return (at[0], at[1] - 1), '${…} inside { } or [ ] goes in double quotes, as in "${NAME}"'
    if at[0] != begins[0]:
        return begins, f"this {opening} is not closed, or there is no comma between two entries behind it"
    if line[at[1] : at[1] + 1] in ("}", "]"):
        return at, f"this closes another bracket than the {opening} that is open"
    if before.rstrip().endswith(('"', "'")):
        return at, _goes_on(line)
    pair = "{ }" if opening == "{" else "[ ]"
    return (
        at,
        f"inside {pair} there are commas between entries, and a text with a colon or a bracket goes in quotes",
    )


def _second_colon(lines: list[str], at: Place) -> Found:
    if re.search(r":\s", _line(lines, at[0])[: at[1]]):
        return at, "a text with a colon in it goes in quotes"
    above = _above(lines, at)
    written = _line(lines, above)
    if _DASHED.match(written):
        return (above, written.index("-")), AFTER_A_DASH
    if _KEY.search(written):
        return at, INDENTED
    return (above, _indent(written)), AFTER_A_KEY


def _above(lines: list[str], at: Place) -> int:
    """The number of the line above that has more than a comment; that of the place where there is none."""
    return next((n for n in range(at[0] - 1, -1, -1) if _line(lines, n).partition("#")[0].strip()), at[0])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


def _sign(lines: list[str], place: Place) -> Found | None:
    sign = _line(lines, place[0])[place[1] : place[1] + 1]
    if sign == "-":
        return place, f"a list begins in a line of its own, and {begins_with(sign)}"
    if sign in ("}", "]"):
        return place, f"nothing is open that this {sign} could close, and {begins_with(sign)}"
    return (place, begins_with(sign)) if sign and sign in _SIGNS else None


def _lines(text: str) -> list[str]:
    """As the parser counts them; to it a byte order mark has no column."""
    return _LINE_BREAK.split(text.replace("\ufeff", ""))


def _line(lines: list[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""


def _place(mark: Any) -> Place:
    return (mark.line, mark.column) if mark else (0, 0)
