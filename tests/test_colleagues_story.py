"""A colleague answers in the forum itself while staff are at the bot: crawled, judged, recognised for real."""

from pathlib import Path

import pytest

from models import Case, Status
from tests.shift import post, shift, small_week

ANGRY = (
    "Третій тиждень чекаю на доставку від Новолінії! Гроші списали одразу, телефон не беруть, "
    "на листи не відповідають. Це просто жах, більше ніколи нічого у вас не куплю."
)
STILL_ANGRY = "Обіцяли подзвонити і знову брехня. Ніхто не подзвонив, грошей нема. Обурена до краю!"
BY_HAND = "Пані Оксано, нам дуже прикро, за годину зателефонуємо вам."


@pytest.mark.slow
def test_a_colleagues_answer_in_the_forum_stops_the_clock_until_the_author_writes_again(
    tmp_path: Path,
) -> None:
    week = small_week(
        post("angry", "0d 10:00", "oksana_k", ANGRY),
        post("by-hand", "0d 10:30", "novolinia-care", BY_HAND),
        post("again", "0d 12:00", "oksana_k", STILL_ANGRY),
    )
    with shift(week, tmp_path) as desk:
        desk.pass_by(hours=10, minutes=5)
        assert "Відповісти до" in desk.last("Чому:")["text"]

        # A colleague answers in the thread: nobody owes anything.
        desk.pass_by(minutes=35)
        card = desk.last("Чому:")
        assert "Відповіли на самому майданчику: novolinia-care" in card["text"]
        assert "Відповісти до" not in card["text"]
        with desk.rounds.sessions() as session:
            case = session.query(Case).one()
            assert case.status is Status.ANSWERED
            assert case.first_answered_at == week.time_of(week.by_key["by-hand"])

        # She writes again: staff see what she was told, and begin from a saved answer.
        desk.pass_by(hours=2)
        assert BY_HAND in desk.last("Перед тим відповіли: novolinia-care")["text"]
        olena = desk.stage.olena
        desk.press(olena, desk.last("Чому:"), "Відповісти")
        offered = desk.last("Або почніть із заготовки")
        desk.press(olena, offered, next(text for text in desk.buttons(offered) if "додзвонитися" in text))
        preview = desk.last("Це побачать усі")
        assert "oksana_k, вибачте, що до нас не додзвонитися" in preview["text"]
        assert "Заповніть перед надсиланням: що робимо, коли" in preview["text"]
        assert not any("Надіслати" in text for text in desk.buttons(preview))
        assert desk.stage.town.answers() == []
