"""The week as a message for Telegram, and as one self-contained page. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from bots.markup import escape, link, shorten, shown_length
from bots.mutes import ICONS
from bots.words import Words
from monitor.digest import Compared, Digest, Quoted, Tally

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
    lstrip_blocks=True,
)
LIMIT = 4_000
"""Below Telegram's 4096."""
MARKUP = 30_000
"""Bytes with tags and addresses; Telegram refuses more than 32 KiB."""


def digest_message(digest: Digest, words: Words) -> str:
    """Five lines that matter, then who spoke and where, then the posts. At most one message long."""
    blocks = [
        block for block in (_heading(digest, words), _brands(digest, words), _cases(digest, words)) if block
    ]
    for mark, title, posts in (
        ("😠", words("The worst"), digest.worst),
        ("💚", words("The kindest"), digest.kindest),
    ):
        if posts:
            blocks.append(f"{mark} <b>{title}</b>\n" + "\n".join(map(_post, posts)))
    text = blocks[0]
    for block in blocks[1:]:
        longer = f"{text}\n\n{block}"
        if shown_length(longer) <= LIMIT and len(longer.encode()) <= MARKUP:
            text = longer
    return text


def digest_page(digest: Digest, words: Words) -> str:
    """One HTML file that needs nothing else."""
    return TEMPLATES.get_template("digest.html.j2").render(
        digest=digest,
        last_day=digest.week.end - timedelta(days=1),
        tiles=_tiles(digest, words),
        change=change,
        icons=ICONS,
        words=words,
        t=words,
    )


def page_name(digest: Digest) -> str:
    return f"vidhuk-{digest.week}.html"


def keep_page(page: str, name: str, folder: Path) -> Path:
    """Keep a page in a folder, one file a week; return where it is. Raises OSError."""
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


def change(now: int, before: int) -> str:
    """+12, −3 or ±0: a difference that needs no arithmetic."""
    return f"{'+' if now > before else '−' if now < before else '±'}{abs(now - before)}"


def _heading(digest: Digest, words: Words) -> str:
    last = digest.week.end - timedelta(days=1)
    total, before = _total(digest.brands, "now"), _total(digest.brands, "before")
    mentions = words.plural("{count} mention", "{count} mentions", total)
    return (
        f"📊 <b>{words.day(digest.week.start)} – {words.day(last)}</b>\n{mentions} ({change(total, before)})"
    )


def _total(lines: Sequence[Compared], when: str) -> int:
    return sum(getattr(line, when).mentions for line in lines)


def _brands(digest: Digest, words: Words) -> str:
    return "\n".join(
        _brand(line, words) for line in digest.brands if line.now.mentions or line.before.mentions
    )


def _brand(line: Compared, words: Words) -> str:
    tally: Tally = line.now
    moods = f"😠 {tally.negative} 😐 {tally.neutral} 🙂 {tally.positive}"
    share = "" if line.share is None else " · " + words("{percent} % of the voice", percent=line.share)
    return f"<b>{escape(line.name)}</b>: {tally.mentions} ({change(tally.mentions, line.before.mentions)}){share}\n{moods}"


def _cases(digest: Digest, words: Words) -> str:
    cases = digest.cases
    lines = [
        words(
            "Cases: {opened} opened, {answered} answered, {late} late, {waiting} waiting",
            opened=cases.opened,
            answered=cases.answered,
            late=cases.late,
            waiting=cases.waiting,
        )
    ]
    if cases.first_response is not None:
        lines.append(words("Median first response: {time}", time=words.span(cases.first_response)))
    if cases.detection is not None:
        lines.append(words("Median from post to alert: {time}", time=words.span(cases.detection)))
    if cases.in_opening_hours:
        lines.append(words("Times count in opening hours."))
    if digest.muted:
        lines.append("🔇 " + words.plural("{count} muted post", "{count} muted posts", digest.muted))
    return "📮 " + "\n".join(lines)


def _post(post: Quoted) -> str:
    return f"• {link(post.url, shorten(' '.join(post.text.split()), 140))} ({escape(post.place)})"


def _tiles(digest: Digest, words: Words) -> list[tuple[str, object, object]]:
    """Name, this week's value, the value of the week before."""

    def times(name: str) -> tuple[str, str]:
        now, before = (getattr(cases, name) for cases in (digest.cases, digest.cases_before))
        return _span(now, words), _span(before, words)

    now, before = digest.cases, digest.cases_before
    return [
        (words("cases opened"), now.opened, before.opened),
        (words("answered"), now.answered, before.answered),
        (words("late"), now.late, before.late),
        (words("still waiting"), now.waiting, before.waiting),
        (words("first response"), *times("first_response")),
        (words("from post to alert"), *times("detection")),
        (words("from post to alert, 95 % of them"), *times("detection_p95")),
    ]


def _span(length: timedelta | None, words: Words) -> str:
    return words.span(length) if length is not None else "–"
