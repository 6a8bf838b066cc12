"""Methods about chats, who is in them, and files."""

from demo.telegram.files import MAX_DOWNLOAD_BYTES
from demo.telegram.refusal import bad_request
from demo.telegram.rows import Chat, Json, User
from demo.telegram.shapes import ChatId
from demo.telegram.world import World

RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"),
    *("can_edit_stories", "can_delete_stories", "can_pin_messages", "can_manage_topics"),
)


def get_chat(world: World, *, chat_id: ChatId) -> Json:
    """What every ChatFullInfo has."""
    chat = world.writable_chat(chat_id)
    full = {**chat.as_json(), "accent_color_id": 0, "max_reaction_count": 11}
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    full["accepted_gift_types"] = dict.fromkeys(gifts, False)
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].as_json()
    return full


def get_chat_member(world: World, *, chat_id: ChatId, user_id: int) -> Json:
    """Anybody of whom Telegram knows."""
    chat = world.writable_chat(chat_id)
    if user_id not in world.users:
        raise bad_request("user not found")
    return member(chat, world.users[user_id])


def get_chat_administrators(world: World, *, chat_id: ChatId, return_bots: bool = False) -> list[Json]:
    """Of a group; without bots unless asked for."""
    chat = world.writable_chat(chat_id)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    users = [world.users[id] for id, status in chat.members.items() if status in ("creator", "administrator")]
    return [member(chat, user) for user in users if return_bots or not user.is_bot]


def get_chat_member_count(world: World, *, chat_id: ChatId) -> int:
    """The bot included."""
    chat = world.writable_chat(chat_id)
    return sum(chat.has(world.users[user_id]) for user_id in chat.members)


def leave_chat(world: World, *, chat_id: ChatId) -> bool:
    """The bot goes."""
    chat = world.writable_chat(chat_id)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[world.bot.id] = "left"
    world.add_message(chat, world.bot, {"left_chat_member": world.bot.as_json()})
    return True


def get_file(world: World, *, file_id: str) -> Json:
    """Where to download it, up to 20 MB."""
    file = world.files.find(file_id)
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file.as_json(), "file_path": file.path}


def member(chat: Chat, user: User) -> Json:
    """A ChatMember."""
    status = chat.members.get(user.id, "left")
    base: Json = {"status": status, "user": user.as_json()}
    if status == "creator":
        return {**base, "is_anonymous": False}
    if status == "administrator":
        return {**base, "can_be_edited": False, "is_anonymous": False, **dict.fromkeys(RIGHTS, True)}
    return {**base, "until_date": 0} if status == "kicked" else base
