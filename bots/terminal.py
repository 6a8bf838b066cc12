"""The staff, from the terminal: who they are, and a link for one more."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Annotated, Protocol

import typer
from rich.console import Console

from bots.checking import username
from bots.reception import join_link
from models import Role
from monitor import invitations, people
from monitor.db import connect, reading, upgrade
from monitor.secrets import Secrets
from monitor.settings import Settings
from monitor.tables import show_people


class House(Protocol):
    """What monitor/__main__.py has read of the configuration."""

    settings: Settings
    secrets: Secrets
    url: str
    api_url: str
    clock: Callable[[], datetime]


def add_commands(
    app: typer.Typer, open_house: Callable[[bool], AbstractContextManager[House]], console: Console
) -> None:
    """`vidhuk people` and `vidhuk invite`."""

    @app.command(name="people")
    def people_() -> None:
        """List the staff: the people of the configuration, and those who accepted an invitation."""
        with open_house(False) as house:
            upgrade(house.url)
            with reading(connect(house.url)) as session:
                show_people(people.everybody(session, house.settings), console)

    @app.command()
    def invite(
        role: Annotated[Role, typer.Option(help="What they may do.")] = Role.STAFF,
        name: Annotated[str, typer.Option(help="What their colleagues call them.")] = "",
    ) -> None:
        """Make a link that lets one person join the staff, once."""
        with open_house(False) as house:
            bot = username(house.secrets.require("TELEGRAM_TOKEN"), house.api_url)
            token = _token(house, role, name)
            hours = house.settings.staff.invitation_lasts / timedelta(hours=1)
            told = f"Send this to one person: it makes them {role}, works once, and for {hours:g} hours."
            console.print(told, markup=False, highlight=False, soft_wrap=True)
            console.print(join_link(bot, token), markup=False, highlight=False, soft_wrap=True)


def _token(house: House, role: Role, name: str) -> str:
    upgrade(house.url)
    with connect(house.url).begin() as session:
        return invitations.invite(session, role, None, house.clock(), house.settings, name)
