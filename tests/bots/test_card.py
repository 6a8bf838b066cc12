"""A glance is enough: the card in four languages, through the case's whole life."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.card import card, line
from models import ReplyState, Status
from tests.bots.rendering import HOSTILE, LANGUAGES, NOW, URLS, answer, case_view, length, seen, words

STATES = [ReplyState.SENT, ReplyState.HANDED_OFF, ReplyState.QUEUED, ReplyState.FAILED, ReplyState.UNKNOWN]


def texts(view: object, language: str = "uk") -> list[str]:
    return [button.text for button in seen(card(view, words(language), NOW)).buttons]


def test_the_card_says_who_where_when_why_and_until_when() -> None:
    shown = seen(card(case_view(copies=2, posts=2), words("uk"), NOW))
    assert shown.text.replace("\xa0", " ").splitlines() == [
        "🔴 Новолінія · форум «Покупець» · 14 хв тому · укр",
        "👤 oksana · читачів: 12 тис. · 3 скарги за місяць · 2 дописи",
        "Третій тиждень чекаю на відповідь від Новолінії: гроші списали, посилки немає.",
        "+2 копії",
        "Чому: скарга 0,94 · «гроші»",
        "⏳ Відповісти до 15:00",
    ]


def test_what_matched_is_bold_in_the_quotation() -> None:
    shown = seen(card(case_view(), words(), NOW))
    assert "Новолінії" in shown.marked("bold")


def test_an_open_case_offers_every_act_and_the_link() -> None:
    shown = seen(card(case_view(), words("en"), NOW))
    acts = {button.callback_data for button in shown.buttons if button.callback_data}
    assert acts == {"claim:17", "reply:17", "more:17"}
    assert shown.button("Open").url == "https://forum.example/t/7#p1"


def test_a_claimed_case_says_by_whom_and_can_be_released() -> None:
    shown = seen(card(case_view(status=Status.CLAIMED, claimed_by="Олена"), words("en"), NOW))
    assert "Claimed by Олена" in shown.text
    assert [button.callback_data for button in shown.buttons[:2]] == ["reply:17", "close:17"]


def test_while_the_claimer_writes_the_card_says_so() -> None:
    writing = case_view(status=Status.CLAIMED, claimed_by="Олена", answering="Олена")
    shown = seen(card(writing, words("en"), NOW)).text
    assert "✍️ Олена is answering" in shown
    assert "Claimed by" not in shown


def test_a_late_case_says_so() -> None:
    late = case_view(late=True, answer_by=NOW - timedelta(hours=1))
    assert "⏰ Late: an answer was due by 13:00" in seen(card(late, words("en"), NOW)).text


def test_an_answered_case_has_the_proof() -> None:
    shown = seen(
        card(case_view(status=Status.ANSWERED, claimed_by="Олена", answer=answer()), words("en"), NOW)
    )
    assert "✅ Олена answered at 14:00 · the answer" in shown.text
    assert "https://forum.example/t/7#r1" in [e.get("url") for e in shown.entities]
    assert shown.text.startswith("🟢")
    assert [b.callback_data for b in shown.buttons[:2]] == ["reply:17", "close:17"]


def test_a_reply_of_unknown_fate_asks_staff_to_look_and_nothing_else() -> None:
    unknown = case_view(status=Status.CLAIMED, claimed_by="Олена", answer=answer(ReplyState.UNKNOWN))
    shown = seen(card(unknown, words("en"), NOW))
    assert [b.callback_data for b in shown.buttons[:-1]] == ["there:3", "missing:3"]


def test_a_failed_answer_says_why() -> None:
    failed = case_view(answer=answer(ReplyState.FAILED, error="The thread is <locked>."))
    assert "was not posted: The thread is <locked>." in seen(card(failed, words("en"), NOW)).text


def test_a_woken_case_says_that_the_author_wrote_again() -> None:
    woken = case_view(status=Status.CLAIMED, claimed_by="Олена", woken=True, answer=answer())
    assert "🔔 The author wrote again" in seen(card(woken, words("en"), NOW)).text


def test_a_closed_case_only_opens_the_page() -> None:
    shown = seen(card(case_view(status=Status.CLOSED), words("en"), NOW))
    assert "Closed" in shown.text
    assert [button.url for button in shown.buttons] == ["https://forum.example/t/7#p1"]


def test_a_card_that_may_stand_there_twice_says_so() -> None:
    assert "may stand here twice" in seen(card(case_view(perhaps_twice=True), words("en"), NOW)).text


def test_a_link_that_telegram_refuses_costs_the_button_not_the_card() -> None:
    shown = seen(card(case_view(url="http://нехост/тема 7"), words("en"), NOW))
    assert all(button.url is None for button in shown.buttons)


def test_a_rating_is_shown_with_its_star() -> None:
    view = case_view(rating=1.5, reasons=[{"code": "rating", "value": 1.5}])
    assert seen(card(view, words("uk"), NOW)).text.count("1,5★") == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("state", [None, *STATES])
def test_every_state_reads_well_in_every_language(
    language: str, status: Status, state: ReplyState | None
) -> None:
    view = case_view(
        status=status,
        claimed_by="Олена",
        late=True,
        woken=True,
        perhaps_twice=True,
        rating=2.0,
        copies=5,
        posts=4,
        answer=answer(state, error="Чому") if state else None,
    )
    shown = seen(card(view, words(language), NOW))
    assert "{" not in shown.text
    assert shown.buttons


def test_the_four_languages_differ() -> None:
    assert len({seen(card(case_view(), words(language), NOW)).text for language in LANGUAGES}) == len(
        LANGUAGES
    )


@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(LANGUAGES),
    status=st.sampled_from(list(Status)),
    state=st.sampled_from([None, *STATES]),
    author=HOSTILE,
    title=HOSTILE,
    text=HOSTILE,
    word=HOSTILE.map(lambda text: text[:100]),
    error=HOSTILE,
    url=URLS,
    code=HOSTILE.map(lambda text: text[:30]),
    start=st.integers(0, 5000),
    reach=st.one_of(st.none(), st.integers(0, 10**12)),
    copies=st.integers(0, 10**6),
)
def test_whatever_people_write_the_card_is_valid_and_fits(
    language: str,
    status: Status,
    state: ReplyState | None,
    author: str,
    title: str,
    text: str,
    word: str,
    error: str,
    url: str,
    code: str,
    start: int,
    reach: int | None,
    copies: int,
) -> None:
    urgent = [{"code": "urgent", "value": {"topic": "law", "word": word}}] * 4
    view = case_view(
        status=status,
        claimed_by="Олена <b>",
        author=author,
        title=title,
        text=text,
        matches=[{"term": "x", "start": start, "end": start + 9}],
        url=url,
        language=code,
        reach=reach,
        copies=copies,
        reasons=[{"code": "negative", "value": 0.7}, *urgent],
        answer=answer(state, error=error, url=url) if state else None,
    )
    assert length(card(view, words(language), NOW)) <= 3500
    assert len(line(view, words(language)).splitlines()) == 1
    assert length(line(view, words(language))) <= 200
