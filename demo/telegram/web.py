"""The HTTP in front: the Bot API as bots know it, and the chat page."""

import json
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.telegram.files import MAX_DOCUMENT_BYTES, File
from demo.telegram.page import page_routes
from demo.telegram.refusal import Refusal, bad_request
from demo.telegram.rows import Json

if TYPE_CHECKING:
    from demo.telegram.telegram import Telegram

MAX_BODY_BYTES = MAX_DOCUMENT_BYTES + (1 << 20)
THREADS = 64
"""Each waiting poller holds one."""


def make_app(telegram: "Telegram") -> Starlette:
    """The server: /bot<token>/<method>, /file/bot<token>/<path>, and the page at /."""
    threads = CapacityLimiter(THREADS)

    async def call(request: Request) -> Response:
        try:
            refuse_token(telegram, request)
            parameters, uploads = await read_call(telegram, request)
            name = request.path_params["method"]
            result = await run_sync(
                telegram.call, name, parameters, uploads, limiter=threads, abandon_on_cancel=True
            )
        except Refusal as refusal:
            return JSONResponse(refusal.as_json(), refusal.code)
        return JSONResponse({"ok": True, "result": result})

    async def download(request: Request) -> Response:
        try:
            refuse_token(telegram, request)
        except Refusal as refusal:
            return JSONResponse(refusal.as_json(), refusal.code)
        file = telegram.world.files.find(request.path_params["path"].rpartition("/")[2])
        if file is None:
            return JSONResponse(Refusal(404, "Not Found").as_json(), 404)
        return Response(file.content, media_type="application/octet-stream")

    routes = [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", download),
        *page_routes(telegram, threads),
    ]
    return Starlette(routes=routes)


def refuse_token(telegram: "Telegram", request: Request) -> None:
    """A wrong token is unauthorized; what can't be a token is not found."""
    token = request.path_params["token"]
    if ":" not in token:
        raise Refusal(404, "Not Found")
    if token != telegram.token:
        raise Refusal(401, "Unauthorized")


async def read_call(telegram: "Telegram", request: Request) -> tuple[Json, dict[str, File]]:
    """Parameters and uploads, from the query string and from a body of any of three kinds."""
    parameters: Json = dict(request.query_params)
    if "transfer-encoding" in request.headers:
        raise Refusal(411, "Length Required")
    if int(request.headers.get("content-length", "0")) > MAX_BODY_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "application/json":
        return {**parameters, **read_json_body(await request.body())}, {}
    if content_type not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return parameters, {}
    try:
        return await read_form(telegram, request, parameters)
    except MultiPartException as error:
        raise bad_request(error.message) from error


def read_json_body(body: bytes) -> Json:
    """An object."""
    try:
        given: Any = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(given, dict):
        raise bad_request("expected a JSON object")
    return given


async def read_form(telegram: "Telegram", request: Request, parameters: Json) -> tuple[Json, dict[str, File]]:
    """Fields are parameters, files are kept at once."""
    uploads: dict[str, File] = {}
    async with request.form(max_files=20, max_fields=100) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
                kind = value.content_type or "application/octet-stream"
                uploads[name] = telegram.world.files.add(value.filename or "file", kind, content)
            else:
                parameters[name] = value
    return parameters, uploads
