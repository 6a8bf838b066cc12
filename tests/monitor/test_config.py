"""Every mistake in the configuration is told with its place, its key and what to write instead."""

from pathlib import Path

import pytest

from monitor.config import ConfigError, load
from monitor.secrets import Secrets
from tests.monitor.configuration import (
    GOOD,
    add_to_brand,
    add_to_chat,
    forum,
    kind,
    problems,
    put,
    query,
    read,
)

BOMB = "a: &a [x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
FORUM_LOGIN = forum("login: {username: a, password: 123456}\n    engine: flaskbb")
UNKNOWN_KEYS = [
    (GOOD + "brnads: []\n", "14:1", "brnads", "unknown key; did you mean «brands»?"),
    (add_to_brand("contxt: [a]"), "5:5", "brands.0.contxt", "did you mean «context»?"),
    (put("name: news", "name: news\n    evry: 5m"), "8:5", "sources.0.evry", "did you mean «every»?"),
    (
        put("name: news", "name: news\n    langage: uk"),
        "8:5",
        "sources.0.langage",
        "did you mean «language»?",
    ),
    (put("url: ", "ulr: "), "8:5", "sources.0.ulr", "did you mean «url»?"),
    (put("  chats:", "  chat:"), "10:3", "staff.chat", "did you mean «chats»?"),
    (add_to_chat("langage: uk"), "12:7", "staff.chats.0.langage", "did you mean «language»?"),
    (
        add_to_chat("topics:\n        - {topic: 5, prority: high}"),
        "13:22",
        "staff.chats.0.topics.0.prority",
        "did you mean «priority»?",
    ),
    (put("telegram: 1", "telegrm: 1"), "13:20", "staff.people.0.telegrm", "did you mean «telegram»?"),
    (GOOD + "sla: {hihg: 1h}\n", "14:7", "sla.hihg", "did you mean «high»?"),
    (GOOD + "digest: {hour: 9}\n", "14:10", "digest.hour", "there are: at, chats, day, folder"),
    (GOOD + "triage:\n  alert: 0.5\n", "15:3", "triage.alert", "did you mean «alert_from»?"),
    (GOOD + "sentiment: {modle: x}\n", "14:13", "sentiment.modle", "did you mean «model»?"),
    (GOOD + "health: {failure: 1}\n", "14:10", "health.failure", "did you mean «failures»?"),
    (GOOD + "5: x\n", "14:1", "5", "a key is text"),
]
WRONG_VALUES = [
    (put("kind: feed", "kind: fed"), "6:5", "sources.0.kind", "no such kind of source; did you mean «feed»?"),
    (
        put("kind: feed", "kind: xxxxxx"),
        "6:5",
        "sources.0.kind",
        "there are: feed, forum, reddit, reviews, telegram",
    ),
    (put("kind: feed", "kind: 5"), "6:5", "sources.0.kind", "a text is expected here: put it in quotes"),
    (put("https://news.example/rss", "5"), "8:5", "sources.0.url", "put it in quotes"),
    (
        put("url: ", "allow_private: perhaps\n    url: "),
        "8:5",
        "sources.0.allow_private",
        "true or false is expected here",
    ),
    (
        put("name: news", "name: the news"),
        "7:5",
        "sources.0.name",
        "letters, digits, _ . - and no spaces, at most 40",
    ),
    (put("id: -100", "id: '-100'"), "11:7", "staff.chats.0.id", "an id is a number"),
    (
        put("id: -100", "id: '@staff'"),
        "11:7",
        "staff.chats.0.id",
        "`vidhuk check` reads on, and shows the ids",
    ),
    (put("id: -100", "id: true"), "11:7", "staff.chats.0.id", "an id is a number"),
    (put("telegram: 1", "telegram: '@anna'"), "13:20", "staff.people.0.telegram", "an id is a number"),
    (put("telegram: 1", f"telegram: {10**19}"), "13:20", "staff.people.0.telegram", "of at most 18 digits"),
    (GOOD + "digest: {chats: ['1']}\n", "14:18", "digest.chats.0", "an id is a number"),
    (
        add_to_chat("topics: [{topic: 99999999999}]"),
        "12:17",
        "staff.chats.0.topics.0.topic",
        "less than or equal",
    ),
    (put("name: Acme", "name: 'A\n\n    b'"), "3:5", "brands.0.name", "a text of one line"),
    (query(""), "4:5", "brands.0.query", "one text is expected here"),
    (FORUM_LOGIN, "9:26", "sources.0.login.password", "a text is expected here: put it in quotes"),
    (kind("reddit", "queries: []"), "6:5", "sources.0", "Reddit needs queries or subreddits"),
    (
        kind("reddit", "client_id: x"),
        "6:5",
        "sources.0",
        "Reddit needs all four keys or none; missing: client_secret, username, password",
    ),
    (add_to_brand("ours: perhaps"), "5:5", "brands.0.ours", "true or false is expected here"),
    (query("[Acme]"), "4:5", "brands.0.query", "one text is expected here"),
    (query('""'), "4:5", "brands.0.query", "at least 1 character"),
    (GOOD + "language: ua\n", "14:1", "language", "'uk', 'ru', 'ro' or 'en'"),
    (GOOD + "sla: {high: soon}\n", "14:7", "sla.high", "such as 90s, 10m, 2h, 7d or 1w"),
    (GOOD + "sla:\n  low: 90\n", "15:3", "sla.low", "a duration is a number and a unit"),
    (GOOD + "sla: {high: 0m}\n", "14:7", "sla.high", "more than nothing"),
    (GOOD + "sla: {high: 99w}\n", "14:7", "sla.high", "at most a year"),
    (put("url: ", "every: 10x\n    url: "), "8:5", "sources.0.every", "a duration"),
    (GOOD + 'digest: {at: "25:00"}\n', "14:10", "digest.at", 'such as "09:00"'),
    (GOOD + "digest: {day: mondays}\n", "14:10", "digest.day", "'monday', 'tuesday'"),
    (GOOD + "timezone: Europe/Kiew\n", "14:1", "timezone", "they look like Europe/Kyiv"),
    (GOOD + "timezone: ../../etc/passwd\n", "14:1", "timezone", "not a time zone"),
    (GOOD + "triage: {ask_precision: 0.95}\n", "14:1", "triage", "ask_precision is above precision"),
    (GOOD + "triage: {alert_from: 0.5, ask_from: 0.6}\n", "14:1", "triage", "ask_from is above alert_from"),
    (GOOD + "triage: {alert_from: 60}\n", "14:10", "triage.alert_from", "less than or equal to 1"),
    (GOOD + "triage: {alert_from: .nan}\n", "14:10", "triage.alert_from", "less than or equal to 1"),
    (GOOD + "health: {failures: often}\n", "14:10", "health.failures", "a whole number is expected here"),
    (add_to_brand("ours: false"), "2:1", "brands", "at least one brand must be ours"),
    (
        put("brands:\n  - name: Acme\n    query: Acme", "brands: []"),
        "2:1",
        "brands",
        "at least one entry is needed",
    ),
    (
        put("brands:\n  - name: Acme\n    query: Acme", "brands: Acme"),
        "2:1",
        "brands",
        "a list is expected here",
    ),
    (GOOD + "sla: fast\n", "14:1", "sla", "keys with values are expected here"),
    (forum("engine: phpb"), "9:5", "sources.0.engine", "did you mean phpbb?"),
    (
        forum("engine: phpbb\n    selectors: {pots: p}"),
        "10:17",
        "sources.0.selectors.pots",
        "did you mean post?",
    ),
    (forum("engine: phpbb\n    login: {user: x}"), "10:5", "sources.0.login", "username and password"),
]
NO_ADDRESS = "an address is expected here that begins with http:// or https:// and has no spaces"
NOT_FOR_A_SOURCE = [
    *(
        (put("https://news.example/rss", url), "8:5", "sources.0.url", NO_ADDRESS)
        for url in (
            "htp:/news.example/rss",
            "ftp://news.example/rss",
            "https://news example.com/rss",
            "postgres://news.example/rss",
            "news.example/rss",
            "https:///rss",
            "https://news.example:port/rss",
            "'https://[news/'",
        )
    ),
    *(
        (
            kind(name, f"url: https://x.example:5432\n    {keys}"),
            "8:5",
            "sources.0.url",
            "Port 5432 of x.example",
        )
        for name, keys in (("feed", ""), ("reviews", ""), ("forum", "engine: phpbb"))
    ),
    (kind("forum", "url: forum.example\n    engine: phpbb"), "8:5", "sources.0.url", NO_ADDRESS),
    (kind("reviews", "url: shop.example"), "8:5", "sources.0.url", NO_ADDRESS),
    (kind("telegram_channel", "channel: acme\n    site: t.me"), "9:5", "sources.0.site", NO_ADDRESS),
    (
        kind("reviews", "url: https://shop.example\n    pages: [/kettle, 'htp:/x']"),
        "9:22",
        "sources.0.pages.1",
        "a path or an address of the site is expected here",
    ),
    (
        forum("engine: phpbb\n    sections: ['htp:/x']"),
        "10:16",
        "sources.0.sections.0",
        "a path or an address",
    ),
    (forum("engine: phpbb\n    max_pages: 0"), "10:5", "sources.0.max_pages", "greater than or equal to 1"),
    (
        forum("engine: phpbb\n    max_pages: 9999"),
        "10:5",
        "sources.0.max_pages",
        "less than or equal to 1000",
    ),
    (forum("engine: phpbb\n    lookback: -5"), "10:5", "sources.0.lookback", "greater than or equal to 1"),
    (forum("engine: phpbb\n    lookback: 999999999"), "10:5", "sources.0.lookback", "equal to 3650"),
    *(
        (
            forum(f"engine: phpbb\n    selectors: {{{selector}}}"),
            "10:17",
            f"sources.0.selectors.{selector.partition(':')[0]}",
            sentence,
        )
        for selector, sentence in (
            ("date_order: mdy", "selectors.date_order is DMY or MDY"),
            ("date_order: XYZ", "selectors.date_order is DMY or MDY"),
            ("reply_length: abc", 'is a number of characters in quotes, such as "5000"'),
            ("reply_length: '0'", 'is a number of characters in quotes, such as "5000"'),
            ("reply_length: 5000", "a text is expected here: put it in quotes"),
            ("thread_pattern: '('", "is a regular expression with the thread's id in ( )"),
            ("thread_pattern: t=1", "is a regular expression with the thread's id in ( )"),
            ("post: 'p['", "is not a CSS selector"),
        )
    ),
    (
        kind("reviews", "url: https://shop.example\n    selectors: {review: p, date_order: mdy}"),
        "9:28",
        "sources.0.selectors.date_order",
        "selectors.date_order is DMY or MDY",
    ),
    (
        kind("reviews", "url: https://shop.example\n    selectors: {review: p, rating_best: five}"),
        "9:28",
        "sources.0.selectors.rating_best",
        "is the best rating there is, in quotes",
    ),
    *(
        (put("url: ", f"language: {name}\n    url: "), "8:5", "sources.0.language", "Ukrainian is uk")
        for name in ("UA", "ua", "ukrainian", "UK")
    ),
]
MISSING_AND_DOUBLE = [
    (
        add_to_chat("brands: [Acme]\n    - id: -100"),
        "10:3",
        "staff.chats",
        "the chat -100 is there twice: give it all its brands and topics once",
    ),
    (put("contact: https://acme.example/contact\n", ""), "1:1", "contact", "this key is missing"),
    (put("    query: Acme\n", ""), "3:5", "brands.0.query", "this key is missing"),
    (put("    url: https://news.example/rss\n", ""), "6:5", "sources.0.url", "this key is missing"),
    (put("  - kind: feed\n    name: news", "  - name: news"), "6:5", "sources.0.kind", "this key is missing"),
    (put("  people:\n    - {name: Anna, telegram: 1}\n", ""), "9:1", "staff.people", "this key is missing"),
    (
        put("sources:", "  - name: Acme\n    query: Rival\nsources:"),
        "5:5",
        "brands.1.name",
        "«Acme» is taken already",
    ),
    (
        put("staff:", "  - kind: feed\n    name: news\n    url: https://x.example\nstaff:"),
        "10:5",
        "sources.1.name",
        "«news» is taken already",
    ),
    (GOOD + "language: en\nlanguage: uk\n", "15:1", "", 'duplicate key "language"; every key stands once'),
    (add_to_brand("query: Acme2"), "5:5", "", 'duplicate key "query"'),
]
NAMES_OF_NOBODY = [
    (put("url: ", "about: Acm\n    url: "), "8:5", "sources.0.about", "no brand of this name is configured"),
    (add_to_chat("brands: [Acmee]"), "12:16", "staff.chats.0.brands.0", "did you mean «Acme»?"),
    (
        add_to_chat("topics:\n        - {topic: 5, brand: Acne}"),
        "13:22",
        "staff.chats.0.topics.0.brand",
        "did you mean «Acme»?",
    ),
    (
        add_to_chat("topics:\n        - {topic: 5, source: new}"),
        "13:22",
        "staff.chats.0.topics.0.source",
        "did you mean «news»?",
    ),
    (
        put("https://news.example/rss", "${FEED_URL}"),
        "8:5",
        "sources.0.url",
        "FEED_URL is not set: put it into",
    ),
]
BAD_QUERIES = [
    (query("Acme AND ("), "4:5", "brands.0.query", "line 1, column 10: this ( is never closed"),
    (query("Acme NEAR/0 b"), "4:5", "brands.0.query", "line 1, column 6: expected a number of words"),
    (query("NOT Acme"), "4:5", "brands.0.query", "only what to leave out"),
    (query("'\"abc'"), "4:5", "brands.0.query", "this quotation mark has no partner"),
    (add_to_brand("context: [shop, a OR b]"), "5:21", "brands.0.context.1", "without operators"),
    (add_to_brand("exclude: [a OR b]"), "5:15", "brands.0.exclude.0", "without operators"),
]
TABS_AND_SPACES = [
    (put("    query", "\tquery"), "4:1", "", "a tab is here: indent with spaces"),
    (put("query: ", "query:\t"), "4:11", "", "a tab is here"),
    (put("    query", "     query"), "4:11", "", "this line is indented otherwise"),
    (put("    query", "   query"), "4:4", "", "this line is indented otherwise"),
    (put("    query", "  query"), "4:3", "", "this line is indented otherwise"),
    (put("  people:", " people:"), "12:2", "", "this line is indented otherwise"),
    (put("query: Acme", "query:\u00a0Acme"), "4:11", "", "a no-break space is here"),
    (put("    query", "   \u00a0query"), "4:4", "", "a no-break space is here"),
    (put("    query", "\u00a0   query"), "4:1", "\u00a0   query", "a no-break space stands before this key"),
]
COLONS = [
    (put("name: Acme", "name: Acme: the shop"), "3:15", "", "a text with a colon in it goes in quotes"),
    (put("contact: https://acme.example/contact", "contact:a@b.c"), "1:1", "", "after a key comes a colon"),
    (put("  chats:", "  chats"), "10:3", "", "after a key comes a colon, and after the colon a space"),
    (put("staff:", "staff"), "9:1", "", "after a key comes a colon"),
    (put("telegram: 1", "telegram:1"), "13:20", "staff.people.0.telegram:1", "after the colon a space"),
    (put("- id: -100", "- id:-100"), "11:7", "staff.chats.0", "with a space behind the colon"),
    (put("- id: -100", "-id: -100"), "10:3", "staff.chats", "begin with a dash and a space"),
    (put("- kind: feed", "-kind: feed"), "6:3", "", "after the dash of an entry comes a space"),
    ("language:en  # of the bot\n" + GOOD, "1:1", "", "after a key comes a colon"),
    ("language en  # of the bot\n" + GOOD, "1:1", "", "after a key comes a colon"),
    (put("- name: Acme", "- name:Acme  # ours\n    # its name"), "3:5", "", "after the colon a space"),
    (GOOD + "desk:\n  undo:20  # seconds\n  claim_expires: 30m\n", "15:3", "", "after the colon a space"),
    (GOOD + "desk:\n  undo 20  # seconds\n  claim_expires: 30m\n", "15:3", "", "after a key comes a colon"),
]
QUOTES = [
    (query('"Нова Пошта" OR новапошта'), "4:12", "", "single quotes, as in '\"Acme Store\" OR acme'"),
    (query('"М\'ята" OR мята'), "4:12", "", "and write each ' in it twice"),
    (query("'Acme's' OR b"), "4:12", "", "put the whole of it in double quotes"),
    (add_to_brand('context: ["a" b]'), "5:19", "", "put the whole of it in single quotes"),
    (query("*acme"), "4:12", "", "a text that begins with * goes in single quotes"),
    (query("*acme OR b"), "4:12", "", "a text that begins with * goes in single quotes"),
    (query("!acme OR b"), "4:12", "", "a text that begins with ! goes in single quotes"),
    (query("&acme OR b"), "4:12", "", "a text that begins with & goes in single quotes"),
    (query("@acme"), "4:12", "", "a text that begins with @ goes in single quotes"),
    (query("% acme"), "4:12", "", "a text that begins with % goes in single quotes"),
    (query("| acme"), "4:12", "", "a text that begins with | goes in single quotes"),
    (query("[acme] OR b"), "4:12", "", "a text that begins with [ goes in single quotes"),
    (query("- acme"), "4:12", "", "a text that begins with - goes in single quotes"),
    (query("} acme"), "4:12", "", "nothing is open that this } could close"),
    (GOOD + 'sentiment: {model: "C:\\models"}\n', "14:24", "", "has a meaning of its own in double quotes"),
    (GOOD + 'timezone: "\ndigest: {at: "9:00"}\n', "15:15", "", "has no partner"),
    (GOOD + 'timezone: "Europe\n', "14:11", "", "what begins here is never closed"),
]
BRACKETS = [
    (put("name: Anna,", "name: ${PW},"), "13:14", "", 'goes in double quotes, as in "${NAME}"'),
    (put("Anna, telegram", "Anna telegram"), "13:27", "", "inside { } there are commas between entries"),
    (GOOD + "sla: {high: 1h\n", "14:6", "", "what begins here is never closed"),
    (GOOD + "sla: {high: 1h\ndigest: {day: monday}\n", "14:6", "", "this { is not closed"),
    (GOOD + "sla: {high: 1h]\n", "14:15", "", "this closes another bracket than the {"),
]
NO_SUCH_THING = [
    (
        GOOD + "shifts: {rotations: [{people: [Anna], start: 2026-11-31}]}\n",
        "14:46",
        "shifts.rotations.0.start",
        "no such day",
    ),
    (
        GOOD + "hours: {holidays: {days: [{date: 2026-02-30}]}}\n",
        "14:34",
        "hours.holidays.days.0.date",
        "no such day",
    ),
    (GOOD + f"health: {{failures: {'9' * 5000}}}\n", "14:20", "health.failures", "this number is too long"),
]
BROKEN_YAML = [
    (GOOD + "  oops\n", "14:3", "", "after a key comes a colon"),
    (GOOD + "---\na: b\n", "14:1", "", "the configuration is one document: delete the line ---"),
    (GOOD + "timezone: \x07\n", "14:11", "", "a control character, which is not seen, is here"),
    ("", "1:1", "", "has no keys; `vidhuk init` writes one to start from"),
    ("# nothing\n", "1:1", "", "has no keys"),
    ("- a\n- b\n", "1:1", "", "has no keys"),
    ("a: b\ncontact: é".encode("latin-1"), "2:10", "", "is not UTF-8 text"),
    ("# " + "x" * 2_000_000, "1:1", "", "larger than 1 MB"),
    (BOMB, "2:8", "", "*a repeats another part of the file; write it out instead"),
    (GOOD + "sla: &x {high: *x}\n", "14:16", "", "repeats another part"),
    ("a: " + "[" * 5000 + "]" * 5000, "1:23", "", "levels deep"),
    (query("{{acme: [a]}}"), "4:13", "brands.0.query", "a text that begins with { goes in single quotes"),
    (GOOD + "<<: 1\n", "14:5", "", "expected a mapping or list of mappings for merging"),
]


@pytest.mark.parametrize(
    ("text", "place", "key", "sentence"),
    [
        *UNKNOWN_KEYS,
        *WRONG_VALUES,
        *NOT_FOR_A_SOURCE,
        *MISSING_AND_DOUBLE,
        *NAMES_OF_NOBODY,
        *BAD_QUERIES,
        *TABS_AND_SPACES,
        *COLONS,
        *QUOTES,
        *BRACKETS,
        *NO_SUCH_THING,
        *BROKEN_YAML,
    ],
)
def test_a_mistake_is_told_with_its_place_its_key_and_the_way_out(
    tmp_path: Path, text: str | bytes, place: str, key: str, sentence: str
) -> None:
    told = [(p.place, p.key) for p in problems(tmp_path, text) if sentence in p.message]
    assert told == [(f"{tmp_path}/vidhuk.yaml:{place}", key)]


def test_one_mistake_is_one_problem(tmp_path: Path) -> None:
    assert len(problems(tmp_path, add_to_brand("ours: perhaps"))) == 1


def test_a_secret_that_is_not_set_is_one_problem(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, put("https://news.example/rss", "${FEED_URL}"))
    assert "FEED_URL is not set" in problem.message


def test_all_mistakes_are_told_at_once_each_in_a_line(tmp_path: Path) -> None:
    text = put("kind: feed", "kind: fed") + "sla: {high: soon}\nbrnads: []\n"
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text)
    assert [line.split(": ")[1] for line in str(error.value).splitlines()] == [
        "sla.high",
        "brnads",
        "sources.0.kind",
    ]


def test_a_file_that_is_not_there_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml.*can't be read.*vidhuk init"):
        load(tmp_path / "nowhere.yaml", Secrets({}), {})
