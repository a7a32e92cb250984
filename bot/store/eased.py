"""Worries that what is written settled: counted by initiative and driver, never who had them or when."""

from __future__ import annotations

from sqlalchemy import select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import put


def count(tx: Session, initiative: str, driver: str) -> None:
    """One more worry of this kind was settled."""
    key = {"initiative": initiative, "driver": driver}
    put(tx, t.eased, key, {"count": t.eased.c.count + 1}, first={"count": 1})


def eased(tx: Session, initiative: str) -> dict[str, int]:
    """How many worries about this initiative were settled, by driver."""
    c = t.eased.c
    rows = tx.execute(select(c.driver, c.count).where(c.initiative == initiative).order_by(c.driver))
    return {row.driver: row[1] for row in rows}
