"""What the terminal shows: tables for people. Everything from outside is plain text here, never markup."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.people import Member
from monitor.polling import Polled
from monitor.source import Post

SHOWN = 160


@dataclass(frozen=True)
class Checked:
    """What came of trying one thing."""

    name: str
    said: str
    is_well: bool


@dataclass(frozen=True)
class Tried:
    """A post of a source that is about a brand, judged, with what would become of it."""

    post: Post
    brand: str
    language: str
    negative: float
    positive: float
    decision: str
    matched: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        post = asdict(self.post) | {"posted_at": self.post.posted_at.isoformat()}
        return {**asdict(self), "post": post}


def show_people(people: Iterable[Member], console: Console) -> None:
    table = Table("name", "role", "Telegram id", "from", box=None, padding=(0, 1))
    for one in people:
        origin = "configuration" if one.is_configured else "invitation"
        table.add_row(Text(one.name, "bold"), Text(one.role), Text(str(one.id)), Text(origin))
    console.print(table)


def show_checks(checks: Iterable[Checked], console: Console) -> None:
    table = Table(show_header=False, box=None, padding=(0, 1))
    for check in checks:
        mark = Text("✓", "green") if check.is_well else Text("✗", "red")
        table.add_row(mark, Text(check.name, "bold"), Text(check.said))
    console.print(table)


def show_tried(source: str, posts: int, tried: Sequence[Tried], console: Console) -> None:
    console.print(Text(f"{source}: {posts} posts, {len(tried)} about a brand of ours or a competitor's"))
    if not tried:
        return
    for one in tried:
        console.print()
        console.print(_judged(one))


def _judged(one: Tried) -> Text:
    """A post in three lines: as a row of a table its text would have eight columns of a terminal's 80."""
    text = " ".join(one.post.text.split())
    return Text.assemble(
        (f"{one.post.posted_at:%d.%m %H:%M}  {one.post.author[:40]}", "bold"),
        f"  {one.brand}, {one.language}, unhappy {one.negative:.2f}, happy {one.positive:.2f}\n",
        f"{one.decision.replace('_', ' ')}\n",
        (text[:SHOWN] + "…" * (len(text) > SHOWN), "dim"),
    )


def show_polled(polled: Iterable[Polled], console: Console) -> None:
    """One line a source."""
    for one in polled:
        if one.error:
            console.print(Text(f"✗ {one.source}: {one.error}", "red"))
        else:
            console.print(Text(f"✓ {one.source}: {one.posts} posts, {one.mentions} new mentions"))
