"""A good configuration loads, secrets are filled in and never shown, and no text breaks the reader."""

import dataclasses
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config import ConfigError, load
from monitor.kinds import build_all, classes
from monitor.secrets import Secrets
from tests.monitor.configuration import (
    FEED,
    GOOD,
    KINDS,
    ROOT,
    add_to_brand,
    forum,
    put,
    query,
    read,
    tried,
)

# What is right


def test_the_good_configuration_loads(tmp_path: Path) -> None:
    settings = read(tmp_path, GOOD)
    assert (settings.brands[0].name, settings.sources[0].own_keys["url"]) == (
        "Acme",
        "https://news.example/rss",
    )


def test_the_example_that_init_writes_loads() -> None:
    settings = load(ROOT / "config" / "example.yaml", Secrets({}), classes(KINDS))
    assert build_all(settings, KINDS, {"contact": settings.contact}).keys() == {"news"}


def commented_blocks(text: str) -> list[tuple[int, int]]:
    """From which line to which: a key behind a #, and what is indented beneath it."""
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if re.match(r" *# (?:- )?(?:[a-z_]+:(?: |$)|{)", line)]
    return [
        (
            start,
            next((n for n in range(start + 1, len(lines)) if not re.match(r" *#   ", lines[n])), len(lines)),
        )
        for start in starts
    ]


def uncommented(text: str, blocks: list[tuple[int, int]]) -> str:
    lines = text.splitlines()
    for start, end in blocks:
        lines[start:end] = [line.replace("# ", "", 1) for line in lines[start:end]]
    return "\n".join(lines)


EXAMPLE = (ROOT / "config" / "example.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "blocks",
    [*([block] for block in commented_blocks(EXAMPLE)), commented_blocks(EXAMPLE)],
    ids=lambda blocks: EXAMPLE.splitlines()[blocks[0][0]].strip(" #")[:30] if len(blocks) == 1 else "all",
)
def test_each_commented_block_of_the_example_is_right_once_it_is_uncommented(
    tmp_path: Path, blocks: list[tuple[int, int]]
) -> None:
    settings = read(tmp_path, uncommented(EXAMPLE, blocks))
    build_all(settings, KINDS, {"contact": settings.contact})


def test_every_kind_of_block_of_the_example_is_found() -> None:
    found = uncommented(EXAMPLE, commented_blocks(EXAMPLE))
    assert re.findall(r"^ *# .*", found, re.MULTILINE) == re.findall(
        r"^ *# (?=[A-Z]|kind is|viewer).*", EXAMPLE, re.MULTILINE
    )


def test_the_demos_configuration_loads_and_builds() -> None:
    environ = {
        "TOWN_URL": "http://127.0.0.1:1",
        "FORUM_PASSWORD": "open sesame",
        "DEMO_FOLDER": "out",
        "DEMO_EVERY": "10s",
    }
    settings = load(ROOT / "demo" / "vidhuk.yaml", Secrets(environ), classes(KINDS))
    sources = build_all(settings, KINDS, {"contact": settings.contact})
    assert {"forum", "blog", "town-group"} <= sources.keys() == {source.name for source in settings.sources}


def test_a_file_saved_by_notepad_loads(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()).brands[0].name == "Acme"


# Secrets


def test_a_name_in_braces_is_taken_from_the_environment(tmp_path: Path) -> None:
    settings = read(
        tmp_path, put("https://news.example/rss", "https://${HOST}/rss"), {"HOST": "blog.example"}
    )
    assert settings.sources[0].own_keys["url"] == "https://blog.example/rss"


@settings(max_examples=25, deadline=None)
@given(secret=st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF), min_size=8, max_size=40))
@pytest.mark.parametrize(
    "text",
    [
        put("kind: feed", "kind: ${SECRET}"),
        put("name: news", "name: ${SECRET}"),
        put("url: ", "about: ${SECRET}\n    url: "),
        put("url: ", "every: ${SECRET}\n    url: "),
        query("Acme AND ${SECRET} ("),
        add_to_brand("context: [a OR b ${SECRET}]"),
        forum("engine: ${SECRET}"),
        forum("engine: phpbb\n    login: {username: a, password: '${SECRET}'}"),
        GOOD + "timezone: ${SECRET}\nlanguage: ${SECRET}\nsla: {high: '${SECRET}'}\n",
        put("sources:", "  - name: ${SECRET}\n    query: a\n  - name: ${SECRET}\n    query: b\nsources:"),
    ],
)
def test_a_secret_is_in_no_error_and_in_no_repr(
    tmp_path_factory: pytest.TempPathFactory, text: str, secret: str
) -> None:
    told = tried(tmp_path_factory.getbasetemp() / "secret.yaml", text, {"SECRET": secret})
    assert secret not in f"{ConfigError(told)} {told!r}"


def test_a_password_is_in_no_repr(tmp_path: Path) -> None:
    text = forum(
        "engine: flaskbb\n    login: {username: care, password: '${SECRET}'}\n"
        "    selectors: {login_url: /login, reply_form: form, reply_text: content}"
    )
    settings = read(tmp_path, text, {"SECRET": "hunter2-hunter2"})
    (source,) = build_all(settings, KINDS, {}).values()
    assert settings.sources[0].own_keys["login"]["password"] == "hunter2-hunter2"
    assert "hunter2" not in repr(settings) + repr(settings.sources[0]) + repr(source)


# Anything at all

YAMLISH = st.lists(
    st.one_of(
        st.sampled_from(GOOD.splitlines()),
        st.sampled_from(
            [
                "sla: {",
                "- ",
                "  ",
                "? a",
                ": b",
                "!!int x",
                "&a",
                "*a",
                "<<: 1",
                "|",
                "'",
                '"',
                "%TAG !",
                "...",
                "---",
                "\t",
                "\u00a0",
                "a:b",
                "a: b: c",
                '  - "a" b',
                "  - [a] b",
                "sla: {a: ${B}}",
                "  - & a",
                "a: 2026-02-30",
                "a: {{b: [c]}}",
                "\ufeff@",
                "a: [!x b, @c]",
            ]
        ),
        st.text(max_size=20),
        st.builds(
            str.__add__,
            st.sampled_from(["sla: ", "digest: ", "  - ", "staff: "]),
            st.text("0123456789-:.[]{}ab~", max_size=12),
        ),
    ),
    max_size=14,
).map("\n".join)


@settings(max_examples=100, deadline=None)
@given(text=st.one_of(YAMLISH, st.text(max_size=60), YAMLISH.map(lambda more: GOOD + more)))
def test_any_text_loads_or_is_refused_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    for problem in tried(path, text, {}):
        assert re.fullmatch(rf"{re.escape(str(path))}:[1-9]\d*:[1-9]\d*", problem.place)
        assert problem.message


TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "https://x.example",
            "http://[",
            "https://x:0",
            "//",
            "a:b",
            "(",
            "p:is(",
            "::attr(",
            "DMY",
            "uk",
            "\0",
        ]
    ),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXTS,
    st.lists(TEXTS, max_size=3),
    st.dictionaries(st.sampled_from(["username", "password", "account"]), TEXTS),
    st.dictionaries(
        st.sampled_from(["post", "time", "review", "thread_pattern", "reply_length", "date_order"]), TEXTS
    ),
)
BEGINNINGS = {
    "feed": {"url": "https://x.example"},
    "forum": {"url": "https://x.example", "engine": "flaskbb"},
    "reddit": {"queries": ["acme"]},
    "reviews": {"url": "https://x.example"},
    "telegram": {},
    "telegram_channel": {"channel": "acme"},
}


def test_every_kind_has_a_beginning() -> None:
    assert BEGINNINGS.keys() == KINDS.keys()


@settings(max_examples=40, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("kind", BEGINNINGS)
def test_any_values_of_a_sources_keys_are_built_or_refused_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    names = [field.name for field in dataclasses.fields(KINDS[kind].Source) if field.name != "name"]
    keys = data.draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=3))
    written = json.dumps({"kind": kind, "name": "source", **BEGINNINGS[kind], **keys})
    path = tmp_path_factory.getbasetemp() / "source.yaml"
    told = tried(path, put(FEED, written), {})
    for problem in told:
        assert re.fullmatch(rf"{re.escape(str(path))}:[1-9]\d*:[1-9]\d*", problem.place)
    if not told:
        build_all(load(path, Secrets({}), classes(KINDS)), KINDS, {})
