from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bots.lists import PAGE, SourceLine, bundle, inbox, morning, sources
from models import SourceState, Status
from tests.bots.rendering import HOSTILE, LANGUAGES, NOW, case_view, seen, words


def cases(count: int) -> list:
    return [case_view(number=n) for n in range(1, count + 1)]


def source(name: str = "форум", **changes: object) -> SourceLine:
    values = {
        "name": name,
        "known_since": NOW,
        "next_due_at": NOW + timedelta(minutes=10),
        "failures": 0,
        **changes,
    }
    return SourceLine(name, "forum", SourceState(**values))


# The inbox


def test_an_empty_inbox_says_that_nobody_waits() -> None:
    shown = seen(inbox([], 0, 0, words("en"), NOW))
    assert "Nobody waits for an answer." in shown.text
    assert shown.buttons == []


def test_each_case_has_a_line_with_its_promise_and_a_button() -> None:
    late = case_view(number=2, late=True, claimed_by="Олена", status=Status.CLAIMED)
    shown = seen(inbox([case_view(number=1), late], 2, 0, words("en"), NOW))
    assert shown.text.startswith("2 cases wait\n🔴 #1 форум «Покупець» · Третій тиждень")
    assert "⏳ 15:00" in shown.text
    assert "⏰ 15:00 · 🙋 Олена" in shown.text
    assert [button.callback_data for button in shown.buttons] == ["show:1", "show:2"]


def test_a_long_inbox_is_turned_page_by_page() -> None:
    def turns(offset: int, count: int) -> list[str]:
        shown = seen(inbox(cases(count), 20, offset, words("en"), NOW))
        return [
            button.callback_data for button in shown.buttons if str(button.callback_data).startswith("inbox")
        ]

    assert turns(0, PAGE) == [f"inbox:{PAGE}"]
    assert turns(PAGE, PAGE) == ["inbox:0", f"inbox:{2 * PAGE}"]
    assert turns(2 * PAGE, 4) == [f"inbox:{PAGE}"]


@settings(max_examples=60, deadline=None)
@given(language=st.sampled_from(LANGUAGES), text=HOSTILE, author=HOSTILE, count=st.integers(1, PAGE))
def test_whatever_is_in_them_the_inbox_and_a_bundle_are_valid(
    language: str, text: str, author: str, count: int
) -> None:
    views = [
        case_view(number=n, text=text, author=author, place="м" * 60, claimed_by="О" * 60)
        for n in range(count)
    ]
    assert seen(inbox(views, 99, 8, words(language), NOW)).text
    assert seen(bundle(1, views, [1] * 200, words(language))).text
    assert seen(morning(1, views, [1] * 200, words(language), NOW)).text


# A storm


def test_a_bundle_counts_all_and_shows_the_most_urgent() -> None:
    shown = seen(bundle(4, cases(10), [1] * 12 + [2] * 180 + [3] * 8, words("en")))
    assert shown.text.splitlines()[0] == "⚡️ 200 more new cases  🔴 12  🟠 180  🟡 8"
    assert len(shown.text.splitlines()) == 12
    assert shown.text.endswith("… and 190 more")
    assert [button.callback_data for button in shown.buttons] == ["bundle:4"]


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
    assert [line.strip() for line in lines[2:21:2]] == ["⏳ 15:00"] * 10
    assert lines[-1] == "… and 2 more"
    assert [button.callback_data for button in shown.buttons] == ["bundle:4"]


def test_a_morning_that_is_worked_off_says_so() -> None:
    shown = seen(morning(4, [], [], words("en"), NOW))
    assert "worked off" in shown.text
    assert shown.buttons == []


# Sources


def test_a_source_tells_when_it_was_read_what_is_newest_and_when_next() -> None:
    well = source(last_ok_at=NOW - timedelta(minutes=2), last_post_at=NOW - timedelta(hours=3))
    shown = seen(sources([well], words("en"), NOW))
    assert shown.text.splitlines()[1:] == [
        "✅ форум (forum)",
        "      read 2 min. ago · newest post 3 hr. ago · next look at 14:10",
    ]


def test_an_ill_source_stands_first_with_its_error() -> None:
    ill = source("хворе", failures=3, error="The <forum> is down.")
    lines = seen(sources([source("здорове"), ill], words("en"), NOW)).text.splitlines()
    assert lines[1] == "⚠️ хворе (forum)"
    assert lines[3].strip() == "The <forum> is down."


def test_a_source_that_was_never_read_is_not_called_well() -> None:
    assert "… форум (forum)" in seen(sources([source()], words("en"), NOW)).text


def test_many_ill_sources_fit_into_one_message() -> None:
    many = [source(f"s{n}", failures=1, error="Збій. " * 200) for n in range(60)]
    shown = seen(sources(many, words("uk"), NOW))
    listed = shown.text.count("⚠️")
    assert 5 <= listed < 60
    assert str(60 - listed) in shown.text.splitlines()[-1]
