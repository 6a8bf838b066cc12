"""The words of config/urgent.yaml, held against what people write."""

import pytest

from monitor.urgent import UrgentWords

WORDS = UrgentWords.from_file()

MUST = [
    # law
    ("Подаю на вас у суд, чекайте.", "law"),
    ("Мій адвокат уже готує позов.", "law"),
    ("Звернуся до Держпродспоживслужби.", "law"),
    ("Пишу заяву в поліцію.", "law"),
    ("Є закон про захист прав споживачів!", "law"),
    ("Буду подавать в суд.", "law"),
    ("Напишу в Роспотребнадзор и в прокуратуру.", "law"),
    ("Юрист сказал, что это незаконно.", "law"),
    ("Vă dau în judecată.", "law"),
    ("Fac plângere la ANPC!", "law"),
    ("Avocatul meu vă va contacta.", "law"),
    ("My lawyer will contact you.", "law"),
    ("See you in court.", "law"),
    ("I am going to sue you.", "law"),
    ("Це порушення захисту прав споживачів.", "law"),
    ("Обращусь в общество защиты прав потребителей.", "law"),
    # safety
    ("Викликали швидку допомогу.", "safety"),
    ("Дитина отримала опік від цього чайника.", "safety"),
    ("Після доставки отруєння, лежу в лікарні.", "safety"),
    ("Зарядка спричинила пожежу.", "safety"),
    ("Ребёнок получил ожог.", "safety"),
    ("Вызывали скорую помощь после вашей еды.", "safety"),
    ("Попал в больницу с отравлением.", "safety"),
    ("Am ajuns la spital după ce am mâncat la voi.", "safety"),
    ("A fost un incendiu din cauza încărcătorului.", "safety"),
    ("The charger caught fire.", "safety"),
    ("My son was injured by this shelf.", "safety"),
    # money
    ("Це шахраї, не купуйте!", "money"),
    ("Гроші списали двічі, а товару немає.", "money"),
    ("Коли буде повернення коштів?", "money"),
    ("Списали гроші з картки і мовчать.", "money"),
    ("Мошенники! Деньги сняли, а заказа нет.", "money"),
    ("Требую возврат денег.", "money"),
    ("Верните мои деньги!", "money"),
    ("Деньги так и не возвращают.", "money"),
    ("Гроші не повертають.", "money"),
    ("Поверніть мені гроші!", "money"),
    ("Escrocii mi-au luat banii.", "money"),
    ("Vreau banii înapoi!", "money"),
    ("Total scam, avoid.", "money"),
    ("I want a refund now.", "money"),
    ("Give me my money back.", "money"),
    # press
    ("Уже написав журналістам.", "press"),
    ("Розповім про це на телеканалі.", "press"),
    ("Расскажу журналистам, пусть проведут расследование.", "press"),
    ("Am contactat un jurnalist.", "press"),
    ("I have told a reporter about it.", "press"),
]
MUST_NOT = [
    "Третій тиждень чекаю на відповідь, телефон мовчить.",
    "Двері не ті, що на фото.",
    "Чудовий магазин, дякую за швидку доставку!",
    "Кур'єр спізнився на годину.",
    "Гроші є, а витратити їх ніде.",
    "Посудина тріснула, посуд неякісний.",
    "Купила судочки для обідів.",
    "Опікуються покупцями чудово.",
    "Скоро поможет тёплая погода.",
    "Швидка доставка, допомога консультанта.",
    "Дверь пришла поцарапанная.",
    "Рассудите, кто из нас прав.",
    "Сосуд красивый, спасибо.",
    "Денег не жалко за такое качество.",
    "Coletul a întârziat trei zile.",
    "Produsul nu este ca în poză.",
    "Mulțumesc, totul este perfect!",
    "The courtyard of the shop is lovely.",
    "Great colours, my favourite brand.",
    "The courier was polite.",
    "I like the issue number three of your catalogue.",
    "The tissue box is fine.",
    "Worth the money.",
    "This lamp is fabulous.",
    "Ми з Суддею Дредом любимо цей фільм.",
]


@pytest.mark.parametrize(("text", "topic"), MUST)
def test_what_cannot_wait_is_heard(text: str, topic: str) -> None:
    assert topic in [urgent.topic for urgent in WORDS.find(text)]


@pytest.mark.parametrize("text", MUST_NOT)
def test_what_can_wait_is_not_taken_for_urgent(text: str) -> None:
    assert WORDS.find(text) == ()


def test_the_word_is_quoted_as_the_author_wrote_it() -> None:
    (urgent,) = WORDS.find("Зустрінемось у СУДІ, панове.")
    assert (urgent.topic, urgent.word) == ("law", "СУДІ")


def test_a_topic_is_named_once_with_its_first_word() -> None:
    found = WORDS.find("Адвокат і суд, поліція й прокуратура, а гроші поверніть.")
    assert (found[0].topic, found[0].word) == ("law", "Адвокат")
    assert len(found) == len({urgent.topic for urgent in found})
