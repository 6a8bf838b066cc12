"""What goes into training, and how its results are scored."""

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.augment import augment, transliterate, without_diacritics
from training.courses import BLEND, COURSES
from training.lessons import closer_to_labels, keep, taught
from training.plan import FIRST, SIDE_BY_SIDE, digest, mark, needs, ready
from training.rows import (
    KINDS,
    LANGUAGES,
    LATER,
    RETOLD,
    SENTIMENTS,
    SHARES,
    UNKNOWN,
    Chances,
    Row,
    epoch,
    kinds,
    later_posts,
    lines,
    part_of,
    post_lines,
    retold_posts,
    sentiments,
)
from training.scores import ece, recall_at_precision, scores


def post(scenario: str, **more: str) -> dict[str, str]:
    return {"language": "uk", "scenario": scenario} | more


def test_all_posts_of_a_scenario_are_on_one_side() -> None:
    for number in range(50):
        scenario = f"parcels-lost-{number:02}"
        assert part_of(post(scenario, text="одне")) == part_of(post(scenario, text="зовсім інше"))


def test_about_a_fifth_of_the_scenarios_is_the_test() -> None:
    parts = [
        part_of(post(f"{trade}-{number}")) for trade in ("banks", "taxis", "games") for number in range(300)
    ]
    assert 0.16 < parts.count("test") / len(parts) < 0.24
    assert 0.05 < parts.count("calibration") / len(parts) < 0.11


def test_what_was_written_for_calibration_is_for_that_whatever_its_scenario() -> None:
    assert {part_of(post(f"banks-{number}", part="calibration")) for number in range(50)} == {"calibration"}


def test_what_tells_of_a_scenario_kept_aside_in_either_language_is_not_learnt(tmp_path: Path) -> None:
    names = [f"parcels-lost-{number}" for number in range(60)]
    posts, retold = tmp_path / "posts", tmp_path / "retold"
    for folder in (posts, retold):
        folder.mkdir()
    labels = {"sentiment": "negative", "kind": "complaint"}
    ours = [post(name, id=name, text=f"де {name}", **labels) for name in names]
    theirs = [post(name, id=f"ro {name}", language="ro", text=name, **labels) for name in names[:30]]
    told = [{"of": name, "language": "ro", "text": f"unde e {name}"} for name in [*names, "gone"]]
    write_lines(posts / "uk.jsonl", [*ours, *theirs])
    write_lines(retold / "ro.jsonl", told)

    rows = retold_posts(retold, posts)

    aside = {line["scenario"] for line in [*ours, *theirs] if part_of(line) != "train"}
    assert aside & set(names[:30])
    assert aside & set(names[30:])
    assert [row.text for row in rows] == [f"unde e {name}" for name in names if name not in aside]
    assert {(row.language, row.dataset, row.sentiment, row.kind, row.part) for row in rows} == {
        ("ro", "retold", SENTIMENTS.index("negative"), KINDS.index("complaint"), "train")
    }


def write_lines(path: Path, rows: Iterable[dict[str, str]]) -> None:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def test_each_retold_post_has_its_origin_in_another_language() -> None:
    origins = {line["id"]: line["language"] for line in post_lines()}
    told = [line for path in RETOLD.glob("*.jsonl") for line in lines(path)]
    assert told
    assert [
        line["id"] for line in told if origins.get(line["of"], line["language"]) == line["language"]
    ] == []


def test_later_posts_are_for_training_and_in_scenarios_of_their_own() -> None:
    later = list(post_lines(LATER))
    assert {row.part for row in later_posts()} == {"train"}
    assert not {line["scenario"] for line in later} & {line["scenario"] for line in post_lines()}
    assert not {line["text"].casefold() for line in later} & {
        line["text"].casefold() for line in post_lines()
    }


def row(**more: Any) -> Row:
    known = {"text": "де посилка", "language": "uk", "dataset": "posts", "part": "train"}
    labels = {"sentiment": 0, "second": UNKNOWN, "kind": UNKNOWN}
    return Row(**known | labels | more)


TAUGHT = Chances((0.5, 0.25, 0.25), (0.5, 0.5, 0.0, 0.0, 0.0, 0.0), share=0.4)


def test_two_readings_share_the_truth() -> None:
    assert sentiments(row(second=2, doubt=0.25)) == (0.75, 0.0, 0.25)
    assert sentiments(row(doubt=0.25)) == (1.0, 0.0, 0.0)


def test_the_teacher_has_its_part_of_the_truth() -> None:
    assert sentiments(row(taught=TAUGHT)) == pytest.approx((0.6 + 0.4 / 2, 0.4 / 4, 0.4 / 4))
    assert kinds(row(kind=1, taught=TAUGHT))[:2] == pytest.approx((0.4 / 2, 0.6 + 0.4 / 2))


def test_where_no_reader_said_what_kind_a_post_is_the_teacher_alone_does() -> None:
    assert kinds(row(taught=TAUGHT)) == TAUGHT.kind
    assert kinds(row()) == (0.0,) * len(KINDS)


@pytest.mark.parametrize("seed", range(20))
def test_every_stage_is_done_once_and_none_before_what_it_begins_with_whichever_ends_first(seed: int) -> None:
    rng = random.Random(seed)
    done: list[str] = []
    running: set[str] = set()
    while len(done) < len(FIRST):
        running |= set(ready(done, running)[: SIDE_BY_SIDE - len(running)])
        assert all(needs(stage) <= set(done) for stage in running)
        ended = rng.choice(sorted(running))
        running.remove(ended)
        done.append(ended)
    assert sorted(done) == sorted({"base", "pairs", "ship"} | COURSES.keys())


def test_a_change_of_the_rows_makes_every_stage_new() -> None:
    assert all(mark(stage, "these rows") != mark(stage, "other rows") for stage in FIRST)
    assert len({mark(stage, "these rows") for stage in FIRST}) == len(FIRST)


def test_a_change_of_a_course_makes_those_new_that_begin_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {stage: mark(stage, "rows") for stage in FIRST}
    mark.cache_clear()
    monkeypatch.setitem(COURSES, "mate", replace(COURSES["mate"], seed=1))

    new = {stage for stage in FIRST if mark(stage, "rows") != before[stage]}

    mark.cache_clear()
    assert new == set(FIRST) - {"base", "general", "pairs"}


def test_the_digest_of_rows_changes_with_any_file(tmp_path: Path) -> None:
    first, second = tmp_path / "posts", tmp_path / "labels"
    for folder in (first, second):
        folder.mkdir()
        (folder / "uk.jsonl").write_text("{}", encoding="utf-8")
    before = digest([first, second])
    assert digest([first, second]) == before
    (second / "uk.jsonl").write_text("{ }", encoding="utf-8")
    assert digest([first, second]) != before


def test_what_is_mixed_adds_up_to_one() -> None:
    blends = [BLEND, *(course.start for course in COURSES.values() if course.start)]
    assert [sum(blend.values()) for blend in blends] == [pytest.approx(1)] * len(blends)


def test_what_the_teacher_said_is_found_again_by_text_and_language(tmp_path: Path) -> None:
    known, stranger = row(), row(text="де мій чек")
    keep([known], np.array([[*TAUGHT.sentiment, *TAUGHT.kind]], np.float32), tmp_path / "taught.npz")

    first, second = taught([stranger, known], tmp_path / "taught.npz")

    assert first == stranger
    assert second.taught
    assert second.taught.sentiment == pytest.approx(TAUGHT.sentiment, abs=1 / 255)
    assert second.taught.kind == pytest.approx(TAUGHT.kind, abs=1 / 255)
    assert sum(second.taught.sentiment) == pytest.approx(1)
    assert second.taught.share == SHARES["posts"].taught


def test_a_course_may_trust_labels_more_than_others_do() -> None:
    heard = closer_to_labels(row(second=2, doubt=0.5, taught=TAUGHT), share=0.1, doubt=0.4)
    assert sentiments(heard) == pytest.approx((0.9 * 0.8 + 0.05, 0.025, 0.9 * 0.2 + 0.025))


def test_what_was_said_of_other_rows_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 rows"):
        keep([row(), row(text="де чек")], np.zeros((1, 9), np.float32), tmp_path / "taught.npz")


def test_rows_that_a_course_does_not_hear_change_nothing_for_it() -> None:
    """Not even the order: else posts written later would make courses that do not hear them come out otherwise."""
    heard = [row(text=f"де посилка {number}") for number in range(20)]
    others = [row(text=f"unde e {number}", dataset="later") for number in range(5)]
    assert epoch([*heard, *others], {"later": 0.0}, random.Random(1)) == epoch(heard, {}, random.Random(1))


def test_a_small_set_of_hurried_writing_can_still_be_read() -> None:
    assert transliterate("Щиро дякую, Їжаче", "uk") == "Shchyro diakuiu, Izhache"
    assert without_diacritics("Mulțumesc, a fost în regulă") == "Multumesc, a fost in regula"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", "я", "ok", "Дякую!", "Mulțumesc frumos, totul a ajuns la timp"])
def test_a_text_is_sometimes_changed_never_lost_and_always_the_same_for_a_seed(
    language: str, text: str
) -> None:
    first = [augment(text, language, random.Random(seed)) for seed in range(60)]
    assert first == [augment(text, language, random.Random(seed)) for seed in range(60)]
    assert text in first
    assert all(changed or not text for changed in first)


def test_a_perfect_model_scores_one_and_is_calibrated() -> None:
    truth = np.array([0, 1, 2, 0])
    figures = scores(truth, np.eye(3)[truth])
    assert figures["macro_f1"] == figures["negative_f1"] == figures["negative_auc"] == 1.0
    assert figures["ece"] == figures["brier"] == 0.0


def test_where_a_set_has_no_neutral_the_model_must_choose_a_side() -> None:
    truth = np.array([0, 2])
    figures = scores(truth, np.array([[0.3, 0.6, 0.1], [0.1, 0.8, 0.1001]]), two_classes=True)
    assert figures["macro_f1"] == 1.0


def test_what_the_model_cannot_read_is_undecided_where_a_set_has_no_neutral() -> None:
    truth = np.array([0, 2, 0])
    figures = scores(truth, np.array([[0.0, 1.0, 0.0], [0.1, 0.1, 0.8], [0.9, 0.1, 0.0]]), two_classes=True)
    assert figures["negative_auc"] == 1.0


def test_being_sure_and_wrong_costs_calibration() -> None:
    assert ece(np.array([True, False]), np.array([0.99, 0.99])) == pytest.approx(0.49)


def test_the_threshold_for_a_precision_is_the_lowest_that_keeps_it() -> None:
    truth = np.array([True, True, False, True, False])
    chance = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    assert recall_at_precision(truth, chance, 0.75) == (1.0, 0.6)
    assert recall_at_precision(truth, chance, 1.0) == (pytest.approx(2 / 3), 0.8)
    assert recall_at_precision(~truth, chance, 0.9) == (0.0, 1.0)
