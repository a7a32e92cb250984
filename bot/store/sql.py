"""The few statements that the two databases write differently."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Delete, Table, Text, Update, any_, bindparam, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.engine import Session

# Before the names of the parameters that an existing row gets.
NEW = "new_"


def is_now(column: ColumnElement[str], value: str) -> ColumnElement[bool]:
    """`column = 'value'` with the value written out, without which partial indexes are not used."""
    return column == literal(value, literal_execute=True)


def insert_new(tx: Session, table: Table, values: Mapping[str, Any]) -> bool:
    """Inserts the row unless one with the same unique values is there. Says whether it was new.

    Where another transaction is just inserting the same, this waits for it to end.
    """
    statement = _inserting_new(table, _is_postgresql(tx))
    return tx.connection().execute(statement, dict(values), execution_options={"preserve_rowcount": True}).rowcount == 1


def insert_all_new(tx: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Inserts these rows, which all name the same columns, in their order, but for those whose unique values are
    there already. Says how many were new. Waits as `insert_new` does.
    """
    if not rows:
        return 0
    if not _is_postgresql(tx):
        statement = _inserting_new(table, False)
        result = tx.connection().execute(statement, list(rows), execution_options={"preserve_rowcount": True})
        return result.rowcount
    # One statement with a list for each column: the server is spoken to once, and not once for each row.
    lists = [
        literal([row[name] for row in rows], postgresql.ARRAY(table.c[name].type, dimensions=1)) for name in rows[0]
    ]
    together = postgresql.insert(table).from_select(list(rows[0]), select(*map(func.unnest, lists)))
    once = together.on_conflict_do_nothing().inline()
    return tx.connection().execute(once, execution_options={"preserve_rowcount": True}).rowcount


def one_of(tx: Session, column: ColumnElement[str], values: Collection[str]) -> ColumnElement[bool]:
    """`column IN (values)` for many values: they go as one, so that the statement is the same for any number."""
    if _is_postgresql(tx):
        return column == any_(literal(list(values), postgresql.ARRAY(Text, dimensions=1)))
    return column.in_(select(func.json_each(json.dumps(list(values))).table_valued("value").c.value))


def put(
    tx: Session, table: Table, key: Mapping[str, Any], values: Mapping[str, Any], first: Mapping[str, Any] | None = None
) -> None:
    """Gives the row that has this key these values; inserts it if there is none, with `first` if that is
    given.
    """
    counted = {name: value for name, value in values.items() if isinstance(value, ColumnElement)}
    plain = {name: value for name, value in values.items() if name not in counted}
    putting = _putting_counted if counted else _putting
    statement = putting(table, tuple(key), tuple(plain), _is_postgresql(tx), **counted)
    tx.connection().execute(statement, {**key, **(first or values), **{f"{NEW}{n}": v for n, v in plain.items()}})


def changed(tx: Session, statement: Update | Delete) -> int:
    """Runs it and says how many rows it changed."""
    return cast(CursorResult[Any], tx.execute(statement)).rowcount


# Put together once for each table: putting a statement together takes longer than executing it.
@cache
def _inserting_new(table: Table, on_postgresql: bool) -> Any:
    return (postgresql if on_postgresql else sqlite).insert(table).on_conflict_do_nothing().inline()


def _putting_counted(
    table: Table, key: tuple[str, ...], names: tuple[str, ...], on_postgresql: bool, **counted: ColumnElement[Any]
) -> Any:
    new = {name: bindparam(f"{NEW}{name}", type_=table.c[name].type) for name in names}
    insert = (postgresql if on_postgresql else sqlite).insert(table)
    return insert.on_conflict_do_update(index_elements=list(key), set_=new | counted).inline()


_putting = cache(_putting_counted)


def _is_postgresql(tx: Session) -> bool:
    return tx.get_bind().dialect.name == "postgresql"
