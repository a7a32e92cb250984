"""Rows about a person as plain data: sealed text opened, whatever cannot be opened named as that."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Table, select

from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.subject import Subject

Rows = list[dict[str, Any]]
UNREADABLE = "(sealed with a key that is not at hand)"


def every(tx: Session, table: Table, column: str, whose: Subject) -> Rows:
    """The rows of a table in which this column is the person."""
    query = select(table).where(table.c[column] == whose.key).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in tx.execute(query)]


def rows_of(
    tx: Session,
    table: Table,
    column: str,
    whose: Subject,
    *,
    only: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
) -> Rows:
    """The same as plain data: these columns `only`, or all but the person and those it is `without`."""
    names = only or [c.name for c in table.columns if c.name not in {column, *without}]
    return [{name: row[name] for name in names} for row in every(tx, table, column, whose)]


def opened(tx: Session, sealed: str) -> str:
    """What is sealed, or that it cannot be read."""
    try:
        return tx.seal.open(sealed) if sealed else ""
    except SealBroken:
        return UNREADABLE


def shown(value: Any) -> Any:
    """Plain data that JSON can hold."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: shown(one) for name, one in value.items()}
    return [shown(one) for one in value] if isinstance(value, list | tuple) else value
