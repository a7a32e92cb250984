"""How far the clock has come with each thing that is due at a time, so that a process that was away can catch up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import insert_new


def since(tx: Session, name: str, now: datetime) -> datetime:
    """Until when this was done before; from now on it is done until `now`, if the transaction commits.

    Do what is due in the same transaction. A second clock waits for it, and then nothing is left to do. The very
    first time it is `now`: what was due before there was anybody to do it is not caught up. A clock that was put back
    moves nothing: the answer is then later than `now`.
    """
    c = t.tick_mark.c
    if insert_new(tx, t.tick_mark, {"name": name, "at": now}):
        return now
    before: datetime = tx.execute(select(c.at).where(c.name == name).with_for_update()).scalar_one()
    if before < now:
        tx.execute(update(t.tick_mark).where(c.name == name).values(at=now))
    return before
