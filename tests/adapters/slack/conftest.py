"""One database of each kind where the store matters, SQLite alone elsewhere; and the playbooks of the transcripts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import Seal, Store
from tests.conftest import opened

SMALL = Path(__file__).parents[2] / "transcripts/playbooks/small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def small() -> Path:
    """The playbooks folder of the transcripts."""
    return SMALL


@pytest.fixture
def sqlite_store(migrated_file: Path, tmp_path: Path, seal: Seal) -> Iterator[Store]:
    """An empty store with the newest schema, on SQLite alone."""
    path = tmp_path / "throughline.db"
    shutil.copy(migrated_file, path)
    with opened(f"sqlite:///{path}", seal) as store:
        yield store
