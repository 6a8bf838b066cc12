from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Alert, Case, Happening, Mention, Notice, Priority, Status
from monitor import answers, desk
from monitor.db import Sessions
from monitor.settings import Settings
from tests.builders import ANGRY, considered, open_case, staff
from tests.conftest import make_settings


def test_an_unhappy_mention_opens_a_case_with_a_card_and_a_promise(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        assert (case.status, case.priority) == (Status.OPEN, Priority.NORMAL)
        assert case.answer_by == now + settings.sla.normal
        assert session.scalars(select(Alert)).one().due_at == now


def test_a_content_author_opens_nothing(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        assert considered(session, settings, now, negative=0.05, positive=0.9) is None
        assert session.scalars(select(Case)).all() == []


def test_the_same_author_in_the_same_thread_joins_the_case(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        first = open_case(session, settings, now)
        assert considered(session, settings, now, "p2", text="І телефон не беруть.") is first
        assert session.scalars(select(Alert)).one()


def test_two_brands_in_one_post_are_one_case(sessions: Sessions, settings: Settings, now: datetime) -> None:
    settings = make_settings(
        brands=[{"name": "Новолінія", "query": "x"}, {"name": "Лінія Дім", "query": "y"}]
    )
    with sessions.begin() as session:
        first = open_case(session, settings, now, thread_id=None)
        assert considered(session, settings, now, brand="Лінія Дім", thread_id=None) is first


def test_a_copy_elsewhere_joins_the_case_and_is_counted(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        first = open_case(session, settings, now)
        copied = f"Пишуть: {ANGRY.replace('тиждень', 'тиждень вже')}"
        again = considered(
            session, settings, now, "x1", source="blog", thread_id=None, author="repost", text=copied
        )
        assert again is first
        assert [m.is_copy for m in session.scalars(select(Mention).order_by(Mention.id))] == [False, True]


def test_a_copy_that_names_two_of_our_brands_stays_a_copy_and_tells_nobody(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    two = make_settings(brands=[{"name": "Новолінія", "query": "x"}, {"name": "Лінія Дім", "query": "y"}])
    elsewhere = {"source": "blog", "thread_id": None, "author": "repost"}
    number = answered(sessions, two, now)
    for brand in ("Новолінія", "Лінія Дім"):
        with sessions.begin() as session:
            assert considered(session, two, now, "x1", brand=brand, **elsewhere) is not None
    with sessions() as session:
        copies = session.scalars(select(Mention).where(Mention.source == "blog")).all()
        assert [(m.case_id, m.is_copy) for m in copies] == [(number, True), (number, True)]
        assert session.scalars(select(Notice)).all() == []


def test_a_post_of_another_source_with_the_same_number_is_another_post(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number = answered(sessions, settings, now)
    with sessions.begin() as session:
        considered(session, settings, now, "101", source="blog", thread_id=None, author="repost")
        considered(session, settings, now, "101", text="І досі нічого.")
        assert session.get_one(Case, number).status is Status.CLAIMED


def test_another_complaint_of_another_author_is_another_case(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    text = "Новолінія привезла не ті двері, міняти відмовляються вже місяць, нікому немає діла."
    with sessions.begin() as session:
        first = open_case(session, settings, now)
        assert considered(session, settings, now, "p5", author="petro", text=text) is not first


def test_a_copy_two_weeks_later_is_news_again(sessions: Sessions, settings: Settings, now: datetime) -> None:
    later = now + timedelta(days=15)
    with sessions.begin() as session:
        first = open_case(session, settings, now)
        assert (
            considered(session, settings, later, "x1", source="blog", thread_id="9", author="other")
            is not first
        )


def test_a_third_complaint_within_a_month_is_urgent(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    texts = (
        "Новолінія не привезла двері.",
        "У Новолінії знову нахамили на касі.",
        "Новолінія вкотре зламала плитку!",
    )
    with sessions.begin() as session:
        cases = [
            open_case(session, settings, now, f"p{n}", thread_id=f"t{n}", text=text)
            for n, text in enumerate(texts)
        ]
    assert [case.priority for case in cases] == [Priority.NORMAL, Priority.NORMAL, Priority.HIGH]


def answered(sessions: Sessions, settings: Settings, now: datetime) -> int:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        person = staff(session, settings)
        reply = answers.begin(session, case.id, person, -100, now)
        answers.write(session, reply, "Вибачте!", now)
        answers.record_answer(session, reply, now)
        return case.id


def test_the_author_who_writes_after_an_answer_wakes_the_case(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number, later = answered(sessions, settings, now), now + timedelta(hours=5)
    with sessions.begin() as session:
        assert considered(session, settings, later, "p2", text="І досі нічого.", negative=0.7) is not None
    with sessions.begin() as session:
        case = session.get_one(Case, number)
        assert case.status is Status.CLAIMED, "it stays with whoever answered"
        assert case.answer_by == later + settings.sla.normal
        assert session.scalars(select(Notice)).one().kind == "author_wrote"


def test_thanks_after_an_answer_are_told_but_owe_nothing(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number = answered(sessions, settings, now)
    with sessions.begin() as session:
        considered(session, settings, now, "p2", text="Дякую, привезли!", negative=0.02, positive=0.95)
    with sessions.begin() as session:
        assert session.get_one(Case, number).status is Status.ANSWERED
        assert session.scalars(select(Notice)).one().values["text"] == "Дякую, привезли!"


def test_a_closed_case_wakes_too(sessions: Sessions, settings: Settings, now: datetime) -> None:
    number = answered(sessions, settings, now)
    with sessions.begin() as session:
        desk.close(session, number, staff(session, settings), now)
    with sessions.begin() as session:
        considered(session, settings, now, "p2", text="Нічого не вирішено!")
    with sessions() as session:
        assert session.get_one(Case, number).status is Status.CLAIMED


def test_cards_go_to_the_chat_and_topic_of_their_brand_source_and_priority(
    sessions: Sessions, now: datetime
) -> None:
    settings = make_settings(
        staff={
            "chats": [
                {"id": -1, "brands": ["Будсвіт"]},
                {"id": -2, "topics": [{"topic": 5, "priority": "high"}, {"topic": 6, "source": "forum"}]},
            ],
            "people": [{"name": "Олена", "telegram": 7}],
        }
    )
    with sessions.begin() as session:
        open_case(session, settings, now)
        open_case(
            session,
            settings,
            now,
            "p2",
            thread_id="8",
            author="petro",
            reach=99_999,
            text="Новолінія: жах і сором",
        )
        open_case(
            session,
            settings,
            now,
            "p3",
            source="blog",
            author="ivan",
            text="Новолінія бреше про знижки на фарбу",
        )
        alerts = session.scalars(select(Alert).order_by(Alert.id))
        assert [(alert.chat_id, alert.topic_id) for alert in alerts] == [(-2, 6), (-2, 5), (-2, None)]


@pytest.mark.parametrize("why", [Happening.WRONG_TONE, Happening.NOT_OURS, Happening.SPAM])
def test_a_corrected_case_wakes_only_for_another_complaint(
    sessions: Sessions, settings: Settings, now: datetime, why: Happening
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        desk.close(session, case.id, staff(session, settings), now, why)
        calm = {"negative": 0.2, "neutral": 0.7, "positive": 0.1}
        assert considered(session, settings, now, "p2", text="Завтра зайду ще.", **calm) is case
        assert case.status is Status.CLOSED
        assert session.scalars(select(Notice)).all() == []
        assert considered(session, settings, now, "p3", text="А тепер точно жах!") is case
        assert case.status is Status.OPEN
