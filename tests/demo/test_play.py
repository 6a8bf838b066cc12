import socket

import pytest
from rich.console import Console

from demo.play import play_live
from tests.ports import free_port


@pytest.mark.parametrize("taken", [0, 1], ids=["the chat's", "the town's next to it"])
def test_the_demo_says_which_port_is_taken_and_how_to_choose_another(taken: int) -> None:
    port = free_port(neighbours=1)
    with (
        socket.create_server(("127.0.0.1", port + taken)),
        pytest.raises(SystemExit, match=rf"^Port {port + taken} .* taken; try `make demo PORT={port + 100}`"),
    ):
        play_live(port, Console(quiet=True))
