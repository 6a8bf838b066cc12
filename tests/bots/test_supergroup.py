"""The staff group becomes a supergroup: Telegram takes nothing under its old id, and says the new one."""

from typing import Any

import pytest
from sqlalchemy import select
from telegram.error import ChatMigrated
from telegram.ext import ExtBot

from models import Alert, Notice
from tests.bots.room import Room

NEW = -1009876543210


def test_the_supergroup_is_told_once_which_id_belongs_into_the_configuration(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = ExtBot.send_message

    async def migrated(bot: Any, chat_id: int, *args: Any, **options: Any) -> Any:
        if chat_id == room.staff.id:
            raise ChatMigrated(NEW)
        return await send(bot, chat_id, *args, **options)

    monkeypatch.setattr(ExtBot, "send_message", migrated)
    room.open_case("p1")
    room.open_case("p2")
    room.pass_by()
    with room.sessions() as session:
        (told,) = session.scalars(select(Notice)).all()
        assert (told.kind, told.chat_id, told.values) == ("chat_moved", NEW, {"id": NEW})
        cards = session.scalars(select(Alert)).unique().all()
    assert all(str(NEW) in (card.error or "") and card.message_id is None for card in cards)
