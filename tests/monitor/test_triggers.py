"""Rules of the configuration beside sentiment: when each fires, that it fires once, and what it changes."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import Alert, Bundle, Case, Happening, Notice, Priority
from monitor import answers, bundles, desk, escalation, triggers
from monitor.cases import situation
from monitor.db import Sessions
from monitor.settings import Settings, Trigger
from tests.builders import considered, mention, staff
from tests.conftest import make_settings
from tests.monitor.configuration import GOOD, problems, read

HOUR = timedelta(hours=1)


def rules(*given: dict[str, Any]) -> Settings:
    triggers = [{"name": f"r{n}", **one} for n, one in enumerate(given)]
    return make_settings(triggers=triggers, triage={"alert_from": 0.6, "ask_from": 0.6})


def opened(sessions: Sessions, settings: Settings, now: datetime, **changes: Any) -> Case | None:
    with sessions.begin() as session:
        return considered(session, settings, now, **changes)


def sweep(sessions: Sessions, settings: Settings, now: datetime) -> int:
    with sessions.begin() as session:
        return escalation.sweep(session, settings, now)


def case_of(sessions: Sessions, number: int) -> Case:
    with sessions() as session:
        return session.get_one(Case, number)


# Those that a post decides


@pytest.mark.parametrize(
    ("rule", "changes", "opens"),
    [
        ({"rating": 3, "opens": True}, {"negative": 0.1, "rating": 3.0}, True),
        ({"rating": 3, "opens": True}, {"negative": 0.1, "rating": 3.5}, False),
        ({"rating": 3}, {"negative": 0.1, "rating": 3.0}, False),
        ({"reach": 500, "opens": True}, {"negative": 0.45, "reach": 500}, True),
        ({"reach": 500, "opens": True}, {"negative": 0.39, "reach": 500}, False),
        ({"reach": 500, "opens": True}, {"negative": 0.45, "reach": 499}, False),
        ({"reach": 500, "opens": True, "source": "blog"}, {"negative": 0.45, "reach": 500}, False),
        ({"rating": 3, "opens": True}, {"rating": 3.0, "negative": 0.1, "brand": "Будсвіт"}, False),
        ({"rating": 3, "opens": True}, {"rating": 3.0, "negative": 0.1, "relevance": 0.1}, False),
    ],
)
def test_a_rule_may_open_a_case_of_somebody_who_seems_content(
    sessions: Sessions, now: datetime, rule: dict[str, Any], changes: dict[str, Any], opens: bool
) -> None:
    case = opened(sessions, rules(rule), now, **changes)
    assert (case is not None) == opens
    assert case is None or case.reasons == [{"code": "rule", "value": "r0"}]


@pytest.mark.parametrize(
    ("rule", "changes", "priority"),
    [
        ({"reach": 500}, {"reach": 500}, Priority.HIGH),
        ({"reach": 500}, {"reach": None}, Priority.NORMAL),
        ({"reach": 500, "priority": "low"}, {"reach": 500}, Priority.NORMAL),
        ({"rating": 3, "priority": "normal"}, {"rating": 3.0, "negative": 0.61}, Priority.NORMAL),
        ({"reach": 500, "brand": "Будсвіт"}, {"reach": 500}, Priority.NORMAL),
    ],
)
def test_a_rule_raises_the_priority_and_never_lowers_it(
    sessions: Sessions, now: datetime, rule: dict[str, Any], changes: dict[str, Any], priority: Priority
) -> None:
    with_rules = rules(rule)
    with sessions.begin() as session:
        seen = situation(mention(session, now, **changes), with_rules, now)
    assert triggers.decide(seen, with_rules).priority is priority


def test_an_authors_second_complaint_can_be_a_rule_of_its_own(sessions: Sessions, now: datetime) -> None:
    settings = rules({"complaints": 2})
    first = opened(sessions, settings, now, external_id="p1", thread_id="1")
    text = "Знову Новолінія привезла не ті двері, ще й з подряпиною на весь бік."
    second = opened(sessions, settings, now, external_id="p2", thread_id="2", text=text)
    assert first is not None
    assert second is not None
    assert (first.priority, second.priority) == (Priority.NORMAL, Priority.HIGH)
    assert {"code": "rule", "value": "r0"} in second.reasons


# Those that time decides


def test_an_author_whom_nobody_answers_is_rung_for_once(sessions: Sessions, now: datetime) -> None:
    settings = rules({"unanswered": "6h"})
    case = opened(sessions, settings, now)
    assert case is not None
    assert sweep(sessions, settings, now + 6 * HOUR - timedelta(seconds=1)) == 0
    assert [sweep(sessions, settings, now + 6 * HOUR) for _ in range(3)] == [1, 0, 0]
    raised = case_of(sessions, case.id)
    assert raised.priority == Priority.HIGH
    assert raised.reasons[-1] == {"code": "rule", "value": "r0"}
    with sessions() as session:
        (notice,) = session.scalars(select(Notice)).all()
        assert (notice.case_id, notice.values["minutes"]) == (case.id, 360)
        assert session.scalars(select(Alert)).one().due_at == now + 6 * HOUR


def test_who_comes_back_to_a_case_closed_unanswered_waits_since_then(
    sessions: Sessions, now: datetime
) -> None:
    settings = rules({"unanswered": "2h"})
    case = opened(sessions, settings, now)
    assert case is not None
    with sessions.begin() as session:
        desk.close(session, case.id, staff(session, settings), now + HOUR, Happening.WRONG_TONE)
    back = now + 5 * 24 * HOUR
    opened(sessions, settings, back, external_id="again", posted_at=back, text="Досі тиша!")
    assert sweep(sessions, settings, back + HOUR) == 0
    assert sweep(sessions, settings, back + 2 * HOUR) == 1
    with sessions() as session:
        assert session.scalars(select(Notice).where(Notice.kind == "rule")).one().values["minutes"] == 120


@pytest.mark.parametrize("what", ["answered", "closed", "snoozed", "another brand"])
def test_nobody_is_rung_for_a_case_that_is_cared_for(sessions: Sessions, now: datetime, what: str) -> None:
    settings = rules({"unanswered": "6h", **({"brand": "Будсвіт"} if what == "another brand" else {})})
    case = opened(sessions, settings, now)
    assert case is not None
    with sessions.begin() as session:
        row, person = session.get_one(Case, case.id), staff(session, settings)
        if what == "answered":
            answer(session, row, settings, now)
        if what == "closed":
            desk.close(session, row.id, person, now)
        if what == "snoozed":
            row.snoozed_until = now + 9 * HOUR
    assert sweep(sessions, settings, now + 7 * HOUR) == 0


def test_a_case_that_was_closed_unanswered_was_not_answered_once(sessions: Sessions, now: datetime) -> None:
    settings = rules({"answered_once": "4h"})
    case = opened(sessions, settings, now)
    assert case is not None
    with sessions.begin() as session:
        desk.close(session, case.id, staff(session, settings), now)
    opened(sessions, settings, now + HOUR, external_id="again", posted_at=now + HOUR, text="Досі тиша!")
    assert sweep(sessions, settings, now + 9 * HOUR) == 0


def test_answered_once_and_never_again(sessions: Sessions, now: datetime) -> None:
    settings = rules({"answered_once": "4h"})
    case = opened(sessions, settings, now)
    assert case is not None
    with sessions.begin() as session:
        answer(session, session.get_one(Case, case.id), settings, now)
    assert sweep(sessions, settings, now + 9 * HOUR) == 0, "the author is silent: nothing is owed"
    later = now + 10 * HOUR
    opened(sessions, settings, later, external_id="again", posted_at=later, text="Досі тиша!")
    assert sweep(sessions, settings, later + 3 * HOUR) == 0
    assert [sweep(sessions, settings, later + 4 * HOUR) for _ in range(2)] == [1, 0]
    assert case_of(sessions, case.id).priority == Priority.HIGH


def test_who_was_answered_each_time_is_not_waiting_when_staff_reopen(
    sessions: Sessions, now: datetime
) -> None:
    settings = rules({"answered_once": "4h"})
    case = opened(sessions, settings, now)
    assert case is not None
    for hours in (1, 3):  # the author writes again in between
        with sessions.begin() as session:
            answer(session, session.get_one(Case, case.id), settings, now + hours * HOUR)
        if hours == 1:
            at = now + 2 * HOUR
            opened(sessions, settings, at, external_id="again", posted_at=at, text="Досі тиша!")
    with sessions.begin() as session:
        person = staff(session, settings)
        desk.close(session, case.id, person, now + 3 * HOUR)
        desk.reopen(session, case.id, person, settings, now + 9 * HOUR)
    assert sweep(sessions, settings, now + 9 * HOUR) == 0


def test_what_becomes_urgent_is_owed_as_soon_as_what_is(sessions: Sessions, now: datetime) -> None:
    settings = rules({"unanswered": "2h"})  # 4 h are promised, and 1 h of high priority
    case = opened(sessions, settings, now)
    assert case is not None
    sweep(sessions, settings, now + 2 * HOUR)
    raised = case_of(sessions, case.id)
    assert (raised.answer_by, raised.remind_at) == (now + 3 * HOUR, now + 2.5 * HOUR)
    assert raised.first_answer_by == raised.answer_by, "late for staff is late for the statistics"
    assert raised.is_late(now + 3.5 * HOUR)


def test_what_was_owed_sooner_stays_so(sessions: Sessions, now: datetime) -> None:
    settings = rules({"unanswered": "5h"})
    case = opened(sessions, settings, now)
    assert case is not None
    sweep(sessions, settings, now + 5 * HOUR)
    assert case_of(sessions, case.id).answer_by == now + 4 * HOUR


def test_what_is_owed_next_is_hastened_too(sessions: Sessions, now: datetime) -> None:
    settings = make_settings(
        triggers=[{"name": "r0", "answered_once": "2h"}],
        sla={"normal": "9h", "next": {"normal": "8h", "high": "30m"}},
    )
    case = opened(sessions, settings, now)
    assert case is not None
    with sessions.begin() as session:
        answer(session, session.get_one(Case, case.id), settings, now)
    opened(sessions, settings, now, external_id="again", posted_at=now, text="Досі тиша!")
    assert sweep(sessions, settings, now + 2 * HOUR) == 1
    hastened = case_of(sessions, case.id)
    assert hastened.answer_by == now + 2.5 * HOUR
    assert hastened.first_answer_by == now + 9 * HOUR, "the first answer was in time"


def test_a_long_quarrel_fires_when_we_are_in_it_and_the_author_is_still_unhappy(
    sessions: Sessions, now: datetime
) -> None:
    settings = rules({"posts": 3})
    case = opened(sessions, settings, now)
    assert case is not None
    for n in range(3):
        opened(sessions, settings, now, external_id=f"before{n}", text="Агов!")
    assert case_of(sessions, case.id).priority == Priority.NORMAL, "we are not in it yet"
    with sessions.begin() as session:
        answer(session, session.get_one(Case, case.id), settings, now)
    opened(sessions, settings, now, external_id="thanks", negative=0.05, text="Дякую!")
    assert case_of(sessions, case.id).priority == Priority.NORMAL
    opened(sessions, settings, now, external_id="still", text="І знову обман.")
    assert case_of(sessions, case.id).priority == Priority.HIGH
    opened(sessions, settings, now, external_id="more", text="І знову.")
    with sessions() as session:
        assert len(session.scalars(select(Notice).where(Notice.kind == "rule")).all()) == 1


def test_a_case_in_a_bundle_gets_its_own_card(sessions: Sessions, now: datetime) -> None:
    settings = rules({"unanswered": "6h"})
    case = opened(sessions, settings, now)
    assert case is not None
    with sessions.begin() as session:
        bundle = Bundle(chat_id=-100, opened_at=now)
        session.add(bundle)
        session.flush()
        bundles.put_in(session, bundle, session.scalars(select(Alert)).all(), now)
    sweep(sessions, settings, now + 6 * HOUR)
    with sessions() as session:
        assert session.scalars(select(Alert)).one().bundle_id is None


# As they are written


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{name: x}", "exactly one of"),
        ("{name: x, rating: 2, reach: 5}", "exactly one of"),
        ("{name: x, unanswered: 2h, opens: true}", "only rating and reach can open a case"),
        ("{name: x, rating: 2, brand: Acmo}", "did you mean «Acme»"),
        ("{name: x, rating: 9}", "less than or equal to 5"),
        ("{name: x, rateing: 2}", "unknown key; did you mean «rating»"),
    ],
)
def test_a_rule_that_can_not_be_meant_is_refused(tmp_path: Path, rule: str, said: str) -> None:
    assert any(said in problem.message for problem in problems(tmp_path, f"{GOOD}triggers:\n  - {rule}\n"))


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    text = f"{GOOD}triggers:\n  - {{name: x, rating: 2}}\n  - {{name: x, reach: 2}}\n"
    (problem,) = problems(tmp_path, text)
    assert "taken already" in problem.message


def test_a_rule_is_read_as_written(tmp_path: Path) -> None:
    text = f"{GOOD}triggers:\n  - {{name: Long silence, unanswered: 6h, source: news, priority: normal}}\n"
    (rule,) = read(tmp_path, text).triggers
    assert rule == Trigger(name="Long silence", unanswered=6 * HOUR, source="news", priority="normal")


def answer(session: Any, case: Case, settings: Settings, now: datetime) -> None:
    reply = answers.begin(session, case.id, staff(session, settings), -100, now)
    answers.write(session, reply, "Вибачте!", now)
    answers.handed_off(session, reply.id, staff(session, settings), now)
