"""What was learnt, kept in the database: proposed, decided on by a lead, in use at once, taken back."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO

import numpy as np
import pytest
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Event, Happening, Learnt, LearntState, Mention, Notice, Role, Staff
from monitor import learning
from monitor.db import Sessions
from monitor.desk import Refused
from monitor.judging import judge_waiting
from monitor.learning import Active
from monitor.learning_report import learn_command, undo_command, what_is_in_use
from monitor.rounds import Rounds
from monitor.sentiment.learning.gain import Score
from monitor.sentiment.learning.head import Head, Side
from monitor.sentiment.learning.lesson import Lesson
from monitor.sentiment.learning.taught import Taught
from monitor.settings import Settings
from monitor.urgent import UrgentWords
from tests import builders
from tests.monitor.sentiment.seeing import WIDTH, Seeing, corrected

BASE = Seeing().fingerprint
CALM = Head({"negative": Side(np.zeros(WIDTH), -20.0, 1.0), "complaint": Side(np.zeros(WIDTH), -20.0, 1.0)})
LESSON = Lesson(
    CALM,
    Score(84, 61, 74, 0.52, 0.41),
    {"uk": Score(84, 61, 74, 0.52, 0.41)},
    0.002,
    0.001,
    400,
    31,
    24,
    replaces=False,
    taught_by="c" * 64,
)


@pytest.fixture
def proposed(sessions: Sessions, settings: Settings, now: datetime) -> int:
    with sessions.begin() as session:
        return learning.propose(session, LESSON, BASE, settings, now).id


def lead(session: Session) -> Staff:
    return session.merge(Staff(id=7, name="Олена", role=Role.LEAD))


def decide(sessions: Sessions, number: int, now: datetime, *, use: bool) -> LearntState:
    with sessions.begin() as session:
        return learning.decide(session, number, lead(session), now, use=use).state


def test_a_proposal_is_told_once_in_the_first_staff_chat(
    sessions: Sessions, proposed: int, settings: Settings
) -> None:
    with sessions() as session:
        (notice,) = session.scalars(select(Notice))
        learnt = session.get_one(Learnt, proposed)
    assert (notice.kind, notice.values, notice.chat_id) == ("learnt", {"learnt": proposed}, -100)
    assert learnt.state is LearntState.PROPOSED
    assert learnt.figures["languages"]["uk"]["right_after"] == 74


def test_nothing_is_in_use_until_a_lead_says_yes(sessions: Sessions, proposed: int, now: datetime) -> None:
    active = Active(sessions)
    assert active(BASE) is None
    assert decide(sessions, proposed, now, use=True) is LearntState.ACTIVE
    head = active(BASE)
    assert head is not None
    assert head.sides["negative"].bias == -20.0


def test_what_is_in_use_is_read_once(sessions: Sessions, proposed: int, now: datetime) -> None:
    decide(sessions, proposed, now, use=True)
    active = Active(sessions)
    assert active(BASE) is active(BASE)


def test_what_is_proposed_of_another_model_is_let_go(
    sessions: Sessions, proposed: int, settings: Settings, now: datetime
) -> None:
    def state_with(model: Seeing) -> LearntState:
        rounds = Rounds(sessions, settings, {}, lambda: Taught(model, Active(sessions)), lambda: now)
        rounds.load()
        with sessions() as session:
            return session.get_one(Learnt, proposed).state

    assert state_with(Seeing()) is LearntState.PROPOSED
    assert state_with(Seeing(fingerprint="0" * 64)) is LearntState.RETIRED
    assert decide(sessions, proposed, now, use=True) is LearntState.RETIRED


def test_a_model_that_can_not_learn_lets_go_of_every_proposal(
    sessions: Sessions, proposed: int, now: datetime
) -> None:
    with sessions.begin() as session:
        learning.let_go(session, Seeing(can_pool=False), now)
    assert decide(sessions, proposed, now, use=True) is LearntState.RETIRED


def test_what_was_learnt_on_another_model_is_not_used(
    sessions: Sessions, proposed: int, now: datetime
) -> None:
    decide(sessions, proposed, now, use=True)
    assert Active(sessions)("0" * 64) is None


def test_staff_are_told_once_that_what_was_learnt_on_another_model_is_ignored(
    sessions: Sessions, proposed: int, settings: Settings, now: datetime
) -> None:
    def told_by(model: Seeing) -> int:
        Rounds(sessions, settings, {}, lambda: Taught(model, Active(sessions)), lambda: now).load()
        with sessions() as session:
            kinds = [notice.kind for notice in session.scalars(select(Notice))]
        return kinds.count("learnt_ignored")

    decide(sessions, proposed, now, use=True)
    assert told_by(Seeing()) == 0
    assert [told_by(Seeing(fingerprint="0" * 64)) for _ in range(2)] == [1, 1]
    assert told_by(Seeing(can_pool=False)) == 2


def test_weights_that_cannot_be_read_are_not_used(sessions: Sessions, proposed: int, now: datetime) -> None:
    decide(sessions, proposed, now, use=True)
    with sessions.begin() as session:
        session.get_one(Learnt, proposed).weights = b"damaged"
    assert Active(sessions)(BASE) is None


def test_weights_that_cannot_be_read_are_told_once_and_check_says_what_to_do(
    sessions: Sessions, proposed: int, settings: Settings, now: datetime
) -> None:
    decide(sessions, proposed, now, use=True)
    with sessions.begin() as session:
        session.get_one(Learnt, proposed).weights = b"damaged"
    rounds = Rounds(sessions, settings, {}, lambda: Taught(Seeing(), Active(sessions)), lambda: now)
    for _ in range(2):
        rounds.load()
    with sessions() as session:
        told = [(n.kind, n.values) for n in session.scalars(select(Notice)) if n.kind != "learnt"]
    assert told == [("learnt_damaged", {"corrections": 84})]
    assert what_is_in_use(sessions, Seeing()).endswith(
        "is damaged and not used: run `vidhuk learn` again, or `vidhuk learn --undo`"
    )


def test_the_second_answer_changes_nothing(sessions: Sessions, proposed: int, now: datetime) -> None:
    assert decide(sessions, proposed, now, use=False) is LearntState.REFUSED
    assert decide(sessions, proposed, now, use=True) is LearntState.REFUSED
    assert Active(sessions)(BASE) is None


def test_a_lead_goes_back_at_once(sessions: Sessions, proposed: int, now: datetime) -> None:
    active = Active(sessions)
    decide(sessions, proposed, now, use=True)
    assert active(BASE) is not None
    with sessions.begin() as session:
        assert learning.go_back(session, proposed, lead(session), now).state is LearntState.RETIRED
    assert active(BASE) is None


def test_only_a_lead_decides(sessions: Sessions, settings: Settings, proposed: int, now: datetime) -> None:
    with sessions.begin() as session:
        andriy = builders.staff(session, settings, 8)
        with pytest.raises(Refused, match="leads_decide"):
            learning.decide(session, proposed, andriy, now, use=True)
        with pytest.raises(Refused, match="leads_decide"):
            learning.go_back(session, proposed, andriy, now)
    assert Active(sessions)(BASE) is None


def test_what_is_not_there_is_refused(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session, pytest.raises(Refused, match="outdated"):
        learning.decide(session, 12345, lead(session), now, use=True)


def test_a_newer_proposal_overtakes_the_older_and_its_yes_retires_what_was_in_use(
    sessions: Sessions, settings: Settings, proposed: int, now: datetime
) -> None:
    decide(sessions, proposed, now, use=True)
    with sessions.begin() as session:
        second = learning.propose(session, LESSON, BASE, settings, now).id
        third = learning.propose(session, LESSON, BASE, settings, now).id
    assert decide(sessions, second, now, use=True) is LearntState.RETIRED
    assert decide(sessions, third, now, use=True) is LearntState.ACTIVE
    with sessions() as session:
        states = {learnt.id: learnt.state for learnt in session.scalars(select(Learnt))}
    assert states == {
        proposed: LearntState.RETIRED,
        second: LearntState.RETIRED,
        third: LearntState.ACTIVE,
    }


def test_the_next_batch_is_judged_with_it(
    sessions: Sessions, settings: Settings, proposed: int, now: datetime
) -> None:
    judge = Taught(Seeing(), Active(sessions))

    def judged(name: str) -> float:
        with sessions.begin() as session:
            builders.mention(session, now, name, author=name, thread_id=name, judged_at=None, negative=None)
        judge_waiting(sessions, judge, UrgentWords({}), settings, now)
        with sessions() as session:
            (row,) = session.scalars(select(Mention).where(Mention.external_id == name))
            assert row.negative is not None
            return row.negative

    builders.register(sessions, now)
    before = judged("p1")
    decide(sessions, proposed, now, use=True)
    assert judged("p2") < 0.01 < before


def corrections_in(sessions: Sessions, settings: Settings, now: datetime, count: int) -> None:
    """Cases that staff answered, or closed as wrong tone, and posts that nobody touched."""
    with sessions.begin() as session:
        for number, one in enumerate(corrected(count, knows_better=4.0)):
            name = f"c{number}"
            case = builders.open_case(
                session,
                settings,
                now,
                name,
                text=one.readings[0],
                author=name,
                thread_id=name,
                language="uk",
                matches=[],
            )
            kind = Happening.ANSWERED if one.is_unhappy else Happening.WRONG_TONE
            session.add(Event(case_id=case.id, kind=kind, at=now))
        for number in range(20):
            name = f"q{number}"
            builders.mention(
                session, now, name, author=name, thread_id=name, text=f"quiet {number}", matches=[]
            )


def ran(sessions: Sessions, settings: Settings, now: datetime, **options: bool) -> tuple[int, str]:
    out = StringIO()
    options = {"dry_run": False, **options}
    console = Console(file=out, width=120)
    status = learn_command(sessions, Seeing(), settings, now, console, dry_run=options["dry_run"])
    return status, " ".join(out.getvalue().split())


def learnt_rows(sessions: Sessions) -> int:
    with sessions() as session:
        return len(session.scalars(select(Learnt)).unique().all())


def only_learnt(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalars(select(Learnt)).one().id


def test_a_team_that_knows_better_is_learnt_from_and_a_lead_is_asked(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    corrections_in(sessions, settings, now, 100)
    status, said = ran(sessions, settings, now)
    assert status == 0
    assert "uk 100" in said
    assert "Of 20 other posts" in said
    assert "A lead is asked in the staff chat." in said
    assert learnt_rows(sessions) == 1


def test_a_dry_run_stores_nothing(sessions: Sessions, settings: Settings, now: datetime) -> None:
    corrections_in(sessions, settings, now, 100)
    status, said = ran(sessions, settings, now, dry_run=True)
    assert status == 0
    assert "Nothing was stored (--dry-run)." in said
    assert learnt_rows(sessions) == 0


@pytest.mark.parametrize(
    ("use", "why"),
    [
        (True, "taught what is in use"),
        (False, "was refused by a lead"),
        (None, "has not decided yet"),
    ],
)
def test_the_same_corrections_are_proposed_once(
    sessions: Sessions, settings: Settings, now: datetime, use: bool | None, why: str
) -> None:
    corrections_in(sessions, settings, now, 100)
    ran(sessions, settings, now)
    if use is not None:
        decide(sessions, only_learnt(sessions), now, use=use)
    status, said = ran(sessions, settings, now)
    assert (status, why in said, learnt_rows(sessions)) == (0, True, 1)


@pytest.mark.parametrize("end", ["undone", "damaged"])
def test_what_is_no_longer_used_may_be_learnt_anew(
    sessions: Sessions, settings: Settings, now: datetime, end: str
) -> None:
    corrections_in(sessions, settings, now, 100)
    ran(sessions, settings, now)
    decide(sessions, only_learnt(sessions), now, use=True)
    with sessions.begin() as session:
        if end == "undone":
            learning.undo(session, now)
        else:
            session.get_one(Learnt, only_learnt(sessions)).weights = b"damaged"
    assert "A lead is asked" in ran(sessions, settings, now)[1]
    assert learnt_rows(sessions) == 2


def test_more_corrections_are_proposed_again_and_alerts_compared_with_what_is_in_use(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    corrections_in(sessions, settings, now, 100)
    assert "the model as it ships alerts" in ran(sessions, settings, now)[1]
    decide(sessions, only_learnt(sessions), now, use=True)
    with sessions.begin() as session:
        case = builders.open_case(session, settings, now, "c100", author="c100", thread_id="c100", matches=[])
        session.add(Event(case_id=case.id, kind=Happening.ANSWERED, at=now))
    said = ran(sessions, settings, now)[1]
    assert "Before: the model as it ships, whatever is in use." in said
    assert "what is in use alerts" in said
    assert learnt_rows(sessions) == 2


def test_alerts_are_counted_from_where_triage_raises_them(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    corrections_in(sessions, settings, now, 100)
    never = settings.model_copy(update={"triage": settings.triage.model_copy(update={"alert_from": 1.0})})
    assert "alerts 0; this would alert 0." in ran(sessions, never, now)[1]


def test_why_nothing_is_proposed_is_said(
    sessions: Sessions, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lesson, why in (
        (replace(LESSON, score=replace(LESSON.score, right_after=60)), "Fewer would be judged right"),
        (replace(LESSON, chance=0.2), "not better than chance would explain"),
        (replace(LESSON, chance_unread=0.2), "What staff said does not follow from the texts"),
    ):
        monkeypatch.setattr("monitor.learning_report.learn", lambda *_, lesson=lesson: lesson)
        status, said = ran(sessions, settings, now)
        assert (status, why in said) == (0, True)
    assert learnt_rows(sessions) == 0


def test_without_corrections_it_says_what_is_missing(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    assert ran(sessions, settings, now)[1].startswith(
        "There are 0 corrections that the model can read (0 yes, 0 no)."
    )


def test_a_model_that_does_not_show_what_it_sees_cannot_learn(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    out = StringIO()
    blind = Seeing(can_pool=False)
    assert learn_command(sessions, blind, settings, now, Console(file=out), dry_run=False) == 1
    assert "can't learn" in out.getvalue()


def test_the_last_thing_that_staff_said_of_a_case_counts(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        case = builders.open_case(session, settings, now)
        later = now + timedelta(minutes=1)
        session.add(Event(case_id=case.id, kind=Happening.ANSWERED, at=now))
        session.flush()
        session.add(Event(case_id=case.id, kind=Happening.WRONG_TONE, at=later))
        session.flush()
        (one,) = learning.what_was_said(session)
    assert (one.is_unhappy, one.is_complaint, one.case) == (False, False, case.id)
    assert one.readings[0].startswith("Третій тиждень")


def test_undo_returns_to_the_shipped_model_and_check_says_what_is_in_use(
    sessions: Sessions, proposed: int, now: datetime
) -> None:
    out = StringIO()
    assert what_is_in_use(sessions, Seeing()) == ""
    decide(sessions, proposed, now, use=True)
    assert "learnt from 84 corrections on 2026-11-18" in what_is_in_use(sessions, Seeing())
    assert "run `vidhuk learn` again" in what_is_in_use(sessions, Seeing(fingerprint="0" * 64))
    assert what_is_in_use(sessions, Seeing(can_pool=False)).endswith(
        "another model, and this one can't learn"
    )
    assert undo_command(sessions, now, Console(file=out)) == 0
    assert undo_command(sessions, now, Console(file=out)) == 0
    assert out.getvalue().splitlines() == [
        "The shipped model judges again.",
        "Nothing learnt is in use: the shipped model judges.",
    ]
    assert Active(sessions)(BASE) is None
