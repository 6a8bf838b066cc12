from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.copies import BANDS, bands, is_copy, signature

COMPLAINT = (
    "Третій тиждень чекаю на відповідь від Новолінії: гроші списали, посилки немає, "
    "на гарячій лінії мовчать. Хто ще так потрапив?"
)
COPIES = {
    "links, handles and tags": COMPLAINT + " https://t.me/gorod/77 @novolinia #скарга",
    "capitals and punctuation": COMPLAINT.upper().replace(",", " —"),
    "a request to share": "Поширте будь ласка! " + COMPLAINT,
    "typos": COMPLAINT.replace("гарячій", "горячій").replace("чекаю", "чикаю"),
    "a lost end": COMPLAINT[:100],
    "look-alike letters": COMPLAINT.replace("о", "o").replace("а", "a"),
}
OTHERS = {
    "the same phrases about other troubles": (
        "Другий місяць чекаю на повернення від Новолінії: товар забрали, грошей немає, "
        "менеджер не бере трубку. Хто ще так потрапив?"
    ),
    "the same beginning and end": (
        "Третій тиждень чекаю на відповідь від Новолінії: шафу привезли з подряпинами, заміни немає, "
        "на гарячій лінії мовчать."
    ),
    "another subject": "Дуже задоволена новим кафе на розі: кава смачна, персонал привітний, ціни помірні.",
}


@pytest.mark.parametrize("text", COPIES.values(), ids=COPIES)
def test_a_repost_with_small_edits_is_a_copy_and_shares_a_band(text: str):
    assert is_copy(COMPLAINT, text)
    assert set(bands(signature(COMPLAINT))) & set(bands(signature(text)))


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_another_complaint_is_no_copy(text: str):
    assert not is_copy(COMPLAINT, text)


def test_two_orders_are_two_complaints_in_the_same_words():
    first = "Замовлення 4459123 не приїхало вчасно, підтримка мовчить, поверніть гроші"
    assert not is_copy(first, first.replace("4459123", "9981200"))
    assert is_copy(first, first.replace("вчасно", "сьогодні"))


@pytest.mark.parametrize(
    "text",
    [
        "Шафа за замовленням #4459123 не приїхала, підтримка мовчить, поверніть гроші",
        "Замовила 14.09.2026, номер 4459123, шафа не приїхала, підтримка мовчить, поверніть гроші",
        "Шафа за чеком 4459123 не приїхала, на лінії 0800300400 мовчать, поверніть гроші",
    ],
    ids=["written as a tag", "beside a date", "beside a hotline"],
)
def test_the_number_of_an_order_tells_two_complaints_apart_wherever_it_stands(text: str):
    assert not is_copy(text, text.replace("4459123", "9981200"))


@pytest.mark.parametrize("added", [" @dim_2020", " https://t.me/dim/202611", ", перешліть 1000 разів"])
def test_a_number_that_only_one_of_the_two_has_leaves_them_copies(added: str):
    order = "Замовлення #4459123 не приїхало вчасно, підтримка мовчить, поверніть гроші"
    assert is_copy(order + " @sad_1999", order + added)


def test_a_reply_that_quotes_all_of_a_complaint_is_no_copy_of_it():
    assert not is_copy(COMPLAINT, f"> {COMPLAINT}\n\nУ мене так само, жодної відповіді")
    assert is_copy(COMPLAINT, f"> {COMPLAINT}")


def test_short_texts_are_nobodys_copies_and_have_no_signature():
    assert signature("Не працює!") is None
    assert not is_copy("Не працює!", "Не працює!")


def test_a_signature_is_stored_and_must_stay_what_it_is():
    assert len(signature(COMPLAINT)) == 256
    assert signature(COMPLAINT)[:8].hex() == "a68c7211f113ae1f"
    assert bands(signature(COMPLAINT))[0] == -5068688742081913422


def test_bands_fit_a_signed_column():
    found = bands(signature(COMPLAINT))
    assert len(found) == BANDS
    assert all(-(2**63) <= band < 2**63 for band in found)


def test_huge_texts_are_compared_in_bounded_time():
    started = perf_counter()
    signature("а" * 1_000_000)
    is_copy("аб " * 300_000, "ба " * 300_000)
    assert perf_counter() - started < 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_its_own_copy_exactly_when_it_has_a_signature(text: str):
    assert is_copy(text, text) == (signature(text) is not None)
