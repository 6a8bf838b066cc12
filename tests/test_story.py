"""What Vidhuk is for, from an angry post to an answer in its thread: crawled, judged, told and answered for real."""

from pathlib import Path

from models import Case
from tests.shift import marked, post, shift, small_week

ANGRY = (
    "Третій тиждень чекаю на доставку від Новолінії! Гроші списали одразу, телефон не беруть, "
    "на листи не відповідають. Це просто жах, більше ніколи нічого у вас не куплю."
)
STILL_ANGRY = "Обіцяли подзвонити і знову брехня. Ніхто не подзвонив, грошей нема. Обурена до краю!"
ANSWER = "Доброго дня, пані Оксано! Нам дуже прикро. Сьогодні до 18:00 подзвонимо і повернемо кошти."


def test_from_an_angry_post_to_an_answer_in_its_thread_to_the_digest(tmp_path: Path) -> None:
    week = small_week(
        post("hello", "0d 09:00", "petro", "Доброго ранку всім. Хто знає, до котрої працює пошта?"),
        post("angry", "0d 10:00", "oksana_k", ANGRY),
        post("again", "0d 16:00", "oksana_k", STILL_ANGRY, after_answer="0d 02:00"),
    )
    with shift(week, tmp_path) as desk:
        olena, andriy = desk.stage.olena, desk.stage.andriy

        # An angry post becomes a card, within minutes.
        desk.pass_by(hours=10, minutes=5)
        card = desk.last("Чому:")
        assert "Новолінія" in card["text"]
        assert "Чому:" in card["text"]
        assert "Новолінії" in marked(card, "bold"), "what matched stands out"
        assert [m["text"] for m in desk.messages() if "text" in m] == [card["text"]], (
            "and only this became a card"
        )

        # Олена claims it; Андрій sees that she has.
        assert desk.press(olena, card, "Взяти") == "Справа ваша."
        card = desk.last("Чому:")
        assert "Взято: Олена" in card["text"]
        assert "Олена" in desk.press(andriy, card, "Відповісти")

        # She answers, and looks at what everybody would see.
        desk.press(olena, card, "Відповісти")
        desk.write(olena, ANSWER, reply_to=desk.last("напишіть відповідь"))
        preview = desk.last("Це побачать усі")
        assert "novolinia-care" in preview["text"]
        assert desk.stage.town.answers() == [], "nothing is public yet"

        # Sent means posted in her thread, with the permalink on the card.
        desk.press(olena, preview, "📤 Надіслати")
        assert desk.stage.town.answers() == [], "for a moment it can still be stopped"
        desk.pass_by(seconds=20)
        (answer,) = desk.stage.town.answers()
        assert (answer.thread, answer.author, answer.text) == ("dah", "novolinia-care", ANSWER)
        card = desk.last("Чому:")
        assert "Олена: відповідь о" in card["text"]
        links = [e["url"] for e in card["entities"] if e["type"] == "text_link"]
        assert any(link.endswith(answer.permalink) for link in links)
        assert "Опубліковано" in desk.last("Опубліковано")["text"]

        # The customer writes again: the same case wakes, in the same thread of the chat.
        desk.pass_by(hours=3)
        woken = desk.last("новий допис")
        assert woken["reply_to_message"]["message_id"] == card["message_id"]
        card = desk.last("Чому:")
        assert "Автор написав знову" in card["text"]
        with desk.rounds.sessions() as session:
            assert session.query(Case).count() == 1

        # It ends, and Monday tells of it.
        assert desk.press(olena, card, "Закрити") == "Закрито."
        assert "Закрито" in desk.last("Чому:")["text"]
        desk.pass_by(days=7)
        digest = desk.last("📊")
        assert "відкрито 1" in digest["text"]
        (document,) = [m["document"] for m in desk.messages() if "document" in m]
        assert "oksana_k" in (tmp_path / document["file_name"]).read_text()
