"""Blurring when somebody was here: PostgreSQL notes at every row which transaction wrote it, and these count up.

Who wrote to the bot before a slot, and what was passed on at that slot, would stand side by side by that number. So
once an hour the rows of everybody who was here lately and of what came in confidence are written anew, all in one
transaction and in no order; then none of them says more than its day. SQLite notes nothing of the kind.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select, update

from bot.store import mailbox, ticks
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.times import day

TICK = "blurred"
LATELY = timedelta(days=1)


def blur(tx: Session, now: datetime) -> bool:
    """Does so once in each hour of the clock; says whether it did now."""
    if tx.get_bind().dialect.name != "postgresql":
        return False
    hour = now.replace(minute=0, second=0, microsecond=0)
    if ticks.since(tx, TICK, hour) >= hour:
        return False
    for table, lately in _lately(now):
        _write_anew(tx, table, lately)
    mailbox.admit(tx)
    mailbox.stir(tx)
    return True


def _lately(now: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
    since, case = day(now) - LATELY, t.case.c
    secret = case.confidential & (case.created_at > now - LATELY)
    new = select(t.identity.c.person).where(t.identity.c.first_seen >= since)
    return [
        (t.conversation, t.conversation.c.used_on >= since),
        (t.visit, t.visit.c.latest >= since),
        (t.identity, t.identity.c.first_seen >= since),
        (t.setting, t.setting.c.person.in_(new)),
        (t.person, t.person.c.key.in_(new)),
        (t.case, secret),
        (t.case_event, t.case_event.c.case.in_(select(case.id).where(secret))),
    ]


def _write_anew(tx: Session, table: Table, lately: ColumnElement[bool]) -> None:
    keys = list(table.primary_key.columns)
    rows: list[Any] = list(tx.execute(select(*keys).where(lately)).all())
    SystemRandom().shuffle(rows)
    same = next(column for column in table.columns if column not in keys)
    mine = [key == bindparam(f"its_{key.name}") for key in keys]
    if rows:
        named = [{f"its_{key.name}": value for key, value in zip(keys, row, strict=True)} for row in rows]
        tx.connection().execute(update(table).where(*mine).values({same.name: same}), named)
