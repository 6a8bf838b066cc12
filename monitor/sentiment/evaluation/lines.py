"""The lines of a file from outside: bounded, decoded, unpacked as they are asked for."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAX_LINE = 1_000_000
"""Bytes; a longer line is skipped without being held."""
_CHECKED = 65_536
"""Bytes from the beginning that must be text in UTF-8; a damaged line further on costs that line only."""
_GZIP = b"\x1f\x8b"
_WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark this one begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_ZIP = b"PK\x03\x04"
"""What a spreadsheet begins with, and an archive."""
_PACKED = {b"BZh": "bunzip2", b"\xfd7zXZ": "unxz", b"\x28\xb5\x2f\xfd": "unzstd"}
_CYRILLIC = re.compile(rb"[\xb3\xb4\xb8\xba\xbf-\xff]{3}")
"""Letters of windows-1251 without one below 128 among them, as Latin ones hardly ever stand."""


class EvaluationError(Exception):
    """Nothing can be scored. Its message is a sentence for the person who gave the file."""


def printable(text: str) -> str:
    """What can be shown of a text with paths in it: one that is not UTF-8 holds what no terminal takes. Two stay two."""
    return text.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    fault: str = ""
    """Why the line can't be read; of its text there is then no more than the first character."""


def lines(path: Path) -> Iterator[Line]:
    """Yield every line of a plain or gzipped UTF-8 file, blank ones included; raise EvaluationError."""
    number = 0
    try:
        with _opened(path) as stream:
            _check(stream, path)
        with _opened(path) as stream:
            while raw := stream.readline(MAX_LINE):
                number += 1
                yield _line(number, raw, stream)
    except (OSError, EOFError, zlib.error) as error:
        raise EvaluationError(f"{path} can't be read beyond line {number}: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if not path.exists():
        raise EvaluationError(f"There is no file {path}.")
    if path.is_dir():
        raise EvaluationError(f"{path} is a folder; name the JSONL or CSV files in it.")
    if not path.is_file():
        raise EvaluationError(f"{path} is not a file that can be read twice; name a JSONL or CSV file.")
    with path.open("rb") as raw:
        is_packed = raw.read(len(_GZIP)) == _GZIP
        raw.seek(0)
        if not is_packed:
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield unpacked  # type: ignore[misc]  # reads as any binary file does, but is not declared as one


def _check(stream: BinaryIO, path: Path) -> None:
    head = stream.read(_CHECKED)
    if head.startswith(_ZIP):
        raise EvaluationError(
            f"{path} is a spreadsheet or an archive. Save the sheet as «CSV UTF-8», or unpack it."
        )
    for magic, unpack in _PACKED.items():
        if head.startswith(magic):
            raise EvaluationError(f"{path} is packed. Unpack it with `{unpack}`, or pack it with gzip.")
    if wide := _wide(head):
        raise EvaluationError(
            f"{path} is {wide[:6].upper()}. Save it as UTF-8, for example with `iconv -f {wide} -t utf-8`."
        )
    if b"\0" in head:
        raise EvaluationError(
            f"{path} is no text in UTF-8: it has zero bytes. Save it as JSONL or as CSV in UTF-8."
        )
    if b"\r" in head and b"\n" not in head:
        raise EvaluationError(f"{path} ends its lines with CR alone. Make them LF: `tr '\\r' '\\n'`.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        line = head.count(b"\n", 0, error.start) + 1
        raise EvaluationError(
            f"{path}:{line} is not UTF-8 (byte 0x{head[error.start]:02x}). Save the file as UTF-8 (in Excel: «CSV UTF-8»), "
            f"or convert it: {_ways_to_utf8(head)}."
        ) from error


def _wide(head: bytes) -> str:
    """What iconv calls it: with a mark at its beginning, or without where every other byte of the letters is zero."""
    if marked := next((name for mark, name in _WIDE.items() if head.startswith(mark)), ""):
        return marked
    half = len(head) // 2
    if half and head[1::2].count(0) > half / 4 and not head[::2].count(0):
        return "utf-16le"
    return "utf-16be" if half and head[::2].count(0) > half / 4 and not head[1::2].count(0) else ""


def _ways_to_utf8(head: bytes) -> str:
    """By the letters of the lines that are not UTF-8: others say nothing of them."""
    damaged = [line for line in head.splitlines(keepends=True) if not _is_utf8(line)]
    if any(map(_CYRILLIC.search, damaged)):
        return "`iconv -f windows-1251 -t utf-8`"
    return (
        "`iconv -f windows-1250 -t utf-8` where it is Romanian, `-f windows-1252` where it is English, "
        "`-f windows-1251` where it is Ukrainian or Russian"
    )


def _is_utf8(line: bytes) -> bool:
    """Also where the last character is cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(line)
    except UnicodeDecodeError:
        return False
    return True


def _line(number: int, raw: bytes, stream: BinaryIO) -> Line:
    if len(raw) == MAX_LINE and not raw.endswith(b"\n"):
        _pass_over_the_rest(stream)
        first = raw.removeprefix(codecs.BOM_UTF8)[:1].decode("ascii", "ignore")
        return Line(number, first, f"the line is longer than {MAX_LINE:,} bytes")
    try:
        return Line(number, raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        return Line(number, "", "the line is not UTF-8")


def _pass_over_the_rest(stream: BinaryIO) -> None:
    while raw := stream.readline(MAX_LINE):
        if raw.endswith(b"\n"):
            return
