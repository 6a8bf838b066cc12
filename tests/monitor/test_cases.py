from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from models import ANONYMOUS, Alert, Case, Happening, Mention, MentionBand, MuteKind, Notice, Priority, Status
from monitor import answers, desk, duplicates, mutes
from monitor.cards import view
from monitor.cases import Consideration
from monitor.db import Sessions
from monitor.settings import Settings
from monitor.urgent import UrgentWords
from monitor.why import why
from tests.builders import ANGRY, considered, mention, open_case, staff
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


def test_two_people_of_the_same_name_in_a_thread_have_a_case_each(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    other = "Новолінія загубила моє крісло, третю добу ніхто не відповідає."
    with sessions.begin() as session:
        first = open_case(session, settings, now, author="Олена", author_id="11")
        second = open_case(session, settings, now, "p2", author="Олена", author_id="22", text=other)
        assert second is not first
        for id, case in (("11", first), ("22", second)):
            more = mention(session, now, f"p3-{id}", author="Олена", author_id=id, text="І досі тиша.")
            assert judged(session, settings, now, more) is case


def test_the_namesake_of_a_merged_cases_author_has_a_case_of_their_own(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    other = "Новолінія загубила моє крісло, третю добу ніхто не відповідає."
    with sessions.begin() as session:
        into = open_case(session, settings, now, author="Петро", author_id="10", text=other)
        case = open_case(session, settings, now, "p2", author="Олена", author_id="11")
        duplicates.merge(session, case.id, into.id, staff(session, settings), now)
        same = mention(session, now, "p3", author="Олена", author_id="11", text="І досі тиша.")
        assert judged(session, settings, now, same) is into
        assert open_case(session, settings, now, "p4", author="Олена", author_id="22", text="Биті двері!")


def test_the_namesake_of_an_author_whose_case_was_merged_twice_has_a_case_of_their_own(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    said = ("Новолінія загубила крісло.", "У Новолінії знову нахамили.", "Новолінія зламала плитку.")
    with sessions.begin() as session:
        person = staff(session, settings)
        first, second, third = (
            open_case(
                session, settings, now, f"p{n}", author="Олена", author_id=f"{n}", thread_id=f"{n}", text=t
            )
            for n, t in enumerate(said)
        )
        duplicates.merge(session, first.id, second.id, person, now)
        duplicates.merge(session, second.id, third.id, person, now)
        in_first = {"author": "Олена", "thread_id": "0", "text": "Новолінія мовчить, досі тиша."}
        assert considered(session, settings, now, "q0", author_id="0", **in_first) is third
        assert considered(session, settings, now, "q1", author_id="22", **in_first) is not third


def test_an_author_of_whom_the_source_tells_a_name_only_joins_by_it(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        first = open_case(session, settings, now, author="Олена")
        assert considered(session, settings, now, "p2", author="Олена", author_id="11") is first


def judged(session: Session, settings: Settings, now: datetime, row: Mention) -> Case | None:
    return Consideration(session, [row], UrgentWords({}), settings, now).consider_all()[0]


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


def test_a_copy_reads_none_of_the_thousands_that_its_case_may_have(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        open_case(session, settings, now)
    with sessions.begin() as session:
        case = considered(session, settings, now, "x1", thread_id="99", author="repost")
        assert case is not None
        assert "mentions" in inspect(case).unloaded


def both_brands(
    session: Session, settings: Settings, now: datetime, id: str, **changes: Any
) -> list[Case | None]:
    """A post that names two of our brands; both sides are judged at once."""
    sides = [mention(session, now, id, brand=brand.name, **changes) for brand in settings.brands]
    return Consideration(session, sides, UrgentWords({}), settings, now).consider_all()


def of_two_brands(*names: str) -> Settings:
    return make_settings(brands=[{"name": name, "query": name} for name in names])


def test_a_copy_that_names_two_of_our_brands_stays_a_copy_and_tells_nobody(
    sessions: Sessions, now: datetime
) -> None:
    settings = of_two_brands("Новолінія", "Лінія Дім")
    number = answered(sessions, settings, now)
    with sessions.begin() as session:
        both_brands(session, settings, now, "x1", source="blog", thread_id=None, author="repost")
    with sessions() as session:
        copies = session.scalars(select(Mention).where(Mention.source == "blog")).all()
        assert [(m.case_id, m.is_copy) for m in copies] == [(number, True), (number, True)]
        case = session.get_one(Case, number)
        assert (view(session, case, settings, now).copies, why(session, case, settings).copies) == (1, 1)
        assert session.scalars(select(Notice)).all() == []


@pytest.mark.parametrize("copied_by", ["repost", "oksana"])
@pytest.mark.parametrize("names", [("Новолінія", "Лінія Дім"), ("Лінія Дім", "Новолінія")])
def test_of_a_copy_of_a_post_about_two_brands_both_sides_join_the_case(
    sessions: Sessions, now: datetime, names: tuple[str, str], copied_by: str
) -> None:
    with sessions.begin() as session:
        (case, _) = both_brands(session, of_two_brands("Новолінія", "Лінія Дім"), now, "p1")
        elsewhere = both_brands(session, of_two_brands(*names), now, "p2", thread_id="8", author=copied_by)
        assert elsewhere == [case, case]


UPDATE = "Новолінія знову перенесла доставку на місяць, гроші не повертає, менеджер кидає слухавку."


@pytest.mark.parametrize("elsewhere", [{"thread_id": "8"}, {"source": "blog", "author": "repost"}])
def test_a_copy_of_what_the_author_of_a_case_wrote_next_joins_the_case(
    sessions: Sessions, settings: Settings, now: datetime, elsewhere: dict[str, str]
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        assert considered(session, settings, now, "p2", text=UPDATE) is case
        assert considered(session, settings, now, "p3", text=UPDATE, **elsewhere) is case
        assert [m.is_copy for m in session.scalars(select(Mention).order_by(Mention.id))] == [
            False,
            False,
            True,
        ]


def test_what_an_author_says_beneath_their_own_copy_belongs_to_the_case(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        assert considered(session, settings, now, "p2", thread_id="8") is case
        assert considered(session, settings, now, "p3", thread_id="8", text=UPDATE) is case


def test_what_an_author_says_beneath_their_own_copy_belongs_to_the_case_though_read_at_once(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    said = (("p1", "7", ANGRY), ("p2", "8", ANGRY), ("p3", "8", UPDATE))
    with sessions.begin() as session:
        rows = [mention(session, now, id, thread_id=thread, text=text) for id, thread, text in said]
        cases = Consideration(session, rows, UrgentWords({}), settings, now).consider_all()
        assert cases == [cases[0]] * 3


OTHERS: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"author": "repost"}, {"author": "repost"}),
    ({}, {"author": "petro"}),
    ({"author_id": "22"}, {"author_id": "22"}),
    ({"source": "blog"}, {"source": "blog"}),
]
"""Who else copies a post of oksana's, who is 11, and who writes beneath the copy."""


@pytest.mark.parametrize(("copied_by", "said_by"), OTHERS)
@pytest.mark.parametrize("at_once", [True, False])
def test_what_others_say_beneath_a_copy_is_no_word_of_the_cases_author(
    sessions: Sessions,
    settings: Settings,
    now: datetime,
    copied_by: dict[str, str],
    said_by: dict[str, str],
    at_once: bool,
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now, author_id="11")
        rows = [
            mention(session, now, "p2", **{"thread_id": "8", "author_id": "11", **copied_by}),
            mention(session, now, "p3", **{"thread_id": "8", "author_id": "22", "text": UPDATE, **said_by}),
        ]
        for batch in [rows] if at_once else [[row] for row in rows]:
            cases = Consideration(session, batch, UrgentWords({}), settings, now).consider_all()
        assert rows[0].case_id == case.id
        assert cases[-1] is not case


def test_what_nobody_known_says_beneath_a_copy_of_nobody_known_is_another_matter(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now, author=ANONYMOUS)
        assert considered(session, settings, now, "p2", author=ANONYMOUS, thread_id="8") is case
        said = {"author": ANONYMOUS, "thread_id": "8", "text": UPDATE}
        assert considered(session, settings, now, "p3", **said) is not case


def test_a_complaint_that_copies_what_was_muted_is_heard(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now)
        desk.close(session, case.id, staff(session, settings), now)
        wanted = mutes.Wanted(MuteKind.AUTHOR, "forum", "oksana", "oksana")
        mutes.mute(session, wanted, timedelta(days=7), staff(session, settings), now)
        assert considered(session, settings, now, "p2", text=UPDATE) is case
        assert open_case(session, settings, now, "p3", text=UPDATE, thread_id="8", author="petro") is not case


def test_what_an_author_says_over_and_over_is_known_by_its_first_time(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        for number in range(3):
            open_case(session, settings, now, f"p{number}")
        assert session.scalars(select(MentionBand.mention_id).distinct()).all() == [1]


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


def test_a_copy_that_bears_the_number_of_the_authors_next_post_hides_it_from_nobody(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now, "100")
        desk.claim(session, case.id, staff(session, settings), now)
        elsewhere = {"source": "blog", "thread_id": None, "author": "repost"}
        assert considered(session, settings, now, "101", text=ANGRY, **elsewhere) is case
        assert not session.scalars(select(Notice.id).where(Notice.kind == "author_wrote")).all()
        assert considered(session, settings, now, "101", text="Досі тиша!") is case
        assert session.scalars(select(Notice.kind)).all()[-1] == "author_wrote"


def test_a_copy_two_weeks_later_is_news_again(sessions: Sessions, settings: Settings, now: datetime) -> None:
    later = now + timedelta(days=15)
    with sessions.begin() as session:
        first = open_case(session, settings, now)
        assert (
            considered(session, settings, later, "x1", source="blog", thread_id="9", author="other")
            is not first
        )


def repeated(session: Session, settings: Settings, now: datetime, **changes: Any) -> Case:
    elsewhere = {"thread_id": "99", "text": f"{ANGRY} Знову пишу!", "posted_at": now, **changes}
    return open_case(session, settings, now, "p9", **elsewhere)


@pytest.mark.parametrize("ended", [Status.ANSWERED, Status.CLOSED])
def test_the_same_author_who_posts_it_again_after_the_end_wakes_the_case(
    sessions: Sessions, settings: Settings, now: datetime, ended: Status
) -> None:
    number, later = answered(sessions, settings, now), now + timedelta(days=13)
    with sessions.begin() as session:
        if ended is Status.CLOSED:
            desk.close(session, number, staff(session, settings), now)
        case = repeated(session, settings, later)
        assert (case.id, case.status, case.answer_by) == (number, Status.CLAIMED, later + settings.sla.normal)
        assert session.scalars(select(Notice)).one().kind == "author_wrote"
        assert answers.newest_post(session, case).thread_id == "99"


def test_what_was_posted_in_several_places_before_the_end_wakes_nothing(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number = answered(sessions, settings, now)
    with sessions.begin() as session:
        case = repeated(session, settings, now + timedelta(hours=1), posted_at=now - timedelta(minutes=5))
        assert (case.id, case.status) == (number, Status.ANSWERED)
        assert session.scalars(select(Notice)).all() == []


@pytest.mark.parametrize("author", [{"author": "repost"}, {"source": "blog"}])
def test_anothers_copy_of_what_is_over_wakes_nothing(
    sessions: Sessions, settings: Settings, now: datetime, author: dict[str, str]
) -> None:
    number = answered(sessions, settings, now)
    with sessions.begin() as session:
        case = repeated(session, settings, now + timedelta(days=1), **author)
        assert (case.id, case.status) == (number, Status.ANSWERED)


@pytest.mark.parametrize(("person", "status"), [("11", Status.CLAIMED), ("22", Status.ANSWERED)])
def test_a_namesakes_copy_of_what_is_over_wakes_nothing(
    sessions: Sessions, settings: Settings, now: datetime, person: str, status: Status
) -> None:
    number = answered(sessions, settings, now)
    with sessions.begin() as session:
        session.get_one(Case, number).mentions[0].author_id = "11"
        case = repeated(session, settings, now + timedelta(days=1), author_id=person)
        assert (case.id, case.status) == (number, status)


def test_spam_that_is_posted_again_wakes_nothing(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        number = open_case(session, settings, now).id
        desk.close(session, number, staff(session, settings), now, Happening.SPAM)
        case = repeated(session, settings, now + timedelta(days=1))
        assert (case.id, case.status) == (number, Status.CLOSED)


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
        answers.handed_off(session, reply.id, person, now)
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


URGENT = "Диван упав на дитину, ми в лікарні. Подаю до суду."
EVENING = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""A Friday: closed until Monday."""


def by_day() -> Settings:
    return make_settings(hours={"week": {"monday-friday": "09:00-18:00"}})


def follow_up(session: Session, settings: Settings, now: datetime, **changes: Any) -> Case:
    row = mention(session, now, "p2", posted_at=now, **{"text": URGENT, "matches": [], **changes})
    (case,) = Consideration(session, [row], UrgentWords.from_file(), settings, now).consider_all()
    assert case is not None
    return case


def test_urgent_words_after_an_answer_make_the_case_urgent_and_are_told_at_once(sessions: Sessions) -> None:
    settings = by_day()
    answered(sessions, settings, EVENING - timedelta(hours=6))
    with sessions.begin() as session:
        case = follow_up(session, settings, EVENING)
        assert (case.priority, case.status) == (Priority.HIGH, Status.CLAIMED)
        assert case.answer_by == settings.calendar(case.brand).add(EVENING, settings.sla.high)
        assert [r["value"]["word"] for r in case.reasons if r["code"] == "urgent"] == ["суду", "лікарні"]
        assert session.scalars(select(Notice)).one().due_at == EVENING


def test_urgent_words_in_a_case_that_waits_ring_and_hasten_its_promise(sessions: Sessions) -> None:
    settings, noon = by_day(), EVENING - timedelta(hours=6)
    with sessions.begin() as session:
        promised = open_case(session, settings, noon).answer_by
        case = follow_up(session, settings, noon)
        assert (case.priority, case.status) == (Priority.HIGH, Status.OPEN)
        assert case.answer_by == settings.calendar(case.brand).add(noon, settings.sla.high) < promised
        assert session.scalars(select(Notice)).one().due_at == noon


def test_urgent_words_bring_the_card_that_waits_for_the_opening(sessions: Sessions) -> None:
    settings = by_day()
    with sessions.begin() as session:
        open_case(session, settings, EVENING)
        assert session.scalars(select(Alert)).one().held
        follow_up(session, settings, EVENING + timedelta(hours=1))
        card = session.scalars(select(Alert)).one()
        assert (card.held, card.due_at) == (False, EVENING + timedelta(hours=1))


def test_urgent_words_of_a_content_author_raise_nothing(sessions: Sessions) -> None:
    settings = by_day()
    answered(sessions, settings, EVENING - timedelta(hours=6))
    with sessions.begin() as session:
        thanks = "Дякую, до суду не піду!"
        case = follow_up(session, settings, EVENING, text=thanks, negative=0.02, positive=0.95)
        assert (case.priority, case.status) == (Priority.NORMAL, Status.ANSWERED)
