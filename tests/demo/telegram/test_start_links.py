import pytest

from demo.telegram import Impossible
from demo.telegram.page import Page

LINK = "https://t.me/vidhuk_bot?start=Abc-9_x"


def test_a_link_starts_the_bot_with_what_it_carries(place):
    chat = place.telegram.open_link(place.andrii, LINK)
    message = place.updates()[0]["message"]
    assert (message["text"], message["chat"]["id"], chat.id) == (
        "/start Abc-9_x",
        place.andrii.id,
        place.andrii.id,
    )
    assert message["entities"][0]["type"] == "bot_command"


@pytest.mark.parametrize(
    "url",
    [
        "https://t.me/another_bot?start=x",
        "https://t.me/vidhuk_bot",
        "https://t.me/vidhuk_bot?start=",
        "https://t.me/vidhuk_bot?start=a b",
        "https://t.me/vidhuk_bot?start=" + "x" * 65,
        "https://evil.example/t.me/vidhuk_bot?start=x",
    ],
)
def test_what_telegram_would_not_start_is_refused(place, url):
    with pytest.raises(Impossible):
        place.telegram.open_link(place.olena, url)
    assert place.updates() == []


def test_on_the_page_only_a_persona_follows_a_link(place):
    page = Page(place.telegram)
    assert page.start({"as": place.olena.id, "url": LINK}) == {"chat": place.olena.id}
    stranger = place.telegram.add_user("Хтось")
    with pytest.raises(Impossible):
        page.start({"as": stranger.id, "url": LINK})
