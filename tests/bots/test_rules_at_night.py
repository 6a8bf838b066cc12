"""Rules that fire while we are closed: only what is, or becomes, of high priority rings at night.

It is Wednesday, 14:00 in Kyiv; the office closes at 18:00 and opens at 9:00.
"""

from typing import Any

import pytest

from models import Case
from monitor import escalation
from tests import builders
from tests.bots.room import ANSWER, Room, press_send
from tests.bots.test_promises import OFFICE, configure, promising, saying

__all__ = ["promising"]


def rule(priority: str, **condition: Any) -> dict[str, Any]:
    return {"name": "Slow", "priority": priority, **condition}


def pass_by(room: Room, **time: float) -> None:
    room.pass_by(**time)
    with room.sessions.begin() as session:
        escalation.sweep(session, room.settings, room.now)
    room.pass_by()


def test_a_rule_that_makes_nothing_urgent_waits_for_the_opening(promising: Room) -> None:
    configure(promising, hours=OFFICE, triggers=[rule("normal", unanswered="6h")])
    number = promising.case()
    pass_by(promising, hours=7)  # 21:00
    assert saying(promising, "Rule «Slow»") == []
    pass_by(promising, hours=12, seconds=1)  # 9:00
    (told,) = saying(promising, "Rule «Slow»")
    assert "has waited 19 hr" in told["text"]
    assert told["reply_to_message"]["message_id"] == promising.card(number)["message_id"]


@pytest.mark.parametrize("opened_as", ["high", "low"])
def test_one_that_makes_a_case_urgent_rings_at_once(promising: Room, opened_as: str) -> None:
    configure(promising, hours=OFFICE, triggers=[rule("high", unanswered="6h")])
    reach = 50_000 if opened_as == "high" else None
    promising.case(reach=reach)
    pass_by(promising, hours=7)
    assert len(saying(promising, "Rule «Slow»")) == 1


def test_a_case_that_is_urgent_already_rings_whatever_the_rule_says(promising: Room) -> None:
    configure(promising, hours=OFFICE, triggers=[rule("low", unanswered="6h")])
    promising.case(reach=50_000)
    pass_by(promising, hours=7)
    assert len(saying(promising, "Rule «Slow»")) == 1


def test_what_waits_for_the_opening_stays_in_the_morning_bundle_meanwhile(promising: Room) -> None:
    configure(promising, hours=OFFICE, triggers=[rule("normal", unanswered="2h")])
    promising.now = promising.now.replace(hour=17)  # 19:00 in Kyiv
    promising.open_case("p1", text="Новолінія не привезла двері вже другий тиждень.")
    promising.open_case("p2", text="У Новолінії нахамили на касі при дитині!")
    pass_by(promising, hours=5)
    assert [m for m in promising.messages() if m["from"]["is_bot"]] == []


def test_a_brand_that_is_open_is_not_kept_waiting_by_one_that_is_closed(
    promising: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalation, "AT_ONCE", 1)
    brands = [{"name": "Новолінія", "query": "Новолінія"}, {"name": "Будсвіт", "query": "Будсвіт"}]
    own = {**OFFICE, "brands": {"Будсвіт": {"week": "always"}}}
    configure(promising, brands=brands, hours=own, triggers=[rule("normal", unanswered="6h")])
    promising.open_case("p1")
    promising.open_case(
        "p2", brand="Будсвіт", text="Будсвіт не повертає гроші за зламаний дриль.", matches=[]
    )
    pass_by(promising, hours=7)
    assert len(saying(promising, "Rule «Slow»")) == 1


def test_a_long_quarrel_at_night_is_told_in_the_morning_too(promising: Room) -> None:
    configure(promising, hours=OFFICE, triggers=[rule("normal", posts=2)])
    number = promising.case()
    press_send(promising, promising.previewed(number, ANSWER))
    promising.pass_by(hours=7)
    with promising.sessions.begin() as session:
        first = session.get_one(Case, number).mentions[0]
        said = {"thread_id": first.thread_id, "author": first.author, "text": "Досі тиша, це жах!"}
        builders.considered(session, promising.settings, promising.now, "again", **said)
    promising.pass_by()
    assert saying(promising, "Rule «Slow»") == []
    promising.pass_by(hours=12, seconds=1)
    assert len(saying(promising, "Rule «Slow»")) == 1
