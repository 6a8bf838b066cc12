"""What is a quotation, and what an author tells in lines that look like one."""

import re
from time import thread_time

import pytest

from monitor.excerpt import readings


def judged(text: str) -> str:
    return readings("", text, [])[0]


# A line like "The app says:"


@pytest.mark.parametrize(
    "story",
    [
        "Оплачиваю в Новолинии.\nПриложение пишет:\nошибка 502\nИ так третий день, деньги списали!",
        "Дзвонила в Новолінію щодо інтернету.\nОператор сказав:\nчекайте 14 днів.\nЧекаю місяць, ганьба",
        "Хотіла купити плитку.\nНа сайті пише:\nє в наявності\nПриїхала, а товару нема, час змарнувала",
        "Plătesc la Novolinia.\nAplicația scrie:\neroare 502\nȘi tot așa a treia zi, banii i-au luat",
        "Am comandat gresie.\nCurierul a scris:\nnu urc la etaj\nAm cărat-o eu, la 60 de ani",
        "I came for my tiles.\nThe manager said:\ncome back on Friday\nIt is the third Friday, no tiles",
        "Ждали мастера.\nКурьер и водитель сказали:\nнас это не касается\nСтоим у подъезда с дверью",
    ],
)
def test_what_an_author_tells_that_was_said_to_him_is_his_story(story: str) -> None:
    assert judged(story) == story


@pytest.mark.parametrize(
    "story",
    [
        "Оператор сказав:\nчекайте 14 днів\nЧекаю місяць.\n\nБільше не прийду.",
        "На сайте пишет:\nесть в наличии\nПриехала, а товара нет.\n\nЗря съездила.",
        "Operatorul a spus:\nașteptați\nAștept de o lună.\n\nNu recomand.",
        "The support wrote:\nall fixed\nNothing is fixed.\n\nAvoid.",
        "Термінал пише:\nпомилка\nГроші зняв.\n\nОце сервіс.",
        "SMS scrie:\nlivrat\nN-a venit nimic.\n\nRușine.",
        "Їй сказали:\nчекайте\nЧекає досі.\n\nГаньба.",
        "Їй пише:\nпомилка\nДзвонить щодня.\n\nГаньба.",
        "Потім він сказав:\nсама винна\nА дверей нема.\n\nОце сервіс.",
        "Вчора о 10:15 оператор сказав:\nчекайте\nЧекаю досі.\n\nСкільки можна?",
    ],
)
def test_those_who_serve_customers_and_nameless_ones_are_told_of(story: str) -> None:
    assert judged(story) == story


@pytest.mark.parametrize(
    "story",
    [
        "Сестра пише:\nНоволінія привезла битий унітаз\nі не повертає гроші\n\nЩо їй робити?",
        "Соседка пишет:\nНоволиния не отдаёт деньги\n\nКуда ей идти?",
        "Mama a scris:\nNovolinia nu răspunde\n\nCe să facă?",
        "Olena wrote:\nNovolinia kept her money\n\nWhat can she do?",
    ],
)
def test_what_a_relative_wrote_is_judged_where_it_alone_names_the_brand(story: str) -> None:
    place = re.search("Ново|Novo", story).start()
    assert readings("", story, [{"start": place, "end": place + 9}]) == (story,)


def test_what_another_wrote_is_left_out_where_the_author_names_the_brand_too() -> None:
    text = "Петро пише:\nНоволінія — жах\n\nА я в Новолінії задоволена."
    places = [{"start": m.start(), "end": m.end()} for m in re.finditer("Новоліні[яї]", text)]
    assert readings("", text, places) == ("А я в Новолінії задоволена.",)


@pytest.mark.parametrize(
    "story",
    [
        "Марина сказала:\nчекайте 14 днів.\nЧекаю місяць, інтернету нема, ганьба",
        "Марина сказала:\nчекайте 14 днів.\nЧекаю місяць, дверей нема\n\nНадіслано з iPhone",
        "Сьогодні о 10:15 Марина написала:\nчекайте\nЧекаю досі, ганьба",
        "3.11.2025 в 10:15 оператор сказал:\nждите\nЖду до сих пор.\n\nПозор.",
        "Дзвонила їм.\nМарина сказала:\nчекайте\nЧекаю місяць.\n\nБільше не прийду.",
        "Am scris la Novolinia.\nCitat:\n„nu e problema noastră”\nAșa își bat joc, sunt fără ușă de o lună",
        "Цитую:\n«самі винні»\nОтак відповіли на скаргу про бите скло",
        "Я написала жалобу.\nЦитата:\n«вам перезвонят»\nНе перезвонили",
        "I asked for my money.\nQuote:\n'we keep it'\nNever again",
    ],
)
def test_under_a_typed_header_nothing_goes_unless_the_author_answers_in_another_paragraph(story: str) -> None:
    assert [line for line in story.split("\n")[:4] if line not in judged(story)] == []


@pytest.mark.parametrize(
    "header",
    [
        "ivan wrote: ↑Mon Nov 03, 2025 10:00 am",
        "Ivan писал(а): ↑Пн ноя 03, 2025 10:00",
        "Ivan написав(ла): ↑",
        "Ion a scris: ↑Lun Noi 03, 2025 10:00 am",
        "În lun., 3 nov. 2025 la 10:00, Novolinia <help@novolinia.eu> a scris:",
        "On Mon, Nov 3, 2025 at 10:00 AM Novolinia <we@novolinia.me> wrote:",
        "пн, 3 лист. 2025 р. о 10:00 Новолінія <help@novolinia.us> пише:",
        "Новолиния <help@novolinia.me>:",
    ],
)
def test_a_header_of_a_program_leads_a_quotation_whatever_follows(header: str) -> None:
    assert judged(f"Досі чекаю.\n\n{header}\nЗапит прийнято\nГарного дня") == "Досі чекаю."


# A line behind ">"


@pytest.mark.parametrize(
    "story",
    [
        "Дзвонила в Новолінію. Чекала на лінії\n> 45 хвилин, так і не відповіли",
        "Чекала на лінії\n> 45 хв, так і не відповіли",
        "Взяли\n> $300 and sent nothing",
        "They took\n> 300€ and sent nothing",
        "Винні мені\n> 1 500 грн, не віддають",
        "Должны мне\n> 20 тыс рублей, молчат",
        "Aștept de la Novolinia\n> 3 saptamani si nimic",
        "Am așteptat\n> 30 de minute la telefon degeaba",
        "Am stat\n> 5-6 ore la coadă",
        "Mi-au luat\n> 500 lei degeaba",
        "Везли\n> 40 км и разбили",
        "З плитки\n> 12 шт биті",
        "Their driver was lost for\n> 2 miles, then left",
    ],
)
def test_more_than_an_amount_is_no_quotation(story: str) -> None:
    assert judged(story) == story


def test_a_spoiler_is_the_authors() -> None:
    assert "left us" in judged("How it ended:\n\n>!they left us without a door!<\n\nBeware.")


@pytest.mark.parametrize(
    "story",
    [
        "Мій досвід з Новолінією:\n> замовив чайник\n> привезли битий\n> гроші не повернули",
        "Вітаю всіх.\n\nЩо було:\n\n> замовив чайник\n> 3 тижні чекав\n> гроші не повернули",
        "Мой опыт:\n> заказал дверь\n> привезли не ту\n\nОтправлено с iPhone",
        "Cum a fost la Novolinia:\n> am comandat\n> a venit spart",
        "My story:\n> ordered tiles\n> got rubble\n> no refund\n🤬",
    ],
)
def test_steps_at_the_end_of_a_post_are_the_authors(story: str) -> None:
    assert [line for line in story.split("\n") if line.startswith(">") and line not in judged(story)] == []


@pytest.mark.parametrize(
    ("post", "own"),
    [
        ("Вчера, 10:15 Иван писал:\nужасная плитка\n\nНеправда.", "Неправда."),
        ("Неправда.\n\nВчера, 10:15 Иван писал:\n> ужасная плитка", "Неправда."),
        ("Not true.\n\nIvan wrote:\n> a terrible shop", "Not true."),
        ("Неправда.\n\nОператор сказав:\n> усе чудово", "Неправда."),
        ("Про двері:\n> привезли биті\n\nА мені цілі.", "Про двері:\nА мені цілі."),
        ("Despre uși:\n>> sparte\n> nu cred", "Despre uși:"),
        ("Неправда, хорошая.\n> ужасная плитка", "Неправда, хорошая."),
    ],
)
def test_what_is_answered_or_bears_a_name_stays_a_quotation(post: str, own: str) -> None:
    assert "".join(judged(post).split()) == "".join(own.split())


@pytest.mark.parametrize(
    "text",
    [
        "> " + "1" * 1_000_000,
        "> 1 " * 250_000,
        "> 100 000 \n" * 100_000,
        "a b 10:00 2025 wrote " * 50_000,
        ("a " * 80 + "10:00 2025 wrote\n") * 6_000,
        "Ivan wrote:\n" * 80_000,
        "Ivan wrote:\n\n" * 80_000,
        "a@b " * 45 + "wrote:\n",
        "что:\n>\n" * 140_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_a_megabyte_of_what_looks_like_quotations_costs_no_more_than_a_moment(text: str) -> None:
    started = thread_time()
    assert judged(text)
    assert thread_time() - started < 1
