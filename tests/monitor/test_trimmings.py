"""What a phone, a mail program or a habit adds to a post, and what an author writes that looks like it."""

from time import thread_time

import pytest

from monitor.excerpt import readings


def judged(text: str, brand: str = "Новолінія") -> str:
    at = text.find(brand)
    return readings("", text, [{"start": at, "end": at + len(brand)}] if at >= 0 else [])[0]


def left_out(text: str) -> str:
    """What of a text goes from beneath words that stay."""
    seen = judged(f"Досі чекаю на двері.\n\n{text}")
    assert seen.startswith("Досі чекаю на двері.")
    return "nothing" if text in seen else "all" if seen == "Досі чекаю на двері." else seen


# Phones


@pytest.mark.parametrize(
    "mark",
    [
        "Sent from my iPhone 15 Pro Max",
        "Sent from my Samsung Galaxy S21 5G using Tapatalk",
        "Sent via Tapatalk",
        "Sent from Yahoo Mail on Android",
        "Sent with Proton Mail secure email.",
        "Posted from my phone",
        "Надіслано зі смартфона Xiaomi",
        "Надіслано з мого телефону.",
        "Відправлено з пристрою Samsung Galaxy",
        "Отправлено с мобильного устройства",
        "Отправлено из мобильной Яндекс.Почты",
        "Отправлено из Почты Mail.ru для Android",
        "Trimis de pe telefonul meu Huawei",
        "Trimis de pe iPhone-ul meu",
        "Expediat din Outlook pentru Android",
        "Get Outlook for iOS",
    ],
)
def test_what_a_phone_says_of_itself_goes(mark: str) -> None:
    assert left_out(mark) == "all"


@pytest.mark.parametrize(
    "complaint",
    [
        "Отправлено почтой месяц назад, посылки нет.",
        "Отправлено Новой Почтой без упаковки, всё разбито",
        "Отправлено с почты, телефон разбит",
        "Sent a Samsung with a cracked screen",
        "Sent from the Samsung store without a box",
        "Sent me another phone, would not take it back",
        "Trimis alt telefon, nu vor sa-l schimbe",
        "Trimis din depozit telefon spart",
        "Відправлено не той телефон, міняти не хочуть",
        "Надіслано з розбитим телефоном порожню коробку",
    ],
)
def test_what_an_author_says_was_sent_stays(complaint: str) -> None:
    assert left_out(complaint) == "nothing"
    assert left_out(f"Купувала в Новолінії. {complaint}") == "nothing"


# Rules


@pytest.mark.parametrize(
    "post",
    [
        "Здравствуйте, пишу про двери.\n--\nВторую неделю нет двери, никто не отвечает",
        "Bună seara\n_____\nNu răspund de două săptămâni, nu am ușă",
        "Hello all\n--\nThey kept my money and the door",
        "Пишу сюди, бо вже не знаю, куди писати.\n--\nНоволінія дурить",
        "We bought tiles there, a whole pallet.\n--\nTL;DR: they kept my money, avoid.",
        "Замовляли плитку на всю кухню, сто штук.\n--\nКоротше, обдурили",
        "Заказывали плитку на всю кухню, сто штук.\n--\nИтог: обманули",
        "Am comandat gresie pentru bucătărie.\n_____\nPe scurt: țeapă",
    ],
)
def test_what_is_told_beneath_a_rule_stays(post: str) -> None:
    assert judged(post) == post


# Footers


@pytest.mark.parametrize(
    "footer",
    [
        "Unsubscribe",
        "Unsubscribe from this list",
        "Unsubscribe from these emails | Privacy",
        "Відписатися від нашої розсилки.",
        "Отписаться от рассылки",
        "Отписаться от этих писем",
        "Dezabonare de la newsletter",
        "Virus-free. www.avast.com",
        "Virus-free.www.avg.com",
        "Без вирусов",
        "Проверено на вирусы Dr.Web",
        "Не містить вірусів. Avast",
        "Переслано от Новости Киева",
        "Forwarded from @tiles_daily",
    ],
)
def test_a_footer_goes(footer: str) -> None:
    assert left_out(footer) == "all"


@pytest.mark.parametrize(
    "complaint",
    [
        "Unsubscribe from this is impossible",
        "Unsubscribe from these emails does not work",
        "Отписаться от платной подписки нельзя",
        "Отписаться от рассылки невозможно",
        "Відписатися від підписки неможливо",
        "Dezabonare de la ei nu merge",
        "Без вирусов не обошлось, дети отравились",
        "Без вирусов Avast не обошлось",
        "Переслано от Киева до Одессы и обратно, три недели!",
        "Переслано від складу до складу",
        "Переслано от Киева, Одессы, Львова",
        "Forwarded from one desk to another for a month",
    ],
)
def test_a_complaint_that_begins_like_a_footer_stays(complaint: str) -> None:
    assert left_out(complaint) == "nothing"


# Envelopes


@pytest.mark.parametrize(
    ("letter", "subject"),
    [
        (
            "Скарга\nВід: Ганни Коваль\nКому: дирекції Новолінії\nДата: 3.11\nТема: поверніть гроші за чайник",
            "поверніть гроші за чайник",
        ),
        (
            "Жалоба\nОт: Анны\nКому: дирекции\nТема: Re: верните деньги\n\nС уважением,\nАнна",
            "верните деньги",
        ),
        (
            "Plângere\nDe la: Ana\nCătre: Novolinia\nSubiect: vreau banii înapoi\n0 800 123 456",
            "vreau banii înapoi",
        ),
        ("Complaint\nFrom: Ann\nTo: Novolinia\nSubject: my money back", "my money back"),
    ],
)
def test_a_letter_that_is_all_subject_is_judged_by_it(letter: str, subject: str) -> None:
    assert judged(letter).split() == [letter.split()[0], *subject.split()]


@pytest.mark.parametrize(
    "text",
    [
        "Sent from " + "a" * 1_000_000,
        "Sent from iPhone for for for for for for \n" * 25_000,
        "unsubscribe from this " * 45_000,
        "Unsubscribe from this this list\n" * 30_000,
        "Forwarded from A A A A A A A A\n" * 30_000,
        "без вирусов " * 80_000,
        "From: x\nТема: re: re: x\n" * 40_000,
        "--\n" * 300_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_a_megabyte_of_what_looks_like_trimmings_costs_no_more_than_a_moment(text: str) -> None:
    started = thread_time()
    assert judged(text)
    assert thread_time() - started < 1
