"""Photos and documents, kept in memory."""

import hashlib
import struct
from dataclasses import dataclass
from typing import Any

from demo.telegram.refusal import bad_request

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
"""What a bot may upload: https://core.telegram.org/bots/api#sending-files"""
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class File:
    """A file as it was uploaded."""

    id: str
    name: str
    content_type: str
    content: bytes

    @property
    def path(self) -> str:
        """Where the bot can fetch it, below /file/bot<token>/."""
        return f"documents/{self.id}"

    def as_json(self) -> dict[str, Any]:
        """What File, Document and PhotoSize have in common."""
        return {"file_id": self.id, "file_unique_id": self.id[-12:], "file_size": len(self.content)}


class Files:
    """Everything that was uploaded, by its file_id."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}

    def add(self, name: str, content_type: str, content: bytes) -> File:
        """Keep a file; the same content has the same id."""
        if not content:
            raise bad_request("file must be non-empty")
        if len(content) > MAX_DOCUMENT_BYTES:
            raise bad_request("file is too big")
        digest = hashlib.sha256(content + name.encode("utf-8", "replace")).hexdigest()[:24]
        file = File(f"BQAC{digest}", name or "file", content_type, content)
        self._files[file.id] = file
        return file

    def find(self, file_id: str) -> File | None:
        """By its id."""
        return self._files.get(file_id)

    def sendable(self, file_id: str) -> File:
        """A file to send again; this stand-in fetches nothing from the web."""
        if file_id.lower().startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        file = self.find(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return file

    def photo(self, file_id: str) -> list[dict[str, Any]]:
        """The sizes of a photo; refused where the file is none."""
        file = self.sendable(file_id)
        if len(file.content) > MAX_PHOTO_BYTES:
            raise bad_request("file is too big")
        size = image_size(file.content)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        width, height = size
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return [{**file.as_json(), "width": width, "height": height}]

    def document(self, file_id: str) -> dict[str, Any]:
        """The Document of a message."""
        file = self.sendable(file_id)
        return {**file.as_json(), "file_name": file.name, "mime_type": file.content_type}


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF or JPEG, read from its header; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
    elif content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
    elif content.startswith(b"\xff\xd8"):
        width, height = jpeg_size(content)
    else:
        return None
    return (width, height) if width and height else None


def image_type(content: bytes) -> str | None:
    """The media type of a picture that a browser may show; None for anything else."""
    for mark, media_type in ((b"\x89PNG", "image/png"), (b"GIF8", "image/gif"), (b"\xff\xd8", "image/jpeg")):
        if content.startswith(mark):
            return media_type
    return None


def jpeg_size(content: bytes) -> tuple[int, int]:
    """From the first start-of-frame segment; (0, 0) where there is none."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        at += 2 + length
    return 0, 0
