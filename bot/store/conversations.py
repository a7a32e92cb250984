"""Where each conversation stands. What a state means is the core's matter; here it is sealed text under a
mark.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new
from bot.store.times import day

# Bytes. What a conversation is about fits into the first: the length does not tell whether it is about anything.
SIZES = (512, 4_096, 16_384)
_STATE = select(t.conversation.c.state).where(t.conversation.c.mark == bindparam("of"))


def seen(tx: Session, key: str) -> dict[str, Any]:
    """The state of this conversation (empty if there is none), without a trace: it is not held and not begun."""
    mark = tx.seal.mark("conversation", key)
    sealed = tx.scalar(_STATE, {"of": mark})
    state: dict[str, Any] = json.loads(tx.seal.open(sealed)) if sealed else {}
    return state


def hold(tx: Session, key: str, now: datetime) -> dict[str, Any]:
    """The state of this conversation (empty if it is new), with the conversation held until the transaction
    ends: whoever else wants to hold it waits.
    """
    mark = tx.seal.mark("conversation", key)
    insert_new(tx, t.conversation, {"mark": mark, "used_on": day(now)})
    query = select(t.conversation.c.state).where(t.conversation.c.mark == mark).with_for_update()
    sealed = tx.execute(query).scalar_one()
    state: dict[str, Any] = json.loads(tx.seal.open(sealed)) if sealed else {}
    return state


def keep(tx: Session, key: str, state: dict[str, Any], now: datetime) -> None:
    """Writes the state of a conversation that is held."""
    mark = tx.seal.mark("conversation", key)
    sealed = tx.seal.seal(json.dumps(state), SIZES) if state else None
    held = t.conversation.c.mark == mark
    tx.execute(update(t.conversation).where(held).values(state=sealed, used_on=day(now)))


def forget(tx: Session, older_than: date) -> int:
    """Deletes conversations in which nothing was said since this day."""
    return changed(tx, delete(t.conversation).where(t.conversation.c.used_on < older_than))
