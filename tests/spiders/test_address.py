"""Which addresses may be asked."""

import contextlib
import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.source import SourceError
from spiders import _address
from spiders._address import PrivateAddress, require_public, require_web_url, resolve_public


@pytest.mark.parametrize(
    "ip", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_public_addresses_pass(ip):
    require_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::808:808",
        "2001::1",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1111%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "not an address",
        "",
    ],
)
def test_addresses_that_are_not_public_are_refused(ip):
    with pytest.raises(PrivateAddress) as refusal:
        require_public(ip)
    assert refusal.value.permanent


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0x08080808",
        "8.8.2056",
        "8.8.8.08",
        "1.2.3.4.5",
    ],
)
def test_numbers_that_look_like_names_are_refused_before_anybody_resolves_them(host, monkeypatch):
    monkeypatch.setattr(_address, "resolve", lambda host: ["8.8.8.8"])
    with pytest.raises(PrivateAddress):
        resolve_public(host)


def test_localhost_is_refused():
    with pytest.raises(PrivateAddress):
        resolve_public("localhost")


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    monkeypatch.setattr(_address, "resolve", lambda host: ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(PrivateAddress):
        resolve_public("two-faced.example")


def test_a_name_with_public_addresses_is_resolved(monkeypatch):
    monkeypatch.setattr(_address, "resolve", lambda host: ["8.8.8.8", "8.8.4.4"])
    assert resolve_public("plain.example") == ["8.8.8.8", "8.8.4.4"]


@pytest.mark.parametrize("host", ["no-such-name.invalid", "a" * 300, "a..b", "\x00"])
def test_a_name_that_does_not_exist_is_said_in_a_sentence(host):
    with pytest.raises(SourceError, match="not found in DNS") as failure:
        resolve_public(host)
    assert not failure.value.permanent


@pytest.mark.parametrize("url", ["http://a.example", "https://a.example:443/x", "https://a.example:8443/"])
def test_web_urls_pass(url):
    require_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://a.example/",
        "http://",
        "//a.example",
        "javascript:alert(1)",
        "",
        "http://[::1",
    ],
)
def test_what_is_not_the_web_is_refused_even_where_private_addresses_are_allowed(url):
    with pytest.raises(SourceError) as refusal:
        require_web_url(url, allow_private=True)
    assert refusal.value.permanent


@pytest.mark.parametrize("port", [22, 25, 3306, 5432, 6379, 9200, 11211])
def test_ports_of_other_services_are_refused_unless_private_addresses_are_allowed(port):
    require_web_url(f"http://a.example:{port}/", allow_private=True)
    with pytest.raises(PrivateAddress, match=str(port)):
        require_web_url(f"http://a.example:{port}/")


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=300, deadline=None)
def test_an_ipv4_address_hidden_in_ipv6_is_judged_as_itself(number):
    bare = str(ipaddress.IPv4Address(number))
    for hidden in (0xFFFF << 32 | number, 0x2002 << 112 | number << 80, 0x64FF9B << 96 | number):
        assert _is_refused(bare) == _is_refused(str(ipaddress.IPv6Address(hidden)))


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_for_a_url_is_accepted_or_refused_with_a_sentence(text):
    with contextlib.suppress(SourceError):
        require_web_url(text)


def _is_refused(ip: str) -> bool:
    try:
        require_public(ip)
    except PrivateAddress:
        return True
    return False
