"""A crisis as one card, the caption of its chart: what is unusual, by which rule, about what, where, and what can be done. Pure."""

from collections.abc import Sequence
from datetime import datetime

from babel.dates import format_datetime

from bots.markup import escape, link, shorten, shown_length
from bots.message import Message, Rows, button
from bots.words import Words
from monitor.crisis_view import CrisisView, ReadPost

FITS = 1_024
"""Units of a caption."""
NAME, WORD = 40, 30


def crisis_card(crisis: CrisisView, words: Words, now: datetime) -> Message:
    """The whole card. What doesn't fit is left out from the end."""
    lines = [_heading(crisis, words), *_numbers(crisis, words, now), *_about(crisis, words)]
    while shown_length("\n".join(lines)) > FITS:
        lines.pop()
    return Message("\n".join(lines), _buttons(crisis, words))


def _heading(crisis: CrisisView, words: Words) -> str:
    brand = f"<b>{escape(shorten(crisis.brand, NAME))}</b>"
    if crisis.ended_at is not None:
        return "⚪️ " + words("The wave about {brand} is over", brand=brand)
    return "🚨 " + words("{brand}: far more unhappy posts than usual", brand=brand)


def _numbers(crisis: CrisisView, words: Words, now: datetime) -> list[str]:
    if crisis.ended_at is not None:
        return [_summary(crisis, words, crisis.ended_at), *_ended_by(crisis, words)]
    said = words.plural("{count} unhappy post", "{count} unhappy posts", crisis.count)
    usual = words.number(round(crisis.expected, 1))
    seen = crisis.seen_at.astimezone(words.zone)
    hour = format_datetime(seen, "EEEE, HH:mm", locale=words.language)
    if crisis.hours == 1:
        rule = words(
            "{posts} in the last hour; usual for {hour} is {usual}.",
            posts=f"<b>{said}</b>",
            hour=hour,
            usual=usual,
        )
    else:
        rule = words(
            "{posts} in the last {hours} hours; usual for {hour} is {usual}.",
            posts=f"<b>{said}</b>",
            hours=crisis.hours,
            hour=hour,
            usual=usual,
        )
    since = words(
        "Since {time}: {count} in all, {peak} in the worst hour",
        time=words.time(crisis.began_at, now),
        count=crisis.posts,
        peak=crisis.peak,
    )
    is_new = crisis.count == crisis.peak == crisis.posts
    return [rule] if is_new else [rule, since]


def _summary(crisis: CrisisView, words: Words, ended_at: datetime) -> str:
    said = words.plural("{count} unhappy post", "{count} unhappy posts", crisis.posts)
    return words(
        "It took {time}: {posts}, {peak} in the worst hour.",
        time=words.span(ended_at - crisis.began_at),
        posts=said,
        peak=crisis.peak,
    )


def _ended_by(crisis: CrisisView, words: Words) -> list[str]:
    if crisis.ended_by is None:
        return []
    return [words("{name} said that it is over.", name=f"<b>{escape(shorten(crisis.ended_by, NAME))}</b>")]


def _about(crisis: CrisisView, words: Words) -> list[str]:
    lines = []
    if crisis.words:
        grown = ", ".join(escape(shorten(word, WORD)) for word in crisis.words)
        lines.append("📈 " + words("More often than usual: {words}", words=f"<b>{grown}</b>"))
    if crisis.places:
        places = " · ".join(f"{escape(shorten(place, NAME))} {count}" for place, count in crisis.places)
        lines.append("📍 " + words("Where: {place}", place=places))
    lines += _posts(crisis.most_read, words)
    if crisis.bundles and crisis.ended_at is None:
        lines.append("📥 " + words("Further alerts that are not urgent go into one message."))
    return lines


def _posts(posts: Sequence[ReadPost], words: Words) -> list[str]:
    """A line for each, or one for all where nobody's readers are known: then they are the newest."""
    if any(post.reach is not None for post in posts):
        return [_post(post, words) for post in posts]
    authors = ", ".join(link(post.url, shorten(post.author, NAME)) for post in posts)
    return ["↗ " + words("The newest are by {authors}", authors=authors)] if posts else []


def _post(post: ReadPost, words: Words) -> str:
    reach = "" if post.reach is None else " · " + words("reaches {people}", people=words.compact(post.reach))
    return f"↗ {link(post.url, shorten(post.author, NAME))} · {escape(shorten(post.place, NAME))}{reach}"


def _buttons(crisis: CrisisView, words: Words) -> Rows:
    if crisis.ended_at is not None:
        return []
    if crisis.bundles:
        toggle = button(words("Cards for all alerts again"), "crisiscards", crisis.number)
    else:
        toggle = button(words("Bundle further alerts here"), "crisisbundle", crisis.number)
    return [[toggle], [button(words("It is over"), "crisisover", crisis.number)]]
