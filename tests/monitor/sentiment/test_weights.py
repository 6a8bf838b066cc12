"""The embedded model's files are the ones that its manifest describes."""

import hashlib
import json
from pathlib import Path

import pytest

WEIGHTS = Path(__file__).parents[3] / "monitor/sentiment/weights"
MANIFEST = json.loads((WEIGHTS / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_file_has_the_hash_and_size_of_the_manifest(name: str) -> None:
    raw = (WEIGHTS / name).read_bytes()
    assert MANIFEST["files"][name] == {"sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)}


def test_the_model_and_its_tokenizer_stay_within_forty_five_megabytes() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 45_000_000


def test_the_manifest_says_what_the_outputs_mean() -> None:
    description = MANIFEST["description"]
    assert description["sentiment"] == ["negative", "neutral", "positive"]
    for name, classes in (("sentiment_calibration", 3), ("kind_calibration", 6)):
        assert set(description[name]) == {"uk", "ru", "ro", "en", "und"}
        for scale, power, *biases in description[name].values():
            assert 0.3 < scale < 3
            assert 1 <= power < 4
            assert len(biases) == classes
