"""The bot's messages at their most awkward: the longest names, four-line texts of markup, large numbers, everything at once.

What comes from outside is written with a letter that none of our languages has, so that it can be told from our words.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

from bots.acquaintance import acquaintance_message
from bots.card import card, line
from bots.commands import help_text
from bots.crisis import crisis_card
from bots.digest import digest_message
from bots.inbox import PAGE, Inbox, inbox
from bots.learnt import lesson
from bots.lists import IN_BUNDLE, bundle, morning
from bots.menu import colleagues, later, rest
from bots.message import Message
from bots.notices import buttons, notice
from bots.preview import ask, deletion, preview, why_back
from bots.question import TO_DECIDE, question, with_questions
from bots.saved import beginnings, saved_list
from bots.sources import sources
from bots.stats import stats_message
from bots.why import why_text
from bots.words import Words
from models import Case, Happening, Learnt, LearntState, Reply, ReplyState, Role, SourceState, Staff, Status
from monitor.acquaintance import Acquaintance
from monitor.bundles import DONE
from monitor.cards import AnsweredThere, CaseView
from monitor.crisis_view import Curve, ReadPost
from monitor.digest import CaseNumbers, Compared, Digest, Quoted, Tally, Week
from monitor.inbox import Look, Shelf
from monitor.offers import Offer
from monitor.people import Member
from monitor.pulse import Pulse
from monitor.said_before import SaidBefore
from monitor.saved import SavedAnswer
from monitor.settings import TriageSettings
from monitor.stats import Stats
from monitor.why import Why
from tests.bots.rendering import NOW, ZONE, answer, case_view, draft
from tests.bots.test_crisis import crisis_view

OUTSIDE = "ә"
NAME = OUTSIDE * 60
"""The longest that the configuration allows for people, brands, rules and places."""
HANDLE = f"<b>{OUTSIDE * 200}</b>&amp;"
"""Authors are called as they like."""
TEXT = "\n".join([f'<b>{OUTSIDE} & "{OUTSIDE}" 😀</blockquote> {{0}} %s ' * 25] * 4)
URL = f"https://forum.example/t/{'7' * 200}?a=1&b=<2>#p1"
NUMBER, MANY = 99_999, 999
"""Of a case; of cases on one shelf."""
HOUR = timedelta(hours=1)
AT = NOW.isoformat()
REASONS: list[dict[str, Any]] = [
    {"code": "complaint", "value": 0.94},
    {"code": "negative", "value": 0.94},
    {"code": "rating", "value": 1.5},
    {"code": "weighed", "value": {"rating": 4.5, "before": 0.94}},
    {"code": "confirmed", "value": NAME},
    {"code": "urgent", "value": {"topic": "money", "word": OUTSIDE * 30}},
    {"code": "reach", "value": 99_000},
    {"code": "rule", "value": NAME},
    {"code": "repeated", "value": 12},
]


def view(**changes: Any) -> CaseView:
    """A case of which everything is said at once."""
    values: dict[str, Any] = {
        "number": NUMBER,
        "brand": NAME,
        "place": NAME,
        "author": HANDLE,
        "reach": 99_900_000,
        "rating": 1.5,
        "title": TEXT,
        "text": TEXT,
        "matches": [{"term": "x", "start": n, "end": n + 3} for n in range(0, 600, 6)],
        "url": URL,
        "reasons": REASONS,
        "posts": 112,
        "copies": 112,
        "claimed_by": NAME,
        "answering": NAME,
        "woken": True,
        "late": True,
        "perhaps_twice": True,
        "resolve_by": NOW - 40 * 24 * HOUR,
        "answer_until": NOW + 40 * 24 * HOUR,
        "snoozed_until": NOW + 40 * 24 * HOUR,
        "answer_by": NOW - 40 * 24 * HOUR,
        "notes": 112,
        "can_reopen": True,
        "answered_there": AnsweredThere(HANDLE, TEXT, URL, NOW),
        "told_before": SaidBefore(HANDLE, TEXT, NOW),
    }
    return case_view(**(values | changes))


def cards(words: Words) -> Iterator[Message]:
    """Every status, every fate of the answer, and the keyboards behind "⋯"."""
    people = [Member(n, NAME, Role.STAFF, None, True) for n in range(14)]
    before = {"late": False, "answering": None, "answer_until": NOW - HOUR, "snoozed_until": None}
    before |= {"answer_by": NOW + HOUR, "resolve_by": NOW + HOUR}
    fates = [(status, None) for status in Status] + [(Status.CLAIMED, state) for state in ReplyState]
    for (status, state), early in product(fates, (False, True)):
        told = answer(state, staff=NAME, text=TEXT, url=URL, error=TEXT) if state else None
        case = view(status=status, answer=told, **(before if early else {}))
        yield card(case, words, NOW)
        if case.offers_more:
            keyboards = [rest(case, words), later(case, words)]
            keyboards += [colleagues(case, people, offset, words) for offset in (0, 6, 12)]
            yield from (Message(NAME, rows) for rows in keyboards)
    yield card(view(status=Status.CLOSED, duplicate_of=NUMBER), words, NOW)


def lists(words: Words) -> Iterator[Message]:
    """The inbox, shelf by shelf; questions; bundles; empty ones too."""
    statuses = {Shelf.ANSWERED: Status.ANSWERED, Shelf.ASKED: Status.ASKED}
    asked = [view(status=Status.ASKED, promised=False)] * TO_DECIDE
    for shelf, full in product(Shelf, (True, False)):
        counts = dict.fromkeys(Shelf, MANY if full else 0)
        look = Look(shelf, NAME if full else None, 3 * PAGE if full else 0)
        told = answer(staff=NAME)
        cases = [view(status=statuses.get(shelf, Status.CLAIMED), answer=told)] * PAGE if full else []
        brands = [f"{NAME}{n}" for n in range(8)]
        found = Inbox(look, cases, counts, dict.fromkeys(brands, MANY), brands, NAME)
        shown = inbox(found, words, NOW)
        yield from (shown, with_questions(shown, asked, NUMBER, words))
    for status, said_by in product((Status.ASKED, Status.CLOSED), (None, NAME)):
        yield question(view(status=status, promised=False, said_by=said_by), words)
    for cases, priorities in (([view()] * IN_BUNDLE, [1, 2, 3] * 400), ([], [])):
        yield bundle(NUMBER, cases, priorities, words)
        yield bundle(NUMBER, cases, priorities, words, shown=MANY)
        yield morning(NUMBER, cases, priorities, words, NOW)
        yield morning(NUMBER, cases, priorities, words, NOW, shown=MANY, done=dict.fromkeys(DONE, MANY))


def previews(words: Words) -> Iterator[Message]:
    """Every state of a reply, by API and by hand, with every warning and without."""
    long: dict[str, Any] = {
        "number": NUMBER, "case": NUMBER, "text": TEXT, "staff": NAME, "author": HANDLE, "place": NAME,
        "title": TEXT, "url": URL, "account": NAME, "posted_url": URL, "error": TEXT, "language": "ro",
        "rule": NAME, "approved_by": NAME, "said_before": True, "seen_at": NOW, "limit": 350,
        "answer_until": NOW + 40 * 24 * HOUR, "answered_there": HANDLE, "answered_by": NAME,
        "can_edit": True, "can_delete": True,
        "offers": [Offer("x" * 30, NAME, language) for language in ("ro", "ru", "uk")],
    }  # fmt: skip
    short = {"rule": None, "text": OUTSIDE, "error": None, "answer_until": NOW - HOUR, "replaces": True}
    gaps = {"text": f"{{{{{NAME}}}}} " * 60, "rule": None, "limit": None, "needs_lead": True}
    others = (short, gaps, {"account": None, "rule": None}, {"account": None, **short}, {"needs_lead": True})
    for state, changes in product(ReplyState, ({}, *others, {"leaves_at": NOW}, {"leaves_at": NOW, **short})):
        yield preview(draft(state, **(long | changes)), words)
    shown = draft(**long)
    yield from (ask(shown, words), deletion(shown, words), beginnings(shown, words) or Message(""))
    yield preview(draft(ReplyState.PREVIEW, **(long | {"account": None} | gaps)), words)
    yield preview(draft(ReplyState.PREVIEW, **(long | {"rule": None, "limit": None})), words)
    yield why_back(NAME, 7, NAME, words)


def awkward(value: Any) -> Any:
    """The same values of a notice, grown: texts of any length where no name is asked for."""
    match value:
        case {}:
            return {key: _grown(key, each) for key, each in value.items()}
        case list():
            return [awkward(each) for each in value]
        case _:
            return value


def _grown(key: str, value: Any) -> Any:
    if key in ("by", "at", "now", "url") and isinstance(value, str) and (":" in value):
        return URL if key == "url" else value
    if key == "what":
        return value
    if isinstance(value, str):
        return (
            TEXT if key in ("text", "error", "reason") else HANDLE if key in ("author", "account") else NAME
        )
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return NUMBER if is_number and key != "telegram" else awkward(value)


NOT_POSTED = {
    "case": 1,
    "reply": 1,
    "author": "x",
    "error": "x",
    "url": "x:y",
    "people": [{"name": "x", "telegram": 7}],
}
MORE_NOTICES: dict[str, list[dict[str, Any]]] = {
    "claim_expired": [{"case": 1, "staff": 7, "name": "x", "minutes": 30, "draft": True}],
    "handed_over": [{"case": 1, "staff": 7, "name": "x", "by": "x"}],
    "approval_asked": [{"by": "x", "rule": "x", "lead": True}, {"by": "x", "rule": "x", "lead": False}],
    "answered_by_hand": [{"case": 1, "staff": 7, "name": "x", "by": "x"}],
    "sent_back": [{"staff": 7, "name": "x", "by": "x", "reason": "x"}],
    "no_topics": [{"error": "x"}],
    "snooze_over": [{"case": 1, "staff": 7, "name": "x"}, {"case": 1, "staff": None, "name": None}],
    "author_wrote": [{"author": "x", "text": "x", "before": {"name": "x", "text": "x", "at": AT, "now": AT}}],
    "late": [{"case": 1, "people": [{"name": "x", "telegram": 7}] * 3, "by": AT, "at": AT, "owner": None}],
    "rule": [{"rule": "x", "minutes": None, "posts": 12}],
    "not_posted": [
        *(NOT_POSTED | {"what": what} for what in ("edit", "unknown", "deletion")),
        *(NOT_POSTED | {"what": "overtaken", "owner": owner} for owner in ("x", None)),
    ],
    "not_posted_lead": [NOT_POSTED | {"what": "unknown", "writer": "x"}],
}
"""Beside those that have a test of their own."""


def notices(values: dict[str, dict[str, Any]], words: Words) -> Iterator[Message]:
    """Every kind, with the values of its own test, grown."""
    others = [(kind, given) for kind, several in MORE_NOTICES.items() for given in several]
    for kind, given in [*values.items(), *others]:
        grown = awkward(given)
        yield Message(notice(kind, grown, words), buttons(kind, grown, words))


def crises(words: Words) -> Iterator[Message]:
    long: dict[str, Any] = {
        "number": NUMBER, "brand": NAME, "count": NUMBER, "expected": 12_345.6, "posts": NUMBER, "peak": NUMBER,
        "words": [NAME] * 5, "places": [(NAME, NUMBER)] * 3, "began_at": NOW - 40 * 24 * HOUR,
        "most_read": [ReadPost(HANDLE, NAME, 99_000_000, URL)] * 3, "curve": Curve(NOW, [1], [1.0]),
    }  # fmt: skip
    for hours, bundles, ended, by in product((1, 6), (False, True), (None, NOW), (None, NAME)):
        changes = {"hours": hours, "bundles": bundles, "ended_at": ended, "ended_by": by}
        yield crisis_card(crisis_view(**(long | changes)), words, NOW)
    yield crisis_card(crisis_view(bundles=True), words, NOW)


def looks(words: Words) -> Iterator[Message]:
    """/why, /stats, /sources, /history, /saved, /digest, /help."""
    for alert_from, known in product((None, 0.6), (True, False)):
        yield Message(why_text(a_why(alert_from, known=known), words, NOW))
    numbers = CaseNumbers(NUMBER, NUMBER, 1, NUMBER, HOUR, HOUR, HOUR, True, HOUR)
    people = {f"{NAME}{n}": NUMBER for n in range(40)}
    called = dict.fromkeys(Happening, 12)
    for lasts in (timedelta(days=30), timedelta(hours=5)):
        yield stats_message(Stats(lasts, numbers, people, people, NUMBER, called), words)
    yield from (sources(pulses(), offset, words, NOW) for offset in (0, 5, 40))
    yield acquaintance_message(acquainted(), NAME, words, NOW)
    texts = dict.fromkeys(("uk", "ru", "ro", "en"), TEXT[:4_000])
    yield saved_list([SavedAnswer(name="x" * 30, title=NAME, texts=texts)] * 40, words)
    yield saved_list([], words)
    yield Message(digest_message(a_digest(), words))
    yield from (Message(help_text(role, words)) for role in Role)
    yield Message(line(view(), words))


def a_why(alert_from: float | None, *, known: bool) -> Why:
    return Why(
        case=NUMBER, place=NAME, matched=[TEXT] * 9 if known else [], terms=[TEXT] * 9,
        negative=0.94 if known else None, neutral=0.04, positive=0.02, complaint=0.91, relevance=1.0,
        rating=1.5, reach=99_000_000, language="und", rules=TriageSettings(alert_from=alert_from),
        reasons=REASONS, model=NAME, posted_at=NOW - 900 * HOUR, found_at=NOW - HOUR, judged_at=NOW,
        told_at=NOW, copies=112,
    )  # fmt: skip


def pulses() -> list[Pulse]:
    state = SourceState(
        name="x", failures=NUMBER, error=TEXT, last_ok_at=NOW, last_post_at=NOW, next_due_at=NOW + 900 * HOUR
    )
    return [Pulse(NAME, "telegram", state, 900 * HOUR, NUMBER, 99_999.4, True)] * 12


def acquainted() -> Acquaintance:
    closed = Case(
        id=NUMBER,
        opened_at=NOW - 900 * HOUR,
        status=Status.CLOSED,
        first_answered_at=None,
        duplicate_of_id=None,
    )
    cases: list[Any] = [Case(id=NUMBER, opened_at=NOW, first_answered_at=NOW, duplicate_of_id=None)]
    cases += [
        Case(id=NUMBER, opened_at=NOW, status=Status.OPEN),
        Case(id=NUMBER, opened_at=NOW, duplicate_of_id=1),
    ]
    ends = [
        (closed, end) for end in (Happening.NOT_OURS, Happening.WRONG_TONE, Happening.SPAM, Happening.CLOSED)
    ]
    reply = Reply(staff=Staff(id=7, name=NAME), text=TEXT, sent_at=NOW - 900 * HOUR)
    said: list[Any] = [*ends, *((case, None) for case in cases)]
    return Acquaintance("forum", HANDLE, NUMBER, NOW, NOW, 112, said, NUMBER, [reply] * 3)


def a_digest() -> Digest:
    tally, one = Tally(NUMBER, NUMBER, NUMBER), Quoted(NAME, NAME, HANDLE, TEXT, URL, 1.5)
    numbers = CaseNumbers(NUMBER, NUMBER, 1, NUMBER, HOUR, HOUR, HOUR, True, HOUR)
    brands = [Compared(NAME, tally, tally, 100)] * 8
    return Digest(Week(2026, 46, ZONE), brands, brands, numbers, numbers, [one] * 9, [one] * 9, muted=NUMBER)


def lessons(words: Words) -> Iterator[Message]:
    """What the model learnt, in each state."""
    score = {"corrections": NUMBER, "right_before": NUMBER, "right_after": NUMBER}
    figures = {
        **score, "languages": dict.fromkeys(("uk", "ru", "ro", "en", "und"), score), "chance": 0.0001,
        "others": NUMBER, "alerts_before": NUMBER, "alerts_after": NUMBER, "replaces": True,
    }  # fmt: skip
    for state, by in product(LearntState, (None, Staff(id=7, name=NAME))):
        row = Learnt(id=NUMBER, made_at=NOW, base="x", weights=b"", figures=figures, state=state)
        row.decided_at, row.decided_by = NOW, by
        yield lesson(row, words, NOW)
