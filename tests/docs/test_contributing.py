"""docs/contributing.md: the capability that it shows can be imported as it stands, and the directions are all there."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from bot.turn import Capability
from tests.docs.shown import ROOT, document

GUIDE = document("docs/contributing.md")


def test_the_capability_that_is_shown_can_be_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it imports is where it says, and it has what a capability has."""
    code = re.search(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert code
    file = tmp_path / "budget.py"
    file.write_text(code[1], encoding="utf-8")
    spec = importlib.util.spec_from_file_location("budget_as_shown", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    asks = {name for name in vars(Capability) if not name.startswith("_")}
    assert {name for name in asks if not hasattr(module.Budget(), name)} == set()


def test_every_direction_of_a_transcript_is_described() -> None:
    """Whatever line can begin with @ stands in the table, and so do the ways to say something."""
    player = document("tests/transcripts/test_transcripts.py")
    directions = set(re.findall(r"^    (@\w+)", player, re.MULTILINE))
    directions |= {f"@{word}" for word in re.findall(r'word == "(\w+)"', player)}
    assert len(directions) >= 5
    assert {word for word in directions if f"| `{word}" not in GUIDE} == set()
    assert all(f" {how}" in GUIDE for how in ("presses:", "presses again:", "submits "))


def test_every_folder_of_tests_is_described() -> None:
    """Each has a row that says what it proves."""
    folders = {file.parent.name for file in (ROOT / "tests").glob("*/test_*.py")}
    assert {name for name in folders if f"| `tests/{name}/` |" not in GUIDE} == set()
