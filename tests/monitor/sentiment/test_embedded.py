"""The embedded model: golden judgements of sentences written for this test, order, and hostile texts."""

import math
from collections.abc import Sequence
from time import perf_counter

import pytest

from monitor.sentiment.classifier import Classifier, Judgement, load

UNHAPPY = """
Третій тиждень чекаю на відповідь від Новолінії, посилки немає, гроші списали
Хамське ставлення, більше ніколи сюди не прийду
Додаток Зернобанку знову лежить, переказ завис, підтримка мовчить
Суп принесли холодний, а кур'єр ще й нагрубив
Навіщо продавати те, чого немає на складі? Повертайте гроші
Заказал диван в Мебельгороде, привезли сломанный, деньги не возвращают
Отвратительный сервис, час висел на линии и никто не ответил
Интернет от Волнатела опять не работает, третий раз за неделю
Ужасное качество, развалилось через два дня
Верните деньги, это просто обман
Am plătit abonamentul la Undanet și de trei zile nu merge nimic
Coletul a ajuns spart și nimeni nu răspunde la telefon
Cea mai proastă experiență, nu recomand nimănui
M-au taxat de două ori și refuză să dea banii înapoi
Serviciu groaznic, personal nepoliticos
Two weeks and my Parcelio order still has not shipped, support ignores me
The new Tindlebank update crashes every time I open it
Worst flight ever, lost my luggage and nobody apologised
Charged me twice and refuses to refund
Rude staff, cold food, never coming back
""".strip().splitlines()

KIND = """
Дуже дякую Новолінії, посилка приїхала на день раніше!
Найкраща кав'ярня в місті, привітний персонал і смачні круасани
Підтримка Зернобанку вирішила питання за п'ять хвилин, молодці
Задоволена покупкою, якість чудова, рекомендую
Спасибо большое, всё доставили быстро и аккуратно
Отличный магазин, вежливые продавцы, обязательно вернусь
Очень довольны отелем, чисто и вкусные завтраки
Лучший курс, преподаватель просто супер
Super servicii, mulțumesc mult echipei Undanet!
Recomand cu drag, produs excelent și livrare rapidă
Sunt foarte mulțumită, calitate foarte bună
Cel mai bun restaurant din oraș
Love my new Tindle headphones, the sound is amazing
Thank you Parcelio, arrived a day early and perfectly packed
Great service and very friendly staff, highly recommend
Best pizza in town, we will be back
""".strip().splitlines()

PLAIN = """
Підкажіть, будь ласка, до котрої працює відділення на Садовій?
Новолінія відкриє два нових відділення у серпні
Чи можна оплатити карткою при отриманні?
Подскажите, есть ли доставка в субботу?
Волнател опубликовал отчёт за третий квартал
Сколько стоит отправить посылку до двух килограммов?
La ce oră se închide magazinul sâmbătă?
Undanet va deschide un magazin nou la Bălți
Do you ship to Moldova?
Tindlebank will publish its annual report on Thursday
""".strip().splitlines()


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load()


def share(texts: Sequence[str], judgements: Sequence[Judgement], side: str) -> float:
    """How many of texts are judged to be of this side; prints the others."""
    right = 0
    for text, judgement in zip(texts, judgements, strict=True):
        sides = vars(judgement.sentiment)
        right += max(sides, key=sides.__getitem__) == side
        if max(sides, key=sides.__getitem__) != side:
            print(side, sides, text)
    return right / len(texts)


@pytest.mark.parametrize(
    ("texts", "side", "least"),
    [(UNHAPPY, "negative", 0.9), (KIND, "positive", 0.9), (PLAIN, "neutral", 0.9)],
    ids=["unhappy", "kind", "plain"],
)
def test_what_is_plain_to_a_person_is_plain_to_the_model(
    classifier: Classifier, texts: list[str], side: str, least: float
) -> None:
    assert share(texts, classifier.judge(texts), side) >= least


def test_complaints_are_told_from_praise_and_questions(classifier: Classifier) -> None:
    complaints = [judgement.complaint for judgement in classifier.judge(UNHAPPY)]
    others = [judgement.complaint for judgement in classifier.judge(KIND + PLAIN)]
    assert sorted(complaints)[len(complaints) // 3] > 0.5
    assert max(others) < min(complaints)


def test_probabilities_sum_to_one(classifier: Classifier) -> None:
    for judgement in classifier.judge(UNHAPPY + KIND):
        assert sum(vars(judgement.sentiment).values()) == pytest.approx(1.0)


def test_a_text_is_judged_alike_alone_and_in_company_and_the_order_is_kept(classifier: Classifier) -> None:
    texts = (UNHAPPY + KIND + PLAIN)[::3]
    together = [judgement.sentiment.negative for judgement in classifier.judge(texts)]
    alone = [classifier.judge([text])[0].sentiment.negative for text in texts]
    # Not equal to the last bit: sums of floating-point numbers come in another order.
    assert together == pytest.approx(alone, abs=0.001)


def test_capitals_say_nothing_that_small_letters_do_not(classifier: Classifier) -> None:
    texts = UNHAPPY + KIND + PLAIN
    assert classifier.judge([text.upper() for text in texts]) == classifier.judge([t.lower() for t in texts])


def test_no_texts_give_no_judgements(classifier: Classifier) -> None:
    assert classifier.judge([]) == []


HOSTILE = {
    "empty": "",
    "spaces": " \n\t ",
    "control characters": "\x00\x01\x02\x7f",
    "a megabyte of one letter": "а" * 1_000_000,
    "fifty thousand emoji": "😡" * 50_000,
    "fifty thousand different emoji": "😡🔥💩👎🙈" * 10_000,
    "a megabyte of words": "жах " * 250_000,
    "lone surrogates": "\ud800\udfff" * 100,
    "mixed scripts": "пpивіт 你好 שלום ಕನ್ನಡ " * 100,
    "special pieces": "<s></s><pad><unk><mask>" * 50,
    "combining marks": "z" + "\u0301\u0336" * 5_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_judged_within_a_second_and_harms_no_neighbour(
    classifier: Classifier, text: str
) -> None:
    started = perf_counter()
    before, hostile, after = classifier.judge([UNHAPPY[1], text, KIND[1]])
    assert perf_counter() - started < 1
    assert all(math.isfinite(value) and 0 <= value <= 1 for value in vars(hostile.sentiment).values())
    assert before.sentiment.negative > 0.5
    assert after.sentiment.positive > 0.5


@pytest.mark.parametrize("name", ["empty", "spaces", "control characters"])
def test_a_text_with_nothing_to_read_is_neutral_and_no_complaint(classifier: Classifier, name: str) -> None:
    judgement = classifier.judge([HOSTILE[name]])[0]
    assert judgement.sentiment.neutral == 1.0
    assert judgement.complaint == 0.0


@pytest.mark.parametrize("text", ["漢字が多い", "שלום עולם", "안녕하세요"])
def test_letters_that_the_model_never_saw_are_no_complaint(classifier: Classifier, text: str) -> None:
    (judgement,) = classifier.judge([text])
    assert (judgement.sentiment.neutral, judgement.complaint) == (1.0, 0.0)


@pytest.mark.parametrize("text", ["\U000e0041\U000e0042", "\ufe0f", "\u0301 \u0302", "\ue000"])
def test_what_nobody_sees_is_no_complaint(classifier: Classifier, text: str) -> None:
    assert classifier.judge([text])[0].sentiment.neutral == 1.0


def test_faces_that_the_model_never_saw_are_left_to_it(classifier: Classifier) -> None:
    (judgement,) = classifier.judge(["🤮🤮🤮"])
    assert judgement.sentiment.negative > 0.5
