from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bots.sources import PAGE, sources
from models import SourceState
from monitor.pulse import Pulse
from tests.bots.rendering import HOSTILE, LANGUAGES, NOW, seen, words
from tests.bots.room import Room, button


def pulse(name: str = "форум", *, habit: dict[str, Any] | None = None, **changes: Any) -> Pulse:
    state = {
        "name": name,
        "known_since": NOW,
        "next_due_at": NOW + timedelta(minutes=10),
        "failures": 0,
        **changes,
    }
    values = {"delay": None, "today": 0, "usual": 0.0, "is_silent": False, **(habit or {})}
    return Pulse(name, "forum", SourceState(**state), **values)


def test_a_source_tells_when_it_was_read_what_is_usual_and_how_late_we_are() -> None:
    well = pulse(
        last_ok_at=NOW - timedelta(minutes=2),
        last_post_at=NOW - timedelta(hours=3),
        habit={"today": 3, "usual": 17.6, "delay": timedelta(minutes=12)},
    )
    shown = seen(sources([well], 0, words("en"), NOW))
    assert shown.text.splitlines() == [
        "Sources · 1",
        "✅ форум (forum)",
        "      read 2 min. ago · newest post 3 hr. ago · next look at 14:10",
        "      3 posts today (usually 18) · found after 12 min.".replace("12 min.", "12 min"),
    ]


def test_a_source_whose_poll_does_not_end_is_ill() -> None:
    hangs = pulse(last_ok_at=NOW - timedelta(hours=3), told_failing_at=NOW)
    lines = seen(sources([hangs], 0, words("en"), NOW)).text.splitlines()
    assert lines[:2] == ["Sources · 1 · ⚠️ 1 is not well", "⚠️ форум (forum)"]


def test_an_ill_source_has_its_error_and_a_silent_one_its_mark() -> None:
    ill = pulse("хворе", failures=3, error="The <forum> is down.")
    lines = seen(
        sources([ill, pulse("тихе", habit={"is_silent": True})], 0, words("en"), NOW)
    ).text.splitlines()
    assert lines[0] == "Sources · 2 · ⚠️ 2 are not well"
    assert lines[1] == "⚠️ хворе (forum)"
    assert lines[3].strip() == "The <forum> is down."
    assert lines[4] == "🔇 тихе (forum)"


def test_a_source_that_was_never_read_is_not_called_well() -> None:
    assert "… форум (forum)" in seen(sources([pulse()], 0, words("en"), NOW)).text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LANGUAGES), HOSTILE, st.integers(0, 10**17))
def test_any_page_of_many_ill_sources_is_valid(language: str, error: str, offset: int) -> None:
    habit = {"today": 10**6, "usual": 1e6, "delay": timedelta(days=400), "is_silent": True}
    many = [pulse("м" * 60, failures=1, error=error * 9, last_ok_at=NOW, habit=habit) for _ in range(60)]
    shown = seen(sources(many, offset, words(language), NOW))
    assert shown.text.count("⚠️") - 1 == PAGE


def test_staff_turn_the_pages_and_refresh(room: Room) -> None:
    room.write(room.olena, "/sources")
    page = room.last("Sources · 2")
    assert "форум «Покупець» (forum)" in page["text"]
    assert room.press(room.olena, page, button(page, "Refresh")) == ("", False)
