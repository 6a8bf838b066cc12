from datetime import datetime, timedelta

from monitor.pace import PER_MINUTE, Pace


def test_the_pace_leaves_room_under_telegrams_twenty_a_minute() -> None:
    assert PER_MINUTE < 20


def test_so_many_and_no_more_in_any_minute(now: datetime) -> None:
    pace = Pace(per_minute=3)
    for seconds in (0, 10, 20):
        assert pace.allows(1, now + timedelta(seconds=seconds))
        pace.spoke(1, now + timedelta(seconds=seconds))
    assert not pace.allows(1, now + timedelta(seconds=59))
    assert pace.allows(1, now + timedelta(seconds=60))
    pace.spoke(1, now + timedelta(seconds=60))
    assert not pace.allows(1, now + timedelta(seconds=69))


def test_a_full_chat_keeps_no_other_waiting(now: datetime) -> None:
    pace = Pace(per_minute=1)
    pace.spoke(1, now)
    assert not pace.allows(1, now)
    assert pace.allows(2, now)


def test_asking_uses_nothing_up(now: datetime) -> None:
    pace = Pace(per_minute=1)
    assert all(pace.allows(1, now) for _ in range(5))


def test_the_less_urgent_leaves_room(now: datetime) -> None:
    pace = Pace(per_minute=10)
    for _ in range(6):
        pace.spoke(1, now)
    assert pace.allows(1, now)
    assert not pace.allows(1, now, leave=4)


def test_the_more_staff_ask_the_less_we_say_but_never_nothing(now: datetime) -> None:
    pace = Pace(per_minute=10)
    for _ in range(5):
        pace.answered(1, now)
        pace.spoke(1, now)
    assert not pace.allows(1, now)
    assert pace.allows(1, now + timedelta(minutes=1))
    busy = Pace(per_minute=10)
    for _ in range(50):
        busy.answered(1, now)
    assert busy.allows(1, now)


def test_where_telegram_asked_us_to_wait_nothing_is_said_until_then(now: datetime) -> None:
    pace = Pace()
    pace.rest(1, now + timedelta(seconds=30))
    assert pace.full(now + timedelta(seconds=29)) == [1]
    assert pace.full(now + timedelta(seconds=30)) == []
    assert pace.allows(2, now)
