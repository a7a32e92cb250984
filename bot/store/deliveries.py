"""The outbox: posts that were decided and are to be sent, and what came of them. It sends nothing and knows no pace.

Putting posts in is in `queueing`, changing and cancelling them in `changing`, what the sender needs in `sending`; all
of it can be called from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select

from bot.store import contents
from bot.store import tables as t
from bot.store.changing import cancel, cancel_for, edit, recall
from bot.store.engine import Session
from bot.store.lanes import Lane
from bot.store.patience import PATIENCE, Patience
from bot.store.queueing import enqueue
from bot.store.sending import Claimed, Result, claim, put_back, record, record_all, recover, waiting
from bot.store.sql import changed

__all__ = [
    "PATIENCE",
    "Attempt",
    "Claimed",
    "Lane",
    "Patience",
    "Result",
    "attempts",
    "cancel",
    "cancel_for",
    "claim",
    "counts",
    "doubts",
    "edit",
    "enqueue",
    "forget",
    "progress",
    "put_back",
    "recall",
    "record",
    "record_all",
    "recover",
    "waiting",
]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to post, edit or delete: when it ended, what came of it (sent, later, refused, unknown, absent, void,
    cancelled) and
    why.
    """

    at: datetime
    action: str
    outcome: str
    reason: str


def progress(tx: Session, batch: str, action: str = "post") -> dict[str, int]:
    """How many posts of a batch there are in each state; with another `action`, how far its edits or deletions are."""
    c = t.delivery.c
    mine = (c.batch != "", c.batch == batch, c.action == action)
    rows = tx.execute(select(c.state, func.count().label("total")).where(*mine).group_by(c.state))
    return {row.state: row.total for row in rows}


def attempts(tx: Session, key: str) -> list[Attempt]:
    """What was tried for the post with this key, and to change it later, in order. Nothing for sent replies."""
    c, a = t.delivery.c, t.delivery_attempt.c
    id = select(c.id).where(c.key == key).scalar_subquery()
    rows = select(a.at, c.action, a.outcome, a.reason).join(t.delivery, c.id == a.delivery)
    rows = rows.where(or_(c.id == id, c.target == id)).order_by(a.id)
    return [Attempt(row.at, row.action, row.outcome, row.reason) for row in tx.execute(rows)]


def counts(tx: Session) -> dict[str, int]:
    """How many deliveries there are in each state."""
    rows = tx.execute(select(t.delivery.c.state, func.count().label("total")).group_by(t.delivery.c.state))
    return {row.state: row.total for row in rows}


def doubts(tx: Session) -> int:
    """How often a message was sent again without knowing whether the platform had taken it."""
    return tx.scalar(select(func.coalesce(func.sum(t.delivery.c.doubts), 0))) or 0


def forget(tx: Session, *, older_than: datetime, replies_older_than: datetime, counted_older_than: datetime) -> int:
    """Deletes deliveries that are done, with their attempts, and what none refers to any more; says how many. What the
    bot wrote of its own accord is counted for the week: it stays until it is older than `counted_older_than` too.
    """
    c = t.delivery.c
    counts = and_(c.kind != "", c.created_at >= counted_older_than)
    old = or_(and_(c.created_at < older_than, ~counts), and_(c.reply, c.created_at < replies_older_than))
    gone = changed(tx, delete(t.delivery).where(old, c.state.not_in(("queued", "sending"))))
    contents.forget(tx, replies_older_than)
    return gone
