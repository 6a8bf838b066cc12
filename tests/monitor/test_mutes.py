from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, Mention, Mute, MuteKind, Notice, Role, Status
from monitor import mutes
from monitor.cases import Consideration
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.settings import Settings
from monitor.urgent import UrgentWords
from tests.builders import considered, mention, open_case, staff

WEEK = timedelta(days=7)


def mute(
    session: Session, settings: Settings, now: datetime, wanted: mutes.Wanted, lasts: timedelta | None = WEEK
) -> Mute:
    person = staff(session, settings)
    person.role = Role.LEAD
    return mutes.mute(session, wanted, lasts, person, now)


def author(name: str = "oksana", source: str = "forum") -> mutes.Wanted:
    return mutes.Wanted(MuteKind.AUTHOR, source, name, name)


def test_what_a_muted_author_writes_is_kept_and_counted_and_opens_nothing(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        row = mute(session, settings, now, author())
        assert considered(session, settings, now) is None
        assert considered(session, settings, now, "p2", author="petro", text="Новолінія бреше.") is not None
        assert session.scalars(select(Mention.mute_id).order_by(Mention.id)).all() == [row.id, None]
        assert mutes.hits(session, [row])[row.id] == 1


def muted_from_a_case(session: Session, settings: Settings, now: datetime, **said: object) -> Mute:
    """The author of a case, muted from its menu."""
    wanted = mutes.author_of(open_case(session, settings, now, **said))
    assert wanted is not None
    return mute(session, settings, now, wanted)


def test_of_two_people_of_one_name_only_the_one_who_was_meant_is_muted(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ivan = {"author": "Іван", "thread_id": None}
    with sessions.begin() as session:
        muted_from_a_case(session, settings, now, **ivan, author_id="11")
        text = "Новолінія не повертає гроші вже місяць, я в розпачі!"
        assert considered(session, settings, now, "p2", **ivan, author_id="22", text=text) is not None
        assert considered(session, settings, now, "p3", **ivan, author_id="11", text="Новолінія: жах") is None


def test_whoever_is_muted_stays_so_under_another_name(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        row = muted_from_a_case(session, settings, now, author="Іван", author_id="11")
        renamed = {"author": "Іван Вікна", "author_id": "11", "thread_id": "9"}
        assert considered(session, settings, now, "p2", **renamed, text="Новолінія: жах") is None
        assert (row.label, mutes.hits(session, [row])[row.id]) == ("Іван", 1)


def test_where_the_source_tells_a_name_only_the_name_is_muted(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        assert muted_from_a_case(session, settings, now).kind is MuteKind.AUTHOR


def test_an_author_is_muted_only_where_they_were(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        mute(session, settings, now, author(source="blog"))
        assert considered(session, settings, now) is not None


def test_a_muted_thread_wakes_no_case_but_shows_what_was_said(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = open_case(session, settings, now, title="Де посилка?")
        case.close(now)
        wanted = mutes.thread_of(case)
        assert wanted is not None
        assert wanted.label == "Де посилка?"
        mute(session, settings, now, wanted)
        assert considered(session, settings, now, "p2", text="Досі тиша!") is case
        assert case.status is Status.CLOSED
        assert session.scalars(select(Notice)).all() == []
        assert considered(session, settings, now, "p3", author="petro", text="І в мене тиша!") is None


@pytest.mark.parametrize(
    ("muted", "text", "language", "is_muted"),
    [
        ("прелюдія", "Новолінія зіпсувала мені прелюдію концерту", "uk", True),
        ("Прелюдії", "Новолінія: прелюдією", "und", True),
        ("нова колекція", "Новолінія: колекцію показали, нову", "uk", True),
        ("нова колекція", "Новолінія: колекцію показали", "uk", False),
        ("mulțumesc", "Novolinia, multumesc pentru nimic", "ro", True),
        ("каса", "Новолінія: каша", "uk", False),
    ],
)
def test_a_muted_word_is_found_in_every_form(
    sessions: Sessions,
    settings: Settings,
    now: datetime,
    muted: str,
    text: str,
    language: str,
    is_muted: bool,
) -> None:
    with sessions.begin() as session:
        mute(session, settings, now, mutes.word(muted))
        assert (considered(session, settings, now, text=text, language=language) is None) is is_muted


@pytest.mark.parametrize(("lasts", "opens"), [(WEEK, True), (None, False)])
def test_an_urgent_word_passes_a_mute_for_a_time_not_one_for_good(
    sessions: Sessions, settings: Settings, now: datetime, lasts: timedelta | None, opens: bool
) -> None:
    with sessions.begin() as session:
        mute(session, settings, now, author(), lasts)
        row = mention(session, now, text="Новолінія: подаю до суду!")
        urgent = UrgentWords({"law": ["суд"]})
        (case,) = Consideration(session, [row], urgent, settings, now).consider_all()
        assert (case is not None) is opens
        assert (row.mute_id is None) is opens


def test_a_mute_ends_by_itself_and_by_hand(sessions: Sessions, settings: Settings, now: datetime) -> None:
    with sessions.begin() as session:
        row = mute(session, settings, now, author())
        assert considered(session, settings, now + WEEK, posted_at=now + WEEK) is not None
        again = mute(session, settings, now, author(), None)
        assert (again.id, again.until) == (row.id, None)
        mutes.unmute(session, row.id, staff(session, settings), now)
        with pytest.raises(Refused, match="not_muted"):
            mutes.unmute(session, row.id, staff(session, settings), now)
        assert mutes.active(session, now, 0, 8) == ([], 0)
        assert session.scalars(select(Case)).all()


def test_a_word_is_muted_and_unmuted_by_a_lead_alone(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        row = mute(session, settings, now, mutes.word("прелюдія"))
        person = staff(session, settings, 8)
        person.role = Role.STAFF
        with pytest.raises(Refused, match="lead_only"):
            mutes.mute(session, mutes.word("інше"), WEEK, person, now)
        with pytest.raises(Refused, match="lead_only"):
            mutes.unmute(session, row.id, person, now)


def test_no_word_is_no_mute() -> None:
    with pytest.raises(Refused, match="form"):
        mutes.word(" … ")
