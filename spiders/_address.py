"""Which addresses may be asked.

A URL comes from the configuration, from a page or from a redirect, and any of them may point into the network that
we run in: a router, a database, the metadata service of a cloud. So an address is checked after DNS, and the
connection goes to the address that was checked, never to the name again.
"""

import ipaddress
import re
import socket
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

from monitor.source import SourceError

PORTS = frozenset({80, 443, *range(8000, 9000)})
"""The web lives on these; the others belong to mail, databases and the like, which answer to forged requests."""

# is_global of the standard library calls these public; the registries of IANA do not, or they lead elsewhere.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.0.0/24", "192.88.99.0/24", "::/96", "64:ff9b:1::/48", "2001::/23", "fec0::/10")
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# The last label decides whether a host is an IPv4 address (WHATWG URL, "ends in a number").
_NUMBER = re.compile(r"(?:[0-9]+|0[xX][0-9a-fA-F]*)\Z")


class PrivateAddress(SourceError):
    """The URL leads to a place that is not on the public web."""

    def __init__(self, message: str):
        super().__init__(
            f"{message} Use the public address, or set allow_private: true if this is your own server.",
            permanent=True,
        )


def require_public(ip: str) -> None:
    """Raise PrivateAddress unless the address, and the IPv4 address inside it if any, is on the public internet."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        raise PrivateAddress(f"{ip!r} is not an internet address.") from None
    if not all(_is_public(each) for each in (address, *_embedded(address))):
        raise PrivateAddress(f"{ip} is not a public address.")


def resolve_public(host: str) -> list[str]:
    """All addresses of a host; PrivateAddress if any of them is not public, SourceError if it has none."""
    _require_plain_name(host)
    addresses = resolve(host)
    for address in addresses:
        require_public(address)
    return addresses


def resolve(host: str) -> list[str]:
    """All addresses of a host, in the order of the resolver. SourceError if it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        raise SourceError(f"The name {host!r} was not found in DNS: check the address.") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def require_web_url(url: str, *, allow_private: bool = False) -> None:
    """Raise SourceError unless the URL is http(s) with a host, and its port one of PORTS (any with allow_private)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise SourceError("The address is not a valid URL.", permanent=True) from None
    if parts.scheme not in ("http", "https") or not host:
        raise SourceError("Only http:// and https:// addresses can be read.", permanent=True)
    if port is not None and port not in PORTS and not allow_private:
        raise PrivateAddress(
            f"Port {port} of {host} is not a port of the public web (80, 443, 8000 to 8999)."
        )


def _require_plain_name(host: str) -> None:
    """Refuse numbers that only look like names: 2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1."""
    last = host.rstrip(".").rpartition(".")[2]
    if not _NUMBER.match(last):
        return
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        raise PrivateAddress(f"{host!r} is a disguised internet address.") from None


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    if address.is_multicast or any(address in network for network in _NOT_PUBLIC):
        return False
    # A mapped address is judged by the IPv4 address in it: the standard library changed its mind about these.
    return address.is_global or (isinstance(address, IPv6Address) and address.ipv4_mapped is not None)


def _embedded(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that a translator would make of an IPv6 address (RFC 4291, 3056, 6052)."""
    if isinstance(address, IPv4Address):
        return []
    inside = [address.ipv4_mapped, address.sixtofour]
    if address in _NAT64:
        inside.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    return [each for each in inside if each is not None]
