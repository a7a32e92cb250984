"""A database for each world."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bot.library import Snapshot
from bot.store import Seal, Store
from tests.confidence.worlds import playbooks
from tests.conftest import DATABASES, MIGRATED, opened, postgresql_database

Databases = Callable[[], AbstractContextManager[Store]]


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    return str(request.param)


@pytest.fixture
def databases(database: str, request: pytest.FixtureRequest, tmp_path: Path, seal: Seal) -> Databases:
    """Opens a new database with the newest schema, and takes it away afterwards."""
    made = 0

    @contextmanager
    def sqlite() -> Iterator[Store]:
        nonlocal made
        made += 1
        path = tmp_path / f"{made}" / "throughline.db"
        path.parent.mkdir()
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        with opened(f"sqlite:///{path}", seal) as store:
            yield store
        shutil.rmtree(path.parent)

    @contextmanager
    def postgresql() -> Iterator[Store]:
        server = request.getfixturevalue("postgresql")
        with postgresql_database(server, MIGRATED) as url, opened(url, seal) as store:
            yield store

    return sqlite if database == "sqlite" else postgresql


@pytest.fixture(scope="session")
def snapshot(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, seal: Seal) -> Snapshot:
    """The playbooks of all worlds."""
    path = tmp_path_factory.mktemp("playbooks") / "throughline.db"
    shutil.copy(migrated_file, path)
    with opened(f"sqlite:///{path}", seal) as store:
        return playbooks(store)
