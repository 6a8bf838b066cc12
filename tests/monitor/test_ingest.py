from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, Case, Mention, Notice, Reply, SourceDay, SourceState
from monitor import desk, ingest, search
from monitor.cases import Consideration
from monitor.db import Sessions
from monitor.ingest import Listening
from monitor.matching import BrandTerms, Matcher
from monitor.settings import Settings
from monitor.source import Page, Post
from monitor.triage import RELEVANT_FROM
from monitor.urgent import UrgentWords
from spiders._child import MAX_POSTS
from tests import builders
from tests.conftest import make_settings


def listening(settings: Settings, **changes: object) -> Listening:
    matcher = Matcher([brand.terms for brand in settings.brands])
    return Listening("forum", matcher, **changes)  # type: ignore[arg-type]


def stored(
    sessions: Sessions, settings: Settings, now: datetime, *posts: Post, **changes: object
) -> list[Mention]:
    """The mentions that a page of these posts added."""
    with sessions.begin() as session:
        ids = ingest.store(session, listening(settings, **changes), Page(list(posts), "next"), now)
        return list(session.scalars(select(Mention).where(Mention.id.in_(ids)).order_by(Mention.id)))


def test_a_post_about_a_brand_becomes_a_mention_that_knows_what_matched(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    (mention,) = stored(sessions, settings, now, builders.post(at=now))
    assert (mention.brand, mention.language, mention.author) == ("Новолінія", "uk", "oksana")
    (match,) = mention.matches
    assert mention.text[match["start"] : match["end"]] == "Новолінії"


def test_a_post_about_nobody_is_not_kept(sessions: Sessions, settings: Settings, now: datetime) -> None:
    builders.register(sessions, now)
    assert stored(sessions, settings, now, builders.post(at=now, text="Де купити тюльпани?")) == []


def test_a_post_read_twice_is_one_mention(sessions: Sessions, settings: Settings, now: datetime) -> None:
    builders.register(sessions, now)
    assert len(stored(sessions, settings, now, builders.post(at=now))) == 1
    assert stored(sessions, settings, now, builders.post(at=now)) == []


def test_a_post_about_two_brands_is_a_mention_of_each(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    post = builders.post(at=now, text="Новолінія чи Будсвіт, де дешевше?")
    assert {m.brand for m in stored(sessions, settings, now, post)} == {"Новолінія", "Будсвіт"}


def test_the_cursor_moves_with_the_mentions(sessions: Sessions, settings: Settings, now: datetime) -> None:
    builders.register(sessions, now)
    stored(sessions, settings, now, builders.post(at=now))
    with sessions() as session:
        assert session.get_one(SourceState, "forum").cursor == "next"


def test_what_we_wrote_ourselves_is_no_mention(sessions: Sessions, settings: Settings, now: datetime) -> None:
    builders.register(sessions, now)
    ours = builders.post("p2", at=now, author="Novolinia-Care", text="Новолінія перепрошує!")
    assert stored(sessions, settings, now, ours, accounts=["novolinia-care"]) == []


def test_a_reply_that_we_posted_is_recognised_by_its_id(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        case = builders.open_case(session, settings, now)
        staff = builders.staff(session, settings)
        reply = Reply(
            case=case,
            mention=case.mentions[0],
            source="forum",
            staff=staff,
            chat_id=1,
            created_at=now,
            external_id="p9",
        )
        session.add(reply)
    assert stored(sessions, settings, now, builders.post("p9", at=now, author="Somebody else")) == []


def test_the_authors_next_post_in_the_thread_is_kept_though_it_names_nobody(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        builders.open_case(session, settings, now)
    quiet = "Досі тиша."
    same = builders.post("p2", at=now, text=quiet)
    other_author = builders.post("p3", at=now, text=quiet, author="petro")
    other_thread = builders.post("p4", at=now, text=quiet, thread_id="8")
    assert [m.external_id for m in stored(sessions, settings, now, same, other_author, other_thread)] == [
        "p2"
    ]


def test_the_authors_next_post_beneath_their_own_copy_is_kept_though_it_names_nobody(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        builders.open_case(session, settings, now)
        builders.open_case(session, settings, now, "p2", thread_id="8")
        builders.open_case(session, settings, now, "p3", thread_id="8", author="petro")
    said = (
        builders.post(f"q-{by}", at=now, thread_id="8", author=by, text="Досі тиша.")
        for by in ("oksana", "petro")
    )
    assert [m.external_id for m in stored(sessions, settings, now, *said)] == ["q-oksana"]


def test_the_authors_next_post_is_kept_though_both_are_read_at_once(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    first = builders.post("p1", at=now - timedelta(minutes=8))
    quiet = builders.post("p2", at=now - timedelta(minutes=3), text="Завтра йду до суду, досить.")
    earlier = builders.post("p0", at=now - timedelta(minutes=9), text="Всім привіт!")
    other = builders.post("p3", at=now, text="А я ні.", author="petro")
    kept = stored(sessions, settings, now, earlier, first, quiet, other)
    assert [m.external_id for m in kept] == ["p1", "p2"]
    with sessions.begin() as session:
        cases = judged(session, settings, now, [session.get_one(Mention, m.id) for m in kept])
        assert cases[0] is not None
        assert cases == [cases[0], cases[0]]


def test_the_authors_next_post_is_kept_though_it_comes_in_the_next_page(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    pages = [
        builders.post("p1", at=now - timedelta(minutes=8)),
        builders.post("p2", at=now - timedelta(minutes=3), text="Завтра йду до суду, досить."),
        builders.post("p0", at=now - timedelta(minutes=9), text="Всім привіт!"),
        builders.post("p3", at=now, text="А я ні.", author="petro"),
        builders.post("p4", at=now, text="Досі тиша.", thread_id="8"),
    ]
    kept = [mention for post in pages for mention in stored(sessions, settings, now, post)]
    assert [m.external_id for m in kept] == ["p1", "p2"]
    with sessions.begin() as session:
        cases = judged(session, settings, now, [session.get_one(Mention, m.id) for m in kept])
        assert cases[0] is not None
        assert cases == [cases[0], cases[0]]


def test_what_a_namesake_of_the_author_says_in_the_thread_is_not_kept(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        builders.open_case(session, settings, now, author_id="11")
    fresh = builders.post("q1", at=now - timedelta(minutes=5), thread_id="8", author_id="11")
    said = [
        builders.post(f"{thread}-{id}", at=now, thread_id=thread, author_id=id, text="Досі тиша.")
        for thread in ("7", "8")
        for id in ("11", "22")
    ]
    kept = stored(sessions, settings, now, fresh, *said)
    assert [m.external_id for m in kept] == ["q1", "7-11", "8-11"]
    later = [replace(post, id=f"{post.id}-later") for post in said]
    assert [m.external_id for m in stored(sessions, settings, now, *later)] == ["7-11-later", "8-11-later"]


def test_what_an_author_says_after_a_post_that_opened_nothing_is_not_kept(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        builders.mention(session, now, "p1", negative=0.1)
    assert stored(sessions, settings, now, builders.post("p2", at=now, text="Всім привіт!")) == []


def test_what_an_author_says_besides_of_other_things_opens_nothing(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    kind = builders.post("p1", at=now - timedelta(minutes=8), text="Новолінія має гарні двері.")
    angry = builders.post("p2", at=now, text="А мій сусід мене вже дістав!")
    _, besides = stored(sessions, settings, now, kind, angry)
    with sessions.begin() as session:
        assert judged(session, settings, now, [session.get_one(Mention, besides.id)]) == [None]


def test_what_its_author_edits_is_judged_and_found_by_its_new_words(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    (praise,) = stored(sessions, settings, now, builders.post(at=now, text="Новолінія привезла диван!"))
    with sessions.begin() as session:
        assert judged(session, settings, now, [session.get_one(Mention, praise.id)], negative=0.02) == [None]
    edited = builders.post(at=now, text="Новолінія привезла шафу, а в ній цвіль!")
    (again,) = stored(sessions, settings, now, edited)
    assert (again.id, again.text, again.judged_at) == (praise.id, edited.text, None)
    assert stored(sessions, settings, now, edited) == []
    with sessions.begin() as session:
        assert [f.mention.id for f in search.find(session, "цвіль", 0, 5)[0]] == [praise.id]
        assert search.find(session, "диван", 0, 5) == ([], 0)
        assert judged(session, settings, now, [session.get_one(Mention, praise.id)]) != [None]


CALM = "Новолінія привезла шафу."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"rating": 5.0}, {"rating": 1.0}),
        ({"title": "Новолінія"}, {"title": "Новолінія: жах, обман!"}),
        ({}, {"rating": 1.0}),
    ],
)
def test_what_its_author_rates_or_calls_otherwise_in_the_same_words_is_judged_anew(
    sessions: Sessions, settings: Settings, now: datetime, before: dict[str, Any], after: dict[str, Any]
) -> None:
    builders.register(sessions, now)
    (praise,) = stored(sessions, settings, now, builders.post(at=now, text=CALM, **before))
    with sessions.begin() as session:
        judged(session, settings, now, [session.get_one(Mention, praise.id)], negative=0.02)
    changed = builders.post(at=now, text=CALM, **after)
    (again,) = stored(sessions, settings, now, changed)
    assert (again.title, again.rating, again.judged_at) == (changed.title, changed.rating, None)
    assert stored(sessions, settings, now, changed) == []
    with sessions.begin() as session:
        negative = 0.94 if "title" in after else 0.02
        row = session.get_one(Mention, praise.id)
        assert judged(session, settings, now, [row], negative=negative) != [None]


def test_a_thread_that_is_called_otherwise_changes_nobody_elses_post(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    answer = builders.post(at=now, text=CALM, title="Меблі", title_is_own=False)
    stored(sessions, settings, now, answer)
    assert stored(sessions, settings, now, replace(answer, title="Меблі [вирішено]")) == []


def test_an_edit_of_what_has_a_case_leaves_the_case_to_staff(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        builders.open_case(session, settings, now)
    assert stored(sessions, settings, now, builders.post(at=now, text="Новолінія все вирішила.")) == []
    with sessions() as session:
        assert session.scalars(select(Mention)).one().text == builders.ANGRY


def told_of_edits(sessions: Sessions) -> list[str]:
    """What staff are told that posts say now."""
    with sessions() as session:
        notices = select(Notice).where(Notice.kind == "post_edited").order_by(Notice.id)
        return [notice.values["text"] for notice in session.scalars(notices)]


def edited(sessions: Sessions, settings: Settings, now: datetime, *texts: str) -> None:
    """One after the other they stand where the customer of an open case wrote."""
    for text in texts:
        stored(sessions, settings, now, builders.post(at=now, text=text))


def test_what_the_author_of_a_case_changes_is_told_beneath_its_card_each_wording_once(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        builders.open_case(session, settings, now)
    first, second = "Новолінія привезла не те, подаю до суду.", "Новолінія мовчить другий місяць."
    edited(sessions, settings, now, first, first, second)
    assert told_of_edits(sessions) == [first, second]


def test_stars_that_fall_or_rise_in_what_has_a_case_are_told_beneath_its_card_once(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        builders.open_case(session, settings, now, rating=4.0)
    for rating in (1.0, 1.0, 5.0, None, 4.0):
        assert stored(sessions, settings, now, builders.post(at=now, rating=rating)) == []
    assert told_of_edits(sessions) == []
    with sessions() as session:
        notices = session.scalars(select(Notice).order_by(Notice.id)).all()
        told = [(notice.kind, notice.values["before"], notice.values["rating"]) for notice in notices]
        assert told == [("rating_changed", 4.0, 1.0), ("rating_changed", 4.0, 5.0)]
        assert session.scalars(select(Mention)).one().rating == 4.0


@pytest.mark.parametrize(
    "text", [f"{builders.ANGRY} !!!", builders.ANGRY.upper(), builders.ANGRY.replace(",", ";")]
)
def test_a_comma_a_case_or_a_space_is_no_other_word(
    sessions: Sessions, settings: Settings, now: datetime, text: str
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        builders.open_case(session, settings, now)
    edited(sessions, settings, now, text)
    assert told_of_edits(sessions) == []


def test_an_edit_in_a_closed_case_is_told_to_nobody(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    with sessions.begin() as session:
        case = builders.open_case(session, settings, now)
        desk.close(session, case.id, builders.staff(session, settings), now)
    edited(sessions, settings, now, "Новолінія все вирішила.")
    assert told_of_edits(sessions) == []


def test_an_edit_of_what_waits_for_the_opening_is_told_with_its_card(
    sessions: Sessions, now: datetime
) -> None:
    settings = make_settings(hours={"week": {"monday-friday": "09:00-18:00"}})
    night = now.replace(hour=22)
    builders.register(sessions, night)
    with sessions.begin() as session:
        builders.open_case(session, settings, night)
    edited(sessions, settings, night, "Новолінія привезла не те.")
    with sessions() as session:
        card, notice = session.scalars(select(Alert)).unique().one(), session.scalars(select(Notice)).one()
        assert card.held
        assert notice.due_at == card.due_at


def judged(
    session: Session, settings: Settings, now: datetime, mentions: list[Mention], negative: float = 0.94
) -> list[Case | None]:
    for mention in mentions:
        mention.judged_at, mention.negative, mention.neutral, mention.positive = now, negative, 0.02, 0.02
    return Consideration(session, mentions, UrgentWords({}), settings, now).consider_all()


MOVING = "Три тижні тиша. Переходжу до Будсвіту."


def relevance_of(post: Post, listening: Listening, brand: str) -> float:
    return next(f.relevance for f in ingest.recognise(post, listening) if f.brand == brand)


def test_an_author_who_names_us_in_their_own_title_and_a_rival_in_the_text_speaks_of_us(
    settings: Settings, now: datetime
) -> None:
    own = builders.post(at=now, title="Новолінія привезла биті двері", text=MOVING)
    assert relevance_of(own, listening(settings), "Новолінія") >= RELEVANT_FROM
    answer = replace(own, title_is_own=False)
    assert relevance_of(answer, listening(settings), "Новолінія") < RELEVANT_FROM


def test_a_rival_named_in_a_post_takes_it_from_no_brand_whose_source_it_is(now: datetime) -> None:
    brands = [BrandTerms("Новолінія", "source:forum OR Новолінія"), BrandTerms("Будсвіт", "Будсвіт")]
    post = builders.post(at=now, title="Новолінія: ваші питання", title_is_own=False, text=MOVING)
    assert relevance_of(post, Listening("forum", Matcher(brands)), "Новолінія") >= RELEVANT_FROM
    untitled = replace(post, title="")
    assert relevance_of(untitled, Listening("forum", Matcher(brands)), "Новолінія") >= RELEVANT_FROM


def test_a_rival_named_at_our_own_review_page_leaves_the_post_about_us(
    settings: Settings, now: datetime
) -> None:
    post = builders.post(at=now, title="Новолінія: відгуки", title_is_own=False, text=MOVING)
    assert relevance_of(post, listening(settings, about="Новолінія"), "Новолінія") == 1.0


def test_everything_at_our_own_review_page_is_about_us(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    post = builders.post(at=now, text="Жах.", thread_id=None)
    (mention,) = stored(sessions, settings, now, post, about="Новолінія")
    assert (mention.brand, mention.matches, mention.relevance) == ("Новолінія", [], 1.0)


def test_what_our_own_account_says_at_our_own_page_is_no_mention(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    ours = builders.post(at=now, text="Це жахлива помилка, вибачте.", author="@Novolinia_Care")
    colleagues = {"novolinia_care": {"Новолінія"}, "budsvit": {"Будсвіт"}}
    theirs = builders.post("p2", at=now, text="У нас краще.", author="budsvit")
    kept = stored(sessions, settings, now, ours, theirs, about="Новолінія", colleagues=colleagues)
    assert [m.author for m in kept] == ["budsvit"]


def test_a_post_from_the_future_was_posted_now(sessions: Sessions, settings: Settings, now: datetime) -> None:
    builders.register(sessions, now)
    (mention,) = stored(sessions, settings, now, builders.post(at=now + timedelta(days=1)))
    assert mention.posted_at == now


def test_a_link_that_is_no_web_address_is_dropped(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    builders.register(sessions, now)
    (mention,) = stored(sessions, settings, now, builders.post(at=now, url="javascript:alert(1)"))
    assert mention.url == ""


def test_habits_count_each_new_post_once(sessions: Sessions, settings: Settings, now: datetime) -> None:
    builders.register(sessions, now)
    posts = [builders.post(f"p{n}", at=now - timedelta(hours=n), text="Про погоду") for n in range(5)]
    stored(sessions, settings, now, *posts)
    stored(sessions, settings, now, *posts)
    with sessions() as session:
        assert sum(session.scalars(select(SourceDay.posts))) == 5


@pytest.mark.slow
def test_the_largest_page_that_a_source_may_give_is_stored(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    listening = Listening("forum", Matcher([brand.terms for brand in settings.brands]))
    pairs = [(f"t{n // 2}", f"a{n}") for n in range(MAX_POSTS - 1)]
    posts = [
        builders.post(f"p{n}", at=now, thread_id=t, author=a, text="Hi") for n, (t, a) in enumerate(pairs)
    ]
    builders.register(sessions, now)
    with sessions.begin() as session:
        about_us = builders.post("last", at=now, text=builders.ANGRY)
        assert len(ingest.store(session, listening, Page([*posts, about_us], None), now)) == 1
