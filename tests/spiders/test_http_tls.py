"""TLS: the connection goes to a checked address, and the certificate has to be that of the name."""

import datetime
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_httpserver import HTTPServer

from monitor.source import SourceError
from spiders import _http_line
from spiders._http import client

NAME = "shop.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a key and a certificate for NAME, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "shop.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def shop(certificate, monkeypatch):
    """A server that says it is NAME, to which every name leads; its certificate is trusted."""
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(certificate)
    theirs = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(_http_line, "_ssl_context", lambda: theirs)
    monkeypatch.setattr(_http_line, "resolve", lambda host: ["127.0.0.1"])
    with HTTPServer(ssl_context=ours) as server:
        server.expect_request("/").respond_with_data("hello")
        yield server


def test_the_name_is_sent_and_checked_though_the_address_is_asked(shop):
    fetched = client(user_agent="x", allow_private=True).get(f"https://{NAME}:{shop.port}/")
    assert fetched.body == b"hello"
    assert shop.log[0][0].headers["Host"] == f"{NAME}:{shop.port}"


def test_a_server_that_is_somebody_else_is_refused(shop):
    with pytest.raises(SourceError, match=r"No connection to other\.example"):
        client(user_agent="x", allow_private=True).get(f"https://other.example:{shop.port}/")
    assert shop.log == []
