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
