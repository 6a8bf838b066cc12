"""Ports for servers that tests start in processes of their own, and so can't bind beforehand."""

import secrets

from demo.play import is_free

FIRST, LAST = 12_000, 31_000
"""Below what Linux gives to outgoing connections (ip_local_port_range, from 32,768): those of the tests beside
this one would take a port between the question whether it is free and the server's start."""


def free_port(*, neighbours: int = 0) -> int:
    """A port of loopback that nobody has; so are as many of the next ones as are wanted."""
    while True:
        port = FIRST + secrets.randbelow(LAST - FIRST)
        if all(is_free(port + step) for step in range(neighbours + 1)):
            return port
