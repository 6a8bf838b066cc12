from hypothesis import given, settings
from hypothesis import strategies as st

from bots.lists import IN_BUNDLE, bundle, morning
from tests.bots.rendering import HOSTILE, LANGUAGES, NOW, case_view, seen, words


def cases(count: int) -> list:
    return [case_view(number=n) for n in range(1, count + 1)]


@settings(max_examples=60, deadline=None)
@given(language=st.sampled_from(LANGUAGES), text=HOSTILE, author=HOSTILE, count=st.integers(1, IN_BUNDLE))
def test_whatever_is_in_them_a_bundle_is_valid(language: str, text: str, author: str, count: int) -> None:
    views = [
        case_view(number=n, text=text, author=author, place="м" * 60, claimed_by="О" * 60)
        for n in range(count)
    ]
    assert seen(bundle(1, views, [1] * 200, words(language))).text
    assert seen(morning(1, views, [1] * 200, words(language), NOW)).text


# A storm


def test_a_bundle_counts_all_and_shows_the_most_urgent() -> None:
    shown = seen(bundle(4, cases(10), [1] * 12 + [2] * 180 + [3] * 8, words("en")))
    assert shown.text.splitlines()[0] == "⚡️ 200 more new cases  🔴 12  🟠 180  🟡 8"
    assert len(shown.text.splitlines()) == 12
    assert shown.text.endswith("… and 190 more")
    assert [button.callback_data for button in shown.buttons] == ["bundle:4:0"]


def test_a_bundle_that_fits_says_nothing_of_more() -> None:
    assert "…" not in seen(bundle(4, [case_view(text="Жах")], [1], words("en"))).text


def test_a_bundle_that_is_worked_off_says_so() -> None:
    shown = seen(bundle(4, [], [], words("en")))
    assert "worked off" in shown.text
    assert shown.buttons == []


# The morning


def test_a_morning_says_how_many_came_and_by_when_each_is_owed_an_answer() -> None:
    shown = seen(morning(4, cases(10), [2] * 11 + [3], words("en"), NOW))
    lines = shown.text.splitlines()
    assert lines[0] == "🌅 12 cases came while we were closed  🟠 11  🟡 1"
    assert lines[1:21:2] == [f"🔴 #{number} · ⏳ 15:00" for number in range(1, 11)]
    assert lines[-1] == "… and 2 more"
    assert [button.callback_data for button in shown.buttons] == ["bundle:4:0"]


def test_where_all_are_alike_they_are_counted_once() -> None:
    shown = seen(morning(4, cases(2), [2] * 2, words("en"), NOW))
    assert shown.text.splitlines()[0] == "🌅 2 cases came while we were closed"


def test_a_morning_that_is_worked_off_says_so() -> None:
    shown = seen(morning(4, [], [], words("en"), NOW))
    assert "worked off" in shown.text
    assert shown.buttons == []
