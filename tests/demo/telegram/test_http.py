"""Over HTTP: the three kinds of bodies, the token, files, and what the page may do."""

import json

import httpx2
import pytest

from demo.telegram import serve


@pytest.fixture
def client(place):
    with serve(place.telegram) as url, httpx2.Client(base_url=url) as client:
        yield client


def test_a_wrong_token_is_unauthorized(client):
    answer = client.get("/bot4242:wrong/getMe")
    assert answer.status_code == 401
    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert client.get("/botnonsense/getMe").status_code == 404


def test_a_get_and_any_case_of_the_name_will_do(client, place):
    answer = client.get("/bot4242:sesame/GETME").json()
    assert answer["result"]["username"] == place.telegram.bot.username


KEYS = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


def test_an_object_comes_as_json_or_as_a_string(client, place):
    message = {"chat_id": place.staff.id, "text": "Hello"}
    as_json = client.post("/bot4242:sesame/sendMessage", json={**message, "reply_markup": KEYS})
    as_text = client.post("/bot4242:sesame/sendMessage", json={**message, "reply_markup": json.dumps(KEYS)})
    as_form = client.post("/bot4242:sesame/sendMessage", data={**message, "reply_markup": json.dumps(KEYS)})
    for answer in (as_json, as_text, as_form):
        assert answer.json()["result"]["reply_markup"] == KEYS


def test_numbers_and_truth_values_come_as_strings_in_forms(client, place):
    form = {"chat_id": f"{place.staff.id}", "text": "Hello", "message_thread_id": f"{place.topic}"}
    answer = client.post("/bot4242:sesame/sendMessage", data={**form, "disable_notification": "true"})
    assert answer.json()["result"]["message_thread_id"] == place.topic


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"nonsense", b"[" * 5000])
def test_a_body_that_is_no_object_is_refused(client, body):
    headers = {"content-type": "application/json"}
    answer = client.post("/bot4242:sesame/sendMessage", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["description"].startswith("Bad Request: ")


def test_a_broken_multipart_body_is_refused(client):
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = client.post("/bot4242:sesame/sendMessage", content=b"--y\r\nnonsense", headers=headers)
    assert answer.status_code == 400


def test_a_document_can_be_uploaded_and_downloaded(client, place):
    upload = {"document": ("digest.html", b"<p>47</p>", "text/html")}
    sent = client.post("/bot4242:sesame/sendDocument", data={"chat_id": place.staff.id}, files=upload).json()
    document = sent["result"]["document"]
    assert (document["file_name"], document["file_size"]) == ("digest.html", 9)
    found = client.get("/bot4242:sesame/getFile", params={"file_id": document["file_id"]}).json()["result"]
    assert client.get(f"/file/bot4242:sesame/{found['file_path']}").content == b"<p>47</p>"
    assert client.get(f"/file/bot4242:wrong/{found['file_path']}").status_code == 401
    assert client.get("/file/bot4242:sesame/documents/../../secret").status_code == 404


def test_attached_files_are_found_in_albums(client, place):
    media = [{"type": "document", "media": f"attach://f{number}"} for number in range(2)]
    files = {f"f{number}": (f"{number}.txt", b"x" * (number + 1)) for number in range(2)}
    form = {"chat_id": place.staff.id, "media": json.dumps(media)}
    album = client.post("/bot4242:sesame/sendMediaGroup", data=form, files=files).json()["result"]
    assert [message["document"]["file_size"] for message in album] == [1, 2]
    assert len({message["media_group_id"] for message in album}) == 1


def test_what_is_no_picture_cannot_be_sent_as_a_photo(client, place):
    answer = client.post(
        "/bot4242:sesame/sendPhoto", data={"chat_id": place.staff.id}, files={"photo": ("a.png", b"no")}
    )
    assert answer.json()["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


def test_a_refusal_to_wait_says_how_long(client, place):
    place.telegram.world.limits.on = True
    for _ in range(20):
        client.get("/bot4242:sesame/sendMessage", params={"chat_id": place.staff.id, "text": "x"})
    answer = client.get("/bot4242:sesame/sendMessage", params={"chat_id": place.staff.id, "text": "x"})
    assert answer.status_code == 429
    assert answer.json()["parameters"] == {"retry_after": 3}


def test_the_page_acts_only_as_its_personas(client, place):
    stranger = place.telegram.add_user("Марко")
    town = place.telegram.add_group("Town", [stranger, place.olena])
    write = {"as": stranger.id, "chat": town.id, "text": "Hello"}
    assert client.post("/chat/write", json=write).status_code == 400
    assert client.post("/chat/write", json={**write, "as": place.andrii.id}).status_code == 400
    assert client.post("/chat/write", json={**write, "as": place.olena.id}).status_code == 200
    assert [message["from"]["id"] for message in place.telegram.messages(town)] == [place.olena.id]


@pytest.mark.parametrize(
    "body", [{}, {"as": "x", "chat": []}, {"as": 1001, "chat": 1001}, {"as": None, "chat": None, "text": 3}]
)
def test_the_page_survives_nonsense(client, body):
    for name in ("write", "press", "react", "inline", "pick", "changes"):
        answer = client.post(f"/chat/{name}", json=body)
        assert answer.status_code == 400
        assert answer.json()["error"]


def test_the_page_survives_numbers_without_end(client):
    headers = {"content-type": "application/json"}
    answer = client.post("/chat/changes", content=b'{"since": Infinity}', headers=headers)
    assert answer.status_code == 400


def test_a_body_of_unknown_length_is_refused(client):
    answer = client.post("/bot4242:sesame/getMe", content=iter([b"x"]))
    assert answer.status_code == 411


def test_a_form_of_another_site_is_not_heard(client, place):
    body = json.dumps({"as": place.olena.id, "chat": place.staff.id, "text": "Hello"})
    answer = client.post("/chat/write", content=body, headers={"content-type": "text/plain"})
    assert answer.status_code == 400
    assert len(place.telegram.messages(place.staff)) == 1


def test_the_page_allows_no_foreign_code(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert "default-src 'none'; script-src 'self'" in answer.headers["content-security-policy"]
    assert client.get("/static/page.py").status_code == 404
    assert client.get("/static/..%2fpage.py").status_code == 404


def test_a_document_with_a_script_is_only_downloaded(client, place):
    place.telegram.upload(place.olena, place.staff, "a.html", b"<script>alert(1)</script>")
    document = place.telegram.messages(place.staff)[-1]["document"]
    answer = client.get(f"/chat/file/{document['file_id']}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"


def test_news_since_too_long_ago_begin_anew(client, place):
    seq = client.post("/chat/state", json={}).json()["seq"]
    place.telegram.write(place.olena, place.staff, "Hello")
    news = client.post("/chat/changes", json={"since": seq}).json()
    assert [change["body"]["text"] for change in news["changes"]] == ["Hello"]
    assert client.post("/chat/changes", json={"since": seq + 999}).json()["reset"] is True
