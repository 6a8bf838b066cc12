"""What is learnt from: public rows and our own written posts, each with how often it is seen and trusted."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.sentiment.texts import prepare

SENTIMENTS = ("negative", "neutral", "positive")
KINDS = ("complaint", "question", "praise", "news", "promotion", "other")
LANGUAGES = ("uk", "ru", "ro", "en")
POSTS = Path(__file__).with_name("posts")
UNKNOWN = -100
"""The class of a row that says nothing about it; PyTorch's cross entropy leaves it out."""


@dataclass(frozen=True)
class Share:
    """How a set enters training."""

    passes: float
    """How often a row is seen in one epoch."""
    trust: float
    """The weight of its loss: labels that people gave to sentiment weigh 1."""


SHARES = {
    "semeval2017_4a_en": Share(0.45, 1.0),
    "uci_sentences_en": Share(1.5, 1.0),
    "sart_ro": Share(1.5, 1.0),
    "ru_ok_telegram_human": Share(2.0, 1.0),
    "cosmus_human_snippet": Share(2.0, 1.0),
    "cosmus_synth": Share(1.0, 0.8),
    # Emotions of the writer, mapped to tone: fear and sadness are no opinion of a brand.
    "brighter_ukr": Share(2.0, 0.7),
    "brighter_ron": Share(1.5, 0.7),
    "brighter_rus": Share(1.0, 0.7),
    "brighter_eng": Share(1.0, 0.6),
    "red_v1_ro": Share(0.8, 0.5),
    "red_v2_ro": Share(1.0, 0.5),
    "cedr_ru": Share(0.6, 0.5),
    "ru_goemotions_mt": Share(0.6, 0.4),
    "posts": Share(1.0, 1.0),
}


@dataclass(frozen=True)
class Row:
    text: str
    """Prepared: handles, links, addresses and long numbers are masked."""
    language: str
    dataset: str
    sentiment: int
    """Index into SENTIMENTS, or UNKNOWN."""
    kind: int
    """Index into KINDS, or UNKNOWN."""
    part: str
    """train, calibration or test."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file, gzipped or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    for line in text.split("\n"):
        if line.strip():
            yield json.loads(line)


def public_rows(folder: Path) -> list[Row]:
    """Read train_*.jsonl.gz; one row in twenty, chosen by its text, is for calibration."""
    rows = [_public(line) for path in sorted(folder.glob("train_*.jsonl.gz")) for line in lines(path)]
    return [row for row in rows if row.text]


def _public(line: dict[str, Any]) -> Row:
    text = prepare(line["text"])
    language = line["lang"] if line["lang"] in LANGUAGES else "uk"  # the rest is mixed Ukrainian and Russian
    sentiment = SENTIMENTS.index(line["label"])
    part = "calibration" if _bucket(text, 20) == 0 else "train"
    return Row(text, language, line["dataset"], sentiment, UNKNOWN, part)


def written_posts(folder: Path = POSTS) -> list[Row]:
    """Read our own posts: whole scenarios are for training, calibration (8 %) or the test (20 %)."""
    rows = [_written(line) for line in post_lines(folder)]
    return list(_unique(row for row in rows if row.text))


def post_lines(folder: Path = POSTS) -> Iterator[dict[str, Any]]:
    """Yield our own posts as they are written in <language>.jsonl; what its labellers disagree on lies elsewhere."""
    for path in sorted(folder.glob("*.jsonl")):
        yield from lines(path)


def _written(line: dict[str, Any]) -> Row:
    return Row(
        prepare(line["text"]),
        line["language"],
        "posts",
        SENTIMENTS.index(line["sentiment"]),
        KINDS.index(line["kind"]),
        part_of(line),
    )


def part_of(line: dict[str, Any]) -> str:
    """Say what a written post is for, by its scenario's name, so that no scenario is on both sides."""
    bucket = _bucket(f"{line['language']} {line['scenario']}", 50)
    if bucket < 10:
        return "test"
    return "calibration" if bucket < 14 else "train"


def _unique(rows: Iterable[Row]) -> Iterator[Row]:
    seen = set()
    for row in rows:
        if (row.language, row.text.casefold()) not in seen:
            seen.add((row.language, row.text.casefold()))
            yield row


def _bucket(name: str, count: int) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % count
