import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.preview import ask, preview
from models import ReplyState
from tests.bots.rendering import HOSTILE, LANGUAGES, URLS, draft, seen, words


def test_the_preview_shows_the_text_the_account_the_place_and_the_length() -> None:
    shown = seen(preview(draft(language="uk"), words("en")))
    assert shown.text.splitlines() == [
        "🌍 Preview. Everybody will see this:",
        "Вибачте, веземо сьогодні.",
        "As: novolinia-care",
        "Where: форум «Покупець» · Де моя посилка?",
        "The author wrote in: Ukrainian",
        "Length: 25 of 500",
    ]
    assert [button.callback_data for button in shown.buttons] == ["send:5", "edit:5", "cancel:5"]


def test_a_text_that_is_too_long_can_be_edited_but_not_sent() -> None:
    shown = seen(preview(draft(text="а" * 503), words("en")))
    assert "⚠️ Too long by 3 characters." in shown.text
    assert [button.callback_data for button in shown.buttons] == ["edit:5", "cancel:5"]
    assert "Too long by 1 character." in seen(preview(draft(text="а" * 501), words("en"))).text


def test_a_text_that_is_not_shown_whole_can_be_edited_but_not_sent_or_approved() -> None:
    for rule in (None, "Суд"):
        fits = seen(preview(draft(text="а" * 3000, limit=10_000, rule=rule), words("en")))
        assert [button.callback_data for button in fits.buttons] == ["send:5", "edit:5", "cancel:5"]
        shown = seen(preview(draft(text="а" * 3002, limit=10_000, rule=rule), words("en")))
        assert "⚠️ Not shown whole here: 2 characters too long." in shown.text
        assert [button.callback_data for button in shown.buttons] == ["edit:5", "cancel:5"]


def test_the_question_says_that_the_old_text_is_cut() -> None:
    assert "too long to be shown whole" in seen(ask(draft(text="а" * 3001), words("en"))).text
    assert "too long to be shown whole" not in seen(ask(draft(text="а" * 3000), words("en"))).text


def test_where_only_a_person_can_post_there_are_three_steps_and_one_press() -> None:
    shown = seen(preview(draft(account=None, limit=None), words("en")))
    assert [text for text in shown.text.splitlines() if text[:2] in ("1.", "2.", "3.")] == [
        "1. Open the thread: форум «Покупець» · Де моя посилка?",
        "2. Copy the text with one tap:",
        "3. Paste and post it there, then press Done.",
    ]
    assert shown.marked("pre") == ["Вибачте, веземо сьогодні."]
    assert shown.button("Copy").copy_text.text == "Вибачте, веземо сьогодні."
    assert shown.button("Done").callback_data == "done:5"
    assert shown.button("Open").url == "https://forum.example/t/7#p1"


def test_a_text_longer_than_a_button_copies_is_copied_from_the_message() -> None:
    fits, too_long = (seen(preview(draft(account=None, text="а" * n), words("en"))) for n in (256, 257))
    assert fits.button("Copy")
    assert not any(button.copy_text for button in too_long.buttons)
    assert too_long.marked("pre") == ["а" * 257]


@pytest.mark.parametrize(
    ("state", "said", "buttons"),
    [
        (ReplyState.QUEUED, "Sending…", []),
        (ReplyState.SENT, "✅ Posted. https://forum.example/r1", []),
        (ReplyState.HANDED_OFF, "you posted it yourself", []),
        (ReplyState.CANCELLED, "Nothing was posted", []),
        (ReplyState.FAILED, "It was not posted.", ["retry:5", "byhand:5", "edit:5", "cancel:5"]),
        (ReplyState.UNKNOWN, "we can't tell", ["there:5", "missing:5", None]),
    ],
)
def test_afterwards_it_says_what_became_of_it(state: ReplyState, said: str, buttons: list[str]) -> None:
    shown = seen(preview(draft(state, posted_url="https://forum.example/r1"), words("en")))
    assert said in shown.text
    assert [button.callback_data for button in shown.buttons] == buttons


def test_a_delay_is_told_with_its_reason() -> None:
    queued = draft(ReplyState.QUEUED, error="The forum asks to wait.")
    assert (
        "Not yet: The forum asks to wait. We try again by ourselves."
        in seen(preview(queued, words("en"))).text
    )


def test_the_question_says_that_the_answer_will_be_public() -> None:
    shown = seen(ask(draft(text=""), words("en")))
    assert "Олена, write your answer to oksana, case #17." in shown.text
    assert "It will be public: форум «Покупець»." in shown.text


def test_the_question_to_edit_has_the_old_text_to_copy() -> None:
    assert seen(ask(draft(), words("en"))).marked("pre") == ["Вибачте, веземо сьогодні."]


@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(LANGUAGES),
    state=st.sampled_from(list(ReplyState)),
    text=HOSTILE.filter(str.strip),
    author=HOSTILE,
    title=HOSTILE,
    error=st.one_of(st.none(), HOSTILE),
    url=URLS,
    by_hand=st.booleans(),
)
def test_whatever_is_written_the_preview_and_the_question_are_valid(
    language: str,
    state: ReplyState,
    text: str,
    author: str,
    title: str,
    error: str | None,
    url: str,
    by_hand: bool,
) -> None:
    account = None if by_hand else "novolinia-care"
    shown = draft(
        state, text=text, author=author, title=title, error=error, url=url, account=account, posted_url=url
    )
    assert seen(preview(shown, words(language))).text
    assert seen(ask(shown, words(language))).text


def test_a_long_text_to_paste_is_never_cut_without_a_word() -> None:
    shown = seen(preview(draft(account=None, limit=None, text="слово " * 900), words("en")))
    assert "copy it from your own message" in shown.text
    assert shown.marked("pre") == []
