from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bots.lists import IN_BUNDLE, SourceLine, bundle, sources
from models import SourceState
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


@settings(max_examples=60, deadline=None)
@given(language=st.sampled_from(LANGUAGES), text=HOSTILE, author=HOSTILE, count=st.integers(1, IN_BUNDLE))
def test_whatever_is_in_them_a_bundle_is_valid(language: str, text: str, author: str, count: int) -> None:
    views = [
        case_view(number=n, text=text, author=author, place="м" * 60, claimed_by="О" * 60)
        for n in range(count)
    ]
    assert seen(bundle(1, views, [1] * 200, words(language))).text


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
