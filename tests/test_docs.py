"""What the documentation tells people to write is understood as it stands."""

import re
from pathlib import Path

import pytest

from tests.monitor.configuration import GOOD, ROOT, read

BLOCKS = re.findall(
    r"```yaml\n(.*?)```", (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split(":")[0])
def test_every_configuration_in_the_page_on_alerts_is_valid(tmp_path: Path, block: str) -> None:
    settings = read(tmp_path, GOOD + block)
    assert block.split(":")[0] in settings.model_fields_set


def test_there_is_something_to_check() -> None:
    assert len(BLOCKS) == 2
