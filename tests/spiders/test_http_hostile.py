"""HTTP for sources, against servers that mean harm."""

import gzip
import socket
import threading
import time
from contextlib import contextmanager

import brotli
import pytest
from backports import zstd

from monitor.source import SourceError
from spiders._http import client


def web(**options):
    return client(**{"user_agent": "Vidhuk (+test)", "allow_private": True, "timeout": 5.0, **options})


@contextmanager
def raw_server(*pieces: bytes, pause: float = 0.0, repeat: int = 1):
    """Say the pieces to every caller, whatever they ask, with a pause after each; yields the URL."""
    over = threading.Event()

    def serve(listener):
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=speak, args=(caller,), daemon=True).start()

    def speak(caller):
        with caller:
            try:
                caller.recv(65536)
                for piece in pieces * repeat:
                    caller.sendall(piece)
                    if over.wait(pause):
                        return
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        over.set()


@pytest.mark.parametrize(
    ("encoding", "squeeze"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstd.compress)],
)
def test_a_compressed_bomb_is_dropped_before_it_unfolds(httpserver, encoding, squeeze):
    bomb = squeeze(bytes(50_000_000))
    assert len(bomb) < 100_000
    httpserver.expect_request("/").respond_with_data(bomb, headers={"Content-Encoding": encoding})
    with pytest.raises(SourceError, match="more than 1 MB"):
        web(max_bytes=1_000_000).get(httpserver.url_for("/"))


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate"])
def test_a_body_that_is_not_what_it_claims_is_refused(httpserver, encoding):
    httpserver.expect_request("/").respond_with_data(b"plain words", headers={"Content-Encoding": encoding})
    with pytest.raises(SourceError, match="decompressed"):
        web().get(httpserver.url_for("/"))


def test_an_endless_body_is_cut_off():
    head = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 65536
    with (
        raw_server(head, b"x" * 65536, repeat=1000) as url,
        pytest.raises(SourceError, match="more than 1 MB"),
    ):
        web(max_bytes=1_000_000).get(url)


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"]
)
def test_a_server_that_drips_one_byte_at_a_time_runs_into_the_deadline(head):
    started = time.monotonic()
    with raw_server(head, b"x", b"x", b"x", pause=0.2, repeat=20) as url:
        with pytest.raises(SourceError, match="did not finish answering"):
            web(timeout=0.7).get(url)
        assert time.monotonic() - started < 3


def test_a_server_that_says_nothing_runs_into_the_deadline():
    with raw_server(b"", pause=10) as url, pytest.raises(SourceError, match="did not finish") as failure:
        web(timeout=0.3).get(url)
    assert not failure.value.permanent
    assert not failure.value.unsure


@pytest.mark.parametrize(
    "noise", [b"", b"\x00\xff" * 500, b"HTTP/1.1 20 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\n" * 20_000]
)
def test_noise_instead_of_http_is_an_error_in_a_sentence(noise):
    with raw_server(noise) as url, pytest.raises(SourceError, match="broke off"):
        web().get(url)


def test_a_form_that_got_no_answer_may_have_arrived():
    with raw_server(b"", pause=10) as url, pytest.raises(SourceError) as failure:
        web(timeout=0.3).post(url, form={"a": "1"})
    assert failure.value.unsure


@pytest.mark.parametrize(
    "url", ["", "http://", "file:///etc/passwd", "http://[", "http://a b/", "x" * 70_000]
)
def test_an_address_that_is_none_is_an_error_in_a_sentence(url):
    with pytest.raises(SourceError):
        web().get(url)
