"""By how much the clock of the local page is ahead of the real one. It outlives the process, since rows with a later
time do too.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import put

COUNTER = "local_clock"


def ahead(tx: Session) -> timedelta:
    """How far the clock was moved, in whole seconds; nothing if it never was."""
    return timedelta(seconds=tx.scalar(select(t.counter.c.value).where(t.counter.c.name == COUNTER)) or 0)


def set_ahead(tx: Session, by: timedelta) -> None:
    """Keeps how far the clock was moved."""
    put(tx, t.counter, {"name": COUNTER}, {"value": int(by.total_seconds())})
