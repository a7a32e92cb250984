"""What an adversary has who gets hold of the database again and again, but not of the secret: copies of everything.

A copy holds each row with what the database itself notes of it (system columns, row numbers, the order they lie in), of
SQLite the bytes of the file and of its log too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Text, cast, literal_column, select, text

from bot.store import Store, tables

Row = Mapping[str, Any]
TOKEN = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}")
LONGEST_NAMED = 400


@dataclass(frozen=True)
class Copy:
    """One copy. `rows` are by table, in the order in which the database gives them; `file` and `wal` are SQLite's."""

    rows: Mapping[str, list[Row]]
    file: bytes = b""
    wal: bytes = b""
    log: tuple[tuple[datetime, str], ...] = ()

    def each(self) -> Iterator[tuple[str, int, Row]]:
        """Every row with its table and its place in it."""
        for table, rows in self.rows.items():
            for place, row in enumerate(rows):
                yield table, place, row


def copied(store: Store, log: tuple[tuple[datetime, str], ...] = ()) -> Copy:
    """A copy of everything there is now."""
    file, wal = _bytes(store)
    rows: dict[str, list[Row]] = {}
    with store.engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            also = _noted(store, connection, table.name)
            found = connection.execute(select(*also, table)).mappings().all()
            if found:
                rows[table.name] = [dict(row) for row in found]
        connection.rollback()
    return Copy(rows, file, wal, log)


def _noted(store: Store, connection: Any, table: str) -> list[Any]:
    """What the database notes of each row besides."""
    if store.embedded:
        return [literal_column("rowid").label("#rowid")] if _numbered(connection, table) else []
    return [cast(literal_column(name), Text).label(f"#{name}") for name in ("xmin", "xmax", "cmin", "ctid")]


def _numbered(connection: Any, table: str) -> bool:
    made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar_one()
    return "WITHOUT ROWID" not in made.upper()


def _bytes(store: Store) -> tuple[bytes, bytes]:
    if not store.embedded:
        return b"", b""
    path = Path(str(store.engine.url.database))
    log = path.with_name(path.name + "-wal")
    return path.read_bytes(), log.read_bytes() if log.exists() else b""


def names_in(row: Row) -> set[str]:
    """What a row holds that could be a key, a mark, an address or an account."""
    found: set[str] = set()
    for name, value in row.items():
        if isinstance(value, str) and not name.startswith("#") and len(value) <= LONGEST_NAMED:
            found.add(value)
            found.update(TOKEN.findall(value))
    return found


def transactions(row: Row) -> set[int]:
    """The transactions that PostgreSQL notes at a row: which one wrote it, and which one held it last."""
    return {int(row[name]) for name in ("#xmin", "#xmax") if int(row.get(name) or 0)}
