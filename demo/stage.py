"""The stage: the town, the stand-in for Telegram with everybody in it, and the environment that the product runs in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from demo import telegram as stand_in
from demo.serving import serve
from demo.telegram import Chat, Telegram, User
from demo.town import Post, Town, Week

CONFIG = Path(__file__).parent / "vidhuk.yaml"
TOKEN = "1000000001:demo-token-of-the-stand-in-for-telegram"
STAFF_CHAT, TOWN_CHAT = -1001000000001, -1001000000002


@dataclass
class Stage:
    town: Town
    telegram: Telegram
    town_url: str
    telegram_url: str
    folder: Path
    olena: User
    andriy: User
    staff_chat: Chat
    town_chat: Chat

    def environ(self, every: str) -> dict[str, str]:
        """What the product is told of it all: the same variables as in the world."""
        return {
            "VIDHUK_CONFIG": str(CONFIG),
            "DATABASE_URL": f"sqlite:///{self.folder}/vidhuk.db",
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram_url,
            "TOWN_URL": self.town_url,
            "FORUM_PASSWORD": self.town.password,
            "DEMO_FOLDER": str(self.folder),
            "DEMO_EVERY": every,
        }

    def say_in_group(self, post: Post) -> None:
        """Somebody of the town writes in its Telegram group."""
        writer = next((u for u in self.telegram.world.users.values() if u.name == post.author), None)
        if writer is None:
            writer = self.telegram.add_user(post.author)
            self.town_chat.members[writer.id] = "member"
        self.telegram.write(writer, self.town_chat, post.text)


@contextmanager
def set_stage(
    week: Week, folder: Path, now: Callable[[], datetime], *, port: int = 0, spec: Path | None = None
) -> Iterator[Stage]:
    """Build everything and serve it on loopback; with port, the chat page is there and the town next to it."""
    town = Town(week, now=now)
    with serve(town.app, port=port + 1 if port else 0) as town_url:
        links = [
            (name, town_url + path)
            for name, path in (("Форум", "/forum"), ("Магазин", "/shop"), ("Блог", "/blog"))
        ]
        telegram = Telegram(token=TOKEN, now=now, spec=spec, links=links)
        olena = telegram.add_user("Олена", "olena", persona=True, user_id=1001)
        andriy = telegram.add_user("Андрій", "andriy", persona=True, user_id=1002)
        staff_chat = telegram.add_group("Новолінія: турбота", [olena, andriy], chat_id=STAFF_CHAT)
        town_chat = telegram.add_group(
            "Наше місто", [olena, andriy], username="nashe_misto", chat_id=TOWN_CHAT
        )
        with stand_in.serve(telegram, port=port) as telegram_url:
            yield Stage(town, telegram, town_url, telegram_url, folder, olena, andriy, staff_chat, town_chat)
