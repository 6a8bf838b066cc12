"""What is learnt from: public rows, our own written posts and those retold in another language, each with how often
it is seen and how far it is trusted.

Many public rows carry a label that says something else than we ask for: an emotion, or a tone but no kind. Our readers
labelled those again, and posts without any label; `labels/<set>.tsv` keeps what they said, keyed by the hash of the
text, which itself stays where it is.
"""

import gzip
import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from monitor.sentiment.texts import prepare

SENTIMENTS = ("negative", "neutral", "positive")
KINDS = ("complaint", "question", "praise", "news", "promotion", "other")
LANGUAGES = ("uk", "ru", "ro", "en")
POSTS = Path(__file__).with_name("posts")
RETOLD = Path(__file__).with_name("retold")
LATER = Path(__file__).with_name("later")
LABELS = Path(__file__).with_name("labels")
Readings = dict[str, tuple[int, int]]
"""Hash of the text → sentiment and kind, as places in SENTIMENTS and KINDS."""
UNKNOWN = -100
"""The class of a row that says nothing about it; PyTorch's cross entropy leaves it out."""


@dataclass(frozen=True)
class Share:
    """How a set enters training."""

    passes: float
    """How often a row is seen in one epoch."""
    trust: float
    """The weight of its loss: labels that people gave to sentiment weigh 1."""
    second: float = 0.0
    """How much of the truth is the second reading, where there is one; the rest is the set's own label."""
    taught: float = 0.85
    """How much of the truth is what the teacher says, of rows that it was asked about; the rest are the labels."""


# Of public rows, less of what there is most of or what is least like a customer's; more of Ukrainian and Romanian.
SHARES = {
    "semeval2017_4a_en": Share(0.6, 1.0, second=0.35),
    "uci_sentences_en": Share(1.0, 1.0, second=0.2),
    "sart_ro": Share(2.0, 1.0, second=0.2),
    "ru_ok_telegram_human": Share(2.0, 1.0, second=0.4),
    "cosmus_human_snippet": Share(2.0, 1.0),
    "cosmus_synth": Share(0.4, 0.8),
    # Emotions of the writer, mapped to tone: fear and sadness are no opinion of a brand. Bad news is bad there, and neutral
    # to our readers: more of their truth than this took the model away from what such sets call bad.
    "brighter_ukr": Share(2.5, 0.8),
    "brighter_ron": Share(2.0, 0.8, second=0.1),
    "brighter_rus": Share(1.0, 0.8, second=0.2),
    "brighter_eng": Share(0.7, 0.7, second=0.5),
    "red_v1_ro": Share(1.0, 0.7, second=0.3),
    "red_v2_ro": Share(1.0, 0.7, second=0.3),
    "cedr_ru": Share(1.0, 0.7, second=0.6),
    "ru_goemotions_mt": Share(0.6, 0.6, second=0.7),
    # Real posts of customers and of Telegram, labelled by our readers only.
    "uasocial_unlabelled": Share(1.0, 0.9, taught=0.5),
    "posts": Share(0.8, 1.0, taught=0.3),
    "retold": Share(0.5, 1.0, taught=0.3),
    "later": Share(0.0, 1.0, taught=0.3),
}

CUSTOMERS = {"posts", "retold", "later", "uasocial_unlabelled"}
"""Sets of posts about brands."""


@dataclass(frozen=True)
class Chances:
    """What a teacher says of a text: one number for each of SENTIMENTS and of KINDS, each adding up to one."""

    sentiment: tuple[float, ...]
    kind: tuple[float, ...]
    share: float
    """How much of the truth that is."""


@dataclass(frozen=True)
class Row:
    text: str
    """Prepared: handles, links, addresses and long numbers are masked."""
    language: str
    dataset: str
    sentiment: int
    """Index into SENTIMENTS."""
    second: int
    """What our readers said of a row that came with a label: index into SENTIMENTS, or UNKNOWN."""
    kind: int
    """Index into KINDS, or UNKNOWN."""
    part: str
    """train, calibration or test."""
    taught: Chances | None = None
    """What the teacher said, where it was asked."""
    doubt: float = 0.0
    """How much of what the labels say is the second reading."""


def sentiments(row: Row) -> tuple[float, ...]:
    """Return the shares of SENTIMENTS that are aimed at."""
    doubt = row.doubt if row.second != UNKNOWN else 0.0
    labels = tuple(
        (1 - doubt) * (place == row.sentiment) + doubt * (place == row.second)
        for place in range(len(SENTIMENTS))
    )
    return _mixed(labels, row.taught.sentiment, row.taught.share) if row.taught else labels


def kinds(row: Row) -> tuple[float, ...]:
    """Return the shares of KINDS that are aimed at: nothing but zeros where neither label nor teacher says any."""
    label = tuple(float(place == row.kind) for place in range(len(KINDS)))
    if not row.taught:
        return label
    return row.taught.kind if row.kind == UNKNOWN else _mixed(label, row.taught.kind, row.taught.share)


def epoch(rows: Sequence[Row], passes: dict[str, float], rng: random.Random) -> list[Row]:
    """Return rows as one epoch shows them, shuffled: passes says how often for each set, or each "set language"."""
    chosen = []
    for row in rows:
        of_set = passes.get(row.dataset, SHARES[row.dataset].passes)
        wanted = passes.get(f"{row.dataset} {row.language}", of_set)
        if not wanted:
            continue
        times = int(wanted) + (rng.random() < wanted % 1)
        chosen += [row] * times
    rng.shuffle(chosen)
    return chosen


def _mixed(labels: tuple[float, ...], chances: tuple[float, ...], share: float) -> tuple[float, ...]:
    return tuple((1 - share) * label + share * chance for label, chance in zip(labels, chances, strict=True))


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file, gzipped or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    for line in text.split("\n"):
        if line.strip():
            yield json.loads(line)


def public_rows(folder: Path) -> list[Row]:
    """Read folder/train and what is labelled of folder/unlabelled; one row in twenty, by its text, is for calibration."""
    known = {key: labels for path in sorted(LABELS.glob("*.tsv")) for key, labels in readings(path).items()}
    labelled = [line for path in sorted(folder.glob("train/train_*.jsonl.gz")) for line in lines(path)]
    bare = [
        line for line in lines(folder / "unlabelled/uasocial_uk_ru.jsonl.gz") if key(line["text"]) in known
    ]
    rows = [_public(line, known) for line in (*labelled, *bare)]
    return list(_unique(row for row in rows if row.text))


def _public(line: dict[str, Any], known: Readings) -> Row:
    text = prepare(line["text"])
    language = line["lang"] if line["lang"] in LANGUAGES else "uk"  # the rest is mixed Ukrainian and Russian
    second, kind = known.get(key(line["text"]), (UNKNOWN, UNKNOWN))
    sentiment = SENTIMENTS.index(line["label"]) if "label" in line else second
    part = "calibration" if _bucket(text, 20) == 0 else "train"
    doubt = SHARES[line["dataset"]].second
    return Row(text, language, line["dataset"], sentiment, second, kind, part, doubt=doubt)


def readings(path: Path) -> Readings:
    """Read what our readers said of a set's texts."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {key: (SENTIMENTS.index(sentiment), KINDS.index(kind)) for key, sentiment, kind in rows}


def key(text: str) -> str:
    """Return what a text is known by where the text itself is not kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def written_posts(folder: Path = POSTS) -> list[Row]:
    """Read our own posts: whole scenarios are for training, calibration (8 %, and the posts written for it) or the test (20 %)."""
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
        UNKNOWN,
        KINDS.index(line["kind"]),
        part_of(line),
    )


def part_of(line: dict[str, Any]) -> str:
    """Say what a written post is for: its ``part``, or one by its scenario's name, so that no scenario is on both sides."""
    if "part" in line:
        return str(line["part"])
    bucket = _bucket(f"{line['language']} {line['scenario']}", 50)
    if bucket < 10:
        return "test"
    return "calibration" if bucket < 14 else "train"


def retold_posts(folder: Path = RETOLD, posts: Path = POSTS) -> list[Row]:
    """Read what was retold from one language in another: ``of`` is the id of the post whose sentiment and kind it has.

    All of it is for training. What tells of a scenario that is kept aside in either language is left out.
    """
    origins = {line["id"]: line for line in post_lines(posts)}
    aside = {(line["language"], line["scenario"]) for line in origins.values() if part_of(line) != "train"}
    told = (
        (line, origins[line["of"]])
        for path in sorted(folder.glob("*.jsonl"))
        for line in lines(path)
        if line["of"] in origins
    )
    rows = [
        replace(_written(origin | line), dataset="retold", part="train")
        for line, origin in told
        if not aside & {(code, origin["scenario"]) for code in (origin["language"], line["language"])}
    ]
    return list(_unique(row for row in rows if row.text))


def later_posts(folder: Path = LATER) -> list[Row]:
    """Read posts that were written after the others: all of them for training, in scenarios of their own."""
    return [replace(_written(line), dataset="later", part="train") for line in post_lines(folder)]


def _unique(rows: Iterable[Row]) -> Iterator[Row]:
    seen = set()
    for row in rows:
        if (row.language, row.text.casefold()) not in seen:
            seen.add((row.language, row.text.casefold()))
            yield row


def _bucket(name: str, count: int) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % count
