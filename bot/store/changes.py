"""Changes of what was decided: what holds as far as people know, and each change of it, with the reason once given.

Reasons are sealed. What counts as a change, and who is told of it, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, insert_new, put

WAITING, SENT, DROPPED, GONE = "waiting", "sent", "dropped", "gone"
"""States of a change: it waits for a word; it is told; it is not told; it was overtaken by the next one."""


@dataclass(frozen=True, slots=True)
class Change:
    """That a fact of an initiative says `after` and not `before` any more ('' for nothing). `wide`: everybody concerned
    had been told, not only who asked. `at` is when it was noticed."""

    id: str
    initiative: str
    fact: str
    before: str
    after: str
    reason: str
    wide: bool
    state: str
    at: datetime


def stated(tx: Session, initiative: str) -> dict[str, str]:
    """What holds as far as people know, by fact."""
    c = t.stated.c
    return {row.fact: row.value for row in tx.execute(select(c.fact, c.value).where(c.initiative == initiative))}


def held(tx: Session, initiative: str, fact: str) -> str | None:
    """The same of one fact, held until the end of the transaction; None where nothing is known of it."""
    c = t.stated.c
    return tx.scalar(select(c.value).where(c.initiative == initiative, c.fact == fact).with_for_update())


def begin(tx: Session, initiative: str, values: Mapping[str, str]) -> int:
    """Notes facts of which nothing was known; says how many were new."""
    rows = ({"initiative": initiative, "fact": fact, "value": value} for fact, value in sorted(values.items()))
    return sum(insert_new(tx, t.stated, row) for row in rows)


def state(tx: Session, initiative: str, fact: str, value: str) -> None:
    """From now on people know this of a fact."""
    put(tx, t.stated, {"initiative": initiative, "fact": fact}, {"value": value})


def add(
    tx: Session, initiative: str, fact: str, before: str, after: str, now: datetime, *, wide: bool, reason: str = ""
) -> Change:
    """Keeps a change until somebody says whether it is told. An earlier one of the fact that still waits is gone."""
    c, id = t.change.c, uuid4().hex
    mine = (c.initiative == initiative, c.fact == fact, c.state == WAITING)
    tx.execute(update(t.change).where(*mine).values(state=GONE))
    values = {"id": id, "initiative": initiative, "fact": fact, "before": before, "after": after, "wide": wide}
    more = {"reason": tx.seal.seal(reason), "state": WAITING, "at": now}
    tx.execute(t.change.insert().values(**values, **more))
    return Change(id, initiative, fact, before, after, reason, wide, WAITING, now)


def change(tx: Session, id: str) -> Change | None:
    """The change with this id, which may be anything that somebody typed."""
    row = tx.execute(select(t.change).where(t.change.c.id == id)).first() if id.isalnum() else None
    return _read(tx, row) if row else None


def of(tx: Session, initiative: str) -> list[Change]:
    """The changes of an initiative, the newest first; what was overtaken is not among them."""
    c = t.change.c
    query = select(t.change).where(c.initiative == initiative, c.state != GONE)
    return [_read(tx, row) for row in tx.execute(query.order_by(c.at.desc(), c.fact))]


def wide_ones(tx: Session, initiative: str) -> list[Change]:
    """The changes of what everybody concerned had been told, those that were overtaken among them."""
    c = t.change.c
    return [_read(tx, row) for row in tx.execute(select(t.change).where(c.initiative == initiative, c.wide))]


def answer(tx: Session, id: str, state: str, reason: str = "") -> bool:
    """Notes that a change is told, is not told, or is gone; False if that was decided before."""
    here = update(t.change).where(t.change.c.id == id, t.change.c.state == WAITING)
    return changed(tx, here.values(state=state, reason=tx.seal.seal(reason))) == 1


def states(tx: Session) -> tuple[tuple[str, str], ...]:
    """The id and state of every change, to see whether anything is different."""
    return tuple((row.id, row.state) for row in tx.execute(select(t.change.c.id, t.change.c.state).order_by("id")))


def forget(tx: Session, older_than: datetime) -> int:
    """Deletes changes that were noticed before this and wait no more; says how many."""
    return changed(tx, delete(t.change).where(t.change.c.at < older_than, t.change.c.state != WAITING))


def _read(tx: Session, row: Any) -> Change:
    try:
        reason = tx.seal.open(row.reason)
    except SealBroken:
        reason = ""
    return Change(row.id, row.initiative, row.fact, row.before, row.after, reason, row.wide, row.state, row.at)
