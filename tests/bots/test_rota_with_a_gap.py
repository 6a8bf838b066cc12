"""A case that nobody claims at half time, in an hour in which nobody is on call. It is Wednesday, 14:00 in Kyiv."""

from models import Happening
from tests.bots.room import Room
from tests.bots.test_promises import configure, happened, promising, saying

__all__ = ["promising"]

GAP = {
    "weekly": [
        {"people": ["Олена"], "week": {"daily": "09:00-15:00"}},
        {"people": ["Андрій"], "week": {"daily": "17:00-01:00"}},
    ]
}


def test_whoever_comes_on_call_next_hears_of_it(promising: Room) -> None:
    configure(promising, shifts=GAP)
    number = promising.case()
    promising.pass_by(hours=2)  # 16:00, half of the time
    promising.pass_by(minutes=59)
    assert saying(promising, "nobody has claimed") == []
    promising.pass_by(minutes=1)
    promising.pass_by(minutes=10)
    (told,) = saying(promising, "nobody has claimed")
    assert told["text"] == f"⏳ Андрій, nobody has claimed case #{number}: answer by 18:00."


def test_who_claims_it_in_the_gap_is_not_told_what_the_card_says(promising: Room) -> None:
    configure(promising, shifts=GAP)
    number = promising.case()
    promising.pass_by(hours=2, minutes=30)
    promising.press(promising.olena, promising.card(number), "Claim")
    promising.pass_by(minutes=45)
    assert saying(promising, "half of the time") == saying(promising, "nobody has claimed") == []
    assert Happening.REMINDED not in happened(promising, number)
