"""The database: opening it, transactions, and its faults in words a person can act on. It knows no table."""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, orm
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from bot.store import migration
from bot.store.faults import StoreUnavailable, explain, is_fault_of_the_database
from bot.store.seal import Seal

# A transaction waits this long for another one before the work is given up: longer than any of ours takes,
# shorter than a platform's patience with the request that waits for it.
LOCK_WAIT_SECONDS = 10
CONNECT_SECONDS = 5
CONNECTIONS_KEPT = 10
CONNECTIONS_AT_MOST = 20


class _Turns:
    """A lock that is given in the order in which it was asked for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Waits for its turn, at most as long as for the database itself; then it goes on without."""
        mine = Lock()
        mine.acquire()
        with self._lock:
            self._waiting.append(mine)
            if self._waiting[0] is mine:
                mine.release()
        mine.acquire(timeout=LOCK_WAIT_SECONDS)
        try:
            yield
        finally:
            with self._lock:
                first = self._waiting[0] is mine
                self._waiting.remove(mine)
                if first and self._waiting:
                    self._waiting[0].release()


class Session(orm.Session):
    """One transaction. `seal` is there for the functions that store what must not be readable."""

    def __init__(self, *, seal: Seal, **settings: Any) -> None:
        super().__init__(**settings)
        self.seal = seal


class Store:
    """One database and its connections. Safe to use from any thread."""

    def __init__(self, url: URL, engine: Engine, seal: Seal) -> None:
        self.seal = seal
        self.engine = engine
        self._url = url
        self._turns = _Turns()
        self._writing = orm.sessionmaker(engine, class_=Session, seal=seal)
        reader = engine.execution_options(postgresql_readonly=True)
        self._reading = orm.sessionmaker(reader, class_=Session, seal=seal)

    @staticmethod
    def open(url: str, *, secret: Seal) -> Store:
        """The database behind this `DATABASE_URL`. Makes the folder and file of an SQLite database, with
        access for this user alone; does not connect to PostgreSQL yet. Raises `StoreUnavailable`.
        """
        parsed = _parse(url)
        engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)
        return Store(parsed, engine, secret)

    @property
    def embedded(self) -> bool:
        """Whether the database is a file of this process (SQLite) rather than a server."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def address(self) -> str:
        """The address in the words of PostgreSQL's own library, password included: for connections beside these."""
        return self._url.set(drivername="postgresql").render_as_string(hide_password=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that may write; committed at the end, rolled back on any exception.

        Raises `StoreUnavailable` where the database, not the code, is at fault; after that it is unknown
        whether the commit took place only if the connection broke during the commit itself.
        """
        # SQLite lets writers wait without an order: whoever writes again and again would go before all others.
        turn = self._turns.taken() if self.embedded else nullcontext()
        with self._explained(), turn, self._writing.begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that sees the database and cannot change it. Raises as `begin` does."""
        with self._explained(), self._reading.begin() as tx:
            yield tx

    def migrate(self) -> None:
        """Brings the database to the newest schema; does nothing if it has it. Several processes may try at
        once.
        """
        with self._explained():
            migration.migrate(self.engine)

    def schema_is_current(self) -> bool:
        """Whether the schema is at least as new as this program. Raises `StoreUnavailable`."""
        with self._explained(), self.engine.connect() as connection:
            return migration.is_current(connection)

    def close(self) -> None:
        """Closes all connections; the store can still be used and connects again."""
        self.engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, NoFreeConnection) as fault:
            if not is_fault_of_the_database(fault):
                raise
            raise StoreUnavailable(explain(self._url, fault)) from fault


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreUnavailable(
            "DATABASE_URL is not an address of a database. Write sqlite:///var/throughline.db or"
            " postgresql://user:password@host/name (with %40 for an @ in the password)."
        ) from None
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise StoreUnavailable(
        f"DATABASE_URL names {parsed.drivername!r} without a file or server that Throughline can use."
        " Write sqlite:///var/throughline.db or postgresql://user:password@host/name."
    )


def _sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as wrong:
        raise StoreUnavailable(
            f"the database file {path} cannot be opened: {wrong.strerror}."
            " Check DATABASE_URL, and that this user may write in that folder."
        ) from wrong
    engine = create_engine(
        url,
        # What people say stays out of error messages and logs.
        hide_parameters=True,
        connect_args={"timeout": LOCK_WAIT_SECONDS},
        pool_size=CONNECTIONS_KEPT,
        max_overflow=CONNECTIONS_AT_MOST - CONNECTIONS_KEPT,
        pool_timeout=LOCK_WAIT_SECONDS,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions by itself, deferred and too late; `_begin_sqlite` does it.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # With NORMAL a commit survives kill -9 but not a power cut, and what was acknowledged to a platform is
    # not sent again.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("postgresql_readonly", False)
    # Straight to the driver: it is done for every transaction, and cannot fail.
    connection.connection.cursor().execute(f"PRAGMA query_only = {int(reads)}")
    # A writer that begins without IMMEDIATE fails at once when another wrote between its first read and
    # write.
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        # What people say stays out of error messages and logs.
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_SECONDS} if "connect_timeout" not in url.query else {},
        isolation_level="READ COMMITTED",
        pool_size=CONNECTIONS_KEPT,
        max_overflow=CONNECTIONS_AT_MOST - CONNECTIONS_KEPT,
        pool_timeout=LOCK_WAIT_SECONDS,
        pool_pre_ping=True,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = '{LOCK_WAIT_SECONDS}s'")
    connection.commit()
