import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import folding
from monitor.stems import LONGEST, MOST_WORDS, sought, stems

FORMS = [
    ("uk", "посилка посилку посилки посилок посилкою посилці посилками"),
    ("uk", "чекати чекаю чекала чекали чекають чекаємо чекав"),
    ("uk", "гроші грошей грошима"),
    ("uk", "доставка доставку доставці доставок"),
    ("uk", "Новолінія Новолінії Новолінією НОВОЛІНІЮ"),
    ("uk", "п'ять п’ять пять"),
    ("uk", "школа шкіл школі"),
    ("uk", "рука руки руку руці рукою рук руками"),
    ("uk", "нога ноги ногу нозі ногою ніг ногами"),
    ("uk", "клієнт клієнтів клієнту клієнтами"),
    ("uk", "пам'ять пам’яті пам'яттю памʼяттю"),
    ("uk", "відповідь відповіді відповіддю відповідей"),
    ("ru", "дверь двери дверей дверями"),
    ("ru", "деньги денег деньгами"),
    ("ru", "ждать ждали ждала"),
    ("ru", "ёлка елки елок"),
    ("ro", "colet coletul colete coletele coletului"),
    ("ro", "mulțumesc multumesc mulţumesc"),
    ("ro", "țară tara țări tarii"),
    ("ro", "comandă comanda comenzi comenzile comenzilor"),
    ("ro", "înșelat înşelat inselat"),
    ("ro", "om omul oameni oamenii"),
    ("en", "order orders ordered ordering"),
    ("en", "pay pays paid paying"),
    ("en", "child children"),
    ("en", "delivery deliveries"),
]


def finds(looked_for: str, text: str, language: str) -> bool:
    return not stems(text, language).isdisjoint(sought(folding.fold(looked_for)))


@pytest.mark.parametrize(("language", "forms"), FORMS)
@pytest.mark.parametrize("known", [True, False], ids=["language known", "not known"])
def test_any_form_finds_any_other(language: str, forms: str, known: bool) -> None:
    words = forms.split()
    missed = [(a, b) for a in words for b in words if not finds(a, b, language if known else "und")]
    assert missed == []


@pytest.mark.parametrize(
    ("looked_for", "text", "language"),
    [("novolinia", "Новолінією", "uk"), ("Новолінія", "novolinia", "ro"), ("новолиния", "Новолінія", "uk")],
)
def test_a_name_is_found_in_the_other_alphabet(looked_for: str, text: str, language: str) -> None:
    assert finds(looked_for, text, language)


@pytest.mark.parametrize(
    ("looked_for", "text", "language"),
    [
        ("каса", "каша", "uk"),
        ("магазин", "магістр", "uk"),
        ("вулиці", "вулик", "uk"),
        ("кризі", "крига", "uk"),
        ("порт", "портрет", "uk"),
        ("стол", "столица", "ru"),
        ("post", "poster", "en"),
        ("bani", "banca", "ro"),
    ],
)
def test_a_word_is_not_found_inside_or_beside_another(looked_for: str, text: str, language: str) -> None:
    assert not finds(looked_for, text, language)


def test_a_very_long_text_and_a_very_long_word_are_bounded() -> None:
    assert len(stems(" ".join(f"слово{n}" for n in range(10_000)), "uk")) == MOST_WORDS
    assert stems("ш" * (LONGEST + 1), "uk") == set()


@given(st.text(max_size=200), st.sampled_from(["uk", "ru", "ro", "en", "und"]))
def test_every_word_of_any_text_is_found_by_itself(text: str, language: str) -> None:
    found = stems(text, language)
    for word in folding.words(text):
        if len(word) <= LONGEST:
            assert not found.isdisjoint(sought(word)), word
