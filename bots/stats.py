"""/stats: a few numbers, each of which says what it is of. Pure, but for the acts."""

from datetime import timedelta

from bots.act import Act, Outcome
from bots.markup import escape, shorten
from bots.message import Message, button
from bots.office import Office
from bots.words import Words
from models import Happening
from monitor.db import reading
from monitor.desk import Refused
from monitor.keys import parse_duration
from monitor.stats import Stats, stats

DAYS = (1, 7, 30)
LONGEST = 366
MOST = 12
"""People or brands that a message lists."""


def show_stats(office: Office, act: Act) -> Outcome:
    """/stats, /stats 30d."""
    try:
        lasts = parse_duration(act.text) if act.text else timedelta(days=7)
    except ValueError:
        raise Refused("form", form="/stats 7d") from None
    return Outcome(show=_page(office, lasts, act))


def turn_stats(office: Office, act: Act) -> Outcome:
    """The button carries days."""
    if not 0 < act.number <= LONGEST:
        raise Refused("outdated")
    return Outcome(edit=_page(office, timedelta(days=act.number), act))


def _page(office: Office, lasts: timedelta, act: Act) -> Message:
    with reading(office.sessions) as session:
        return stats_message(
            stats(session, lasts, office.settings, office.clock()), office.words(act.chat_id)
        )


def stats_message(found: Stats, words: Words) -> Message:
    """Cases, times, alerts as staff saw them, brands, people."""
    days = [button(words.plural("{count} day", "{count} days", n), "stats", n) for n in DAYS]
    heading = f"📈 <b>{words('The last {time}', time=_days(found.lasts, words))}</b>"
    lines = [
        heading,
        *_cases(found, words),
        *_alerts(found, words),
        *_by_brand(found),
        *_people(found, words),
    ]
    return Message("\n".join(lines), [days])


def _days(lasts: timedelta, words: Words) -> str:
    """In days where it is whole days: seven of them, not a week."""
    if lasts % timedelta(days=1):
        return words.span(lasts)
    return words.plural("{count} day", "{count} days", lasts.days)


def _cases(found: Stats, words: Words) -> list[str]:
    cases = found.cases
    counts = words(
        "Cases: {opened} opened, {answered} answered, {late} late, {waiting} waiting",
        opened=cases.opened,
        answered=cases.answered,
        late=cases.late,
        waiting=cases.waiting,
    )
    lines = [counts]
    if cases.first_response is not None and cases.first_response_p90 is not None:
        median, most = words.span(cases.first_response), words.span(cases.first_response_p90)
        lines.append(
            words("First response: half within {median}, 90 % within {most}", median=median, most=most)
        )
        if cases.in_opening_hours:
            lines.append(words("Times count in opening hours."))
    return [*lines, *_promise(found, words)]


def _promise(found: Stats, words: Words) -> list[str]:
    """No figure from cases that are neither answered nor late."""
    if not found.cases.opened:
        return []
    if found.in_time is None:
        return [words("Promise kept: – (nothing was answered yet)")]
    said = words(
        "Promise kept: {percent} % ({count} of {due} answered or late)",
        percent=found.in_time,
        count=found.cases.kept,
        due=found.due,
    )
    return [said]


def _alerts(found: Stats, words: Words) -> list[str]:
    if found.precision is None:
        return []
    called = found.called
    said = words.plural(
        "Of {count} alert that staff have dealt with, they called {tone} not unhappy, {ours} not ours, {spam} spam.",
        "Of {count} alerts that staff have dealt with, they called {tone} not unhappy, {ours} not ours, {spam} spam.",
        found.done,
        tone=called.get(Happening.WRONG_TONE, 0),
        ours=called.get(Happening.NOT_OURS, 0),
        spam=called.get(Happening.SPAM, 0),
    )
    right = words("Right: {percent} %.", percent=found.precision)
    return [f"{said} {right}"]


def _by_brand(found: Stats) -> list[str]:
    if len(found.by_brand) < 2:
        return []
    ranked = sorted(found.by_brand.items(), key=lambda one: -one[1])[:MOST]
    return ["🏷 " + " · ".join(f"{escape(brand)} {count}" for brand, count in ranked)]


def _people(found: Stats, words: Words) -> list[str]:
    """By name: a ranking would shame."""
    named = sorted(found.by_person.items())[:MOST]
    listed = " · ".join(f"{escape(shorten(name, 30))} {count}" for name, count in named)
    return ["💬 " + words("Answers: {people}", people=listed)] if named else []
