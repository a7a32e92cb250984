"""The small organisation, with pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.store import Store
from tests.board.house import SMALL, House


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    """The small organisation."""
    shutil.copytree(SMALL, tmp_path / "playbooks")
    return House(store, tmp_path / "playbooks")
