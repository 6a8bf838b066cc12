import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.telegram import Refusal
from demo.telegram.html_markup import parse_html, utf16_length


def entity(kind, offset, length, **more):
    return {"type": kind, "offset": offset, "length": length, **more}


READ = [
    ("plain", "plain", []),
    ("a &lt;b&gt; &amp; &quot;c&quot;", 'a <b> & "c"', []),
    ("&nbsp; &copy;", "&nbsp; &copy;", []),
    ("&#1110;&#x457;", "ії", []),
    ("<b>до</b> неї", "до неї", [entity("bold", 0, 2)]),
    ("🔴 <i>там</i>", "🔴 там", [entity("italic", 3, 3)]),
    ("<b></b>x", "x", []),
    ("<b>x</>", "x", [entity("bold", 0, 1)]),
    ("<u><s>x</s></u>", "x", [entity("underline", 0, 1), entity("strikethrough", 0, 1)]),
    ("<i>a<b>b</b></i>", "ab", [entity("italic", 0, 2), entity("bold", 1, 1)]),
    ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
    ("<tg-spoiler>x</tg-spoiler>", "x", [entity("spoiler", 0, 1)]),
    ('<tg-emoji emoji-id="5">x</tg-emoji>', "x", [entity("custom_emoji", 0, 1, custom_emoji_id="5")]),
    ("<blockquote>x</blockquote>", "x", [entity("blockquote", 0, 1)]),
    ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
    ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
    ('<pre><code class="language-sh">x</code></pre>', "x", [entity("pre", 0, 1, language="sh")]),
    ("<pre><code>x</code></pre>", "x", [entity("pre", 0, 1), entity("code", 0, 1)]),
    (
        '<a href="https://e.org/?a=1&amp;b">x</a>',
        "x",
        [entity("text_link", 0, 1, url="https://e.org/?a=1&b")],
    ),
    ("<a href=e.org>x</a>", "x", [entity("text_link", 0, 1, url="http://e.org/")]),
    ("<a>e.org</a>", "e.org", [entity("text_link", 0, 5, url="http://e.org/")]),
    ("<a href='nothing'>x</a>", "x", []),
    (
        "<a href='http://127.0.0.1:80/t/1'>x</a>",
        "x",
        [entity("text_link", 0, 1, url="http://127.0.0.1:80/t/1")],
    ),
]


@pytest.mark.parametrize(("markup", "text", "entities"), READ)
def test_markup_becomes_text_and_entities(markup, text, entities):
    assert parse_html(markup) == (text, entities)


REFUSED = [
    ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("її <br>", 'Unsupported start tag "br" at byte offset 5'),
    ("3 < 4", 'Unsupported start tag "" at byte offset 2'),
    ("3 <4", "Unclosed start tag at byte offset 2"),
    ("<b", "Unclosed start tag at byte offset 0"),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ("<b>x</B>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</B>"'),
    ("<i =x>y</i>", 'Empty attribute name in the tag "i" at byte offset 0'),
    ("<i a=", 'Unclosed start tag "i" at byte offset 0'),
    ("<i a=b,>y</i>", "Unexpected end of name token at byte offset 5"),
    ('<i a="b>y</i>', "Unclosed start tag at byte offset 0"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    (
        "&#57311;",
        (
            "Text contains invalid Unicode characters after decoding HTML entities,"
            " check for unmatched surrogate code units"
        ),
    ),
]


@pytest.mark.parametrize(("markup", "reason"), REFUSED)
def test_broken_markup_is_refused_in_telegrams_words(markup, reason):
    with pytest.raises(Refusal) as refusal:
        parse_html(markup)
    assert (refusal.value.code, refusal.value.description) == (
        400,
        f"Bad Request: can't parse entities: {reason}",
    )


PIECES = st.sampled_from(
    ["<b>", "</b>", "<i>", "</>", "<a href=", "'e.org'", '"', ">", "<", "&lt", "&#", "x1;", "&amp;", "/", " ",
     "<pre><code class=language-x>", "</code></pre>", "<blockquote expandable>", "</blockquote>", "🔴", "ї", "\n", "="]
)  # fmt: skip


def outcome(markup):
    """What was read, or why not."""
    try:
        return parse_html(markup)
    except Refusal as refusal:
        return refusal.description


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60)))
def test_any_text_is_read_or_refused_and_its_entities_lie_in_it(markup):
    read = outcome(markup)
    if isinstance(read, str):
        assert read.startswith("Bad Request: can't parse entities: ")
        return
    text, entities = read
    units = text.encode("utf-16-le", "surrogatepass")
    for each in entities:
        assert 0 <= each["offset"] < each["offset"] + each["length"] <= utf16_length(text)
        units[each["offset"] * 2 :].decode("utf-16-le", "surrogatepass")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60, alphabet=st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>")[0] == text
