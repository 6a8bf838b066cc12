"""/why: what a case's alert rested on, in a few lines. Pure, but for the act."""

from datetime import datetime, timedelta

from bots.act import Act, Outcome
from bots.card import reason_in_words
from bots.markup import escape, shorten
from bots.message import Message
from bots.office import Office
from bots.pressed import read_number
from bots.words import Words
from monitor import desk
from monitor.db import reading
from monitor.desk import Refused
from monitor.triage import RELEVANT_FROM
from monitor.why import Why, why

WORDS = 6
WORD = 40


def explain(office: Office, act: Act) -> Outcome:
    """The button, and /why 123 or in reply to a card."""
    number = read_number(act.text.lstrip("#").strip()) or act.number
    if not number:
        raise Refused("form", form="/why 123")
    with reading(office.sessions) as session:
        found = why(session, desk.find(session, number), office.settings)
    said = Message(why_text(found, office.words(act.chat_id), office.clock()))
    return Outcome(show=said, case=found.case)


def why_text(found: Why, words: Words, now: datetime) -> str:
    """The rule first, then what it was held against, then the way that the post took."""
    reasons = [said for reason in found.reasons if (said := reason_in_words(reason, words))]
    lines = [
        f"<b>#{found.case}</b> · {words('Why: {reasons}', reasons=' · '.join(reasons))}",
        _rule(found, words),
        _tone(found, words),
        _matched(found, words),
        _facts(found, words),
        _way(found, words, now),
        words("Model: {name}", name=f"<code>{escape(found.model)}</code>"),
    ]
    return "\n".join(line for line in lines if line)


def _rule(found: Why, words: Words) -> str:
    rules, stars = found.rules, f"{words.number(found.rules.rating)}★"
    if rules.alert_from is not None:
        return words(
            "Rule: unhappy or a complaint from {threshold}, or a rating up to {stars}",
            threshold=words.number(rules.alert_from),
            stars=stars,
        )
    return words(
        "Rule: so surely unhappy that {percent} of 100 alerts are right, or a rating up to {stars}",
        percent=round(100 * rules.precision),
        stars=stars,
    )


def _tone(found: Why, words: Words) -> str:
    probabilities = (found.negative, found.neutral, found.positive)
    if None in probabilities:
        return ""
    said = words(
        "Tone: unhappy {negative}, neutral {neutral}, happy {positive}",
        negative=_share(found.negative, words),
        neutral=_share(found.neutral, words),
        positive=_share(found.positive, words),
    )
    if found.complaint is not None:
        said += " · " + words("complaint {probability}", probability=_share(found.complaint, words))
    return said


def _matched(found: Why, words: Words) -> str:
    if not found.matched:
        return words("No word of ours is in it: it is in a thread or at a place that is about us")
    quoted = ", ".join(f"«{escape(shorten(each, WORD))}»" for each in found.matched[:WORDS])
    terms = ", ".join(escape(shorten(term, WORD)) for term in found.terms[:WORDS])
    return words("Words: {words} (we look for: {terms})", words=quoted, terms=terms)


def _facts(found: Why, words: Words) -> str:
    share = f"{_share(found.relevance, words)} (≥ {words.number(RELEVANT_FROM)})"
    facts = [words("About us: {share}", share=share), escape(words.which(found.language))]
    if found.rating is not None:
        facts.append(words("rating {stars}", stars=f"{words.number(round(found.rating, 1))}★"))
    if found.reach is not None:
        facts.append(words("reaches {people}", people=words.compact(found.reach)))
    if found.copies:
        facts.append(words.plural("+{count} copy", "+{count} copies", found.copies))
    return " · ".join(facts)


def _way(found: Why, words: Words, now: datetime) -> str:
    """posted 11:40 → found +12 min → judged +2 s → told +1 s"""
    steps = [words("posted {time}", time=words.time(found.posted_at, now))]
    steps.append(words("found +{time}", time=_span(found.posted_at, found.found_at, words)))
    if found.judged_at:
        steps.append(words("judged +{time}", time=_span(found.found_at, found.judged_at, words)))
    if found.told_at:
        steps.append(
            words("told +{time}", time=_span(found.judged_at or found.found_at, found.told_at, words))
        )
    return f"{escape(found.place)}: {' → '.join(steps)}"


def _share(value: float | None, words: Words) -> str:
    return words.share(value or 0.0)


def _span(start: datetime, end: datetime, words: Words) -> str:
    return words.span(max(end - start, timedelta(0)))
