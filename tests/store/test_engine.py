"""Opening a database, and its faults in words a person can act on."""

from __future__ import annotations

import socket
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store import Seal, Store, StoreUnavailable, people
from bot.store import tables as t


def fault(url: str, seal: Seal) -> str:
    """What is said when this database is used."""
    with pytest.raises(StoreUnavailable) as caught:
        use(url, seal)
    said = str(caught.value)
    assert "\n" not in said
    return said


def use(url: str, seal: Seal) -> None:
    store = Store.open(url, secret=seal)
    try:
        with store.begin() as tx:
            people.directory(tx)
    finally:
        store.close()


def count_and_stumble(store: Store, name: str, stumble: type[Exception]) -> None:
    with store.begin() as tx:
        tx.execute(t.counter.insert().values(name=name, value=1))
        raise stumble


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def test_what_is_committed_stays_and_what_fails_does_not(store: Store) -> None:
    with store.begin() as tx:
        tx.execute(t.counter.insert().values(name="kept", value=1))
    with pytest.raises(LookupError):
        count_and_stumble(store, "dropped", LookupError)

    with store.read() as tx:
        assert list(tx.scalars(text("SELECT name FROM counter"))) == ["kept"]


def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises((DBAPIError, StoreUnavailable)), store.read() as tx:
        tx.execute(t.counter.insert().values(name="n", value=1))

    with store.begin() as tx:
        tx.execute(t.counter.insert().values(name="n", value=1))


def test_a_mistake_of_the_code_is_not_blamed_on_the_database(store: Store) -> None:
    with store.begin() as tx:
        tx.execute(t.counter.insert().values(name="ana", value=1))

    with pytest.raises(IntegrityError):
        count_and_stumble(store, "ana", LookupError)


def test_what_people_say_is_not_in_the_error_message(store: Store) -> None:
    with pytest.raises(StoreUnavailable) as caught, store.begin() as tx:
        tx.execute(text("SELECT :said FROM nowhere"), {"said": "what ana said"})

    assert "nowhere" in str(caught.value.__cause__)
    assert "ana" not in str(caught.value.__cause__)


def test_a_table_that_is_missing_names_the_command(blank_database_url: str, seal: Seal) -> None:
    assert "throughline migrate" in fault(blank_database_url, seal)


def test_both_short_forms_of_postgresql_are_understood(postgresql: str, seal: Seal) -> None:
    for scheme in ("postgres://", "postgresql://"):
        store = Store.open(postgresql.replace("postgresql://", scheme), secret=seal)
        with store.read() as tx:
            assert tx.scalar(text("SHOW transaction_isolation")) == "read committed"
        assert not store.embedded
        store.close()


def test_a_server_that_is_away_is_named_without_its_password(seal: Seal) -> None:
    said = fault(f"postgres://ana:s%40cret@127.0.0.1:{free_port()}/throughline", seal)

    assert "127.0.0.1" in said
    assert "DATABASE_URL" in said
    assert "s@cret" not in said
    assert "s%40cret" not in said


@pytest.mark.parametrize(
    "url", ["", "throughline.db", "mysql://u:s3cret@h/db", "sqlite://", "sqlite:///:memory:", "postgres://h:s3cret/x"]
)
def test_an_address_of_no_database_is_refused_with_an_example(url: str, seal: Seal) -> None:
    said = fault(url, seal)

    assert "sqlite:///var/throughline.db" in said
    assert "s3cret" not in said


def test_an_sqlite_file_is_made_with_its_folder_for_this_user_alone(tmp_path: Path, seal: Seal) -> None:
    path = tmp_path / "new" / "folder" / "throughline.db"
    store = Store.open(f"sqlite:///{path}", secret=seal)
    store.migrate()
    store.close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert store.embedded


def test_a_relative_sqlite_file_is_made_here(tmp_path: Path, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Store.open("sqlite:///var/throughline.db", secret=seal).close()

    assert (tmp_path / "var" / "throughline.db").exists()


def test_sqlite_is_safe_against_power_cuts_and_leftovers(tmp_path: Path, seal: Seal) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/x.db", secret=seal)
    with store.begin() as tx:
        pragmas = {
            name: tx.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    store.close()

    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path, seal: Seal) -> None:
    assert str(tmp_path) in fault(f"sqlite:///{tmp_path}", seal)


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path, seal: Seal) -> None:
    (tmp_path / "var").write_text("in the way")

    assert str(tmp_path / "var") in fault(f"sqlite:///{tmp_path}/var/x.db", seal)


def test_a_file_that_is_no_database_is_named(tmp_path: Path, seal: Seal) -> None:
    path = tmp_path / "notes.db"
    path.write_text("These are my notes. " * 200)

    said = fault(f"sqlite:///{path}", seal)

    assert str(path) in said
    assert "damaged or something else" in said


def test_a_locked_file_is_named(
    tmp_path: Path, seal: Seal, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(migrated_file.read_bytes())
    monkeypatch.setattr("bot.store.engine.LOCK_WAIT_SECONDS", 0.05)
    holder = sqlite3.connect(path)
    holder.execute("BEGIN IMMEDIATE")

    said = fault(f"sqlite:///{path}", seal)
    holder.close()

    assert "another process" in said.lower()
