"""Files that are to be scored, and a model small enough to be made on the spot."""

from pathlib import Path

import pytest

from tests.monitor.sentiment.tiny import write_config, write_model, write_tokenizer


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes, name: str = "texts.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The directory of a model of a few words."""
    write_tokenizer(tmp_path)
    write_model(tmp_path)
    write_config(tmp_path, ["negative", "neutral", "positive"])
    return tmp_path
