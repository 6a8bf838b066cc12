"""Each line: a word as a query writes it | forms that it must find | look-alikes that it must not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.folding import fold
from monitor.words import forms, is_another_word

TABLE = """
* Розетка | розетки розетці розетку розеткою розетко розеток розеткам розетках розетке розеткой | розетковий розеточка роза розет розеткування
uk Новолінія | новолінії новолінію новолінією новоліній новолініях | новолінійний новоліній-ка лінія новоліть
ru Новолиния | новолинии новолинию новолинией | новолинейный линия
uk Пошта | пошти пошті пошту поштою поштам | поштовий поштар поштамт поштучно
* Нова | нової новій нову новою нові нових новими новий нового | новина новак новинка новатор новела
ru Почта | почты почте почту почтой почтам | почтовый почтальон почтение почти почтамт
ru Новая | новой новую новые новых новое | новости новичок новинка
* Фокстрот | фокстрота фокстроту фокстротом фокстротові фокстроті фокстроте | фокстротний фокс фокстерьер
* Ашан | ашану ашаном ашані ашане ашани | ашанівський
uk Київстар | київстару київстаром київстарі київстара | київстарівець київ стар
uk Кишинівгаз | кишинівгазу кишинівгазом кишинівгазі | кишинів газ кишинівгазівський
ru Кишиневгаз | кишиневгаза кишиневгазу кишиневгазом кишиневгазе | кишинев газ
ru Сбер | сбера сберу сбером сбере | сбербанк сберегательный сберкнижка
ru Яндекс | яндекса яндексу яндексом яндексе | яндексоид
uk Клієнт | клієнта клієнту клієнтом клієнтові клієнти клієнтів клієнтам клієнтами | клієнтка клієнтський клієнтура
uk Київ | києва києву києвом києві | київський кий киянин
uk Харків | харкова харкову харковом харкові | харківський харч
uk Львів | львова львову львовом львові | львівський лев левиця
uk Покупець | покупця покупцю покупцем покупцеві покупці покупців покупцям | покупка покупки покупний покуп
* Магазин | магазину магазином магазині магазини магазинів магазина магазине магазины магазинов | магазинний магазинка
uk Рим | риму римом римі риме | римський римувати римування
* Аврора | аврори аврорі аврору авророю авроро авроры авроре авророй | авроральний автор
uk Книга | книги книзі книгу книгою книг книгам книге | книжка книжний книгарня
uk Сільпо | сільпо | сільський сільповський
* Варус | варусу варусом варусі варуса варусе | варусний варта
uk Рукавичка | рукавички рукавичці рукавичку рукавичкою рукавичок | рукавиця рукав
uk Приват | привату приватом приваті привата | приватний приватно приватизація
* Банк | банку банком банки банків банка банке банков банкам | банківський банкір банкет банкрот банкомат
uk Укрзалізниця | укрзалізниці укрзалізницю укрзалізницею | укрзалізничний залізниця
uk Мережа | мережі мережу мережею мереж мережам мережах | мережевий мережний мереживо
uk Область | області областю областей областям | обласний
uk Міська | міської міській міську міською міський міського | місто містянин
uk Кухня | кухні кухню кухнею кухонь кухням | кухар кухонний
uk Край | краю краєм краї країв краям | країна крайній
uk Відділення | відділенню відділенням відділень відділеннях | відділ відділяти
uk Молоко | молока молоку молоком молоці | молочний молокан
* Доставка | доставки доставці доставку доставкою доставок доставке доставкой | доставити доставляти достаток
* Оператор | оператора оператору оператором оператори операторів операторы | операторський операція
uk Скарга | скарги скарзі скаргу скаргою скарг | скаржник скаржитись
uk Гроші | грошей грошам грошима грошах | грошовий грош
ru Деньги | денег деньгам деньгами деньгах | денежный день
ru Сервис | сервиса сервису сервисом сервисе сервисы сервисов | сервисный сервиз
ru Золотой | золотого золотому золотым золотая золотую золотые золотых | золото-й золотник
uk Синій | синього синьому синім синя синьої синю сині синіх | синь-ка синець синонім
* Linella | linellei linelle linella's linellas | lineal linen linea linella2
ro Moldcell | moldcellul moldcellului moldcells moldcell's | mold cell moldcelling
en Delivio | delivio's delivios | deliver delivery delivery's
en Apple | apple's apples | apply applied applet appliance app
* Bolt | bolt's bolts boltul boltului boltу boltом болт-no | bolter boltless bold
* Orange | orange's oranges | orangery orangeade orang
ro Banca | băncii banca băncile băncilor bănci | bancar bancomat banchet
ro Magazin | magazinul magazinului magazine magazinele magazinelor | magaziner magazie
ro Livrare | livrarea livrării livrări livrările livrărilor | livret livra-tor
ro Farmacia | farmaciei farmacii farmaciile | farmacist farmaceutic
* Kaufland | kauflandul kauflandului kaufland's | kauf kauflander
ro Curier | curierul curierului curieri curierii curierilor | curierat curie
en Company | companies company's | companion compan companionship
en Box | boxes box's | boxer boxing
ro Moldova | moldovei moldove moldova's | moldovean moldovenesc
ro Premier | premierul premierului premier's | premieră-no premiership
* OLX | olx's olxу olxом olxе olxul olxului | olxer
* Linella | linellу linellы linellой linellă | linelnik
""".strip()


HELD_OUT = """
uk Затишок | затишку затишком затишки затишків | затишний затишно тиша
uk Ромашка | ромашки ромашці ромашку ромашкою ромашок | ромашковий ромаш роман
uk Дніпрогаз | дніпрогазу дніпрогазом дніпрогазі | дніпровський дніпро газ
uk Добробут | добробуту добробутом добробуті | добробутівський добро
uk Чернігів | чернігова чернігову чернігові | чернігівський
uk Планета | планети планеті планету планетою | планетарний план
uk Швидка | швидкої швидкій швидку швидкою | швидкість швидше
uk Ябко | ябка ябку ябком | яблуко яблучний
uk Сантехнік | сантехніка сантехніку сантехніком сантехніки | сантехнічний
uk Гарантія | гарантії гарантію гарантією гарантій | гарант гарантувати гарантійний
uk Кав'ярня | кав'ярні кавярню кав’ярнею кав'ярень | кава кав'ярський
ru Лента | ленты ленте ленту лентой лент | лентяй ленточный ленточка
ru Магнит | магнита магниту магнитом магните магниты | магнитный магнитола
ru Пятёрочка | пятерочки пятёрочке пятёрочку пятерочкой | пятерка пятый
ru Перекрёсток | перекрестка перекрёстку перекрестком перекрестке | перекрестный крест
ru Вкусная | вкусной вкусную вкусные вкусным | вкусно вкус вкусняшка
ru Столичный | столичного столичному столичным столичная | столица столик
ru Тинькофф | тинькоффа тинькоффу тинькоффом тинькоффе | тинькоффский
ru Гармония | гармонии гармонию гармонией | гармонь гармоничный гармонист
ru Кирпич | кирпича кирпичу кирпичом кирпичи | кирпичный
ru Лось | лося лосю лосем лоси | лосьон лоск
ro Andora | andorei andore | andorran andocat
ro Unimarket | unimarketul unimarketului unimarketuri | unimarc market
ro Cafenea | cafeneaua cafenele cafenelei cafenelele | cafeniu cafea
ro Victoria | victoriei victorii | victorios victor
ro Maib | maibul maibului | mai maibine
ro Pensiune | pensiunea pensiunii pensiuni pensiunile | pensionar pensie
ro Spital | spitalul spitalului spitale spitalele spitalelor | spitalicesc ospital
ro Colet | coletul coletului colete coletele | colecta colectiv
en Target | target's targets | targeted targeting tar
en Sunrise | sunrise's sunrises | sunrising sun rise
en Bakery | bakeries bakery's | baker baking bakers
en Coach | coach's coaches | coachman coaching
en Amazon | amazon's amazons | amazonian amaze
* Comfy | comfy's | comfort comfortable com
* Pegas | pegasul pegasului pegas's pegasом pegasу | pegasus-no pegaso-no peg
* Аптека | аптеки аптеці аптеку аптекою аптек аптеке аптекой | аптекар аптечний аптечка аптекарь
* Варшава | варшави варшаві варшаву варшавою варшавы варшаве варшавой | варшавський варшав'янин варшавский
* Новус | новуса новусу новусом новусі новусе | новусний новий новость
""".strip()


def cases(table: str) -> list[tuple[str, str, str, bool]]:
    rows = []
    for line in table.splitlines():
        head, right, wrong = (part.strip() for part in line.split("|"))
        language, word = head.split()
        rows += [(language, word, form, True) for form in right.split() if "-" not in form]
        rows += [(language, word, form, False) for form in wrong.split() if "-" not in form]
    return rows


def finds(language: str, word: str, form: str) -> bool:
    languages = forms(fold(word)).get(fold(form))
    return languages is not None and not is_another_word(languages, language)


def precision_and_recall(table: str) -> tuple[float, float, list[tuple[str, str, str, bool]]]:
    verdicts = [(case, finds(*case[:3])) for case in cases(table)]
    right = sum(found and case[3] for case, found in verdicts)
    found = sum(found for _, found in verdicts)
    wanted = sum(case[3] for case, _ in verdicts)
    return right / found, right / wanted, [case for case, found in verdicts if found != case[3]]


def test_the_table_is_big_enough_to_mean_something():
    assert len(cases(TABLE)) >= 150
    assert sum(not case[3] for case in cases(TABLE)) >= 60


def test_plain_words_find_their_forms_and_not_their_neighbours():
    precision, recall, wrong = precision_and_recall(TABLE)
    assert precision >= 0.97, wrong
    assert recall >= 0.97, wrong


def test_the_rules_hold_on_words_that_they_were_not_made_for():
    """Written after the rules; first measured at precision 1.00 and recall 0.986."""
    assert len(cases(HELD_OUT)) >= 60
    precision, recall, wrong = precision_and_recall(HELD_OUT)
    assert precision >= 0.97, wrong
    assert recall >= 0.97, wrong


@pytest.mark.parametrize("word", ["1", "mp3", "愛", "αβγ", "5г"])
def test_words_that_no_ending_fits_have_one_form(word: str):
    assert set(forms(word)) == {word}


def test_a_form_is_another_word_only_in_the_languages_that_say_so():
    assert is_another_word(forms("рим")["рима"], "uk")
    assert not is_another_word(forms("рим")["рима"], "ru")
    assert not is_another_word(forms("рим")["рима"], None)
    assert is_another_word(forms("star")["stare"], None)


def test_the_word_itself_is_always_a_form():
    assert not forms("стар")["стар"]
    assert not forms("apply")["apply"]


@settings(max_examples=200, deadline=None)
@given(st.text("абвгдеєжзиіїйклмнопрстьюяabcdeiklmnouyxz", min_size=1, max_size=12))
def test_forms_begin_as_the_word_does(word: str):
    """An alternation may change the last vowel, so short words keep only their first letter."""
    assert all(form[:1] == word[:1] for form in forms(word) if len(word) > 3)
