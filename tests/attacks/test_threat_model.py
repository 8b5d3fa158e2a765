"""The threat model and the cheats tell the same story: no row without a test, no test without a row."""

import re
from pathlib import Path


def test_every_cheat_is_a_row_and_every_row_is_tried(root: Path) -> None:
    text = (root / "docs/threat-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+\.py)`", text))
    written = {path.name for path in (root / "tests/attacks").glob("test_*.py")} - {Path(__file__).name}
    assert named == written


def test_it_says_what_is_not_stopped(root: Path) -> None:
    text = (root / "docs/threat-model.md").read_text(encoding="utf-8")
    assert "## What is NOT stopped" in text
