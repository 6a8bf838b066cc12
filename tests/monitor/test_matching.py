from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.folding import WORD, fold
from monitor.matching import MOST_MATCHES, BrandTerms, Match, Matcher
from monitor.query import QueryError
from monitor.words import forms


def places(query: str, text: str, **post: str) -> list[str] | None:
    """What a brand with this query is found by in a text; None: the text is not about it."""
    matches = Matcher([BrandTerms("it", query)]).match(text, **post).get("it")
    return None if matches is None else [text[match.start : match.end] for match in matches]


def about(text: str, *, title: str = "", **brand: object) -> bool:
    return bool(Matcher([BrandTerms("it", **brand)]).match(text, title=title))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("чекаю посилку «Новою Поштою» вже тиждень", ["Новою Поштою"]),
        ("Нової ПОШТИ нема", ["Нової ПОШТИ"]),
        ("#новапошта, #Нова_Пошта і Нова-Пошта", ["новапошта", "Нова_Пошта", "Нова-Пошта"]),
        ("Hовa пoшта", ["Hовa пoшта"]),
        ("👍🏻 Но́ва\u200b По\u00adшта…", ["Но́ва\u200b По\u00adшта"]),
        ("нова\nпошта", ["нова\nпошта"]),
        ("Це нова. Пошта прийшла", None),
        ("нова, пошта", None),
        ("новини пошти", None),
        ("пошта нова", None),
        ("нова дуже пошта", None),
    ],
)
def test_a_name_of_two_words_is_found_in_any_form_side_by_side(text: str, found: list[str] | None):
    assert places("Нова Пошта", text) == found


def test_a_phrase_in_quotes_is_found_as_it_is_written():
    assert places('"Нова Пошта"', "НОВА пошта, новою поштою") == ["НОВА пошта"]


def test_a_prefix_is_found_with_its_whole_word():
    assert places("приват*", "у Приватбанку, приватному; поприват") == ["Приватбанку", "приватному"]


def test_a_latin_name_is_found_with_endings_of_three_languages():
    text = "Bolt-ом, Boltом, bolt's, Boltul, boltului"
    assert places("Bolt", text) == ["Bolt", "Boltом", "bolt's", "Boltul", "boltului"]


def test_signs_in_a_name_count():
    assert places("1+1 OR booking.com OR Dr. Max", "1 1; 1+1; booking.com; booking com; Dr Max") == [
        "1+1",
        "booking.com",
        "booking com",
        "Dr Max",
    ]


def test_the_longest_of_overlapping_places_is_kept():
    assert Matcher([BrandTerms("it", "Нова OR Нова Пошта")]).match("Нова Пошта") == {
        "it": [Match("Нова Пошта", 0, 10)]
    }


def test_every_brand_is_found_with_its_own_places():
    brands = [BrandTerms("one", "Розетка"), BrandTerms("two", "Фокстрот"), BrandTerms("three", "Алло")]
    assert Matcher(brands).match("розетка гірша за Фокстрот") == {
        "one": [Match("Розетка", 0, 7)],
        "two": [Match("Фокстрот", 17, 25)],
    }


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("Bolt AND таксі", "Bolt без машини", None),
        ("Bolt AND таксі", "Bolt: таксі не приїхало", ["Bolt", "таксі"]),
        ("Bolt NOT гайка", "Bolt і гайки", None),
        ("Bolt NOT гайка", "Bolt без гальм", ["Bolt"]),
        ("Bolt OR Uber", "Uber", ["Uber"]),
        ("(Bolt OR Uber) таксі -вакансія", "таксі Uber, вакансії", None),
        ("Bolt NOT (гайка AND ключ)", "Bolt та ключ", ["Bolt"]),
    ],
)
def test_operators(query: str, text: str, found: list[str] | None):
    assert places(query, text) == found


@pytest.mark.parametrize(("distance", "found"), [(1, None), (2, ["таксі", "Bolt"]), (50, ["таксі", "Bolt"])])
def test_near_counts_the_words_between_in_either_order(distance: int, found: list[str] | None):
    assert places(f"Bolt NEAR/{distance} таксі", "таксі від фірми Bolt") == found
    assert places(f"таксі NEAR/{distance} Bolt", "таксі від фірми Bolt") == found


def test_only_the_places_that_are_near_are_shown():
    assert places("Bolt NEAR/1 таксі", "Bolt. " + "слово " * 9 + "Bolt таксі") == ["Bolt", "таксі"]


def test_a_word_is_not_near_itself():
    assert places("Bolt NEAR/5 Bolt", "Bolt") is None


@pytest.mark.parametrize(
    ("query", "post", "found"),
    [
        ("Bolt lang:uk", {"language": "uk"}, ["Bolt"]),
        ("Bolt lang:uk", {"language": "ru"}, None),
        ("Bolt lang:uk", {}, None),
        ("Bolt source:forum*", {"source": "Forum Kyiv"}, ["Bolt"]),
        ("Bolt source:forum*", {"source": "reviews"}, None),
        ("Bolt -author:bot*", {"author": "@BotNews"}, None),
        ("Bolt author:olena", {"author": "@Olena"}, ["Bolt"]),
        ("Uber OR source:boltforum", {"source": "boltforum"}, []),
    ],
)
def test_fields(query: str, post: dict[str, str], found: list[str] | None):
    assert places(query, "Bolt", **post) == found


def test_a_title_counts_but_has_no_places_in_the_text():
    assert places("Bolt", "Жах", title="Скарга на Bolt") == []
    assert places("Bolt AND жах", "Жах! Bolt", title="Bolt") == ["Жах", "Bolt"]


def test_no_phrase_goes_from_the_title_into_the_text():
    assert places("Нова Пошта", "Пошта", title="Нова") is None


SHOP = {
    "query": "^Розетка OR розетка",
    "context": ("замовлення", "достав*"),
    "exclude": ("електрик", '"сонячна розетка"'),
}


@pytest.mark.parametrize(
    ("text", "is_shop"),
    [
        ("був учора у Розетці", True),
        ("дірка в розетці біля вікна", False),
        ("в розетці замовлення скасували", True),
        ("розетка затримала доставку", True),
        ("доставку чекаю. " + "слово " * 12 + "розетка", False),
        ("викликав електрика: Розетка іскрить", False),
        ("Сонячна Розетка з доставкою", False),
        ("сонячна Розетка. " + "слово " * 15 + "на Розетці кращі", True),
    ],
)
def test_case_or_context_says_that_a_common_word_is_the_name(text: str, is_shop: bool):
    assert about(text, **SHOP) == is_shop


def test_a_context_word_in_the_title_is_near_to_everything():
    assert about("слово " * 30 + "розетка", title="Де моє замовлення?", **SHOP)
    assert not about("слово " * 30 + "розетка", title="Де мій електрик?", **SHOP)


def test_context_does_not_limit_what_must_not_be_there():
    assert not about(
        "розетка замовлення " + "слово " * 30 + "вакансія",
        query="розетка NOT вакансія",
        context=("замовлення",),
    )


@pytest.mark.parametrize(("language", "found"), [("ru", ["Рима"]), ("uk", None), (None, ["Рима"])])
def test_a_form_that_is_another_word_in_the_language_of_the_post_is_not_the_name(
    language: str | None, found: list[str] | None
):
    assert places("Рим", "Рима", language=language) == found


def test_beside_its_second_word_a_form_is_the_name_in_any_language():
    assert places("Альфа Банк", "з Альфа Банка", language="uk") == ["Альфа Банка"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Добра Аптека", "у Добрій Аптеці"),
        ("Добра Аптека", "ліки з Доброї Аптеки"),
        ("Золота Рибка", "у Золотій Рибці"),
        ("Пузата Хата", "до Пузатої Хати"),
        ("Вільна Каса", "у Вільній Касі"),
        ("Солодкі Історії", "із Солодких Історій"),
        ("Смачне Місце", "біля Смачного Місця"),
        ("Ранкова Зоря", "ранковій зорі"),
        ("Справжня Кава", "про Справжню Каву, у Справжній Каві"),
    ],
)
def test_a_name_of_two_words_is_found_in_each_case_also_where_its_first_is_a_noun_too(name: str, text: str):
    assert about(text, query=name)


@pytest.mark.parametrize(
    "text", ["Farmacia Dr. Max e groaznică", "la Dr Max", "la Dr.Max", "#drmax", "de la Dr. Maxul"]
)
def test_a_name_with_a_point_before_a_space_is_found_with_and_without_it(text: str):
    assert about(text, query="Dr. Max")


def test_another_sign_before_a_space_counts_as_inside_a_word():
    assert about("Yahoo! News мовчить", query="Yahoo! News")
    assert about("yahoo news мовчить", query="Yahoo! News")
    assert not about("C Builder", query="C++ Builder")
    assert about("C++ Builder", query="C++ Builder")
    assert not about("Добрий лікар. Макс", query="лікар Макс")


def test_a_name_of_one_word_is_no_adjective_for_being_spelled_like_one():
    assert not about("у добрій кав'ярні", query="Добра")
    assert not about("у добрій кав'ярні аптека", query="Добра Аптека")


@pytest.mark.parametrize("author", ["novolinia", "@Novolinia", "NOVOLINIA"])
def test_posts_of_own_accounts_are_not_about_the_brand(author: str):
    matcher = Matcher([BrandTerms("it", "Bolt", own_accounts=("@novolinia",))])
    assert matcher.match("Bolt", author=author) == {}
    assert matcher.match("Bolt", author="novolinia_fan")


def test_an_own_account_may_belong_to_one_source():
    matcher = Matcher([BrandTerms("it", "Bolt", own_accounts=("Reddit:@Novolinia",))])
    assert matcher.match("Bolt", author="novolinia", source="reddit") == {}
    assert matcher.match("Bolt", author="novolinia", source="forum")


@pytest.mark.parametrize(
    "text", ["novolinia", "Novolinija", "Novoliniia", "Новолиния", "на Новолинии", "в novolinii"]
)
@pytest.mark.parametrize("name", ["Новолінія", "Новолиния", "Novolinia"])
def test_a_transliterated_name_is_found_in_each_alphabet(name: str, text: str):
    assert about(text, query=name, transliterate=True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Епіцентр", "в Эпицентре"),
        ("Енергія", "от Энергии"),
        ("Европа", "у Європі"),
        ("Kyivstar", "від Київстару"),
        ("Kyivstar", "от Киевстара"),
    ],
)
def test_a_transliterated_name_is_found_as_the_other_language_spells_its_e_and_yi(name: str, text: str):
    assert about(text, query=name, transliterate=True)


def test_nothing_is_transliterated_unasked():
    assert not about("novolinia", query="Новолінія")


def test_a_transliterated_phrase_stays_exact():
    assert about("Nova Poshta", query='"Нова Пошта"', transliterate=True)
    assert not about("Novoyu Poshtoyu", query='"Нова Пошта"', transliterate=True)


def test_a_bad_query_context_or_exclude_is_refused():
    with pytest.raises(QueryError):
        Matcher([BrandTerms("it", "Bolt AND")])
    with pytest.raises(QueryError, match="one word"):
        Matcher([BrandTerms("it", "Bolt", context=("a1 AND b1",))])


def test_nobody_is_found_without_brands():
    assert Matcher([]).match("Bolt") == {}


def test_places_kept_of_one_post_are_bounded():
    assert len(places("Bolt", "Bolt " * 5_000)) == MOST_MATCHES


HOSTILE = {
    "one letter": "б" * 1_000_000,
    "emoji": "👍" * 50_000,
    "marks": "Bolt" + "\u0301\u0323" * 200_000,
    "nothing but the name": "Нова Пошта " * 20_000,
    "half of the name": "нова " * 100_000,
    "near and far": "Bolt слово " * 20_000 + "таксі " * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_take_linear_time(text: str):
    matcher = Matcher(
        [BrandTerms("it", "Нова Пошта OR бббб* OR Bolt NEAR/9 таксі", context=("таксі",), exclude=("ні",))]
    )
    matcher.match("warm")
    started = process_time()
    matcher.match(text, title="Bolt", language="uk")
    assert process_time() - started < 3


TEXTS = st.lists(
    st.sampled_from(
        [
            "Нова",
            "новою",
            "Пошта",
            "поштою",
            "bolt",
            "Boltом",
            "приватбанк",
            "таксі",
            "👍",
            "Но́ва",
            "п’ять",
            ".",
            ",",
            "-",
            "_",
            "ß",
            "İ",
            "ﬁ",
            "\u200b",
            "́",
        ]
    )
    | st.text(max_size=5),
    max_size=30,
).map(" ".join)
BRANDS = [
    BrandTerms("names", "Нова Пошта OR Bolt OR приват*"),
    BrandTerms(
        "rules",
        "таксі NEAR/3 Bolt OR пошта NOT bolt",
        context=("нова",),
        exclude=("таксі",),
        transliterate=True,
    ),
]
EVERYTHING = Matcher(BRANDS)


SPELLED = {
    "Bolt": set(forms("bolt")),
    "Нова Пошта": {first + second for first in forms("нова", True) for second in forms("пошта", True)},
}


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.text(max_size=10), st.sampled_from(["uk", "ru", "ro", "en", "und", None]))
def test_every_place_lies_in_the_text_and_folds_to_a_form_of_its_term(
    text: str, title: str, language: str | None
):
    found = EVERYTHING.match(text, title=title, language=language)
    for match in found.get("names", ()):
        assert 0 <= match.start < match.end <= len(text)
        spelled = "".join(WORD.findall(fold(text[match.start : match.end])))
        assert spelled.startswith("приват") if match.term == "приват*" else spelled in SPELLED[match.term]
    for matches in found.values():
        assert all(before.end <= after.start for before, after in pairwise(matches))
