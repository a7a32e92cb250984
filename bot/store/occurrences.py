"""What has been done at its time, so that two clocks, a restart or a clock change do not do it twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new


def first_time(tx: Session, key: str, now: datetime) -> bool:
    """True for exactly one transaction that commits with this key: that one does what is due."""
    return insert_new(tx, t.occurrence, {"key": key, "at": now})


def forget(tx: Session, older_than: datetime) -> int:
    """Deletes occurrences so old that they cannot become due again."""
    return changed(tx, delete(t.occurrence).where(t.occurrence.c.at < older_than))
