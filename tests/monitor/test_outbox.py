"""What is said, what is said again, and what is never said twice."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Alert, Bundle, Case, DigestIssue, Notice, OwnPost, Reply, ReplyState, Status
from monitor import answers, bundles, outbox
from monitor.cases import redraw
from monitor.db import Sessions
from monitor.outbox import LOST_AFTER
from monitor.pace import PER_MINUTE, Pace
from monitor.settings import Settings
from monitor.source import Posted, PostRef, SourceError
from monitor.voice import Unsaid
from tests.builders import open_case, staff

LATER = LOST_AFTER + timedelta(minutes=1)


@dataclass
class Ear:
    """Staff's chat: remembers what it was told, refuses what it is told to refuse."""

    refusal: Unsaid | None = None
    heard: list[str] = field(default_factory=list)

    def card(self, alert: Alert) -> int:
        return self._hear(f"card {alert.case_id}" + (" edited" if alert.message_id else ""))

    def bundle(self, bundle: Bundle) -> int:
        return self._hear("bundle")

    def notice(self, notice: Notice) -> int:
        return self._hear(f"notice {notice.kind}")

    def digest(self, issue: DigestIssue) -> None:
        self._hear(f"digest {issue.week}")

    def preview(self, reply: Reply) -> None:
        self._hear(f"preview {reply.state}")

    def _hear(self, said: str) -> int:
        if self.refusal:
            raise self.refusal
        self.heard.append(said)
        return 500 + len(self.heard)


@dataclass
class Forum:
    """A source that can reply, in the ways that sources do."""

    refusal: Exception | None = None
    found: Posted | SourceError | None = None
    posted: list[tuple[str, str]] = field(default_factory=list)
    account: str = "novolinia-care"
    max_length: int = 500

    def reply(self, post: PostRef, text: str) -> Posted:
        if self.refusal:
            raise self.refusal
        self.posted.append((post.id, text))
        return Posted("r1", "https://forum.example/t/7#r1")

    def find_reply(self, post: PostRef, text: str) -> Posted | None:
        if isinstance(self.found, SourceError):
            raise self.found
        return self.found


def deliver(sessions: Sessions, ear: Ear, now: datetime, pace: Pace | None = None) -> int:
    return outbox.deliver(sessions, ear, pace or Pace(), lambda: now)


def post_replies(sessions: Sessions, forum: Forum, now: datetime) -> int:
    return outbox.deliver_replies(sessions, {"forum": forum}, lambda: now)


def opened(sessions: Sessions, settings: Settings, now: datetime, count: int = 1) -> list[int]:
    with sessions.begin() as session:
        return [
            open_case(
                session, settings, now, f"p{n}", thread_id=f"t{n}", author=f"a{n}", text="Новолінія: жах"
            ).id
            for n in range(count)
        ]


def queued(sessions: Sessions, settings: Settings, now: datetime) -> int:
    (number,) = opened(sessions, settings, now)
    with sessions.begin() as session:
        person = staff(session, settings)
        reply = answers.begin(session, number, person, -100, now)
        answers.write(session, reply, "Вибачте, везем сьогодні.", now)
        session.flush()
        answers.send(session, reply.id, person, 500, "novolinia-care", now)
        reply.preview_message_id, reply.shown = 77, ReplyState.PREVIEW
        return reply.id


def reply_of(sessions: Sessions, number: int) -> Reply:
    with sessions() as session:
        return session.get_one(Reply, number)


# To staff


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


def test_what_staff_must_mend_is_not_tried_again(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear = Ear(Unsaid("kicked", permanent=True))
    opened(sessions, settings, now)
    deliver(sessions, ear, now)
    ear.refusal = None
    assert deliver(sessions, ear, now + timedelta(days=1)) == 0
    with sessions() as session:
        assert session.scalars(select(Alert)).one().error == "kicked"


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


def test_no_more_is_said_in_a_minute_than_the_pace_allows(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    ear, pace = Ear(), Pace(per_minute=2)
    opened(sessions, settings, now, 5)
    assert deliver(sessions, ear, now, pace) == 2
    assert deliver(sessions, ear, now + timedelta(seconds=59), pace) == 0
    assert deliver(sessions, ear, now + timedelta(seconds=60), pace) == 2


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


# To the public


def test_a_posted_reply_answers_the_case_and_keeps_its_permalink(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number, forum = queued(sessions, settings, now), Forum()
    post_replies(sessions, forum, now + timedelta(minutes=3))
    assert forum.posted == [("p0", "Вибачте, везем сьогодні.")]
    with sessions() as session:
        reply = session.get_one(Reply, number)
        assert (reply.state, reply.url) == (ReplyState.SENT, "https://forum.example/t/7#r1")
        assert reply.case.status is Status.ANSWERED
        assert reply.case.first_response_time == timedelta(minutes=3)


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


def test_a_locked_thread_fails_with_the_reason_and_waits_for_staff(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number, forum = (
        queued(sessions, settings, now),
        Forum(SourceError("The thread is locked.", permanent=True)),
    )
    post_replies(sessions, forum, now)
    reply = reply_of(sessions, number)
    assert (reply.state, reply.error) == (ReplyState.FAILED, "The thread is locked.")
    assert post_replies(sessions, forum, now + timedelta(days=1)) == 0


def test_a_forum_that_asks_to_wait_is_asked_again_by_itself(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    wait = timedelta(seconds=40)
    number, forum = queued(sessions, settings, now), Forum(SourceError("Too fast.", retry_after=wait))
    post_replies(sessions, forum, now)
    assert reply_of(sessions, number).state is ReplyState.QUEUED
    forum.refusal = None
    assert post_replies(sessions, forum, now + wait - timedelta(seconds=1)) == 0
    post_replies(sessions, forum, now + wait)
    assert reply_of(sessions, number).state is ReplyState.SENT


UNSURE = SourceError("No answer from the forum.", unsure=True)
CANT_TELL = SourceError("This place can't be searched.", unsure=True)


whatever_the_source_finds = pytest.mark.parametrize(
    ("found", "state"),
    [
        (Posted("r1", "https://forum.example/r1"), ReplyState.SENT),
        (None, ReplyState.UNKNOWN),
        (CANT_TELL, ReplyState.UNKNOWN),
    ],
    ids=["it is there", "it is not there yet", "the source can't tell"],
)


@whatever_the_source_finds
def test_after_a_time_out_the_source_is_asked_and_nothing_is_sent_again(
    sessions: Sessions,
    settings: Settings,
    now: datetime,
    found: Posted | SourceError | None,
    state: ReplyState,
) -> None:
    number, forum = queued(sessions, settings, now), Forum(UNSURE, found)
    post_replies(sessions, forum, now)
    assert reply_of(sessions, number).state is state
    forum.refusal = None
    post_replies(sessions, forum, now + timedelta(days=1))
    assert forum.posted == []


@whatever_the_source_finds
def test_a_reply_interrupted_by_a_crash_is_looked_for_not_sent_again(
    sessions: Sessions,
    settings: Settings,
    now: datetime,
    found: Posted | SourceError | None,
    state: ReplyState,
) -> None:
    number, forum = queued(sessions, settings, now), Forum(found=found)
    with sessions.begin() as session:
        session.get_one(Reply, number).claimed_at = now
    post_replies(sessions, forum, now + LATER)
    assert (reply_of(sessions, number).state, forum.posted) == (state, [])


SAVED = "Вибачте, везем сьогодні."
FOUND = Posted("r1", "https://forum.example/r1")


def lost_beside(sessions: Sessions, settings: Settings, now: datetime) -> tuple[int, Reply]:
    """Two authors of one thread get the same saved words; the second answer is lost. Its number, and the first."""
    with sessions.begin() as session:
        person = staff(session, settings)
        both = []
        for name in ("alla", "bohdan"):
            case = open_case(
                session, settings, now, name, thread_id="t", author=name, text=f"Новолінія: {name} жде"
            )
            reply = answers.begin(session, case.id, person, -100, now)
            answers.write(session, reply, SAVED, now)
            session.flush()
            both.append(reply)
        first, second = both
        answers.send(session, second.id, person, 500, "novolinia-care", now)
        return second.id, first


@pytest.mark.parametrize("state", [ReplyState.SENT, ReplyState.REPLACED, ReplyState.DELETED])
def test_what_another_was_answered_is_not_found_for_an_answer_that_was_lost(
    sessions: Sessions, settings: Settings, now: datetime, state: ReplyState
) -> None:
    number, first = lost_beside(sessions, settings, now)
    with sessions.begin() as session:
        row = session.get_one(Reply, first.id)
        row.state, row.external_id = state, FOUND.id
    post_replies(sessions, Forum(UNSURE, FOUND), now)
    assert reply_of(sessions, number).state is ReplyState.UNKNOWN


@pytest.mark.parametrize("state", [ReplyState.SENT, ReplyState.HANDED_OFF, ReplyState.UNKNOWN])
def test_where_the_same_words_may_stand_in_the_thread_already_staff_are_asked(
    sessions: Sessions, settings: Settings, now: datetime, state: ReplyState
) -> None:
    number, first = lost_beside(sessions, settings, now)
    with sessions.begin() as session:
        session.get_one(Reply, first.id).state = state
    post_replies(sessions, Forum(UNSURE, FOUND), now)
    assert reply_of(sessions, number).state is ReplyState.UNKNOWN


def test_the_same_words_to_another_that_never_left_are_no_reason_to_ask(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number, _ = lost_beside(sessions, settings, now)
    post_replies(sessions, Forum(UNSURE, FOUND), now)
    assert reply_of(sessions, number).state is ReplyState.SENT


def test_what_a_colleague_posted_there_is_not_found_for_an_answer_that_was_lost(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number, first = lost_beside(sessions, settings, now)
    with sessions.begin() as session:
        theirs = OwnPost(
            source="forum",
            external_id=FOUND.id,
            thread_id="t",
            account="novolinia-care",
            url=FOUND.url,
            text=SAVED,
            posted_at=now,
            case_id=first.case_id,
        )
        session.add(theirs)
    post_replies(sessions, Forum(UNSURE, FOUND), now)
    assert reply_of(sessions, number).state is ReplyState.UNKNOWN


@pytest.mark.parametrize(("found", "state"), [("r1", ReplyState.SENT), ("r0", ReplyState.UNKNOWN)])
def test_an_edit_is_found_only_in_the_place_of_what_it_replaces(
    sessions: Sessions, settings: Settings, now: datetime, found: str, state: ReplyState
) -> None:
    number = queued(sessions, settings, now)
    post_replies(sessions, Forum(), now)
    with sessions.begin() as session:
        person = staff(session, settings)
        reply = answers.begin_edit(session, number, person, -100, now)
        answers.write(session, reply, "Вибачте, веземо завтра.", now)
        answers.send(session, reply.id, person, 500, "novolinia-care", now)
        reply.claimed_at = now  # and then the power went
        edit = reply.id
    post_replies(sessions, Forum(found=Posted(found, "https://forum.example/")), now + LATER)
    assert reply_of(sessions, edit).state is state


def test_a_bug_in_a_source_leaves_the_fate_to_staff(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    number = queued(sessions, settings, now)
    post_replies(sessions, Forum(ZeroDivisionError()), now)
    assert reply_of(sessions, number).state is ReplyState.UNKNOWN


def test_a_bug_in_how_a_source_looks_stops_no_other_answer_and_staff_are_told(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    class Blind(Forum):
        def find_reply(self, post: PostRef, text: str) -> Posted | None:
            raise KeyError("name")

    number, other = queued(sessions, settings, now), Forum()
    with sessions.begin() as session:
        case = open_case(
            session, settings, now, "q1", source="blog", thread_id="q", author="q", text="Новолінія: жах!"
        )
        person = staff(session, settings)
        reply = answers.begin(session, case.id, person, -100, now)
        answers.write(session, reply, SAVED, now)
        session.flush()
        answers.send(session, reply.id, person, 500, "novolinia-care", now + timedelta(minutes=1))
    outbox.deliver_replies(sessions, {"forum": Blind(UNSURE), "blog": other}, lambda: now)
    outbox.deliver_replies(sessions, {"forum": Blind(UNSURE), "blog": other}, lambda: now + LATER)
    assert [text for _, text in other.posted] == [SAVED]
    lost = reply_of(sessions, number)
    assert (lost.state, lost.error) == (ReplyState.UNKNOWN, "forum broke off (KeyError).")
    with sessions() as session:
        assert [notice.kind for notice in session.scalars(select(Notice))] == ["not_posted"]


def test_staff_who_looked_settle_it(sessions: Sessions, settings: Settings, now: datetime) -> None:
    number = queued(sessions, settings, now)
    post_replies(sessions, Forum(UNSURE, CANT_TELL), now)
    with sessions.begin() as session:
        answers.confirm(session, number, staff(session, settings), now, is_there=True)
    with sessions() as session:
        assert session.get_one(Reply, number).case.status is Status.ANSWERED


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
