"""A deployment in Teams for each test, with a small project that is read in no time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import Seal, Store
from tests.adapters.teams.deployment import Deployment, deployment
from tests.conftest import opened

SMALL = Path(__file__).parents[2] / "transcripts" / "playbooks" / "small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def file_store(migrated_file: Path, tmp_path: Path, seal: Seal) -> Iterator[Store]:
    """An empty store in a file: these tests are about Teams, not about databases."""
    path = tmp_path / "throughline.db"
    shutil.copy(migrated_file, path)
    with opened(f"sqlite:///{path}", seal) as store:
        yield store


@pytest.fixture(scope="module")
def door(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, seal: Seal) -> Iterator[Deployment]:
    """One deployment for all tests of a module that come no further than its door."""
    path = tmp_path_factory.mktemp("door") / "throughline.db"
    shutil.copy(migrated_file, path)
    with opened(f"sqlite:///{path}", seal) as store, deployment(store, SMALL, NOW) as made:
        yield made


@pytest.fixture
def teams(file_store: Store) -> Iterator[Deployment]:
    """A deployment with people who have the app."""
    with deployment(file_store, SMALL, NOW) as made:
        yield made
