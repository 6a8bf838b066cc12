"""robots.txt."""

import pytest

from monitor.source import SourceError
from spiders._http import client
from spiders._robots import allowed_by_robots, require_allowed


def web(**options):
    return client(**{"user_agent": "Vidhuk (+test)", "allow_private": True, **options})


def test_robots_txt_is_obeyed_and_asked_for_once(httpserver):
    httpserver.expect_request("/robots.txt").respond_with_data(
        "User-agent: Vidhuk\nDisallow: /private/*.html\n"
    )
    window = web()
    assert allowed_by_robots(window, httpserver.url_for("/open"))
    assert not allowed_by_robots(window, httpserver.url_for("/private/a.html"))
    with pytest.raises(SourceError, match="asks programs not to read") as refusal:
        require_allowed(window, httpserver.url_for("/private/a.html"))
    assert refusal.value.permanent
    assert [request.path for request, _ in httpserver.log] == ["/robots.txt"]


def test_no_robots_txt_is_a_permission_but_a_server_in_trouble_is_not(httpserver):
    httpserver.expect_ordered_request("/robots.txt").respond_with_data(status=404)
    httpserver.expect_ordered_request("/robots.txt").respond_with_data(status=503)
    assert allowed_by_robots(web(user_agent="one"), httpserver.url_for("/"))
    with pytest.raises(SourceError):
        allowed_by_robots(web(user_agent="two"), httpserver.url_for("/"))
