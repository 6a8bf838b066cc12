"""What the model is given to judge: the author's own words, near the brand."""

import re
from collections.abc import Iterable, Mapping
from time import thread_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.excerpt import LONGEST_TITLE, MOST, WHOLE, readings
from monitor.sentiment.classifier import load

# (the post, what must be judged, what must not)
OTHERS_WORDS: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    # Lines behind ">"
    ("> Новолінія — жах\n\nА мені привезли вчасно.", ("привезли вчасно",), ("жах",)),
    (
        ">> Привезут ли до пятницы?\n> Обещали в четверг.\nУ меня третья неделя пошла.",
        ("третья неделя",),
        ("пятницы", "четверг"),
    ),
    (
        "> Cel mai bun magazin din oraș!\nSerios? Mie mi-au dat gresie spartă.",
        ("gresie spartă",),
        ("Cel mai bun",),
    ),
    (
        "> Great shop, great people.\n> Will come again.\n\nNot my experience at all.",
        ("Not my",),
        ("Great", "come again"),
    ),
    ("ІП> Новолінія чудова\nПодивимось, як повернуть гроші.", ("повернуть гроші",), ("чудова",)),
    ("> 12 листопада обіцяли подзвонити\nІ хто дзвонив? Ніхто.", ("Ніхто",), ("обіцяли",)),
    (
        "Ion a scris:\n> Novolinia e groaznică\n> și scumpă\nMie îmi place.",
        ("îmi place",),
        ("groaznică", "scumpă"),
    ),
    # What looks like it and is the author's
    (">:( знову не привезли\nскільки можна", (">:(", "не привезли"), ()),
    (">_< плитка не того кольору\nзавтра міняти", (">_<", "не того кольору"), ()),
    ("> 3 тижні чекаю на двері.\nМовчать.", ("3 тижні чекаю", "Мовчать"), ()),
    ("Жду уже\n> 2 месяцев, сколько можно", ("2 месяцев",), ()),
    ("The wait was\n> 40 days and nobody called", ("40 days",), ()),
    ("Ціна a > b, тому взяв у них. Шкодую.", ("a > b", "Шкодую"), ()),
    # "Ivan wrote:"
    ("Oksana77 написав(ла):\nбрала там, усе супер\n\nА мені нахамили.", ("нахамили",), ("супер", "Oksana77")),
    ("мамай пише:\nТам дешево.\nІ швидко.\n\nДешево, та криво.", ("та криво",), ("Там дешево", "І швидко")),
    (
        "Иван Петрович писал(а): ↑\nобманули с доставкой\n\nМеня не обманули, всё честно.",
        ("всё честно",),
        ("обманули с доставкой",),
    ),
    ("Лена сказала:\nхамят на кассе\n\nНеправда, вежливые.", ("вежливые",), ("хамят",)),
    (
        "Mihai a scris:\nRecomand cu încredere\n\nEu nu recomand deloc.",
        ("nu recomand deloc",),
        ("cu încredere", "Mihai"),
    ),
    ("Ana Pop a spus: ↑\nau livrat repede\n\nLa mine n-a venit nimeni.", ("n-a venit",), ("repede",)),
    ("dan_83 said: ↑\nThey never answer.\n\nThey answered me in an hour.", ("in an hour",), ("never",)),
    (
        "On Mon, 2 Nov 2026 at 10:15, Kate Moss <kate@example.org> wrote:\n> all fine here\n\nNot fine here.",
        ("Not fine",),
        ("Kate", "all fine"),
    ),
    (
        "Гроші так і не повернули.\n\nпн, 2 лист. 2026 р. о 10:15 Підтримка <help@example.org> пише:\n> Ваш запит прийнято",
        ("не повернули",),
        ("Підтримка", "прийнято"),
    ),
    (
        "Ответа по сути нет.\n\nпн, 2 нояб. 2026 г. в 10:15, Магазин <shop@example.org>:\nСпасибо за терпение!",
        ("Ответа по сути",),
        ("терпение",),
    ),
    (
        "Nu e un răspuns.\n\nÎn lun., 2 nov. 2026 la 10:15, Magazin <shop@example.org> a scris:\n> Mulțumim frumos!",
        ("Nu e un",),
        ("Mulțumim",),
    ),
    # The author tells what was said: that is the story
    ("Менеджер мені написала:\nприходьте завтра\n\nПрийшов, зачинено.", ("приходьте завтра", "зачинено"), ()),
    ("Привезли бой. И вот что мне сказали:\nсам виноват", ("сам виноват",), ()),
    ("Curierul mi-a scris:\nnu urc la etaj\n\nBravo, Novolinia.", ("nu urc", "Bravo"), ()),
    ("They wrote to me and said:\nno refunds\n\nShame.", ("no refunds", "Shame"), ()),
    ("«Ми вам передзвонимо», сказав оператор. П'ятий день.", ("передзвонимо", "П'ятий день"), ()),
    ("Оператор сказав: чекайте. Чекаю місяць.", ("чекайте", "місяць"), ()),
    # Headers of boards
    ("Цитата:\nтам обдурюють\n\nКупую роками, не дурили.", ("не дурили",), ("обдурюють",)),
    (
        "Цитата(Степан @ 02.11.2026, 10:15)\nкачество отличное\n\nКухня развалилась.",
        ("развалилась",),
        ("отличное",),
    ),
    ("Citat:\nsunt foarte ok\n\nNu sunt ok deloc, mi-au luat banii.", ("mi-au luat",), ("foarte",)),
    ("Originally Posted by tiler\nbest grout ever\n\nIt cracked in a week.", ("cracked",), ("best",)),
    ("Цитата дня від Новолінії, «ми вас чуємо». Не чують.", ("ми вас чуємо", "Не чують"), ()),
    # [quote]
    ('[quote="Іра"]все погано[/quote]\nА в мене все добре.', ("все добре",), ("погано", "quote")),
    ("[quote]a [quote=b]c[/quote] плохо[/quote]Да нет, хорошо!", ("Да нет, хорошо",), ("плохо", "quote")),
    ("[QUOTE=Ion;123]super[/QUOTE] Super scump.", ("Super scump",), ("Ion",)),
    ("[quote]nobody closed this and it was awful", ("awful",), ()),
    # Mail
    (
        "Жду возврат.\n\n-----Исходное сообщение-----\nОт: Магазин\nТема: Спасибо\n\nВы наш лучший клиент!",
        ("Жду возврат",),
        ("лучший", "Спасибо"),
    ),
    (
        "---------- Forwarded message ---------\nFrom: Anna <a@example.org>\nDate: 2 Nov\nSubject: Tiles\n\nThe tiles broke.",
        ("tiles broke",),
        ("Anna", "Subject", "Forwarded"),
    ),
    ("Від: Ганна\nКому: Новолінія\nТема: дякую\n\nПлитка побита.", ("побита",), ("Ганна", "дякую")),
    ("De la: Ion\nSubiect: mulțumesc\n\nGresia e spartă.", ("spartă",), ("mulțumesc",)),
    ("Від: покупця, якого обманули\nПлитка побита.", ("обманули", "побита"), ()),
    ("Тема: хамство касира\nСтояв пів години.", ("хамство", "пів години"), ()),
]

SIGNED: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    (
        "Чекаю відповіді.\n\nЗ повагою,\nОлена Гнатів\nтел. 044 123 45 67",
        ("Чекаю",),
        ("повагою", "Гнатів", "044"),
    ),
    ("Прошу разъяснить. С уважением, Олег", ("разъяснить",), ("уважением", "Олег")),
    ("Aștept răspuns.\nCu respect,\nIon Popescu", ("Aștept",), ("respect", "Popescu")),
    ("Cu stimă, Maria Ene\nmaria@example.org", ("Cu stimă",), ()),  # nothing else is there
    (
        "Still waiting.\n\nKind regards,\nJohn Smith\nhttps://smith.example",
        ("Still",),
        ("regards", "John", "smith"),
    ),
    ("С уважением,\nваш бывший клиент", ("бывший клиент",), ()),
    ("Гроші забрали. З повагою, колишній покупець", ("колишній покупець",), ()),
    ("Отношусь с уважением ко всем, но это хамство.", ("с уважением ко всем",), ()),
    ("З повагою,\nОлег\nP.S. Двері досі не привезли!", ("не привезли",), ("Олег",)),
    ("Не привезли.\nНадіслано з iPhone", ("Не привезли",), ("iPhone",)),
    ("Не привезли. Отправлено с iPhone", ("Не привезли",), ("iPhone",)),
    ("N-au adus.\nTrimis de pe iPhone", ("N-au adus",), ("iPhone",)),
    ("Broken tile.\n\nSent from my Samsung Galaxy smartphone.", ("Broken",), ("Galaxy",)),
    ("It was sent from the warehouse on Monday, they say. Nothing came.", ("warehouse", "Nothing"), ()),
    ("Купив iPhone, надіслано з тріщиною!", ("з тріщиною",), ()),
    ("Мені винні 900 грн\n--\nСтепан, дачник", ("900",), ("дачник",)),
    ("Обіцяли завтра\n--\nUPD: привезли, дякую!", ("привезли, дякую",), ()),
    ("Рекомендую.\n_________________\nЖиття — біль", ("Рекомендую",), ("біль",)),
    ("Передзвоніть\n+380 44 123 45 67", ("Передзвоніть",), ("123",)),
    ("Замовлення 7714 загубили\n0 800 123 456", ("7714",), ("800",)),
    (
        "Bad paint.\nThe post Bad paint appeared first on Renovation Diary.",
        ("Bad paint.",),
        ("appeared", "Diary"),
    ),
    ("Знижки!\nВідписатися від розсилки", ("Знижки",), ("Відписатися",)),
    ("Не могу отписаться от рассылки третий месяц!", ("отписаться от рассылки",), ()),
    ("Cannot unsubscribe from your letters, stop it.", ("unsubscribe",), ()),
]


def excerpt(title: str, text: str, matches: Iterable[Mapping[str, Any]]) -> str:
    return readings(title, text, matches)[0]


@pytest.mark.parametrize(("post", "judged", "left_out"), OTHERS_WORDS)
def test_what_others_wrote_is_not_judged(
    post: str, judged: tuple[str, ...], left_out: tuple[str, ...]
) -> None:
    seen = excerpt("", post, [])
    assert [words for words in judged if words not in seen] == []
    assert [words for words in left_out if words in seen] == []


@pytest.mark.parametrize(("post", "judged", "left_out"), SIGNED)
def test_a_signature_is_not_judged(post: str, judged: tuple[str, ...], left_out: tuple[str, ...]) -> None:
    seen = excerpt("", post, [])
    assert [words for words in judged if words not in seen] == []
    assert [words for words in left_out if words in seen] == []


@pytest.mark.parametrize(
    "post",
    [
        "> Новолінія — жах",
        "Ivan писал(а):\nжах",
        "З повагою,\nОлег",
        "+380 44 123 45 67",
        "> жах\n+1",
        "> так\n👍",
    ],
)
def test_where_the_author_adds_no_word_all_of_it_is_judged(post: str) -> None:
    assert excerpt("", post, []) == post


# The title


def test_a_short_post_is_judged_whole_with_its_title() -> None:
    assert excerpt("Доставка", "Новолінія, жах!", []) == "Доставка. Новолінія, жах!"
    assert excerpt("Доставка?", "Новолінія, жах!", []) == "Доставка? Новолінія, жах!"


def test_a_title_that_the_post_repeats_is_not_said_twice() -> None:
    assert excerpt("Жах", "Жах, а не магазин", []) == "Жах, а не магазин"


def test_a_post_of_nothing_but_a_title_is_judged_by_it() -> None:
    assert excerpt("Новолінія, жах", " \n", []) == "Новолінія, жах. "


def test_a_post_with_a_title_is_read_with_and_without_it() -> None:
    assert readings("Доставка", "Новолінія, жах!", []) == ("Доставка. Новолінія, жах!", "Новолінія, жах!")
    assert readings("", "Новолінія, жах!", []) == ("Новолінія, жах!",)
    assert readings("Жах", "Жах, а не магазин", []) == ("Жах, а не магазин",)


def test_without_words_of_its_own_a_post_is_read_with_its_title_only() -> None:
    assert readings("Новолінія, жах", " \n", []) == ("Новолінія, жах. ",)
    assert readings("Новолінія, жах", "!!! 😡", []) == ("Новолінія, жах. !!! 😡",)


# A letter beneath the author's words


LETTER = "Від: Новолінія <help@novolinia.ua>\nНадіслано: 21 листопада 2025 р. 14:02\nКому: Іван\nТема: RE: двері\n\nДякуємо!"


def test_words_above_a_letter_are_read_with_it_and_alone() -> None:
    post = f"Двері криві.\n\nЗ повагою,\nІван\n\n{LETTER}"
    with_it, alone = readings("", post, [])
    assert with_it.split() == ["Двері", "криві.", "Дякуємо!"]
    assert alone == "Двері криві."
    assert readings("Жах", post, [])[-2:] == ("Жах. Двері криві.", "Двері криві.")


@pytest.mark.parametrize(
    "post",
    [
        LETTER,
        f'[quote="Іван"]Новолінія обдурила!\n\n{LETTER}[/quote]\nА в мене все добре.',
        f"Іван пише:\nНоволінія обдурила!\n\n{LETTER}\n\nНе згоден.",
        f"> Так\n\n{LETTER}",
        f"Ось що вони відповіли:\n\n{LETTER}",
        "Скарга.\nВід: Ганни\nТема: двері\nПоверніть гроші.",
    ],
)
def test_a_letter_that_is_all_or_is_introduced_is_read_once(post: str) -> None:
    assert len(readings("", post, [])) == 1


def test_of_many_words_above_a_letter_those_near_the_brand_are_read() -> None:
    post = f"{'Чекаємо далі. ' * 80}У Новолінії двері криві. {'Ніхто не їде. ' * 80}\n\n{LETTER}"
    alone = readings("", post, matches(post, "Новолінії"))[-1]
    assert "двері криві" in alone
    assert len(alone) <= WHOLE


def test_an_endless_title_is_cut() -> None:
    assert len(excerpt("жах " * 10_000, "Новолінія", [])) <= LONGEST_TITLE + len(". Новолінія")


# Long posts


def matches(text: str, name: str = "Новолінія") -> list[dict[str, Any]]:
    return [{"term": name, "start": m.start(), "end": m.end()} for m in re.finditer(name, text)]


SUN, WIND = "Сонце світить. ", "Вітер віє. "


def test_a_post_that_the_model_can_read_to_the_end_is_judged_whole() -> None:
    text = ("Новолінія. " + SUN * 100)[: WHOLE - 1] + "!"
    assert excerpt("Новолінія", text, matches(text)) == text


def test_of_a_long_post_the_sentences_around_the_brand_are_judged() -> None:
    text = SUN * 400 + "Новолінія — жах. Плитка побита. " + WIND * 400
    seen = excerpt("", text, matches(text))
    assert "світить. Новолінія — жах. Плитка побита. Вітер" in seen
    assert len(seen) <= WHOLE


def test_a_window_holds_whole_sentences() -> None:
    text = SUN * 400 + "Новолінія — жах. " + WIND * 400
    for part in excerpt("", text, matches(text)).split(" … "):
        assert part.startswith(("Сонце", "Вітер"))
        assert part.endswith(("світить.", "віє."))


def test_matches_far_apart_are_all_seen() -> None:
    text = SUN * 100 + "Новолінія привезла бій. " + SUN * 100 + "Новолінія мовчить. " + SUN * 100
    seen = excerpt("", text, matches(text))
    assert "привезла бій" in seen
    assert "мовчить" in seen


def test_offsets_are_those_of_the_post_before_its_quotations_went() -> None:
    quoted = "".join(f"> {SUN * 5}\n" for _ in range(60))
    text = f"{quoted}\n{WIND * 100}Новолінія — жах. {WIND * 100}"
    seen = excerpt("", text, matches(text))
    assert "Новолінія — жах" in seen
    assert "Сонце" not in seen


def test_of_a_long_post_without_a_match_the_beginning_and_the_end_are_judged() -> None:
    text = "Жах, а не магазин. " + SUN * 400 + "Більше ні ногою."
    seen = excerpt("Новолінія", text, [])
    assert seen.startswith("Жах, а не магазин.")
    assert seen.endswith("Більше ні ногою.")


IN_PASSING = "Потім заїхали в Новолінія, " + "взяли клей і ґрунтовку, " * 5 + "та й поїхали."


def test_a_post_that_names_the_brand_in_passing_is_judged_there_and_in_the_next_paragraph_only() -> None:
    text = f"{SUN * 40}\n\n{IN_PASSING}\n\nДорогою було тепло.\n\n{WIND * 40}"
    assert excerpt("", text, matches(text)) == f"{IN_PASSING}\n\nДорогою було тепло."


@pytest.mark.parametrize(
    ("named", "they"),
    [
        (
            "Потім поїхали в Новолінія по двері.",
            "Там нам нахамили, двері привезли биті, а гроші не вертають. ",
        ),
        (
            "Потом поехали в Новолінія за дверью.",
            "Там нам нахамили, дверь привезли битую, деньги не отдают. ",
        ),
        ("Apoi am mers la Novolinia după o ușă.", "Au fost nesimțiți, ușa a venit spartă, banii nu-i dau. "),
        ("Then we went to Novolinia for a door.", "They were rude, the door came broken, no refund so far. "),
    ],
)
def test_what_is_told_of_them_after_the_name_is_judged(named: str, they: str) -> None:
    for more in ("", SUN * 30):
        text = f"{SUN * 40}\n\n{named} {WIND * 5}\n\n{they}{more}\n\n{WIND * 40}"
        seen = excerpt("", text, matches(text, "Novolinia" if "Novolinia" in text else "Новолінія"))
        assert they.strip() in seen
        assert len(seen) <= WHOLE


def test_a_paragraph_that_names_the_brand_is_judged_to_its_end_where_there_is_room() -> None:
    text = f"{SUN * 40}\n\nНоволінія поруч. {WIND * 25}Двері привезли биті!\n\n{SUN * 40}"
    assert "привезли биті!" in excerpt("", text, matches(text))


def test_a_paragraph_of_the_name_alone_is_judged_with_the_next() -> None:
    text = SUN * 40 + "\n\nНоволінія\n\nПлитку привезли побиту. " + WIND * 40
    assert "побиту" in excerpt("", text, matches(text))


@pytest.mark.parametrize("opening", ["Новолінія. ", SUN * 30 + "Новолінія. " * 3])
def test_of_a_post_all_about_the_brand_the_last_word_is_judged(opening: str) -> None:
    text = opening + SUN * 100 + "Більше ні ногою!"
    assert excerpt("", text, matches(text)).endswith("Більше ні ногою!")


@pytest.mark.parametrize("times", [7, 8, 50, 2 * MOST])
def test_of_many_matches_the_first_and_the_last_are_judged(times: int) -> None:
    text = "".join(f"{n} Новолінія {SUN * 7}" for n in range(times)) + "Новолінія — жах!"
    seen = excerpt("", text, matches(text))
    assert seen.startswith("0 Новолінія")
    assert seen.endswith("Новолінія — жах!")
    assert len(seen) <= WHOLE


@pytest.mark.parametrize(
    "ending",
    [
        "Більше ні ногою, обдурили!",
        "Больше ни ногой, обманули!",
        "Nu mai calc acolo, m-au păcălit!",
        "Never again, they cheated us!",
    ],
)
def test_what_is_said_last_is_judged_however_often_the_brand_is_named(ending: str) -> None:
    for between in (SUN * 20 + "\n\n", SUN, SUN * 7):
        text = "".join(f"Новолінія тут, номер {n}. {between}" for n in range(40)) + ending
        seen = excerpt("", text, matches(text))
        assert seen.startswith("Новолінія тут, номер 0.")
        assert seen.endswith(ending)
        assert len(seen) <= WHOLE


@pytest.mark.parametrize("sign", ["\x00", "\u200b", "\u2060", "\x1f", "\ufeff"])
def test_of_a_long_post_without_anything_to_see_nothing_is_judged(sign: str) -> None:
    seen = excerpt("", sign * 2_000, [])
    assert not any(map(str.isprintable, seen))
    assert load().judge([seen], ["uk"])[0].sentiment.neutral == 1


# Hostile posts

PIECES = st.sampled_from(
    [
        "> ",
        ">",
        "\n",
        "\n\n",
        "[quote]",
        "[/quote]",
        "[quote=",
        "Ivan wrote:",
        "писал(а):",
        "З повагою,",
        "--\n",
        "Олег ",
        "Новолінія",
        "From: x\n",
        "Sent from my iPhone",
        "+380441234567",
        " ",
        ". ",
        "а",
        "👍",
        "\x00",
        "\ud800",
        "_____",
        "Цитата:",
        "\r",
        "\u2028",
        "…",
    ]
)
WILD = st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=60).map("".join)


@settings(max_examples=200, deadline=None)
@given(title=st.text(max_size=400), text=WILD, times=st.integers(1, 40), data=st.data())
def test_whatever_is_written_is_bounded_and_never_lost(
    title: str, text: str, times: int, data: st.DataObject
) -> None:
    text *= times
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    seen = excerpt(title, text, [{"start": start, "end": end}])
    assert len(seen) <= WHOLE + LONGEST_TITLE + 2
    assert bool(seen.strip()) == bool(text.strip() or title.strip())


@settings(max_examples=60, deadline=None)
@given(
    before=st.integers(0, 60_000),
    between=st.integers(0, 3_000),
    after=st.integers(0, 60_000),
    title=st.text(max_size=50),
)
def test_what_is_judged_names_the_brand(before: int, between: int, after: int, title: str) -> None:
    text = "а" * before + "Новолінія" + "б" * between + "Новолінія" + "в" * after
    assert "Новолінія" in excerpt(title, text, matches(text))


@pytest.mark.parametrize(
    "text",
    [
        "а" * 1_000_000,
        "a\n" * 500_000,
        ">\n" * 500_000,
        "[quote]" * 140_000,
        "[quote]" * 60_000 + "[/quote]" * 60_000,
        "." * 1_000_000,
        "1 " * 500_000,
        "From: x\n" * 120_000,
        "From: x\nTo: y\nSent: z\na\n" * 40_000,
        "Sent from " * 100_000,
        ("З повагою,\n" + "А-" * 100 + "!\n") * 5_000,
        ("a b " * 40 + "wrote\n") * 6_000,
        "<a@" * 300_000,
        "Новолінія " * 100_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_a_megabyte_costs_no_more_than_a_moment(text: str) -> None:
    started = thread_time()
    seen = excerpt("", text, matches(text)[:100] or [{"start": 700_000, "end": 700_005}])
    assert 0 < len(seen) <= WHOLE
    assert thread_time() - started < 1


@pytest.mark.parametrize("between", [".", "?" * 17, "…" * 37, "." * 250, "\n \n", " "])
def test_a_brand_named_without_end_costs_no_more_than_a_moment(between: str) -> None:
    text = f"АТБ{between}" * (50_000 // (3 + len(between)))
    places = [{"start": start, "end": start + 3} for start in range(0, len(text), 3 + len(between))]
    started = thread_time()
    assert readings("Про АТБ", text, places)
    assert thread_time() - started < 0.5


def test_matches_in_a_quotation_take_no_room_from_those_of_the_author() -> None:
    quoted = "[quote]" + "Новолінія, " * (2 * MOST) + "[/quote]\n"
    text = quoted + "Слово за словом. " * 60 + "А Новолінія мене підвела. " + "Слово за словом. " * 60
    assert "мене підвела" in excerpt("", text, matches(text))
