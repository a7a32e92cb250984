"""Changing, cancelling and taking back what was queued or sent. Replies are excepted: they are wiped when sent.

What has reached the platform is changed by deliveries of its own, in the same lane and at the same pace.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select, update

from bot.messages import Card, Place
from bot.store import contents, lanes
from bot.store import tables as t
from bot.store.columns import Instant
from bot.store.engine import Session
from bot.store.lanes import Lane
from bot.store.queueing import SINGLE, in_parts, new_row
from bot.store.sql import changed, insert_all_new, is_now
from bot.store.times import end_of_day

_C = t.delivery.c
_QUEUED = is_now(_C.state, "queued")
_A_POST = and_(_C.action == "post", ~_C.reply)
# Certainly not before anybody's eyes: it waits, or was put into a digest from which it can still be taken.
_NOT_SENT = or_(and_(_QUEUED, _C.unsure_since.is_(None)), is_now(_C.state, "suppressed"))
_PERHAPS_SENT = or_(is_now(_C.state, "sending"), and_(_QUEUED, _C.unsure_since.is_not(None)))
_EMPTY: dict[str, Any] = {"card": None, "content": None, "conversation": None}


def edit(tx: Session, key: str, card: Card, now: datetime) -> bool:
    """Whoever the post with this key is for sees this card instead: at once where it was sent, else from the beginning.
    A later edit overtakes an earlier one that is not sent yet. False if there is nothing to edit: the post is unknown,
    a reply, has failed, or was cancelled or taken back.
    """
    mine = select(t.delivery).where(_C.key == key, _A_POST).with_for_update()
    row = tx.execute(mine).first()
    if row is None or row.withdrawn or row.state in ("failed", "cancelled"):
        return False
    here = update(t.delivery).where(_C.id == row.id, _NOT_SENT)
    if changed(tx, here.values(card=tx.seal.seal(card.to_json()), content=None)):
        return True
    return _change(tx, [row], "edit", "", {"card": tx.seal.seal(card.to_json())}, now) == 1


def cancel(tx: Session, reason: str, now: datetime, *, key: str = "", batch: str = "") -> int:
    """Cancels what was not sent yet, of one key or a batch; says how many. What is just being sent may still arrive,
    but is not tried again. What is cancelled is emptied; its reason and attempts stay.
    """
    mine = (_of(key, batch), _A_POST)
    # This locks them all, so that none is sent while it is being cancelled.
    pending = or_(_NOT_SENT, _PERHAPS_SENT)
    tx.execute(update(t.delivery).where(*mine, pending).values(withdrawn=True, reason=reason))
    noted = select(_C.id, literal(now, Instant), literal("cancelled"), literal(reason)).where(*mine, _NOT_SENT)
    tx.execute(t.delivery_attempt.insert().from_select(["delivery", "at", "outcome", "reason"], noted))
    ended = {"state": "cancelled", "sending_since": None, **_EMPTY}
    return changed(tx, update(t.delivery).where(*mine, _NOT_SENT).values(ended))


def recall(
    tx: Session, reason: str, now: datetime, *, key: str = "", batch: str = "", instead: Card | None = None
) -> int:
    """Cancels what was not sent yet, of one key or a batch, and takes back what was: it is deleted, or `instead` put in
    its place. Says how many it concerns. What is just being sent is taken back when it has arrived. A deleted post is
    `cancelled` then.
    """
    mine = (_of(key, batch), _A_POST)
    cancelled = cancel(tx, reason, now, key=key, batch=batch)
    ids = list(tx.scalars(select(_C.id).where(*mine, or_(is_now(_C.state, "sent"), _PERHAPS_SENT)).order_by(_C.seq)))
    if instead is None:
        action, says = "delete", {}
    else:
        action, says = "edit", {"content": contents.keep(tx, batch or key, instead, now)}
    return cancelled + sum(
        _change(tx, tx.execute(select(t.delivery).where(_C.id.in_(part))), action, reason, says, now)
        for part in in_parts(ids)
    )


def _of(key: str, batch: str) -> ColumnElement[bool]:
    if bool(key) == bool(batch):
        raise ValueError("name either a key or a batch")
    return _C.key == key if key else and_(_C.batch != "", _C.batch == batch)


def _change(tx: Session, posts: Iterable[Any], action: str, reason: str, says: dict[str, Any], now: datetime) -> int:
    """Queues the change of each of these posts, and drops earlier changes that are not sent yet. A post that is to be
    deleted is not edited any more.
    """
    found = list(posts)
    before = select(_C.target).where(_C.target.in_([row.id for row in found]), _C.action == "delete")
    going = set(tx.scalars(before.where(_C.state.in_(("queued", "sending", "sent")))))
    left = [row for row in found if row.id not in going]
    overtaken = update(t.delivery).where(_C.target.in_([row.id for row in left]), _QUEUED)
    tx.execute(overtaken.values(state="cancelled", reason="overtaken by a later change", **_EMPTY))
    rows = [_row(tx, post, action, now) | {"card": None, "content": None, "reason": reason} | says for post in left]
    lanes.wake(tx, {Lane(row["platform"], row["workspace"]) for row in rows})
    return insert_all_new(tx, t.delivery, rows)


def _row(tx: Session, post: Any, action: str, now: datetime) -> dict[str, Any]:
    place = Place.decode(tx.seal.open(post.place)) if post.place else None
    row = new_row(tx, Lane(post.platform, post.workspace), place, post.person or "", now)
    more = {"reply": False, "not_before": now, "kind": "", "urgent": post.urgent, "timed": True}
    of = {"batch": post.batch, "rank": SINGLE, "action": action, "target": post.id}
    return row | more | of | {"key": f"{post.id}:{action}:{row['id']}"}


def cancel_for(tx: Session, platform: str, reason: str, now: datetime) -> int:
    """Cancels what waits for a platform that is not served any more, and wipes it; says how many."""
    wiped = {"place": None, "person": None, "not_before": end_of_day(now), **_EMPTY}
    waiting = update(t.delivery).where(_C.platform == platform, _QUEUED)
    return changed(tx, waiting.values(state="cancelled", reason=reason, **wiped))
