"""Which words are suddenly in many posts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.growing import Said, growing

USUAL = [Said(f"Ввічливі продавці, гарна плитка і фарба, купую часто, номер {n}", "uk") for n in range(40)]


def said(*texts: str, language: str = "uk") -> list[Said]:
    return [Said(text, language) for text in texts]


def test_words_that_everybody_uses_suddenly_are_named_once_in_their_usual_form() -> None:
    now = said(*["Доставку перенесли вдруге, ганьба"] * 5, *["Де моя доставка? Ганьба!"] * 4, "Плитка гарна")
    found = growing(now, USUAL)
    assert found[0] in ("ганьба", "доставку")
    assert {"ганьба", "доставку"} <= set(found)
    assert "доставка" not in found, "another form of the same word"
    assert "плитка" not in found, "nothing new"


def test_the_name_of_the_brand_is_in_every_post_and_no_news() -> None:
    text = "Новолінії сором, склад зачинено"
    now = [Said(text, "uk", [{"start": 0, "end": 9}])] * 6
    assert not {"новолінії", "новолінія"} & set(growing(now, USUAL, "Новолінія"))
    assert "склад" in growing(now, USUAL, "Новолінія")


def test_words_that_say_nothing_are_left_out_in_four_languages() -> None:
    for language, text in {
        "uk": "також дуже просто тільки",
        "ru": "также очень просто только",
        "ro": "foarte despre pentru această",
        "en": "very about because these",
    }.items():
        assert growing(said(*[text] * 9, language=language), []) == []


def test_two_people_are_no_growth() -> None:
    assert growing(said("пожежа", "пожежа"), USUAL) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=12), st.text(max_size=20))
def test_whatever_is_written_there_is_an_answer(texts: list[str], brand: str) -> None:
    assert len(growing(said(*texts), said(*texts[::2]), brand)) <= 5
