"""The file of saved answers is read as strictly as the configuration; what is offered is what is like the case."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import ConfigError
from monitor.likeness import Likeness
from monitor.saved import SavedAnswers, load_saved
from tests.conftest import make_settings

ROOT = Path(__file__).parents[2]
GOOD = """\
answers:
  - name: late
    title: Delivery is late
    brands: [Новолінія]
    texts:
      en: "{author}, sorry for the late delivery. Your parcel comes {{the day}}."
      uk: "{author}, вибачте за затримку доставки. Посилка прийде {{коли}}."
  - name: refund
    title: Money back
    texts:
      en: "{author}, your money is on its way."
      ro: "{author}, banii sunt pe drum."
"""


def read(folder: Path, text: str, **changes: object) -> SavedAnswers:
    (folder / "saved.yaml").write_text(text, encoding="utf-8")
    return load_saved(folder / "vidhuk.yaml", make_settings(**changes))


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        read(folder, text)
    return [str(problem).removeprefix(f"{folder}/") for problem in error.value.problems]


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert load_saved(tmp_path / "vidhuk.yaml", make_settings()).answers == ()


def test_a_file_that_the_configuration_names_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load_saved(tmp_path / "vidhuk.yaml", make_settings(saved="ours.yaml"))
    (tmp_path / "ours.yaml").write_text(GOOD, encoding="utf-8")
    assert load_saved(tmp_path / "vidhuk.yaml", make_settings(saved="ours.yaml")).named("late")


def test_the_shipped_example_is_right_and_speaks_four_languages(tmp_path: Path) -> None:
    example = (ROOT / "config" / "saved.example.yaml").read_text(encoding="utf-8")
    answers = read(tmp_path, example).answers
    assert answers
    assert all(set(answer.texts) == {"uk", "ru", "ro", "en"} for answer in answers)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "title: Money back",
            "titel: Money back",
            "saved.yaml:9:5: answers.1.titel: unknown key; did you mean «title»?",
        ),
        ("{author}, banii", "{autor}, banii", "saved.yaml:12:7: answers.1.texts.ro: unknown field {autor}"),
        ("name: refund", "name: late", "saved.yaml:8:5: answers.1.name: the name «late» is taken already"),
        (
            "name: refund",
            "name: Money back",
            "saved.yaml:8:5: answers.1.name: a name has a-z, 0-9 and hyphens",
        ),
        ("Новолінія", "Акме", "saved.yaml:4:14: answers.0.brands.0: no brand of this name is configured"),
        ("      ro:", "      de:", "saved.yaml:12:7: answers.1.texts.de:"),
    ],
)
def test_every_problem_is_said_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new))
    assert any(problem.startswith(said) for problem in found), found


def test_an_empty_file_names_the_one_to_copy(tmp_path: Path) -> None:
    assert problems(tmp_path, "") == [
        "saved.yaml:1:1: has no keys; config/saved.example.yaml is one to start from."
    ]


def test_a_folder_in_place_of_the_file_names_the_one_to_copy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Is a directory; config/saved.example.yaml is one to start from"):
        load_saved(tmp_path / "vidhuk.yaml", make_settings(saved="."))


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("saved")
    (folder / "saved.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(ConfigError):
        load_saved(folder / "vidhuk.yaml", make_settings())


def test_the_likest_comes_first_whatever_the_endings(tmp_path: Path) -> None:
    saved = read(tmp_path, GOOD)
    assert [a.name for a in saved.like("Де мої посилки? Затримують доставку третій тиждень", [])] == ["late"]
    assert [a.name for a in saved.like("Give me my money", [])] == ["refund"]
    assert saved.like("Погода гарна", []) == []


def test_what_speaks_the_customers_language_comes_before_what_is_liker(tmp_path: Path) -> None:
    saved = read(tmp_path, GOOD)
    asked = "money, delivery of my parcel"
    assert [a.name for a in saved.like(asked, [], "uk")] == ["late", "refund"]
    assert [a.name for a in saved.like(asked, [], "ro")] == ["refund", "late"]


def test_another_brands_answers_are_not_offered(tmp_path: Path) -> None:
    saved = read(tmp_path, GOOD)
    assert [a.name for a in saved.like("late delivery, money", ["Будсвіт"])] == ["refund"]
    assert [a.name for a in saved.of(["Новолінія"])] == ["late", "refund"]


@given(st.lists(st.text(max_size=40), max_size=5), st.text(max_size=40))
def test_likeness_is_a_share(texts: list[str], asked: str) -> None:
    assert all(0 <= score <= 1 + 1e-9 for score in Likeness(texts).to(asked))


def test_a_text_is_most_like_itself() -> None:
    texts = ["late delivery", "money back", "broken shelf"]
    for index, text in enumerate(texts):
        scores = Likeness(texts).to(text)
        assert scores[index] == max(scores) == pytest.approx(1)
