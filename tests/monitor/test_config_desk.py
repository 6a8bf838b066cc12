"""The part of the configuration that says how staff work on a case; and that its page is right."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.settings import Settings
from tests.conftest import make_settings
from tests.monitor.configuration import GOOD, ROOT, problems, read

PAGE = ROOT / "docs" / "desk.md"


def test_by_default_an_answer_waits_twenty_seconds_and_a_claim_lives_half_an_hour(tmp_path: Path) -> None:
    desk = read(tmp_path, GOOD).desk
    assert (desk.grace, desk.claim_expires) == (timedelta(seconds=20), timedelta(minutes=30))


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("desk: {undo: -1}", "desk.undo", "greater than or equal to 0"),
        ("desk: {undo: 301}", "desk.undo", "less than or equal to 300"),
        ("desk: {claim_expires: 0}", "desk.claim_expires", "or never"),
        ("desk: {claim_expires: soon}", "desk.claim_expires", "or never"),
        ("desk: {undoo: 5}", "desk.undoo", "did you mean «undo»?"),
        ("approval: [{name: A}]", "approval.0", "say when"),
        ("approval: [{name: A, reach: 0}]", "approval.0.reach", "greater than or equal to 1"),
        ("approval: [{name: A, words: ['(суд']}]", "approval.0.words.0", ""),
        ("approval: [{name: A, brands: [Acmee]}]", "approval.0.brands.0", "did you mean «Acme»?"),
        ("approval: [{name: A, sources: [new]}]", "approval.0.sources.0", "did you mean «news»?"),
        ("approval: [{name: A, staff: [Ana]}]", "approval.0.staff.0", "did you mean «Anna»?"),
        ("approval: [{name: A, reach: 5, by: admin}]", "approval.0.by", "'staff' or 'lead'"),
        ("approval: [{name: A, reach: 5}, {name: A, reach: 6}]", "approval.1.name", "taken already"),
    ],
)
def test_a_mistake_is_told_with_its_key(tmp_path: Path, text: str, key: str, said: str) -> None:
    found = {problem.key: problem.message for problem in problems(tmp_path, f"{GOOD}{text}\n")}
    assert key in found
    assert said in found[key]


def test_every_example_of_the_page_is_understood() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        settings = make_settings(**YAML(typ="safe").load(block))
        assert isinstance(settings, Settings)
