"""HTTP for sources: what is asked, what is followed, and what an answer means."""

import socket
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug import Response

from monitor.source import SourceError
from spiders import _address
from spiders._address import PrivateAddress
from spiders._http import HttpError, client, retry_after, user_agent

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def web(**options):
    return client(**{"user_agent": "Vidhuk (+test)", "allow_private": True, "timeout": 5.0, **options})


def redirect(location: str, status: int = 302) -> Response:
    return Response(status=status, headers={"Location": location})


def test_a_page_comes_with_what_is_needed_to_ask_again(httpserver):
    httpserver.expect_request("/", headers={"User-Agent": "Vidhuk (+test)"}).respond_with_data(
        "Привіт", headers={"ETag": '"1"', "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}
    )
    fetched = web().get(httpserver.url_for("/"))
    assert fetched.body.decode() == "Привіт"
    assert (fetched.status, fetched.etag) == (200, '"1"')
    assert fetched.modified == "Sat, 21 Nov 2026 10:00:00 GMT"
    assert fetched.headers["ETAG"] == '"1"'


def test_an_unchanged_page_costs_no_body(httpserver):
    httpserver.expect_request(
        "/", headers={"If-None-Match": '"1"', "If-Modified-Since": "x"}
    ).respond_with_data(status=304)
    fetched = web().get(httpserver.url_for("/"), etag='"1"', modified="x")
    assert (fetched.status, fetched.body) == (304, b"")


def test_a_form_and_json_are_posted(httpserver):
    httpserver.expect_request("/form", method="POST", data="a=%D1%97").respond_with_data("form")
    httpserver.expect_request("/json", method="POST", json={"a": 1}).respond_with_data("json")
    assert web().post(httpserver.url_for("/form"), form={"a": "ї"}).body == b"form"
    assert web().post(httpserver.url_for("/json"), json={"a": 1}).body == b"json"


def test_loopback_is_refused_unless_allowed(httpserver):
    with pytest.raises(PrivateAddress):
        web(allow_private=False).get("http://127.0.0.1/")


def test_a_name_that_leads_inside_is_refused_when_it_connects(monkeypatch):
    monkeypatch.setattr(_address, "resolve", lambda host: ["10.0.0.1"])
    with pytest.raises(PrivateAddress):
        web(allow_private=False).get("http://innocent.example/")


def test_the_name_is_asked_once_so_that_a_second_answer_cannot_differ(monkeypatch):
    answers = iter([["203.0.113.9"], ["127.0.0.1"]])
    asked = []
    monkeypatch.setattr(_address, "resolve", lambda host: asked.append(host) or next(answers))
    monkeypatch.setattr(_address, "require_public", lambda ip: None)
    connected = []

    def refuse(address, *rest, **options):
        connected.append(address[0])
        raise OSError("nobody")

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(SourceError, match=r"No connection to rebinding\.example"):
        web(allow_private=False).get("http://rebinding.example/")
    assert asked == ["rebinding.example"]
    assert connected == ["203.0.113.9"]


def test_a_redirect_into_the_private_network_is_refused(httpserver, monkeypatch):
    httpserver.expect_request("/").respond_with_response(
        redirect(f"http://127.0.0.1:{httpserver.port}/secret")
    )
    httpserver.expect_request("/secret").respond_with_data("secret")
    monkeypatch.setattr(_address, "PORTS", {httpserver.port})
    # The test's server has to be on loopback: only under this name it counts as outside.
    monkeypatch.setattr(
        "spiders._http_line.resolve_public",
        lambda host: ["127.0.0.1"] if host == "outside.example" else _address.resolve_public(host),
    )
    with pytest.raises(PrivateAddress):
        web(allow_private=False).get(f"http://outside.example:{httpserver.port}/")
    assert [request.path for request, _ in httpserver.log] == ["/"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://a.example/", "javascript:x", "http://", "http://[x"]
)
def test_a_redirect_out_of_the_web_is_refused(httpserver, location):
    httpserver.expect_request("/").respond_with_response(redirect(location))
    with pytest.raises(SourceError):
        web().get(httpserver.url_for("/"))


def test_a_redirect_is_followed_and_the_last_address_is_told(httpserver):
    httpserver.expect_request("/old").respond_with_response(redirect("/new", 301))
    httpserver.expect_request("/new").respond_with_data("here")
    fetched = web().get(httpserver.url_for("/old"))
    assert (fetched.body, fetched.url) == (b"here", httpserver.url_for("/new"))


def test_redirects_that_never_end_are_given_up(httpserver):
    httpserver.expect_request("/").respond_with_response(redirect("/"))
    with pytest.raises(SourceError, match="more than 5 times"):
        web().get(httpserver.url_for("/"))
    assert len(httpserver.log) == 6


def test_a_key_is_not_carried_to_another_host(httpserver):
    httpserver.expect_request("/a").respond_with_response(redirect(f"http://localhost:{httpserver.port}/b"))
    httpserver.expect_request("/b").respond_with_data("b")
    web().get(f"http://127.0.0.1:{httpserver.port}/a", headers={"Authorization": "Bearer key"})
    assert [request.headers.get("Authorization") for request, _ in httpserver.log] == ["Bearer key", None]


def test_a_form_is_never_sent_twice_by_a_redirect(httpserver):
    httpserver.expect_request("/", method="POST").respond_with_response(redirect("/again", 307))
    with pytest.raises(SourceError, match="moved the form"):
        web().post(httpserver.url_for("/"), form={"a": "1"})
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("status", [403, 404, 429, 502])
def test_a_form_that_was_taken_may_have_arrived_whatever_the_next_page_says(httpserver, status):
    httpserver.expect_request("/", method="POST").respond_with_response(redirect("/next"))
    httpserver.expect_request("/next").respond_with_data(status=status)
    with pytest.raises(HttpError) as failure:
        web().post(httpserver.url_for("/"), form={"a": "1"})
    assert failure.value.unsure


@pytest.mark.parametrize("location", ["http://127.0.0.1:1/", "/big", "/again", "ftp://a.example/"])
def test_a_form_that_was_taken_may_have_arrived_wherever_the_redirects_lead(httpserver, location):
    httpserver.expect_request("/", method="POST").respond_with_response(redirect(location))
    httpserver.expect_request("/again").respond_with_response(redirect("/again"))
    httpserver.expect_request("/big").respond_with_data("x" * 101)
    with pytest.raises(SourceError) as failure:
        web(max_bytes=100).post(httpserver.url_for("/"), form={"a": "1"})
    assert failure.value.unsure


def test_a_form_that_is_sent_on_to_nowhere_may_have_arrived(httpserver):
    httpserver.expect_request("/", method="POST").respond_with_data(status=302)
    with pytest.raises(SourceError, match="can't be read") as failure:
        web().post(httpserver.url_for("/"), form={"a": "1"})
    assert failure.value.unsure


def test_a_form_that_was_moved_has_not_arrived(httpserver):
    httpserver.expect_request("/", method="POST").respond_with_response(redirect("/again", 308))
    with pytest.raises(SourceError, match="moved the form") as failure:
        web().post(httpserver.url_for("/"), form={"a": "1"})
    assert not failure.value.unsure


def test_a_closed_door_is_an_error_that_may_pass(httpserver):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(SourceError, match=r"No connection to 127\.0\.0\.1") as failure:
        web().post(f"http://127.0.0.1:{port}/", form={})
    assert not failure.value.permanent
    assert not failure.value.unsure


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_what_staff_must_cure_is_permanent(httpserver, status):
    httpserver.expect_request("/").respond_with_data("why", status=status)
    with pytest.raises(HttpError, match=f"^localhost answered with status {status}: ") as failure:
        web().get(httpserver.url_for("/"))
    assert failure.value.permanent
    assert failure.value.fetched.body == b"why"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_what_may_pass_is_not_permanent(httpserver, status):
    httpserver.expect_request("/").respond_with_data(status=status, headers={"Retry-After": "90"})
    with pytest.raises(HttpError) as failure:
        web().get(httpserver.url_for("/"))
    assert not failure.value.permanent
    assert failure.value.retry_after == timedelta(seconds=90)
    assert not failure.value.unsure


def test_a_form_that_broke_the_server_may_have_arrived(httpserver):
    httpserver.expect_request("/").respond_with_data(status=502)
    with pytest.raises(HttpError) as failure:
        web().post(httpserver.url_for("/"), form={"a": "1"})
    assert failure.value.unsure


def test_errors_do_not_show_what_is_in_the_path_or_query(httpserver):
    with pytest.raises(HttpError) as failure:
        web().get(httpserver.url_for("/bot123:secret/getMe?key=secret"))
    assert "secret" not in str(failure.value)


def test_cookies_are_kept_only_if_asked_for(httpserver):
    httpserver.expect_request("/").respond_with_data("", headers={"Set-Cookie": "sid=1; Path=/"})
    for wanted, expected in ((False, None), (True, "sid=1")):
        window = web(cookies=wanted)
        window.get(httpserver.url_for("/"))
        window.get(httpserver.url_for("/"))
        assert httpserver.log[-1][0].headers.get("Cookie") == expected


def test_one_host_is_asked_one_thing_at_a_time(httpserver):
    inside, most = [], []

    def count(request):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.05)
        inside.pop()
        return Response("ok")

    httpserver.expect_request("/").respond_with_handler(count)
    callers = [threading.Thread(target=web().get, args=(httpserver.url_for("/"),)) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(most) == 4
    assert max(most) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 5 ", 5),
        ("99999999999999999999", 86400),
        ("Sat, 21 Nov 2026 12:01:00 GMT", 60),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("Sat, 21 Nov 2099 11:00:00 -0000", 86400),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert retry_after(value, NOW) == timedelta(seconds=seconds)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_other_retry_after_is_no_answer_and_no_crash(value):
    wait = retry_after(value, NOW)
    assert wait is None or timedelta(0) <= wait <= timedelta(days=1)


def test_the_user_agent_says_whom_to_complain_to_and_nothing_that_breaks_a_header():
    assert user_agent("https://shop.example/bot") == "Vidhuk (+https://shop.example/bot)"
    assert user_agent("x\r\nEvil: 1 ї)") == "Vidhuk (+xEvil: 1 )"
    assert user_agent("") == "Vidhuk"
