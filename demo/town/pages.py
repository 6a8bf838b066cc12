"""From what happened to HTML: templates, dates, avatars, and answers that cost nothing when nothing changed."""

import hashlib
import math
import re
import zlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from babel.dates import format_datetime as spoken
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

KYIV = ZoneInfo("Europe/Kyiv")
MAX_FORM = 200_000
HUES = 12
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SAFETY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def paragraphs(text: str) -> Markup:
    """Blank lines part paragraphs, line ends break lines; everything else is escaped."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    lines = (Markup("<br>\n").join(escape(line) for line in part.split("\n")) for part in parts if part)
    return Markup("\n").join(Markup("<p>{}</p>").format(part) for part in lines)


def day(at: datetime) -> str:
    """«19 листопада, 14:20», in the town's time."""
    return str(spoken(at.astimezone(KYIV), "d MMMM, HH:mm", locale="uk"))


def stamp(at: datetime) -> str:
    """For ``datetime=``: ISO 8601 with the town's offset."""
    return at.astimezone(KYIV).isoformat(timespec="seconds")


def initials(name: str) -> str:
    words = re.findall(r"\w+", name.replace("_", " "))
    return "".join(word[0] for word in words[:2]).upper() or "?"


def hue(name: str) -> int:
    """One of twelve colours, always the same for a name."""
    return zlib.crc32(name.encode(errors="replace")) % HUES


def clean_xml(text: str) -> str:
    """Without the characters that XML 1.0 (section 2.2) has no place for."""
    return NOT_XML.sub("", text)


def plural(count: int, one: str, few: str, many: str) -> str:
    """«3 відгуки»: the form that a Ukrainian number asks for."""
    teen = count % 100 in range(11, 15)
    form = many if teen or count % 10 in (0, 5, 6, 7, 8, 9) else one if count % 10 == 1 else few
    return f"{count} {form}"


def environment() -> Environment:
    templates = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=templates, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters |= {"paragraphs": paragraphs, "day": day, "stamp": stamp, "initials": initials, "hue": hue}
    made.filters |= {"clean_xml": clean_xml, "plural": plural}
    return made


TEMPLATES = environment()


def render(template: str, **values: object) -> str:
    return TEMPLATES.get_template(template).render(**values)


def page(template: str, status: int = 200, **values: object) -> Response:
    """A page made for one visitor: never stored."""
    return HTMLResponse(render(template, **values), status, {**SAFETY, "Cache-Control": "no-store"})


def public(request: Request, body: str, changed: datetime, media: str = "text/html") -> Response:
    """A page that is the same for everybody: 304 to those who have it."""
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:24]}"'
    changed = changed.astimezone(UTC).replace(microsecond=0)
    headers = {**SAFETY, "ETag": tag, "Last-Modified": format_datetime(changed, usegmt=True)}
    headers |= {"Cache-Control": "no-cache", "Vary": "Cookie"}
    if _has_it(request, tag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media, headers=headers)


def _has_it(request: Request, tag: str, changed: datetime) -> bool:
    """RFC 9110, section 13.2.2: the entity tag decides where there is one, the time otherwise."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tag in tags or tags.strip() == "*"
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and changed <= since


def page_number(request: Request, count: int, size: int) -> tuple[int, int]:
    """The page that was asked for and how many there are; 404 for one that is not there."""
    pages = max(1, math.ceil(count / size))
    asked = request.query_params.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= pages):
        raise HTTPException(404)
    return int(asked), pages


async def form(request: Request) -> dict[str, str]:
    """The fields of a posted form (the last of each name); 413 where it is huge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            raise HTTPException(413)
    fields = parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=50)
    return {name: values[-1] for name, values in fields.items()}
