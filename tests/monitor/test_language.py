"""Short texts as people post them; accuracy is counted on all of them, und counts as wrong unless it is expected."""

import gzip
import json
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.language import LANGUAGES, detect

TEXTS = """
uk Дуже погано
uk Доброго дня, коли привезете?
uk Третій тиждень чекаю на повернення грошей
uk Дякую, все швидко
uk Не рекомендую цей магазин
uk Жах, а не сервіс
uk Обслуговування нижче плінтуса
uk де мої кошти
uk Замовлення скасували без пояснень
uk телефон не працює, а підтримка мовчить
uk Хто знає, чи є там самовивіз?
uk Кур'єр нахамив і кинув коробку
uk Все чудово, рекомендую
uk немає води вже добу
uk Повернули половину суми
uk Поставили чуже замовлення
uk Чекав годину в черзі
ru Очень плохо
ru Где мои деньги
ru Доставка опоздала на неделю
ru Спасибо, всё быстро
ru Не советую никому
ru Ужас, а не сервис
ru Курьер нахамил и бросил коробку
ru служба поддержки молчит
ru Заказ отменили без объяснений
ru Второй месяц жду возврата
ru Всё отлично, рекомендую
ru вернули половину суммы
ru кто знает, там есть самовывоз?
ru Трубку никто не берет
ru Прислали не тот размер
ru Приложение постоянно вылетает
ru отстояла час в очереди
ru новая почта потеряла мою посылку
ro Nu recomand nimanui
ro Foarte prost
ro Unde sunt banii mei
ro Livrarea a intarziat o saptamana
ro Mulțumesc, totul rapid
ro Serviciu groaznic
ro Curierul a fost nepoliticos
ro Comanda a fost anulată fără explicații
ro aștept de trei săptămâni
ro aplicatia nu merge
ro nimeni nu raspunde la telefon
ro Am primit alt produs
ro pret mare, calitate slaba
ro Totul super, recomand
ro De ce nu imi intoarceti banii?
ro astept rambursarea de doua luni
ro a stat o ora la coada
en Very bad
en Where is my money
en Delivery was a week late
en Thanks, everything was quick
en I would not recommend this shop
en Terrible service
en The courier was rude
en my order got cancelled without explanation
en still waiting for a refund
en the app keeps crashing
en nobody picks up the phone
en got the wrong size
en Great, will buy again
en overpriced and poor quality
en why is support ignoring me?
en stood in line for an hour
en never again
uk щас би чекати доставку три тижні, дякую
ru Новая Пошта опять потеряла посылку, спасибо
ro Livrarea de la Kaufland, super tare nu?
en Nova Poshta lost my parcel again
""".strip()


def accuracy() -> tuple[float, list[tuple[str, str, str]]]:
    rows = [line.split(" ", 1) for line in TEXTS.splitlines()]
    wrong = [(text, language, detect(text)) for language, text in rows if detect(text) != language]
    return 1 - len(wrong) / len(rows), wrong


def test_short_posts_are_recognised():
    share, wrong = accuracy()
    assert share >= 0.95, wrong


@pytest.mark.parametrize("text", ["", "12 345", "👍👍", "https://example.org/uk", "@anna #top"])
def test_a_text_without_words_is_undetermined(text: str):
    assert detect(text) == "und"


def test_a_hint_settles_only_what_the_text_leaves_open():
    assert detect("👍", hint="ro") == "ro"
    assert detect("норм", hint="uk") == "uk"
    assert detect("Где мои деньги", hint="uk") == "ru"


def test_a_hint_that_is_none_of_our_languages_is_ignored():
    assert detect("👍", hint="pl") == "und"


def test_what_is_in_links_and_handles_does_not_count():
    assert detect("https://forum.example.org/very-long-english-words-in-the-address дуже погано") == "uk"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_one_of_the_answers(text: str):
    assert detect(text) in {*LANGUAGES, "und"}


SHARED = Path(__file__).parents[2] / "../shared/sentiment/dev"


def first_lines(path: Path) -> list[str]:
    with gzip.open(path, "rt") as lines:
        return list(islice(lines, 100))


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared/sentiment/dev is not on this machine")
@pytest.mark.parametrize("language", LANGUAGES)
def test_posts_of_real_people_are_recognised(language: str):
    lines = [line for path in SHARED.glob(f"{language}_*.gz") for line in first_lines(path)]
    found = Counter(detect(json.loads(line)["text"]) for line in lines)
    assert found[language] / len(lines) >= 0.93, found
