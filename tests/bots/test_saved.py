"""Saved answers at the desk: offered, filled in, never sent unread."""

from collections.abc import Iterator

import pytest

from bots.act import Act
from bots.reply_acts import send
from models import ReplyState, Status
from monitor.desk import Refused
from monitor.saved import SavedAnswer, SavedAnswers
from tests.bots.room import Room, button, buttons, press_send

LATE = "{author}, веземо {{коли}}. {staff}"
ANSWERS = [
    {
        "name": "late",
        "title": "Пізно",
        "texts": {"uk": LATE, "en": "Your parcel, {author}, comes {{the day}}."},
    },
    {"name": "money", "title": "Money", "texts": {"en": "{author}, your money is on its way, case {case}."}},
    {"name": "phone", "title": "Тиша", "texts": {"uk": "{author}, телефон мовчить дарма."}},
    {"name": "other", "title": "Інше", "brands": ["Будсвіт"], "texts": {"uk": "Посилка, гроші, телефон."}},
]
COMPLAINTS = [
    "Третій тиждень веземо-веземо, а посилки нема, Новолініє.",
    "Новолінія мовчить, телефон не бере ніхто, «веземо» кажуть, гроші зависли.",
    "Полиця від Новолінії приїхала розбита: «веземо обережно», ага.",
    "Обіцяли веземо вчора, money back не дали, соромно, Новолініє!",
]
"""Different enough to be no copies of each other."""
ASKED = "Де посилка? Веземо, кажуть. Гроші, money, телефон мовчить"


@pytest.fixture
def desk(room: Room) -> Iterator[Room]:
    room.saved = SavedAnswers(answers=tuple(SavedAnswer.model_validate(each) for each in ANSWERS))
    room.forum.max_length = 500
    room.restart()
    return room


def case(desk: Room, external_id: str = "p1", **changes: object) -> int:
    return desk.case(external_id, **{"text": ASKED, **changes})


def asked(desk: Room, number: int) -> dict[str, object]:
    """The saved answers beneath the question."""
    desk.press(desk.olena, desk.card(number), button(desk.card(number), "Reply"))
    return desk.last("begin from a saved answer")


def test_the_question_offers_what_is_like_the_case_in_the_customers_language_first(desk: Room) -> None:
    offered = asked(desk, case(desk))
    assert buttons(offered) == ["📋 Тиша", "📋 Пізно", "📋 Money (eng)"]


def test_pressing_one_fills_the_draft_which_is_previewed_and_not_sent_until_it_is_whole(desk: Room) -> None:
    number = case(desk)
    desk.press(desk.olena, asked(desk, number), "📋 Пізно")
    preview = desk.last("Preview")
    assert "author of p1, веземо {{коли}}. Олена" in preview["text"]
    assert "Fill in before it can leave: коли" in preview["text"]
    assert not any("Send" in text for text in buttons(preview))
    press_send(desk, preview, "Edit")
    desk.write(desk.olena, "author of p1, веземо сьогодні. Олена", to=desk.last("write your answer"))
    press_send(desk, desk.last("сьогодні"))
    assert desk.forum.posted == [("p1", "author of p1, веземо сьогодні. Олена")]
    assert desk.reply_row().saved == "late"


def test_the_preview_offers_others_and_pressing_one_replaces_the_text(desk: Room) -> None:
    preview = desk.previewed(case(desk))
    assert len([text for text in buttons(preview) if "📋" in text]) == 3
    desk.press(desk.olena, preview, "📋 Money (eng)")
    changed = desk.last("your money is on its way, case")
    assert changed["message_id"] == preview["message_id"]
    press_send(desk, changed)
    assert desk.forum.posted == [
        ("p1", f"author of p1, your money is on its way, case {desk.reply_row().case_id}.")
    ]


def test_an_unfilled_answer_never_leaves_even_by_a_forged_press(desk: Room) -> None:
    number = case(desk)
    desk.press(desk.olena, asked(desk, number), "📋 Пізно")
    row = desk.reply_row()
    office = desk.office()
    with pytest.raises(Refused, match="unfilled"):
        send(office, Act(desk.olena.id, desk.staff.id, row.id, "", row.preview_message_id))
    assert desk.reply_row().state is ReplyState.PREVIEW


def test_where_a_person_posts_by_hand_an_unfilled_answer_is_not_done(desk: Room) -> None:
    number = case(desk, source="blog", answerable="hand_off")
    desk.press(desk.olena, asked(desk, number), "📋 Пізно")
    handed = desk.last("Only a person can post there")
    assert "Fill in before it can leave: коли" in handed["text"]
    assert not any("Done" in text or "Copy" in text for text in buttons(handed))


def test_nobody_fills_the_draft_of_another_and_twice_is_once(desk: Room) -> None:
    offered = asked(desk, case(desk))
    assert desk.press(desk.andriy, offered, "📋 Пізно") == ("Олена is writing this answer.", True)
    assert desk.reply_row().state is ReplyState.DRAFT
    presses = [desk.telegram.press(desk.olena, desk.staff, offered["message_id"], "📋 Пізно") for _ in "12"]
    desk.pass_by()
    assert [desk.telegram.answer(press).text for press in presses] == ["", ""]
    assert desk.reply_row().state is ReplyState.PREVIEW


def test_after_a_restart_the_offer_still_works_and_a_removed_answer_says_so(desk: Room) -> None:
    offered = asked(desk, case(desk))
    desk.saved = SavedAnswers(answers=desk.saved.answers[:1])
    desk.restart()
    said, _ = desk.press(desk.olena, offered, "📋 Тиша")
    assert said == "This saved answer is no longer in the file."
    desk.press(desk.olena, offered, "📋 Пізно")
    assert "{{коли}}" in desk.last("Preview")["text"]


def test_an_older_offer_or_preview_sends_nothing_and_points_to_the_newer(desk: Room) -> None:
    number = case(desk)
    offered = asked(desk, number)
    desk.write(desk.olena, "Перша", to=desk.last("write your answer"))
    first = desk.last("Перша")
    press_send(desk, first, "Edit")
    desk.write(desk.olena, "Друга", to=desk.last("write your answer"))
    assert "replaced by a newer one" in press_send(desk, first)[0]
    assert "replaced by a newer one" in desk.press(desk.olena, offered, "📋 Пізно")[0]
    assert desk.forum.posted == []
    assert all(not buttons(m) for m in desk.messages() if "replaced by a newer one" in m.get("text", ""))
    press_send(desk, desk.last("Друга"))
    assert desk.forum.posted == [("p1", "Друга")]


def test_a_closed_case_takes_no_saved_answer_out(desk: Room) -> None:
    number = case(desk)
    offered = asked(desk, number)
    desk.press(desk.olena, desk.card(number), "Close")
    assert desk.press(desk.olena, offered, "📋 Тиша") == (f"Case #{number} is closed.", True)
    desk.write(desk.olena, "Пізно.", to=desk.last("write your answer"))
    assert desk.last()["text"] == f"Case #{number} is closed."
    assert desk.forum.posted == []
    assert desk.row(number).status is Status.CLOSED


def test_an_offer_that_was_replaced_by_a_newer_question_says_so(desk: Room) -> None:
    number = case(desk)
    first = asked(desk, number)
    asked(desk, number)
    desk.pass_by()
    stale = next(m for m in desk.messages() if m["message_id"] == first["message_id"])
    assert "Nothing was posted" in stale["text"]
    assert buttons(stale) == []


# The same words to everybody


def test_the_third_customer_in_a_row_with_the_same_words_draws_a_warning(desk: Room) -> None:
    for nth in (1, 2, 3):
        number = case(desk, f"p{nth}", text=COMPLAINTS[nth - 1])
        desk.write(desk.olena, f"author of p{nth}, вибачте, справа {number}.", to=desk.card(number))
        preview = desk.last("вибачте")
        assert ("the very same words" in preview["text"]) == (nth == 3)
        press_send(desk, preview)
    assert len(desk.forum.posted) == 3


def test_other_words_in_the_fields_of_a_saved_answer_are_still_the_same_words(desk: Room) -> None:
    for nth, when in enumerate(("завтра", "у п’ятницю", "сьогодні"), 1):
        number = case(desk, f"p{nth}", text=COMPLAINTS[nth - 1])
        desk.press(desk.olena, asked(desk, number), "📋 Пізно")
        press_send(desk, desk.last("Preview"), "Edit")
        text = f"author of p{nth}, веземо {when}. Олена"
        desk.write(desk.olena, text, to=desk.last("write your answer"))
        preview = desk.last(when)
        assert ("the very same words" in preview["text"]) == (nth == 3)
        press_send(desk, preview)


def test_the_same_words_to_one_customer_or_between_others_are_no_warning(desk: Room) -> None:
    texts = {"p1": "Вибачте!", "p2": "Розбираємось.", "p3": "Вибачте!", "p4": "Вибачте!"}
    for external_id, text in texts.items():
        number = case(desk, external_id, text=COMPLAINTS[int(external_id[1]) - 1])
        desk.write(desk.olena, text, to=desk.card(number))
        preview = desk.last("Preview")
        assert "the very same words" not in preview["text"]
        press_send(desk, preview)


# The list, and @bot words


def test_the_list_has_what_is_for_the_chats_brands_and_says_when_the_file_is_read(desk: Room) -> None:
    desk.write(desk.olena, "/saved")
    told = desk.last("Saved answers")["text"]
    assert all(title in told for title in ("Пізно", "Money", "Тиша", "Інше"))
    assert "read when the program starts" in told
    desk.write(desk.olena, "/saved гроші")
    assert "Інше" in desk.last("Saved answers")["text"]
    assert "Пізно" not in desk.last("Saved answers")["text"]
    desk.write(desk.olena, "/saved жираф")
    assert "No saved answer fits" in desk.last()["text"]


def test_the_list_asked_beneath_a_card_has_what_is_for_its_brand(desk: Room) -> None:
    number = case(desk)
    desk.write(desk.olena, "/saved", to=desk.card(number))
    told = desk.last("Saved answers")["text"]
    assert "Пізно" in told
    assert "Інше" not in told
    assert desk.row(number).claimed_by_id is None


def test_inline_the_known_fields_are_those_of_the_draft_and_the_pick_is_previewed(desk: Room) -> None:
    number = case(desk)
    desk.press(desk.olena, desk.card(number), button(desk.card(number), "Reply"))
    query = desk.telegram.ask_inline(desk.olena, desk.staff, "гроші money")
    desk.pass_by()
    assert query.results is not None
    assert [(r["id"], r["content"]["text"]) for r in query.results] == [
        ("money:en", f"author of p1, your money is on its way, case {number}.")
    ]
    prompt = desk.last("write your answer")
    desk.telegram.pick(query, desk.staff, "money:en", reply_to=prompt["message_id"])
    desk.pass_by()
    assert "your money is on its way" in desk.last("Preview")["text"]
    assert desk.forum.posted == []


def test_inline_without_a_draft_what_we_do_not_know_is_left_to_fill_in(desk: Room) -> None:
    query = desk.telegram.ask_inline(desk.andriy, desk.staff, "money")
    desk.pass_by()
    assert query.results is not None
    assert [r["content"]["text"] for r in query.results] == [
        "{{author}}, your money is on its way, case {{case}}."
    ]


def test_inline_a_stranger_gets_nothing_and_nothing_is_kept_for_others(desk: Room) -> None:
    stranger = desk.telegram.add_user("Хтось")
    chat = desk.telegram.private_chat(stranger)
    query = desk.telegram.ask_inline(stranger, chat, "money")
    desk.pass_by()
    assert query.results == []
    (given,) = [given for name, given in desk.telegram.calls if name == "answerInlineQuery"]
    assert int(given["cache_time"]) == 0
    assert given["is_personal"] in (True, "true")


def test_a_saved_answer_begun_from_a_newer_preview_is_shown_on_the_older_one_too(
    desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of the newer one could not be kept, so that the older one's Send still counts."""
    older = desk.previewed(case(desk))
    press_send(desk, older, "Edit")
    with monkeypatch.context() as patch:
        patch.setattr("bots.reply_acts.shown", lambda *_, **__: None)
        desk.write(desk.olena, "Краще так.", to=desk.last("write your answer"))
    desk.press(desk.olena, desk.last("Preview"), button(desk.last("Preview"), "Money"))
    (shown,) = [m["text"] for m in desk.messages() if m["message_id"] == older["message_id"]]
    assert "your money is on its way" in shown
