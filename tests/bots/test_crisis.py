"""The crisis card: what it says, that it always fits, and its buttons, pressed by anybody at any time."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from bots.chart import _between, chart
from bots.crisis import FITS, crisis_card
from bots.markup import shown_length
from demo.telegram.html_markup import parse_html
from models import Alert, BrandState, Bundle, Crisis, SourceState
from monitor import crises, outbox
from monitor.crisis_view import CrisisView, Curve, ReadPost
from monitor.pace import Pace
from tests import builders
from tests.bots.rendering import HOSTILE, LANGUAGES, NOW, URLS, ZONE, seen, words
from tests.bots.room import Room, buttons

HOUR = timedelta(hours=1)
CURVE = Curve(NOW, [1] * 40 + [2, 1, 0, 1, 3, 9, 20, 38], [1.2] * 48)


def crisis_view(**changes: Any) -> CrisisView:
    values: dict[str, Any] = {
        "number": 3,
        "brand": "Новолінія",
        "hours": 1,
        "count": 38,
        "expected": 3.04,
        "began_at": NOW - 3 * HOUR,
        "seen_at": NOW,
        "ended_at": None,
        "ended_by": None,
        "peak": 40,
        "posts": 97,
        "bundles": False,
        "words": ["доставка", "склад"],
        "places": [("форум «Покупець»", 60), ("Reddit", 37)],
        "most_read": [ReadPost("oksana", "форум «Покупець»", 12_000, "https://forum.example/t/7#p1")],
        "curve": CURVE,
        **changes,
    }
    return CrisisView(**values)


def test_the_rule_and_the_numbers_are_in_the_sentence() -> None:
    text = seen(crisis_card(crisis_view(), words("en"), NOW)).text
    assert text.splitlines() == [
        "🚨 Новолінія: far more unhappy posts than usual",
        "38 unhappy posts in the last hour; usual for Wednesday, 14:00 is 3.",
        "Since 11:00: 97 in all, 40 in the worst hour",
        "📈 More often than usual: доставка, склад",
        "📍 Where: форум «Покупець» 60 · Reddit 37",
        "↗ oksana · форум «Покупець» · reaches 12K",
    ]


def test_what_has_just_begun_says_its_numbers_once() -> None:
    text = seen(crisis_card(crisis_view(count=29, peak=29, posts=29), words("en"), NOW)).text
    assert text.count("29") == 1
    assert "in all" not in text


def test_where_nobody_knows_the_readers_the_newest_share_a_line() -> None:
    newest = [ReadPost(name, "forum", None, "https://forum.example/t/7") for name in ("oksana", "petro")]
    lines = seen(crisis_card(crisis_view(most_read=newest), words("en"), NOW)).text.splitlines()
    assert lines[-1] == "↗ The newest are by oksana, petro"


@pytest.mark.parametrize(("highest", "between"), [(1, 1), (4, 1), (5, 2), (9, 5), (29, 10), (81, 50)])
def test_the_grid_has_round_numbers_and_few_lines(highest: int, between: int) -> None:
    assert _between(highest) == between


def test_a_slow_rise_tells_its_window() -> None:
    text = seen(crisis_card(crisis_view(hours=3), words("uk"), NOW)).text
    assert "38 невдоволених дописів за останні 3 год" in text


def test_at_the_end_it_says_how_long_how_many_and_the_peak() -> None:
    over = crisis_view(ended_at=NOW, ended_by="Олена")
    card = seen(crisis_card(over, words("en"), NOW))
    assert "It took 3 hr: 97 unhappy posts, 40 in the worst hour." in card.text
    assert "Олена said that it is over." in card.text
    assert not card.buttons


@settings(deadline=None, max_examples=60)
@given(
    brand=HOSTILE,
    author=HOSTILE,
    place=HOSTILE,
    url=URLS,
    word=HOSTILE,
    language=st.sampled_from(LANGUAGES),
    bundles=st.booleans(),
)
def test_whatever_people_write_the_card_fits_a_caption(
    brand: str, author: str, place: str, url: str, word: str, language: str, bundles: bool
) -> None:
    view = crisis_view(
        brand=brand,
        words=[word] * 5,
        places=[(place, 10**9)] * 3,
        most_read=[ReadPost(author, place, 10**9, url)] * 3,
        bundles=bundles,
    )
    text = crisis_card(view, words(language), NOW).text
    assert shown_length(text) <= FITS
    parse_html(text)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 100_000), min_size=48, max_size=48))
def test_every_wave_can_be_drawn_small(counts: list[int]) -> None:
    png = chart(Curve(NOW, counts, [float(n) / 2 for n in counts]), ZONE)
    assert Image.open(BytesIO(png)).size == (1200, 640)
    assert len(png) < 100_000


def test_more_posts_make_higher_bars() -> None:
    drawn = Image.open(BytesIO(chart(CURVE, ZONE))).convert("RGB")
    red = [sum(drawn.getpixel((x, y)) == (255, 107, 87) for y in range(640)) for x in (1118, 1142, 1165)]
    assert 0 < red[0] < red[1] < red[2], red


# In the chat


def rage(room: Room, count: int = 40, **changes: Any) -> None:
    """So many unhappy posts in the last minutes, about a brand that has been quiet for weeks."""
    with room.sessions.begin() as session:
        for state in [*session.scalars(select(SourceState)), *session.scalars(select(BrandState))]:
            state.known_since = room.now - timedelta(weeks=3)
        for n in range(count):
            builders.mention(
                session,
                room.now,
                f"rage{n}",
                thread_id=None,
                author=f"a{n}",
                reach=n,
                posted_at=room.now - timedelta(minutes=n % 50),
                **changes,
            )


def look(room: Room, **time: float) -> None:
    room.now += timedelta(**time)
    with room.sessions.begin() as session:
        crises.look(session, room.settings, room.now)
    room.pass_by()


def card(room: Room) -> dict[str, Any]:
    (found,) = [m for m in room.messages() if "photo" in m]
    return found


def test_one_card_with_a_chart_is_edited_in_place_until_it_ends_by_itself(room: Room) -> None:
    rage(room)
    look(room)
    assert "40 unhappy posts in the last hour" in card(room)["caption"]
    first = card(room)["message_id"]
    for _ in range(12):
        look(room, minutes=15)
    assert card(room)["message_id"] == first
    assert "is over" in card(room)["caption"]
    assert buttons(card(room)) == []
    look(room, minutes=10)
    assert len([m for m in room.messages() if "photo" in m]) == 1


def test_it_is_redrawn_at_most_every_five_minutes(room: Room) -> None:
    rage(room)
    look(room)
    drawn = len(room.telegram.calls)
    for minute in range(10):
        with room.sessions.begin() as session:
            builders.mention(session, room.now, f"more{minute}", thread_id=None, posted_at=room.now)
        look(room, minutes=1)
    edits = [name for name, _ in list(room.telegram.calls)[drawn:] if name == "editMessageMedia"]
    assert 1 <= len(edits) <= 2


def test_a_restart_finds_the_card_again(room: Room) -> None:
    rage(room)
    look(room)
    room.restart()
    look(room, hours=1)
    look(room, hours=2)
    assert "is over" in card(room)["caption"]


def test_further_alerts_go_into_one_message_but_urgent_ones_do_not(room: Room) -> None:
    rage(room)
    look(room)
    said, _ = room.press(room.olena, card(room), "Bundle further alerts here")
    assert "one message" in said
    assert "Further alerts that are not urgent" in card(room)["caption"]
    for n in range(3):
        room.open_case(f"n{n}", text=f"Новолінія: жах номер {n}")
    urgent = room.open_case("u", reach=50_000, text="Новолінія: жах, і всі читають")
    room.pass_by()
    assert "3 more new cases" in room.last("more new cases")["text"]
    assert room.card(urgent)
    said, _ = room.press(room.andriy, card(room), "Cards for all alerts again")
    assert "card" in said
    assert room.case("later", text="Новолінія: жах, знову те саме щодня")
    with room.sessions() as session:
        assert len(session.scalars(select(Bundle)).all()) == 1
        assert len(session.scalars(select(Alert).where(Alert.bundle_id.is_not(None))).unique().all()) == 3


def test_what_is_taken_out_of_the_message_gets_its_card_while_the_crisis_goes_on(room: Room) -> None:
    rage(room)
    look(room)
    room.press(room.olena, card(room), "Bundle further alerts here")
    numbers = [room.open_case(f"n{n}", text=f"Новолінія: жах номер {n}") for n in range(3)]
    room.pass_by()
    room.write(room.olena, f"/case {numbers[0]}")
    assert "Claim" in buttons(room.card(numbers[0]))
    said, _ = room.press(room.olena, room.last("more new cases"), "Show the most urgent")
    assert said == "2 cards are coming"
    assert all("Claim" in buttons(room.card(number)) for number in numbers)


def test_whoever_says_that_it_is_over_is_believed_for_a_shift(room: Room) -> None:
    rage(room)
    look(room)
    before = card(room)
    said, _ = room.press(room.olena, before, "It is over")
    assert said == "Thank you. The wave is over."
    assert "Олена said that it is over." in card(room)["caption"]
    look(room, minutes=2)
    assert len([m for m in room.messages() if "photo" in m]) == 1


@pytest.mark.parametrize("data", ["crisisover:1", "crisisbundle:1", "crisiscards:1"])
def test_a_button_that_comes_too_late_says_so_and_changes_nothing(room: Room, data: str) -> None:
    rage(room)
    look(room)
    room.telegram.press(room.olena, room.staff, card(room)["message_id"], "It is over")
    query = room.telegram.press(room.andriy, room.staff, card(room)["message_id"], "It is over")
    query.data = data
    room.pass_by()
    assert "already" in room.telegram.answer(query).text
    with room.sessions() as session:
        crisis = session.scalars(select(Crisis)).one()
        assert (crisis.ended_by_id, crisis.bundles) == (room.olena.id, False)


def test_who_presses_is_told_in_their_own_language(room: Room) -> None:
    rage(room)
    look(room)
    room.write(room.andriy, "/lang uk")
    said = [
        room.press(room.andriy, card(room), pressed)[0]
        for pressed in ("Bundle further alerts here", "Cards for all alerts again", "It is over")
    ]
    assert said == [
        "Відтепер нетермінові сповіщення йдуть в одне повідомлення.",
        "Знову кожне сповіщення – окрема картка.",
        "Дякую. Хвиля минула.",
    ]


def test_the_same_press_twice_counts_once(room: Room) -> None:
    rage(room)
    look(room)
    number = card(room)["message_id"]
    queries = [
        room.telegram.press(room.olena, room.staff, number, "Bundle further alerts here") for _ in range(2)
    ]
    room.pass_by()
    texts = [room.telegram.answer(query).text for query in queries]
    assert "outdated" in texts[1]
    assert buttons(card(room))[0] == "Cards for all alerts again"


def test_a_stranger_can_not_end_it(room: Room) -> None:
    rage(room)
    look(room)
    stranger = room.telegram.add_user("Хтось", "khtos", user_id=4242)
    room.staff.members[stranger.id] = "member"
    room.press(stranger, card(room), "It is over")
    assert "far more unhappy" in card(room)["caption"]


def test_it_comes_before_the_cards_of_the_cases(room: Room) -> None:
    rage(room)
    room.open_case("first")
    with room.sessions.begin() as session:
        crises.look(session, room.settings, room.now)
    outbox.deliver(room.sessions, room.bot.voice, Pace(per_minute=1), lambda: room.now)
    assert "photo" in room.messages()[-1]


def test_a_card_that_somebody_deleted_is_sent_again(room: Room) -> None:
    rage(room)
    look(room)
    del room.staff.messages[card(room)["message_id"]]
    look(room, hours=1)
    look(room, hours=1)
    assert card(room)


def test_now_is_when_the_numbers_are_of(room: Room, now: datetime) -> None:
    rage(room, count=8)
    look(room, minutes=1)
    with room.sessions() as session:
        assert session.scalars(select(Crisis)).one().seen_at == now + timedelta(minutes=1)
