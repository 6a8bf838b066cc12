"""What is said to staff, and what is said again."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Alert, Bundle, Case, Event, Happening, Notice, Reply, ReplyState
from monitor import answered, answers, bundles
from monitor.cases import SETTLES, redraw, redraw_soon
from monitor.db import Sessions
from monitor.due import LOST_AFTER
from monitor.notices import announce
from monitor.pace import PER_MINUTE, Pace
from monitor.settings import Settings
from monitor.source import SourceError
from monitor.voice import Unsaid
from tests.builders import open_case, staff
from tests.monitor.listeners import Ear, Forum, deliver, opened, post_replies, queued

LATER = LOST_AFTER + timedelta(minutes=1)


# Cards


def test_a_card_is_sent_once_and_then_edited_in_place(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear, (number,) = Ear(), opened(sessions, settings, now)
    deliver(sessions, ear, now)
    deliver(sessions, ear, now)
    with sessions.begin() as session:
        redraw(session, session.get_one(Case, number), now)
    deliver(sessions, ear, now)
    assert ear.heard == [f"card {number}", f"card {number} edited"]


def test_detection_ends_when_the_card_was_delivered(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    opened(sessions, settings, now)
    deliver(sessions, Ear(), now + timedelta(seconds=9))
    with sessions() as session:
        assert session.scalars(select(Alert)).one().sent_at == now + timedelta(seconds=9)


def test_a_refused_card_is_tried_again_when_telegram_says(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear, (number,) = Ear(Unsaid("wait", retry_after=timedelta(seconds=30))), opened(sessions, settings, now)
    deliver(sessions, ear, now)
    ear.refusal = None
    assert deliver(sessions, ear, now + timedelta(seconds=29)) == 0
    deliver(sessions, ear, now + timedelta(seconds=30))
    assert ear.heard == [f"card {number}"]


def test_what_staff_must_mend_is_said_within_an_hour_after_they_did(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear, (number,) = Ear(Unsaid("kicked", permanent=True)), opened(sessions, settings, now)
    deliver(sessions, ear, now)
    with sessions() as session:
        assert session.scalars(select(Alert)).one().error == "kicked"
    for days in range(3):
        deliver(sessions, ear, now + timedelta(days=days))
    ear.refusal = None
    assert deliver(sessions, ear, now + timedelta(days=2, minutes=59)) == 0
    deliver(sessions, ear, now + timedelta(days=2, hours=1))
    assert ear.heard == [f"card {number}"]


def test_a_card_that_cant_be_edited_is_left_as_it_stands(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear, (number,) = Ear(), opened(sessions, settings, now)
    deliver(sessions, ear, now)
    with sessions.begin() as session:
        redraw(session, session.get_one(Case, number), now)
    ear.refusal = Unsaid("kicked", permanent=True)
    assert [deliver(sessions, ear, now + timedelta(days=days)) for days in (0, 1)] == [1, 0]


@pytest.mark.parametrize(("kind", "times"), [("half_gone", 1), ("author_wrote", 24)])
def test_a_word_that_is_refused_is_tried_as_long_as_it_is_news(
    sessions: Sessions, now: datetime, kind: str, times: int
) -> None:
    ear = Ear(Unsaid("The topic is closed.", permanent=True))
    with sessions.begin() as session:
        announce(session, -100, "key", kind, {}, now)
    assert sum(deliver(sessions, ear, now + timedelta(hours=hours)) for hours in range(50)) == times


def test_a_word_that_an_outage_delayed_and_telegram_then_refuses_is_tried_again(
    sessions: Sessions, now: datetime
) -> None:
    ear = Ear(Unsaid("Telegram can't be reached."))
    with sessions.begin() as session:
        announce(session, -100, "key", "author_wrote", {}, now)
    for minutes in range(0, 300, 5):
        deliver(sessions, ear, now + timedelta(minutes=minutes))
    ear.refusal = Unsaid("Not enough rights.", permanent=True)
    deliver(sessions, ear, now + timedelta(hours=6))
    ear.refusal = None
    deliver(sessions, ear, now + timedelta(hours=8))
    assert ear.heard == ["notice author_wrote"]


def test_what_is_refused_again_takes_little_room_from_what_can_be_said(
    sessions: Sessions, now: datetime
) -> None:
    class Closed(Ear):
        def notice(self, notice: Notice) -> int:
            if notice.kind == "closed":
                raise Unsaid("The topic is closed.", permanent=True)
            return super().notice(notice)

    ear, pace = Closed(), Pace()
    with sessions.begin() as session:
        for n in range(10):
            announce(session, -100, f"closed {n}", "closed", {}, now)
    assert deliver(sessions, ear, now, pace) == 10
    later = now + timedelta(hours=1)
    with sessions.begin() as session:
        for n in range(9):
            announce(session, -100, f"open {n}", "open", {}, later)
    assert deliver(sessions, ear, later, pace) == 2 + 9
    assert len(ear.heard) == 9
    assert deliver(sessions, ear, later + timedelta(minutes=1), pace) == 2


def test_a_card_of_unknown_fate_is_sent_again_and_says_so(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear, (number,) = Ear(), opened(sessions, settings, now)
    with sessions.begin() as session:
        session.query(Alert).one().claimed_at = now  # and then the power went
    assert deliver(sessions, ear, now + LOST_AFTER) == 0
    deliver(sessions, ear, now + LATER)
    assert ear.heard == [f"card {number}"]
    with sessions() as session:
        assert session.scalars(select(Alert)).one().perhaps_twice


@pytest.mark.parametrize("unsure", [True, False])
def test_a_card_that_telegram_may_have_taken_says_so_when_it_is_sent_again(
    sessions: Sessions, settings: Settings, now: datetime, unsure: bool
) -> None:
    ear, (number,) = Ear(refusal=Unsaid("Timed out.", unsure=unsure)), opened(sessions, settings, now)
    deliver(sessions, ear, now)
    ear.refusal = None
    deliver(sessions, ear, now + timedelta(minutes=1))
    assert ear.heard == [f"card {number}"]
    with sessions() as session:
        assert session.scalars(select(Alert)).one().perhaps_twice is unsure


def test_a_case_that_changes_while_its_card_is_sent_is_drawn_again(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    (number,) = opened(sessions, settings, now)

    class Slow(Ear):
        def card(self, alert: Alert) -> int:
            if not self.heard:
                with sessions.begin() as session:
                    redraw(session, session.get_one(Case, number), now + timedelta(seconds=1))
            return super().card(alert)

    ear = Slow()
    deliver(sessions, ear, now + timedelta(seconds=2))
    assert ear.heard == [f"card {number}", f"card {number} edited"]


def test_a_copy_that_joins_while_its_card_is_sent_is_drawn_too(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    (number,) = opened(sessions, settings, now)

    class Slow(Ear):
        def card(self, alert: Alert) -> int:
            if not self.heard:
                with sessions.begin() as session:
                    redraw_soon(session, session.get_one(Case, number), now)
            return super().card(alert)

    ear = Slow()
    deliver(sessions, ear, now)
    deliver(sessions, ear, now + SETTLES)
    assert ear.heard == [f"card {number}", f"card {number} edited"]


def test_no_more_is_said_in_a_minute_than_the_pace_allows(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear, pace = Ear(), Pace(per_minute=2)
    opened(sessions, settings, now, 5)
    assert deliver(sessions, ear, now, pace) == 2
    assert deliver(sessions, ear, now + timedelta(seconds=59), pace) == 0
    assert deliver(sessions, ear, now + timedelta(seconds=60), pace) == 2


def test_one_card_that_cant_be_drawn_keeps_no_other_waiting(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    sick, well = opened(sessions, settings, now, 2)

    class Stumbles(Ear):
        def card(self, alert: Alert) -> int:
            if alert.case_id == sick:
                raise IndexError("list index out of range")
            return super().card(alert)

    ear = Stumbles()
    for minutes in range(6):
        deliver(sessions, ear, now + timedelta(minutes=minutes))
    assert ear.heard == [f"card {well}"]
    mended = Ear()
    deliver(sessions, mended, now + timedelta(minutes=12))
    assert mended.heard == [f"card {sick}"]


# What became of an answer


def test_a_source_that_cant_say_who_we_are_there_silences_nothing_else(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    class Puzzled(Ear):
        def preview(self, reply: Reply) -> None:
            raise SourceError("The forum can't be reached.")

    ear, number = Puzzled(), queued(sessions, settings, now)
    for second in range(PER_MINUTE):
        deliver(sessions, ear, now + timedelta(seconds=second))
    assert ear.heard == ["card 1"], "and it takes no room from what can be said"
    with sessions() as session:
        assert session.get_one(Reply, number).shown is ReplyState.PREVIEW, "it is drawn later"


def test_the_preview_shows_what_became_of_the_reply(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    queued(sessions, settings, now)
    ear = Ear()
    post_replies(sessions, Forum(), now)
    deliver(sessions, ear, now)
    deliver(sessions, ear, now)
    assert [said for said in ear.heard if said.startswith("preview")] == ["preview sent"]


def test_a_preview_that_was_overtaken_while_it_was_drawn_is_drawn_again(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    """It says who has answered the author meanwhile."""
    (number,) = opened(sessions, settings, now, 1)
    with sessions.begin() as session:
        reply = answers.begin(session, number, staff(session, settings), -100, now)
        answers.write(session, reply, "Вибачте.", now)
        reply.preview_message_id, reply.shown = 7, ReplyState.DRAFT

    class Slow(Ear):
        def preview(self, reply: Reply) -> None:
            super().preview(reply)
            if self.heard == ["preview preview"]:
                with sessions.begin() as session:
                    told = Event(case_id=number, kind=Happening.ANSWERED_THERE, at=now)
                    session.add(told)
                    answered.show_previews_anew(session, session.get_one(Case, number))

    ear = Slow()
    for _ in range(3):
        deliver(sessions, ear, now)
    assert [said for said in ear.heard if said.startswith("preview")] == 2 * ["preview preview"]


def test_a_preview_that_cant_be_drawn_keeps_no_card_waiting(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    (number,) = opened(sessions, settings, now, 1)
    with sessions.begin() as session:
        case = session.get_one(Case, number)
        reply = answers.begin(session, number, staff(session, settings), -100, now)
        reply.preview_message_id, reply.state, reply.shown = 7, ReplyState.SENT, ReplyState.PREVIEW
        redraw(session, case, now)

    class Stumbles(Ear):
        def preview(self, reply: Reply) -> None:
            raise IndexError("list index out of range")

    ear = Stumbles()
    deliver(sessions, ear, now)
    assert ear.heard == [f"card {number}"]


# A storm


def test_a_storm_becomes_the_most_urgent_cards_and_one_message(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear, numbers = Ear(), opened(sessions, settings, now, 200)
    with sessions.begin() as session:
        session.get_one(Case, numbers[-1]).priority = 1
    deliver(sessions, ear, now)
    assert ear.heard == [f"card {numbers[-1]}", f"card {numbers[0]}", f"card {numbers[1]}", "bundle"]
    assert len(ear.heard) <= PER_MINUTE


def test_a_bundle_opens_on_demand_a_few_at_a_time(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear = Ear()
    opened(sessions, settings, now, 20)
    deliver(sessions, ear, now)
    ear.heard.clear()
    with sessions.begin() as session:
        bundle = session.scalars(select(Bundle)).one()
        assert bundles.open_some(session, bundle.id, now) == 5
    deliver(sessions, ear, now)
    assert len([said for said in ear.heard if said.startswith("card")]) == 5
    with sessions() as session:
        assert len(bundles.contents(session, bundle.id)) == 12


def test_what_staff_took_out_of_a_bundle_stays_out_while_the_storm_goes_on(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear = Ear()
    opened(sessions, settings, now, 20)
    deliver(sessions, ear, now)
    with sessions.begin() as session:
        bundle = session.scalars(select(Bundle)).one()
        taken_out = [alert.case_id for alert in bundles.contents(session, bundle.id, 5)]
        bundles.open_some(session, bundle.id, now)
        for n in range(20):
            open_case(
                session, settings, now, f"x{n}", thread_id=f"x{n}", author=f"x{n}", text="Новолінія: жах"
            ).priority = 1
    for minutes in range(0, 10, 2):
        deliver(sessions, ear, now + timedelta(minutes=minutes))
    assert {f"card {number}" for number in taken_out} <= set(ear.heard)


def test_what_rules_take_out_of_a_bundle_may_be_a_storm_again(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear = Ear()
    numbers = opened(sessions, settings, now, 60)
    deliver(sessions, ear, now)
    ear.heard.clear()
    with sessions.begin() as session:
        for number in numbers[3:]:
            bundles.take_out(session, number, now, is_asked_for=False)
    deliver(sessions, ear, now)
    assert [said for said in ear.heard if said == "bundle" or "card" in said][-1] == "bundle"
    assert len(ear.heard) <= 5


def test_later_cases_of_a_storm_go_into_the_same_message(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear = Ear()
    opened(sessions, settings, now, 20)
    deliver(sessions, ear, now)
    with sessions.begin() as session:
        for n in range(20):
            open_case(
                session, settings, now, f"x{n}", thread_id=f"x{n}", author=f"x{n}", text="Новолінія: жах"
            )
    deliver(sessions, ear, now + timedelta(minutes=2))
    with sessions() as session:
        assert len(session.scalars(select(Bundle)).all()) == 1


def test_a_bundled_case_that_changes_redraws_the_bundle_not_a_card(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear, numbers = Ear(), opened(sessions, settings, now, 20)
    deliver(sessions, ear, now)
    ear.heard.clear()
    with sessions.begin() as session:
        redraw(session, session.get_one(Case, numbers[-1]), now)
    deliver(sessions, ear, now)
    assert ear.heard == ["bundle"]


def test_what_is_told_in_one_message_counts_from_when_staff_have_it(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear = Ear(Unsaid("Telegram can't be reached"))
    opened(sessions, settings, now, 20)
    deliver(sessions, ear, now)
    with sessions() as session:
        assert not session.scalars(select(Alert).where(Alert.sent_at.is_not(None))).unique().all()
    ear.refusal, back = None, now + timedelta(hours=3)
    deliver(sessions, ear, back)
    with sessions() as session:
        told = session.scalars(select(Alert).where(Alert.bundle_id.is_not(None))).unique().all()
        assert len(told) == 17
        assert {alert.sent_at for alert in told} == {back}
