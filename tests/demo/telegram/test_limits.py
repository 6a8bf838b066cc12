import pytest

from demo.telegram import Refusal


def refusal(place, **parameters):
    with pytest.raises(Refusal) as refused:
        place.send(**parameters)
    return refused.value


def test_twenty_messages_a_minute_go_into_one_group(limited):
    for number in range(20):
        limited.send(text=f"{number}")
    refused = refusal(limited)
    assert refused.as_json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }


def test_who_waits_as_long_as_told_may_go_on(limited):
    for number in range(20):
        limited.send(text=f"{number}")
    limited.clock.pass_(refusal(limited).retry_after)
    assert limited.send()["text"] == "Hello"


def test_edits_count_as_messages(limited):
    sent = limited.send()
    for number in range(19):
        edit = {"chat_id": limited.staff.id, "message_id": sent["message_id"], "text": f"{number}"}
        limited.telegram.call("editMessageText", edit)
    assert refusal(limited).code == 429


def test_what_is_refused_does_not_count(limited):
    for _ in range(30):
        with pytest.raises(Refusal):
            limited.send(text="")
    assert limited.send()["text"] == "Hello"


def test_one_chat_being_full_leaves_others_open(limited):
    for number in range(20):
        limited.send(text=f"{number}")
    limited.clock.pass_(1)
    assert limited.send(chat_id=limited.olena.id)["text"] == "Hello"


def test_thirty_messages_a_second_go_out_in_all_and_half_a_second_of_slack(limited):
    groups = [limited.telegram.add_group(f"Group {number}", [limited.olena]) for number in range(4)]
    for number in range(45):
        limited.send(chat_id=groups[number % 4].id, text=f"{number}")
    assert refusal(limited).as_json()["parameters"] == {"retry_after": 1}
    limited.clock.pass_(1)
    assert limited.send()["text"] == "Hello"


def test_limits_can_be_switched_off(place):
    for number in range(60):
        place.send(text=f"{number}")
    assert len(place.telegram.messages(place.staff)) > 60
