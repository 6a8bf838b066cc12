"""The chat page and what it asks for: only for the people of the demo, only on loopback."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.telegram.files import MAX_PHOTO_BYTES, image_type
from demo.telegram.people import Impossible
from demo.telegram.refusal import Refusal
from demo.telegram.rows import Chat, Json, User
from demo.telegram.view import changes_view, state_view
from demo.telegram.world import Answer

if TYPE_CHECKING:
    from demo.telegram.telegram import Telegram

STATIC = Path(__file__).parent / "static"
STATIC_TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript", "svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
MAX_BODY_BYTES = 1 << 16
NONSENSE = (Impossible, Refusal, KeyError, ValueError, TypeError, ArithmeticError)
LONG_POLL_S = 20.0
ANSWER_S = 10.0
"""How long a person looks at a button that does nothing."""


def page_routes(telegram: "Telegram", threads: CapacityLimiter) -> list[Route]:
    """The page, its files, and its API."""
    page = Page(telegram)

    def answering(function: Callable[[Json], Json]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            try:
                given = await read_body(request)
                body = await run_sync(function, given, limiter=threads, abandon_on_cancel=True)
            except NONSENSE as error:
                return JSONResponse({"error": str(error)}, 400, HEADERS)
            return JSONResponse(body, headers=HEADERS)

        return endpoint

    async def upload(request: Request) -> Response:
        return await receive(page, request)

    asked = {
        name: getattr(page, name)
        for name in ("state", "changes", "write", "start", "press", "react", "inline", "pick")
    }
    return [
        Route("/", partial(static, name="index.html")),
        Route("/static/{name}", static),
        Route("/chat/file/{file_id}", page.file),
        Route("/chat/upload", upload, methods=["PUT"]),
        *(Route(f"/chat/{name}", answering(each), methods=["POST"]) for name, each in asked.items()),
    ]


async def read_body(request: Request) -> Json:
    """A small JSON object; asking for the JSON type keeps forms of other sites out."""
    if request.headers.get("content-type") != "application/json":
        raise ValueError("The page sends JSON.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ValueError("That is too long.")
    given = json.loads(body)
    if not isinstance(given, dict):
        raise TypeError("The page sends objects.")
    return given


async def receive(page: "Page", request: Request) -> Response:
    """A file that a person sends: PUT, so that no form of another site can."""
    if not 0 < int(request.headers.get("content-length", "0")) <= MAX_PHOTO_BYTES:
        return JSONResponse({"error": "A file has 1 byte to 10 MB here."}, 400, HEADERS)
    query = request.query_params
    try:
        user, chat = page.who_where({"as": int(query["as"]), "chat": int(query["chat"])})
        topic = int(query.get("topic", "0")) or None
        name, content = unquote(query["name"]), await request.body()
        sent = page.telegram.upload(user, chat, name, content, caption=query.get("caption", ""), topic=topic)
    except NONSENSE as error:
        return JSONResponse({"error": str(error)}, 400, HEADERS)
    return JSONResponse({"message": sent["message_id"]}, headers=HEADERS)


def static(request: Request, name: str = "") -> Response:
    """A file of the page itself."""
    name = name or request.path_params["name"]
    files = {path.name: path for path in STATIC.iterdir()}
    if name not in files:
        return Response("Not Found", 404)
    media_type = STATIC_TYPES[name.rpartition(".")[2]]
    return Response(files[name].read_bytes(), media_type=media_type, headers=HEADERS)


class Page:
    """What people do on the page, as one of the personas."""

    def __init__(self, telegram: "Telegram"):
        self.telegram = telegram

    def who_where(self, given: Json) -> tuple[User, Chat]:
        """Only a persona may act, only where they are."""
        world = self.telegram.world
        with self.telegram.lock:
            user, chat = world.users.get(given["as"]), world.chats.get(given["chat"])
            if user is None or not user.persona:
                raise Impossible("You can act only as one of the people at the top of the page.")
            if chat is None or not chat.has(user):
                raise Impossible(f"{user.name} is not in that chat.")
            return user, chat

    def state(self, given: Json) -> Json:
        """Everything."""
        with self.telegram.lock:
            return state_view(self.telegram)

    def changes(self, given: Json) -> Json:
        """What is new since `since`; waits until there is something, or for 20 s."""
        since, world = int(given["since"]), self.telegram.world
        with self.telegram.lock:
            if world.last_change == since and not world.updates.closed:
                self.telegram.lock.wait_for(
                    lambda: world.last_change != since or world.updates.closed, LONG_POLL_S
                )
            return changes_view(world, since)

    def write(self, given: Json) -> Json:
        """A message."""
        user, chat = self.who_where(given)
        reply_to, topic = given.get("reply_to"), given.get("topic") or None
        sent = self.telegram.write(user, chat, str(given["text"]), reply_to=reply_to, topic=topic)
        return {"message": sent["message_id"]}

    def start(self, given: Json) -> Json:
        """A link that starts the bot; the chat where it did."""
        with self.telegram.lock:
            user = self.telegram.world.users.get(given["as"])
            if user is None or not user.persona:
                raise Impossible("You can act only as one of the people at the top of the page.")
            return {"chat": self.telegram.open_link(user, str(given["url"])).id}

    def press(self, given: Json) -> Json:
        """A button; the bot's answer to it, or that there was none."""
        user, chat = self.who_where(given)
        query = self.telegram.press(user, chat, int(given["message"]), str(given["data"]))
        try:
            answer = self.telegram.answer(query, ANSWER_S)
        except TimeoutError:
            answer = Answer("The bot did not answer.")
        return {"text": answer.text, "alert": answer.show_alert, "url": answer.url}

    def react(self, given: Json) -> Json:
        """One emoji, or none."""
        user, chat = self.who_where(given)
        self.telegram.react(user, chat, int(given["message"]), *(str(each) for each in given["emoji"]))
        return {}

    def inline(self, given: Json) -> Json:
        """What the bot offers for what was typed after its name."""
        user, chat = self.who_where(given)
        asked = self.telegram.ask_inline(user, chat, str(given["query"]))
        try:
            self.telegram.wait_for(lambda: asked.results is not None, ANSWER_S)
        except TimeoutError:
            asked.results = []
        return {"query": asked.id, "results": asked.results or []}

    def pick(self, given: Json) -> Json:
        """One of the offered results."""
        user, chat = self.who_where(given)
        asked = self.telegram.world.asked.inline.get(str(given["query"]))
        if asked is None or asked.user is not user:
            raise Impossible("That offer is gone.")
        answered, topic = given.get("reply_to"), given.get("topic") or None
        sent = self.telegram.pick(asked, chat, str(given["result"]), reply_to=answered, topic=topic)
        return {"message": sent["message_id"]}

    def file(self, request: Request) -> Response:
        """A photo to show, anything else to download."""
        file = self.telegram.world.files.find(request.path_params["file_id"])
        if file is None:
            return Response("Not Found", 404)
        shown = image_type(file.content)
        if shown:
            return Response(file.content, media_type=shown, headers=HEADERS)
        headers = {**HEADERS, "Content-Disposition": "attachment"}
        return Response(file.content, media_type="application/octet-stream", headers=headers)
