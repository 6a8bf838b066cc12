from datetime import datetime
from typing import Any

import pytest

from models import Case, Event, Happening, Status
from monitor import answered, answers, desk, verdicts
from monitor.corrections import Correction, corrections
from monitor.db import Sessions
from monitor.settings import Settings, Trigger
from tests.builders import ANGRY, considered, open_case, staff


def said(sessions: Sessions) -> list[Correction]:
    with sessions() as session:
        return list(corrections(session))


def ask(session: Any, settings: Settings, now: datetime) -> Case:
    return open_case(session, settings, now, negative=0.5)


@pytest.fixture
def number(sessions: Sessions, settings: Settings, now: datetime) -> int:
    with sessions.begin() as session:
        return open_case(session, settings, now, text=f"> Колись було краще\n{ANGRY}", matches=[]).id


def test_nothing_is_learnt_from_what_nobody_has_spoken_on(sessions: Sessions, number: int) -> None:
    assert said(sessions) == []


@pytest.mark.parametrize(
    ("why", "unhappy", "relevant"),
    [
        (Happening.WRONG_TONE, False, True),
        (Happening.NOT_OURS, None, False),
        (Happening.SPAM, None, False),
    ],
)
def test_a_correction_keeps_the_text_as_it_was_judged_who_said_so_and_when(
    sessions: Sessions,
    settings: Settings,
    now: datetime,
    number: int,
    why: Happening,
    unhappy: bool | None,
    relevant: bool,
) -> None:
    with sessions.begin() as session:
        desk.close(session, number, staff(session, settings), now, why)
    assert said(sessions) == [
        Correction(
            case=number,
            readings=(ANGRY,),
            language="uk",
            brand="Новолінія",
            is_unhappy=unhappy,
            is_complaint=unhappy,
            is_relevant=relevant,
            kind=why,
            staff=7,
            at=now,
        )
    ]


def test_closing_a_case_says_nothing(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        desk.close(session, number, staff(session, settings), now)
    assert said(sessions) == []


@pytest.mark.parametrize(("yes", "stands"), [(True, (True, True)), (False, (None, False))])
def test_an_answered_question_is_a_correction(
    sessions: Sessions, settings: Settings, now: datetime, yes: bool, stands: tuple[bool | None, bool]
) -> None:
    with sessions.begin() as session:
        case, person = ask(session, settings, now), staff(session, settings)
        if yes:
            verdicts.complaint(session, case.id, person, settings, now)
        else:
            verdicts.no_complaint(session, case.id, person, now)
    (only,) = said(sessions)
    assert (only.is_unhappy, only.is_complaint) == stands


def answer(session: Any, number: int, settings: Settings, now: datetime) -> None:
    reply = answers.begin(session, number, staff(session, settings), -100, now)
    answers.write(session, reply, "Вибачте!", now)
    answered.record(session, reply, now)


def test_a_no_that_was_taken_back_teaches_nothing(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        olena, case = staff(session, settings), ask(session, settings, now)
        verdicts.no_complaint(session, case.id, olena, now)
        verdicts.ask_again(session, case.id, olena, now)
    assert said(sessions) == []


def test_what_closed_a_case_teaches_nothing_once_it_is_reopened_but_a_yes_does(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        olena = staff(session, settings)
        asked = open_case(
            session,
            settings,
            now,
            "q1",
            thread_id="q1",
            author="q1",
            text="Новолінія, де ручка?",
            negative=0.5,
        )
        verdicts.complaint(session, asked.id, olena, settings, now)
        for case_id, why in ((number, Happening.WRONG_TONE), (asked.id, Happening.CLOSED)):
            desk.close(session, case_id, olena, now, why)
            desk.reopen(session, case_id, olena, settings, now)
    assert [(one.case, one.kind) for one in said(sessions)] == [(asked.id, Happening.COMPLAINT)]


def test_an_answer_confirms_the_complaint_and_the_last_word_counts(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        answer(session, number, settings, now)
    (only,) = said(sessions)
    assert (only.is_complaint, only.kind) == (True, Happening.ANSWERED)
    with sessions.begin() as session:
        desk.close(session, number, staff(session, settings), now, Happening.WRONG_TONE)
    (only,) = said(sessions)
    assert (only.is_complaint, only.kind) == (False, Happening.WRONG_TONE)


def test_what_is_said_after_the_case_woke_is_of_the_newer_post(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        answer(session, number, settings, now)
        considered(session, settings, now, "p2", text="А ручка де?", matches=[])
        desk.close(session, number, staff(session, settings), now, Happening.WRONG_TONE)
    assert [(one.readings, one.is_complaint) for one in said(sessions)] == [
        ((ANGRY,), True),
        (("А ручка де?",), False),
    ]


@pytest.mark.parametrize(
    ("changes", "teaches"),
    [
        ({"rating": 3.0, "negative": 0.02, "positive": 0.88}, False),
        ({"rating": 1.0, "negative": 0.3, "positive": 0.1}, False),
        ({"rating": 1.0, "negative": 0.94}, True),
        ({"rating": 3.0, "negative": 0.94}, True),
        ({"negative": 0.5}, True),
    ],
)
def test_an_answer_teaches_only_where_the_words_raised_the_card_and_not_the_stars_or_a_rule(
    sessions: Sessions, settings: Settings, now: datetime, changes: dict[str, float], teaches: bool
) -> None:
    three_stars = Trigger(name="Три зірки", rating=3, opens=True)
    ruled = settings.model_copy(update={"triggers": (three_stars,)})
    with sessions.begin() as session:
        case = open_case(session, ruled, now, text="Все добре, приємний магазин.", matches=[], **changes)
        if case.status is Status.ASKED:
            verdicts.complaint(session, case.id, staff(session, settings), settings, now)
        answer(session, case.id, settings, now)
    assert bool(said(sessions)) is teaches


def test_an_answer_to_what_only_woke_a_case_teaches_nothing(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        answer(session, number, settings, now)
        considered(session, settings, now, "p2", text="Отримала, питання закрите.", matches=[], negative=0.1)
        answer(session, number, settings, now)
    assert [one.readings for one in said(sessions)] == [(ANGRY,)]


def test_an_event_of_a_case_that_no_post_stands_behind_is_passed_over(
    sessions: Sessions, settings: Settings, now: datetime, number: int
) -> None:
    with sessions.begin() as session:
        session.query(Event).update({Event.mention_id: None})
        desk.close(session, number, staff(session, settings), now, Happening.WRONG_TONE)
    assert said(sessions) == []
