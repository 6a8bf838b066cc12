"""A week worked out by hand, and the hour at which its digest leaves."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, BrandState, Case, DigestIssue, Event, Happening, MuteKind, Role, SourceState
from monitor import desk, digest, duplicates, mutes
from monitor.db import Sessions
from monitor.digest import CAUGHT_UP_FOR, Digest, KeptQuiet, Tally, compile_digest
from monitor.settings import Settings
from monitor.stats import stats
from monitor.week import Week
from tests import builders
from tests.conftest import make_settings

KYIV = ZoneInfo("Europe/Kyiv")
WEEK = Week(2026, 46, KYIV)  # Monday 9 to Sunday 15 November
MONDAY = WEEK.start
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_muted_posts_are_counted_by_mute_and_week(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        person = builders.staff(session, settings)
        person.role = Role.LEAD
        word = mutes.mute(session, mutes.word("прелюдія"), None, person, MONDAY)
        wanted = mutes.Wanted(MuteKind.AUTHOR, "forum", "spammer", "spammer")
        author = mutes.mute(session, wanted, None, person, MONDAY)
        for n, (row, at) in enumerate([(author, DAY), (word, DAY), (word, DAY), (word, -DAY)]):
            for brand in ("Новолінія", "Будсвіт"):  # of one post
                builders.mention(session, MONDAY, f"p{n}", brand=brand, posted_at=MONDAY + at, mute_id=row.id)
        week = compile_digest(session, WEEK, settings, WEEK.end)
    place = settings.sources[0].place
    assert week.muted == 3
    assert week.mutes == [
        KeptQuiet(MuteKind.WORD, "прелюдія", None, "Олена", 2),
        KeptQuiet(MuteKind.AUTHOR, "spammer", place, "Олена", 1),
    ]


# Weeks


def test_a_week_is_from_monday_to_monday_where_we_live() -> None:
    assert str(WEEK) == "2026-W46"
    assert WEEK.start == datetime(2026, 11, 8, 22, 0, tzinfo=UTC)
    assert WEEK.end == datetime(2026, 11, 15, 22, 0, tzinfo=UTC)
    assert (str(WEEK.before), str(WEEK.next)) == ("2026-W45", "2026-W47")


@pytest.mark.parametrize(("number", "hours"), [(13, 167), (14, 168), (43, 169), (44, 168)])
def test_a_week_in_which_the_clocks_change_is_an_hour_shorter_or_longer(number: int, hours: int) -> None:
    week = Week(2026, number, KYIV)
    assert week.end.astimezone(UTC) - week.start.astimezone(UTC) == timedelta(hours=hours)


def test_weeks_follow_each_other_over_the_new_year() -> None:
    last = Week.of(date(2027, 1, 1), KYIV)
    assert (str(last), str(last.next), str(last.next.before)) == ("2026-W53", "2027-W01", "2026-W53")
    assert Week.parse("2026-W53", KYIV) == last


@pytest.mark.parametrize(
    "name",
    ["", "47", "2026-47", "2026-W54", "2026-W00", "2025-W53", "0000-W01", "2026-W47\n"],
)
def test_what_is_no_week_is_told_how_weeks_are_written(name: str) -> None:
    with pytest.raises(ValueError, match="is not a week; weeks are written as in 2026-W47"):
        Week.parse(name, KYIV)


# Numbers


def said(session: Session, n: int, at: datetime, tone: str, **changes: Any) -> None:
    sentiment = {"negative": 0.1, "neutral": 0.1, "positive": 0.1, tone: 0.8}
    builders.mention(
        session,
        at,
        f"m{n}",
        posted_at=at,
        thread_id=f"m{n}",
        author=f"m{n}",
        text=f"{tone} {n}",
        **{**sentiment, **changes},
    )


def opened(
    session: Session,
    n: int,
    at: datetime,
    *,
    posted: datetime,
    told: datetime | None,
    answered: datetime | None = None,
    source: str = "forum",
) -> None:
    """A case of an unhappy author, its alert, and when it was answered; four hours were promised."""
    case = Case(
        brand="Новолінія",
        source=source,
        thread_id=f"c{n}",
        author=f"c{n}",
        priority=2,
        reasons=[],
        opened_at=at,
        answer_by=at + 4 * HOUR,
        first_answered_at=answered,
        status="answered" if answered else "open",
    )
    session.add(case)
    session.flush()
    mention = builders.mention(
        session,
        at,
        f"c{n}",
        source=source,
        thread_id=f"c{n}",
        author=f"c{n}",
        posted_at=posted,
        case_id=case.id,
        text=f"скарга {n}",
    )
    session.add(Event(case_id=case.id, kind=Happening.OPENED, at=at, mention_id=mention.id))
    session.add(Alert(case_id=case.id, chat_id=-100, sent_at=told))


@pytest.fixture
def week(sessions: Sessions, settings: Settings) -> Digest:
    builders.register(sessions, MONDAY - 30 * DAY, "forum", "blog")
    with sessions.begin() as session:
        # This week: of ours 4 negative (three of them the cases below), 1 neutral, 3 positive; of the rival's 2 positive.
        said(session, 1, MONDAY, "negative")
        said(session, 2, MONDAY + DAY, "neutral", source="blog")
        for n in (3, 4, 5):
            said(session, n, MONDAY + 2 * DAY, "positive")
        for n in (6, 7):
            said(session, n, MONDAY + 3 * DAY, "positive", brand="Будсвіт", source="blog")
        # The week before: 1 and 1. The instant in which this week ends, and one that waits, count nowhere.
        said(session, 8, MONDAY - MINUTE, "negative")
        said(session, 9, MONDAY - 6 * DAY, "positive", brand="Будсвіт")
        said(session, 10, WEEK.end, "negative")
        said(
            session, 11, MONDAY + DAY, "negative", judged_at=None, negative=None, neutral=None, positive=None
        )
        # Cases: answered after 1 h; after 5 h (late); not at all. Told 2, 4 and 60 minutes after the post.
        day = MONDAY + DAY
        opened(session, 1, day, posted=day - MINUTE, told=day + MINUTE, answered=day + HOUR)
        opened(session, 2, day, posted=day - 3 * MINUTE, told=day + MINUTE, answered=day + 5 * HOUR)
        opened(session, 3, day, posted=day - 59 * MINUTE, told=day + MINUTE)
        # The week before: one, answered in time; it was posted before we knew the source.
        opened(
            session,
            4,
            day - 7 * DAY,
            posted=day - 40 * DAY,
            told=day - 7 * DAY,
            answered=day - 7 * DAY + 2 * HOUR,
        )
    with sessions() as session:
        return compile_digest(session, WEEK, settings, WEEK.end + 9 * HOUR)


def test_mentions_are_counted_by_brand_against_the_week_before(week: Digest) -> None:
    ours, rivals = week.brands
    assert (ours.name, ours.now, ours.before) == ("Новолінія", Tally(4, 1, 3), Tally(1, 0, 0))
    assert (rivals.name, rivals.now, rivals.before) == ("Будсвіт", Tally(0, 0, 2), Tally(0, 0, 1))


def test_the_share_of_voice_is_of_all_brands(week: Digest) -> None:
    assert [line.share for line in week.brands] == [80, 20]


def test_net_sentiment_is_positive_less_negative_in_percent(week: Digest) -> None:
    assert [line.now.net_sentiment for line in week.brands] == [round(100 * (3 - 4) / 8), 100]
    assert Tally().net_sentiment is None


def test_mentions_are_counted_by_source_under_the_names_that_staff_use(week: Digest) -> None:
    assert [(line.name, line.now.mentions) for line in week.sources] == [("форум «Покупець»", 7), ("blog", 3)]


def test_cases_are_counted_with_the_late_and_the_waiting(week: Digest) -> None:
    cases = week.cases
    assert (cases.opened, cases.answered, cases.late, cases.waiting) == (3, 2, 2, 1)
    assert (week.cases_before.opened, week.cases_before.late) == (1, 0)


def test_the_median_first_response_is_of_those_answered(week: Digest) -> None:
    assert week.cases.first_response == 3 * HOUR
    assert week.cases_before.first_response == 2 * HOUR


def test_detection_is_from_the_post_to_the_alert(week: Digest) -> None:
    assert week.cases.detection == 4 * MINUTE
    # Of 2, 4 and 60 minutes, the 95th percentile lies nine tenths of the way from 4 to 60.
    assert week.cases.detection_p95 == timedelta(minutes=4 + 0.9 * 56)


def test_an_older_post_that_was_put_into_the_case_does_not_make_its_alert_late(
    sessions: Sessions, settings: Settings
) -> None:
    builders.register(sessions, MONDAY - 30 * DAY)
    with sessions.begin() as session:
        for n, day in enumerate((MONDAY, MONDAY + 3 * DAY), start=1):
            opened(session, n, day, posted=day - MINUTE, told=day + MINUTE)
        duplicates.merge(session, 1, 2, builders.staff(session, settings), WEEK.end - HOUR)
        week = compile_digest(session, WEEK, settings, WEEK.end)
    assert (week.cases.opened, week.cases.detection, week.cases.detection_p95) == (2, 2 * MINUTE, 2 * MINUTE)


def test_posts_older_than_our_first_look_say_nothing_about_how_fast_we_are(week: Digest) -> None:
    assert week.cases_before.detection is None


def test_posts_older_than_our_first_search_for_their_brand_do_not_either(
    sessions: Sessions, settings: Settings
) -> None:
    with sessions.begin() as session:
        session.add(SourceState(name="forum", known_since=MONDAY - 30 * DAY, next_due_at=MONDAY))
        session.add(BrandState(name="Новолінія", known_since=MONDAY))
        opened(session, 1, MONDAY, posted=MONDAY - 3 * DAY, told=MONDAY + MINUTE)
        opened(session, 2, MONDAY + DAY, posted=MONDAY + DAY, told=MONDAY + DAY + MINUTE)
        assert compile_digest(session, WEEK, settings, WEEK.end).cases.detection_p95 == MINUTE


def test_the_worst_and_the_kindest_are_ours_the_strongest_first(week: Digest, sessions: Sessions) -> None:
    assert [quoted.text for quoted in week.kindest] == ["positive 3", "positive 4", "positive 5"]
    assert week.worst[0].text.startswith("скарга")
    assert len(week.worst) == 4
    assert {quoted.brand for quoted in (*week.worst, *week.kindest)} == {"Новолінія"}


def test_a_copy_is_not_quoted_beside_its_original(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        said(session, 1, MONDAY, "negative")
        said(session, 2, MONDAY, "negative", is_copy=True)
        assert len(compile_digest(session, WEEK, settings, WEEK.end).worst) == 1


def test_one_post_about_two_brands_of_ours_is_quoted_once(sessions: Sessions) -> None:
    both = [{"name": name, "query": name} for name in ("Новолінія", "Будсвіт")]
    with sessions.begin() as session:
        for n in range(1, 7):
            said(session, n, MONDAY + n * MINUTE, "negative")
            said(session, n, MONDAY + n * MINUTE, "negative", brand="Будсвіт")
        week = compile_digest(session, WEEK, make_settings(brands=both), WEEK.end)
    assert [quoted.text for quoted in week.worst] == [f"negative {n}" for n in range(1, 6)]


def test_what_named_nobody_counts_only_in_a_case(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        said(session, 1, MONDAY, "negative", relevance=0.0)
        week = compile_digest(session, WEEK, settings, WEEK.end)
        assert (week.worst, week.brands[0].now) == ([], Tally())


def test_a_week_without_anything_has_zeros_and_no_times(sessions: Sessions, settings: Settings) -> None:
    with sessions() as session:
        empty = compile_digest(session, WEEK, settings, WEEK.end)
    assert [(line.now, line.share) for line in empty.brands] == [(Tally(), None), (Tally(), None)]
    assert (empty.cases.opened, empty.cases.first_response, empty.cases.detection) == (0, None, None)


def test_a_brand_that_left_the_configuration_is_still_counted(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        said(session, 1, MONDAY, "neutral", brand="Старий бренд", source="old")
        week = compile_digest(session, WEEK, settings, WEEK.end)
    assert [line.name for line in week.brands] == ["Новолінія", "Будсвіт", "Старий бренд"]


# What staff called it


def call(
    session: Session, settings: Settings, thread: str, word: Happening, at: datetime = MONDAY + 2 * DAY
) -> int:
    """Close the case of this thread; return its number."""
    number = session.scalars(select(Case.id).where(Case.thread_id == thread)).one()
    desk.close(session, number, builders.staff(session, settings), at, word)
    return number


def both_weeks(session: Session) -> None:
    """In each a case that was told of at once and answered late, and a neutral post of the rival."""
    session.add(SourceState(name="forum", known_since=MONDAY - 30 * DAY, next_due_at=MONDAY))
    for n, day in enumerate((MONDAY + DAY, MONDAY - 6 * DAY)):
        opened(session, n, day, posted=day - MINUTE, told=day + MINUTE, answered=day + 5 * HOUR)
        said(session, n, day, "neutral", brand="Будсвіт")


@pytest.mark.parametrize("word", [Happening.SPAM, Happening.NOT_OURS])
def test_what_staff_called_spam_or_not_ours_counts_nowhere(
    sessions: Sessions, settings: Settings, word: Happening
) -> None:
    with sessions.begin() as session:
        both_weeks(session)
        for thread in ("c0", "c1"):
            call(session, settings, thread, word)
        week = compile_digest(session, WEEK, settings, WEEK.end)
    ours, rivals = week.brands
    assert (ours.now, ours.before, ours.share) == (Tally(), Tally(), 0)
    assert (rivals.now, rivals.before, rivals.share) == (Tally(0, 1, 0), Tally(0, 1, 0), 100)
    assert [line.now.mentions for line in week.sources] == [1, 0]
    assert (week.worst, week.kindest) == ([], [])
    for cases in (week.cases, week.cases_before):
        assert (cases.opened, cases.answered, cases.late, cases.waiting) == (0, 0, 0, 0)
        assert (cases.first_response, cases.detection) == (None, None)


@pytest.mark.parametrize("word", [Happening.SPAM, Happening.NOT_OURS])
def test_a_duplicate_of_what_counts_nowhere_counts_nowhere_until_that_is_reopened(
    sessions: Sessions, settings: Settings, word: Happening
) -> None:
    builders.register(sessions, MONDAY - 30 * DAY)
    at = MONDAY + DAY
    with sessions.begin() as session:
        person = builders.staff(session, settings)
        for n in (1, 2, 3):
            opened(session, n, at, posted=at, told=at)
        duplicates.merge(session, 1, 2, person, at)
        duplicates.merge(session, 2, 3, person, at)
        assert compile_digest(session, WEEK, settings, WEEK.end).cases.opened == 3
        desk.close(session, 3, person, at + HOUR, word)
        assert compile_digest(session, WEEK, settings, WEEK.end).cases.opened == 0
        desk.reopen(session, 3, person, settings, at + 2 * HOUR)
        assert compile_digest(session, WEEK, settings, WEEK.end).cases.opened == 3


def test_praise_that_is_spam_is_not_quoted(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        case = builders.open_case(session, settings, MONDAY + DAY)
        said(session, 1, MONDAY + DAY, "positive", case_id=case.id)
        assert len(compile_digest(session, WEEK, settings, WEEK.end).kindest) == 1
        desk.close(session, case.id, builders.staff(session, settings), MONDAY + 2 * DAY, Happening.SPAM)
        assert compile_digest(session, WEEK, settings, WEEK.end).kindest == []


@pytest.mark.parametrize("word", [Happening.SPAM, Happening.NOT_OURS, Happening.WRONG_TONE])
def test_a_word_is_taken_back_where_the_case_is_reopened(
    sessions: Sessions, settings: Settings, word: Happening
) -> None:
    with sessions.begin() as session:
        both_weeks(session)
        before = compile_digest(session, WEEK, settings, WEEK.end)
        number = call(session, settings, "c0", word)
        assert compile_digest(session, WEEK, settings, WEEK.end).brands != before.brands
        person = builders.staff(session, settings)
        desk.reopen(session, number, person, settings, MONDAY + 3 * DAY)
        reopened = compile_digest(session, WEEK, settings, WEEK.end)
        desk.close(session, number, person, MONDAY + 4 * DAY)
        closed = compile_digest(session, WEEK, settings, WEEK.end)
    for week in (reopened, closed):
        assert (week.brands, week.worst) == (before.brands, before.worst)
        assert week.cases.opened == 1


def test_the_last_of_several_words_counts(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        both_weeks(session)
        number = call(session, settings, "c0", Happening.WRONG_TONE)
        desk.reopen(session, number, builders.staff(session, settings), settings, MONDAY + 3 * DAY)
        call(session, settings, "c0", Happening.SPAM, MONDAY + 4 * DAY)
        assert compile_digest(session, WEEK, settings, WEEK.end).brands[0].now == Tally()


def test_an_author_who_is_not_unhappy_is_what_the_model_says_is_next_likely(
    sessions: Sessions, settings: Settings
) -> None:
    with sessions.begin() as session:
        both_weeks(session)
        for thread in ("c0", "c1"):  # the model: 0.94 negative, 0.04 neutral
            call(session, settings, thread, Happening.WRONG_TONE)
        week = compile_digest(session, WEEK, settings, WEEK.end)
    ours = week.brands[0]
    assert (ours.now, ours.before, ours.share) == (Tally(0, 1, 0), Tally(0, 1, 0), 50)
    assert week.worst == []
    assert (week.cases.opened, week.cases_before.opened) == (1, 1)


def test_what_staff_had_to_look_at_still_counts_in_the_statistics(
    sessions: Sessions, settings: Settings
) -> None:
    with sessions.begin() as session:
        both_weeks(session)
        call(session, settings, "c0", Happening.SPAM)
        assert stats(session, 7 * DAY, settings, WEEK.end).cases.opened == 1
        assert compile_digest(session, WEEK, settings, WEEK.end).cases.opened == 0


def test_a_mute_is_credited_with_spam_too(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        both_weeks(session)
        person = builders.staff(session, settings)
        wanted = mutes.Wanted(MuteKind.AUTHOR, "forum", "c0", "c0")
        muted = mutes.mute(session, wanted, None, person, MONDAY)
        number = call(session, settings, "c0", Happening.SPAM)
        said(session, 9, MONDAY + 3 * DAY, "negative", case_id=number, mute_id=muted.id)
        week = compile_digest(session, WEEK, settings, WEEK.end)
    assert (week.muted, [mute.posts for mute in week.mutes], week.brands[0].now) == (1, [1], Tally())


# The hour


@pytest.fixture
def known(sessions: Sessions) -> None:
    """We have listened for long."""
    builders.register(sessions, MONDAY - 30 * DAY)


def queued(sessions: Sessions, settings: Settings, now: datetime) -> list[tuple[int, str]]:
    with sessions.begin() as session:
        digest.queue_due(session, settings, now)
        return [
            (issue.chat_id, issue.week)
            for issue in session.scalars(select(DigestIssue).order_by(DigestIssue.id))
        ]


NINE = datetime(2026, 11, 16, 9, 0, tzinfo=KYIV)


@pytest.mark.usefixtures("known")
def test_last_weeks_digest_leaves_on_monday_at_nine_where_we_live(
    sessions: Sessions, settings: Settings
) -> None:
    assert queued(sessions, settings, NINE - timedelta(seconds=1)) == []
    assert queued(sessions, settings, NINE.astimezone(UTC)) == [(-100, "2026-W46")]


@pytest.mark.usefixtures("known")
def test_asking_often_queues_it_once(sessions: Sessions, settings: Settings) -> None:
    for minutes in range(3):
        issues = queued(sessions, settings, NINE + minutes * MINUTE)
    assert issues == [(-100, "2026-W46")]


@pytest.mark.usefixtures("known")
def test_a_digest_that_was_sent_stays_sent(sessions: Sessions, settings: Settings) -> None:
    queued(sessions, settings, NINE)
    with sessions.begin() as session:
        session.scalars(select(DigestIssue)).one().said()
    queued(sessions, settings, NINE + HOUR)
    with sessions() as session:
        assert session.scalars(select(DigestIssue)).one().due_at is None


@pytest.mark.usefixtures("known")
def test_one_missed_on_monday_is_caught_up_until_thursday(sessions: Sessions, settings: Settings) -> None:
    assert queued(sessions, settings, NINE + CAUGHT_UP_FOR) == []
    assert queued(sessions, settings, NINE + CAUGHT_UP_FOR - MINUTE) == [(-100, "2026-W46")]


@pytest.mark.usefixtures("known")
def test_it_goes_to_the_chats_of_the_digest_where_there_are_any(sessions: Sessions) -> None:
    elsewhere = make_settings(digest={"day": "tuesday", "at": "17:30", "chats": [-5, -6]})
    at = datetime(2026, 11, 17, 17, 30, tzinfo=KYIV)
    assert queued(sessions, elsewhere, at - MINUTE) == []
    assert queued(sessions, elsewhere, at) == [(-5, "2026-W46"), (-6, "2026-W46")]


@pytest.mark.usefixtures("known")
def test_nine_is_nine_also_after_the_clocks_changed(sessions: Sessions, settings: Settings) -> None:
    nine = datetime(2026, 10, 26, 9, 0, tzinfo=KYIV)  # the clocks went back the night before
    assert queued(sessions, settings, datetime(2026, 10, 26, 6, 59, tzinfo=UTC)) == []
    assert queued(sessions, settings, nine) == [(-100, "2026-W43")]
    assert nine.astimezone(UTC).hour == 7


@pytest.mark.usefixtures("known")
def test_a_digest_of_a_weekend_is_caught_up_in_the_week_after(sessions: Sessions) -> None:
    saturday = make_settings(digest={"day": "saturday", "at": "09:00"})
    assert queued(sessions, saturday, datetime(2026, 11, 24, 9, 0, tzinfo=KYIV)) == []
    assert queued(sessions, saturday, datetime(2026, 11, 23, 8, 0, tzinfo=KYIV)) == [(-100, "2026-W46")]


def test_of_a_week_before_we_began_there_is_no_digest(sessions: Sessions, settings: Settings) -> None:
    builders.register(sessions, WEEK.end)
    assert queued(sessions, settings, NINE) == []
