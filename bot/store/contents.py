"""What many messages say in common, kept once. It knows no delivery but to see whether one still refers to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update

from bot.messages import Card
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new
from bot.store.times import day

# Whoever is just about to refer to a content has not committed that yet.
KEPT_AT_LEAST = timedelta(days=2)


def keep(tx: Session, batch: str, card: Card, now: datetime) -> str:
    """Keeps the card of a batch, once, and says under which id."""
    id = tx.seal.mark("content", batch, card.to_json())[:32]
    if not insert_new(tx, t.content, {"id": id, "card": tx.seal.seal(card.to_json()), "used_on": day(now)}):
        used = update(t.content).where(t.content.c.id == id, t.content.c.used_on < day(now))
        tx.execute(used.values(used_on=day(now)))
    return id


def sealed(tx: Session, ids: set[str]) -> dict[str, str]:
    """The sealed cards under these ids."""
    if not ids:
        return {}
    rows = tx.execute(select(t.content.c.id, t.content.c.card).where(t.content.c.id.in_(ids)))
    return {row.id: row.card for row in rows}


def forget(tx: Session, now: datetime) -> int:
    """Deletes what no delivery refers to any more."""
    needed = exists().where(t.delivery.c.content == t.content.c.id)
    old = t.content.c.used_on < day(now - KEPT_AT_LEAST)
    return changed(tx, delete(t.content).where(old, ~needed))
