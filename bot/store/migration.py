"""Bringing a database to the newest schema. Alembic is loaded only when there is something to do (half a
second).
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

HERE = Path(__file__).parent / "migrations"
# Any number will do that nothing else locks on the same database.
ADVISORY_LOCK = 7_268_417


def newest() -> str:
    """The number of the newest migration; their files are named 0001_what.py."""
    return max(file.stem.split("_")[0] for file in HERE.glob("versions/[0-9]*.py"))


def is_current(connection: Connection) -> bool:
    """Whether the schema is at least as new as the migrations here. A newer one is fine: migrations only
    expand within a release, so that the old version can run beside the new one.
    """
    if not inspect(connection).has_table("alembic_version"):
        return False
    applied = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return applied is not None and str(applied) >= newest()


def migrate(engine: Engine) -> None:
    """Applies what is missing, in one transaction; whoever comes second waits and finds nothing to do."""
    with engine.connect() as connection:
        if is_current(connection):
            return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ADVISORY_LOCK})
        if not is_current(connection):
            _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
