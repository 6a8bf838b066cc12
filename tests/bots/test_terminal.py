"""`vidhuk people` and `vidhuk invite`, on the room's database and its stand-in for Telegram."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from bots.terminal import House, add_commands
from models import Role, Staff
from monitor.secrets import Secrets
from monitor.settings import Settings
from monitor.voice import Unsaid
from tests.bots.room import TOKEN, Room


@dataclass
class Cottage:
    settings: Settings
    secrets: Secrets
    url: str
    api_url: str
    clock: Callable[[], datetime]


def vidhuk(room: Room, *arguments: str, token: str = TOKEN) -> Result:
    address = room.sessions.kw["bind"].url.render_as_string(hide_password=False)
    house = Cottage(room.settings, Secrets({"TELEGRAM_TOKEN": token}), address, room.url, lambda: room.now)

    @contextmanager
    def open_house(_: bool) -> Iterator[House]:
        yield house

    app = typer.Typer()
    add_commands(app, open_house, Console(width=200))
    return CliRunner().invoke(app, arguments)


def test_a_link_of_the_terminal_lets_somebody_in(room: Room) -> None:
    said = vidhuk(room, "invite", "--role", "lead", "--name", "Марта")
    assert said.exit_code == 0, said.output
    told, url = [line for line in said.output.splitlines() if line.startswith(("Send", "https:"))]
    assert told == "Send this to one person: it makes them lead, works once, and for 48 hours."
    marta = room.telegram.add_user("m", user_id=1003, language="en")
    chat = room.telegram.open_link(marta, url)
    room.pass_by()
    assert "Welcome, Марта! You are on the staff now, as «lead»." in room.last("", chat)["text"]


def test_people_are_listed_with_where_they_come_from(room: Room) -> None:
    with room.sessions.begin() as session:
        session.add(Staff(id=1003, name="[bold]Марта", role=Role.VIEWER, joined_at=room.now))
        session.add(Staff(id=1004, name="Іван", role=Role.STAFF))
    said = vidhuk(room, "people").output.splitlines()
    assert [line.split() for line in said if line.rstrip().endswith(("configuration", "invitation"))] == [
        ["Олена", "admin", "1001", "configuration"],
        ["Андрій", "staff", "1002", "configuration"],
        ["[bold]Марта", "viewer", "1003", "invitation"],
    ]


def test_an_unknown_role_is_refused_with_those_that_there_are(room: Room) -> None:
    said = vidhuk(room, "invite", "--role", "boss")
    assert said.exit_code == 2
    assert "admin" in said.output


def test_a_wrong_token_is_a_sentence(room: Room) -> None:
    said = vidhuk(room, "invite", token="1000000001:another-token-that-nobody-knows-of")
    assert isinstance(said.exception, Unsaid)
    with pytest.raises(Unsaid, match="BotFather"):
        raise said.exception
