"""The migrations make exactly the tables that the code works with, whoever runs them and how often."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.store import Seal, Store, migration
from bot.store.tables import metadata


def test_an_empty_database_gets_the_newest_schema(blank_database_url: str, seal: Seal) -> None:
    store = Store.open(blank_database_url, secret=seal)
    assert not store.schema_is_current()

    store.migrate()
    store.migrate()

    assert store.schema_is_current()
    store.close()


def test_the_migrated_schema_is_the_one_in_the_code(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_partial_indexes_are_partial_on_both_databases(store: Store) -> None:
    catalogue = (
        "SELECT name, sql FROM sqlite_master" if store.embedded else "SELECT indexname, indexdef FROM pg_indexes"
    )
    with store.read() as tx:
        made = {row[0]: row[1] for row in tx.execute(text(catalogue))}

    assert "WHERE" in made["ix_delivery_queued"]
    assert "WHERE" in made["ix_heard_waiting"]


def test_several_processes_may_migrate_at_once(blank_database_url: str, seal: Seal) -> None:
    together = Barrier(4)

    def migrate() -> bool:
        store = Store.open(blank_database_url, secret=seal)
        together.wait()
        store.migrate()
        current = store.schema_is_current()
        store.close()
        return current

    with ThreadPoolExecutor(4) as threads:
        jobs = [threads.submit(migrate) for _ in range(4)]

        assert [job.result() for job in jobs] == [True] * 4


def test_a_newer_schema_serves_an_older_program(store: Store) -> None:
    with store.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert store.schema_is_current()
    store.migrate()


def test_an_older_schema_is_not_current(store: Store) -> None:
    with store.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    assert not store.schema_is_current()


def test_the_file_names_tell_the_newest_migration() -> None:
    assert ScriptDirectory(str(migration.HERE)).get_current_head() == migration.newest()


def test_alembic_is_not_loaded_where_nothing_is_migrated(database_url: str) -> None:
    program = (
        "import sys; from bot.store import Seal, Store;"
        f" store = Store.open({database_url!r}, secret=Seal(['key'])); store.migrate();"
        " assert store.schema_is_current(); sys.exit('alembic' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
