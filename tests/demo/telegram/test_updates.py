import threading
from time import monotonic

import pytest

from demo.telegram import Refusal

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class Poller(threading.Thread):
    """Polls once, in a thread of its own."""

    def __init__(self, place, **parameters):
        super().__init__(daemon=True)
        self.place, self.parameters = place, {"timeout": 30, **parameters}
        self.updates, self.refusal = None, None
        self.start()
        place.telegram.wait_for_bot()

    def run(self):
        try:
            self.updates = self.place.updates(**self.parameters)
        except Refusal as refusal:
            self.refusal = refusal


def texts(updates):
    return [update["message"]["text"] for update in updates]


def test_a_waiting_poll_is_answered_when_something_happens(place):
    poller = Poller(place)
    place.telegram.write(place.olena, place.staff, "Hello")
    poller.join(5)
    assert texts(poller.updates) == ["Hello"]


def test_a_poll_ends_after_its_timeout(place):
    begin = monotonic()
    assert place.updates(timeout=1) == []
    assert 0.9 < monotonic() - begin < 5


def test_updates_come_again_until_they_are_confirmed(place):
    for text in ("one", "two"):
        place.telegram.write(place.olena, place.staff, text)
    first = place.updates()
    assert texts(first) == ["one", "two"]
    assert place.updates() == first
    assert texts(place.updates(offset=first[0]["update_id"] + 1)) == ["two"]
    assert place.updates(offset=first[1]["update_id"] + 1) == []


def test_a_limit_and_a_negative_offset_choose_updates(place):
    for text in ("one", "two", "three"):
        place.telegram.write(place.olena, place.staff, text)
    assert texts(place.updates(limit=2)) == ["one", "two"]
    assert texts(place.updates(offset=-1)) == ["three"]
    assert texts(place.updates()) == ["three"]


def test_a_second_poller_ends_the_first_with_a_conflict(place):
    first = Poller(place)
    second = Poller(place)
    first.join(5)
    assert (first.refusal.code, first.refusal.description) == (409, CONFLICT)
    place.telegram.write(place.olena, place.staff, "Hello")
    second.join(5)
    assert texts(second.updates) == ["Hello"]


def test_polling_conflicts_with_a_webhook(place):
    place.telegram.call("setWebhook", {"url": "https://example.org/hook"})
    with pytest.raises(Refusal) as refusal:
        place.updates()
    assert refusal.value.code == 409
    assert "while webhook is active" in refusal.value.description
    place.telegram.call("deleteWebhook", {})
    assert place.updates() == []


def test_only_the_kinds_asked_for_come_and_the_wish_is_remembered(place):
    place.updates(allowed_updates=["callback_query"])
    place.telegram.write(place.olena, place.staff, "Hello")
    assert place.updates() == []
    place.updates(allowed_updates=[])
    place.telegram.write(place.olena, place.staff, "Again")
    assert texts(place.updates()) == ["Again"]


def test_reactions_come_only_when_asked_for(place):
    sent = place.send()
    place.telegram.react(place.olena, place.staff, sent["message_id"], "👀")
    assert place.updates() == []
    place.updates(allowed_updates=["message_reaction"])
    place.telegram.react(place.olena, place.staff, sent["message_id"], "👍")
    (update,) = place.updates()
    reaction = update["message_reaction"]
    assert reaction["old_reaction"] == [{"type": "emoji", "emoji": "👀"}]
    assert reaction["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]


def test_closing_lets_a_waiting_poll_go(place):
    poller = Poller(place)
    place.telegram.close()
    poller.join(5)
    assert poller.updates == []
