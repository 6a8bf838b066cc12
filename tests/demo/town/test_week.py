from collections import Counter
from datetime import timedelta

import pytest
from pydantic import ValidationError
from rapidfuzz.fuzz import ratio

from demo.town import Post, Week


def test_the_week_is_full_and_speaks_four_languages(week: Week) -> None:
    spoken = Counter(post.language for post in week.posts)
    shares = {language: count / len(week.posts) for language, count in spoken.items()}
    assert len(week.posts) >= 120
    assert shares == {
        "uk": pytest.approx(0.45, abs=0.04),
        "ru": pytest.approx(0.25, abs=0.04),
        "ro": pytest.approx(0.20, abs=0.04),
        "en": pytest.approx(0.10, abs=0.04),
    }


def test_every_key_is_used_once(week: Week) -> None:
    for keys in (
        [post.key for post in week.posts],
        [section.key for section in week.sections],
        [thread.key for thread in week.threads],
        [thread.id for thread in week.threads],
        [reviewed.key for reviewed in week.reviewed],
    ):
        assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_every_post_happens_within_the_week_at_a_place_that_there_is(week: Week) -> None:
    places = {"blog", "telegram"}
    places |= {f"forum/{thread.key}" for thread in week.threads}
    places |= {f"shop/{reviewed.key}" for reviewed in week.reviewed}
    places |= {f"blog/{post.key}" for post in week.posts if post.where == "blog"}
    assert {post.where for post in week.posts} == places
    assert {thread.section for thread in week.threads} <= {section.key for section in week.sections}
    assert all(timedelta() <= post.at < timedelta(days=7) for post in week.posts)


def test_whatever_a_post_refers_to_was_said_before(week: Week) -> None:
    for post in week.posts:
        for key in filter(None, (post.quote_of, post.copy_of, post.expect.same_case_as)):
            assert week.by_key[key].at < post.at, f"{post.key} refers to {key}"
        if post.quote_of:
            assert week.by_key[post.quote_of].where == post.where


def test_what_is_expected_hangs_together(week: Week) -> None:
    for post in week.posts:
        if post.expect.case:
            assert post.expect.brand == "novolinia", f"{post.key}: only our brand's mentions are cases"
        if post.expect.same_case_as:
            first = week.by_key[post.expect.same_case_as]
            assert post.expect.case, post.key
            assert first.expect.case, first.key
            assert first.expect.same_case_as is None, f"{post.key} must name the case's first post"
            assert post.copy_of or (post.author, post.where) == (first.author, first.where), post.key
        if post.where.startswith("shop/"):
            assert post.rating, f"{post.key} has no stars"


def test_whoever_has_a_case_in_a_thread_goes_on_with_it_there(week: Week) -> None:
    for n, post in enumerate(week.posts):
        before = [p for p in week.posts[:n] if (p.author, p.where) == (post.author, post.where)]
        cases = [p.expect.same_case_as or p.key for p in before if p.expect.case]
        if cases:
            assert post.expect.same_case_as == cases[0], post.key


def test_a_copy_is_nearly_what_it_copies_and_nothing_else_is(week: Week) -> None:
    copies = [post for post in week.posts if post.copy_of]
    assert copies
    for post in copies:
        assert 80 < ratio(post.text, week.by_key[post.copy_of].text) < 100, post.key
    others = [post for post in week.posts if not post.copy_of]
    twins = [(a.key, b.key) for n, a in enumerate(others) for b in others[:n] if ratio(a.text, b.text) > 80]
    assert twins == []


def test_the_company_itself_is_never_a_mention(week: Week) -> None:
    own = [post for post in week.posts if post.author == "novolinia-care"]
    assert own
    assert all(post.expect.brand is None for post in own)


def test_some_words_only_look_like_the_brand(week: Week) -> None:
    lookalikes = [post for post in week.posts if "нова лінія" in post.text.lower()]
    assert lookalikes
    assert all(post.expect.brand is None for post in lookalikes)


def test_what_is_still_to_come_can_be_hurried(week: Week) -> None:
    after = week.start + timedelta(days=2, hours=8)
    hurried = week.hurried(after, every=timedelta(seconds=10))
    gone = [post for post in week.posts if week.time_of(post) <= after]
    assert hurried.posts[: len(gone)] == gone
    assert [post.key for post in hurried.posts] == [post.key for post in week.posts]
    assert hurried.numbers == week.numbers
    times = [hurried.time_of(post) for post in hurried.posts[len(gone) :]]
    assert times == [after + timedelta(seconds=10 * n) for n in range(1, len(times) + 1)]
    assert {post.after_answer for post in hurried.posts} == {None, timedelta(seconds=10)}


@pytest.mark.parametrize("wrong", ["14:20", "1d 24", "xd 10:00", "1d 10:60", "1d 24:00", "9d 10:00", "", "3"])
def test_a_moment_that_is_not_one_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="moment of the week"):
        Post.model_validate(
            {
                "key": "k",
                "at": wrong,
                "where": "telegram",
                "author": "A",
                "text": "t",
                "language": "uk",
                "expect": {"brand": None, "case": False},
            }
        )
