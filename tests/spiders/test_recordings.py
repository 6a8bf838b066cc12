"""Every source reads its recordings as expected.

How to add a recording of the source `spiders/<kind>.py`:

1. Put what the place sends into `recordings/<kind>/<name>.<ending>`, with invented people and brands.
2. Put the other arguments of the source's `parse(content, **arguments)` into `<name>.<ending>.args.json` (an object;
   `now` is an ISO 8601 time). Without arguments the file is left out.
3. Put the posts that you expect into `<name>.<ending>.posts.json`: a list of objects with the fields of
   `monitor.source.Post`, those left out that have their default value. A refusal is `{"error": "words of the sentence"}`.

A failing test prints the posts that it got in this form: compare them with the recording before you copy them.
"""

import dataclasses
import importlib
import json
from datetime import datetime
from pathlib import Path

import pytest

from monitor.source import Post, SourceError

RECORDINGS = Path(__file__).parent / "recordings"
SPIDERS = Path(__file__).parents[2] / "spiders"
KINDS = sorted(path.stem for path in SPIDERS.glob("*.py") if not path.stem.startswith("_"))
SIDECARS = (".args.json", ".posts.json")


def recordings_of(kind: str) -> list[Path]:
    files = (RECORDINGS / kind).glob("*")
    return sorted(path for path in files if path.is_file() and not path.name.endswith(SIDECARS))


def arguments_of(recording: Path) -> dict:
    sidecar = recording.with_name(recording.name + ".args.json")
    arguments = json.loads(sidecar.read_text()) if sidecar.exists() else {}
    if "now" in arguments:
        arguments["now"] = datetime.fromisoformat(arguments["now"])
    return arguments


def as_json(post: Post) -> dict:
    fields = dataclasses.fields(post)
    told = {
        field.name: getattr(post, field.name)
        for field in fields
        if getattr(post, field.name) != field.default
    }
    return {**told, "posted_at": post.posted_at.isoformat()}


def read(recording: Path) -> list[dict] | dict:
    parse = importlib.import_module(f"spiders.{recording.parent.name}").parse
    try:
        return [as_json(post) for post in parse(recording.read_bytes(), **arguments_of(recording))]
    except SourceError as refusal:
        return {"error": str(refusal)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_has_a_recording(kind):
    assert recordings_of(kind), f"{RECORDINGS.name}/{kind}/ has no recording: see the head of this file."


@pytest.mark.parametrize(
    "recording",
    [recording for kind in KINDS for recording in recordings_of(kind)],
    ids=lambda recording: f"{recording.parent.name}/{recording.name}",
)
def test_a_recording_is_read_as_expected(recording):
    expected = json.loads(recording.with_name(recording.name + ".posts.json").read_text())
    got = read(recording)
    if isinstance(expected, dict) and isinstance(got, dict):
        assert expected["error"] in got["error"]
    else:
        assert got == expected, json.dumps(got, ensure_ascii=False, indent=2)


@pytest.mark.parametrize("kind", KINDS)
def test_an_expectation_belongs_to_a_recording(kind):
    sidecars = [path for path in (RECORDINGS / kind).glob("*.json") if path.name.endswith(SIDECARS)]
    recorded = {recording.name for recording in recordings_of(kind)}
    for sidecar in sidecars:
        owner = sidecar.name.removesuffix(".args.json").removesuffix(".posts.json")
        assert owner in recorded, f"{sidecar.name} has no recording beside it."


def test_there_are_sources_at_all():
    assert "feed" in KINDS
