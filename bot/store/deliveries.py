"""The outbox: posts that were decided and are to be sent. It sends nothing and knows no pace.

A reply is wiped when it is done: what somebody asked, where and at what time cannot be read from the database
later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, delete, exists, func, or_, select, update

from bot.messages import Card, Later, Outcome, Place, Post, Refused, Sent, Unknown
from bot.store import people
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, insert_new, is_now
from bot.store.times import end_of_day

# The longest that one call to a platform may take, and how long after it the platform may still act on it.
CALL_LIMIT = timedelta(seconds=15)
SETTLE = timedelta(seconds=30)
# A platform that asks for patience is asked again for so long.
GIVE_UP_AFTER = timedelta(hours=24)
# Each doubt may have put the message before somebody's eyes once more.
DOUBTS_AT_MOST = 5
# What cannot be opened, perhaps because the process was started with a wrong key, is looked at again after
# this time.
UNREADABLE = Later(600, "sealed with a key that is not in THROUGHLINE_SECRET")
LONGEST_REASON = 300

_QUEUED = is_now(t.delivery.c.state, "queued")
_SENDING = is_now(t.delivery.c.state, "sending")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is now this process's to send. Without `place` the account is to be opened first."""

    id: str
    platform: str
    workspace: str
    account: str
    place: Place | None
    card: Card
    reply: bool


def enqueue(tx: Session, posts: Iterable[Post], now: datetime) -> int:
    """Queues these posts, in this order; says how many were new. A key that was queued before is not queued
    again.
    """
    return sum(_enqueue(tx, post, now) for post in posts)


def _enqueue(tx: Session, post: Post, now: datetime) -> bool:
    lane: Place | people.Account | None = post.place or people.account_for_writing(tx, post.person)
    goes_to = post.place.encode() if post.place else ""
    values = {
        "id": uuid4().hex,
        "key": _key(tx, post),
        "platform": lane.platform if lane else "",
        "workspace": lane.workspace if lane else "",
        "place": tx.seal.seal(goes_to) if goes_to else None,
        "person": post.person or None,
        "conversation": tx.seal.mark("delivery", goes_to or post.person) if lane else None,
        "card": tx.seal.seal(post.card.to_json()) if lane else None,
        "reply": post.reply,
        "state": "queued" if lane else "failed",
        "reason": "" if lane else "no account on any platform",
    }
    return insert_new(
        tx, t.delivery, {**values, "attempts": 0, "doubts": 0, "not_before": now, "created_at": now, "platform_id": ""}
    )


def _key(tx: Session, post: Post) -> str:
    # The key of a reply names the event it answers, which on some platforms names the person.
    return tx.seal.mark("delivery", post.key) if post.reply else post.key


def claim(tx: Session, now: datetime, limit: int, platforms: Collection[str]) -> list[Claimed]:
    """Takes up to `limit` due deliveries of these platforms to be sent now: replies first, then oldest first.
    Of one conversation only one at a time, so that its order is kept.
    """
    c, other = t.delivery.c, t.delivery.alias("other").c
    earlier = and_(is_now(other.state, "queued"), other.seq < c.seq, or_(other.not_before <= now, other.attempts > 0))
    blocked = exists().where(
        other.conversation.is_not(None),
        other.conversation == c.conversation,
        or_(is_now(other.state, "sending"), earlier),
    )
    due = select(t.delivery).where(_QUEUED, c.not_before <= now, c.platform.in_(platforms), ~blocked)
    ordered = due.order_by(c.reply.desc(), c.seq).limit(limit)
    rows = tx.execute(ordered.with_for_update(skip_locked=True, of=t.delivery)).all()
    taken = update(t.delivery).where(c.seq.in_([row.seq for row in rows]))
    tx.execute(taken.values(state="sending", sending_since=now, attempts=c.attempts + 1))
    opened = [_open(tx, row) for row in rows]
    for row in (row for row, claimed in zip(rows, opened, strict=True) if claimed is None):
        _settle(tx, row, UNREADABLE, now, now)
    return [claimed for claimed in opened if claimed]


def _open(tx: Session, row: Any) -> Claimed | None:
    try:
        card = Card.from_json(tx.seal.open(row.card))
        place = Place.decode(tx.seal.open(row.place)) if row.place else None
    except (SealBroken, LookupError, TypeError, ValueError):
        return None
    if place:
        return Claimed(row.id, row.platform, row.workspace, "", place, card, row.reply)
    here = [a for a in people.accounts(tx, row.person) if (a.platform, a.workspace) == (row.platform, row.workspace)]
    account = here[0] if here else people.Account(row.platform, row.workspace, "")
    return Claimed(row.id, row.platform, row.workspace, account.account, account.direct, card, row.reply)


def record(tx: Session, delivery_id: str, outcome: Outcome, now: datetime) -> None:
    """Notes what came of sending. An outcome that comes late, after the delivery was given to somebody else,
    counts only if it says that the message arrived.
    """
    c = t.delivery.c
    states = or_(_SENDING, _QUEUED) if isinstance(outcome, Sent) else _SENDING
    row = tx.execute(select(t.delivery).where(c.id == delivery_id, states).with_for_update()).first()
    if row is not None:
        _settle(tx, row, outcome, now, now + SETTLE)


def recover(tx: Session, now: datetime) -> int:
    """Queues again what was being sent by a process that is gone, once its call cannot be in flight any more.
    The platform may have taken it: that is counted as a doubt. Says how many.
    """
    gone = select(t.delivery).where(_SENDING, t.delivery.c.sending_since < now - CALL_LIMIT - SETTLE)
    rows = tx.execute(gone.with_for_update(skip_locked=True)).all()
    for row in rows:
        _settle(tx, row, Unknown("the process ended before the answer came"), now, now)
    return len(rows)


def _settle(tx: Session, row: Any, outcome: Outcome, now: datetime, again_at: datetime) -> None:
    values = _after(outcome, row.doubts, now - row.created_at, now, again_at)
    final = values["state"] != "queued"
    reason = getattr(outcome, "reason", "")[:LONGEST_REASON]
    values |= {"reason": reason, "sending_since": None}
    if final:
        values |= {"conversation": None}
    if final and row.reply:
        values |= _wiped(row, now)
        tx.execute(delete(t.delivery_attempt).where(t.delivery_attempt.c.delivery == row.id))
    else:
        attempt = {"delivery": row.id, "at": now, "outcome": type(outcome).__name__.lower(), "reason": reason}
        tx.execute(t.delivery_attempt.insert().values(attempt))
    tx.execute(update(t.delivery).where(t.delivery.c.seq == row.seq).values(values))


def _after(outcome: Outcome, doubts: int, age: timedelta, now: datetime, again_at: datetime) -> dict[str, Any]:
    match outcome:
        case Sent(platform_id):
            return {"state": "sent", "sent_at": now, "platform_id": platform_id}
        case Refused():
            return {"state": "failed"}
        case Later(seconds):
            queued = {"state": "queued", "not_before": now + timedelta(seconds=max(seconds, 1))}
            return queued if age < GIVE_UP_AFTER else {"state": "failed"}
        case Unknown():
            doubtful = "queued" if doubts < DOUBTS_AT_MOST else "failed"
            return {"state": doubtful, "doubts": doubts + 1, "not_before": again_at}


def _wiped(row: Any, now: datetime) -> dict[str, Any]:
    day = end_of_day(now)
    times = {"created_at": end_of_day(row.created_at), "not_before": day, "sent_at": day}
    return {"card": None, "place": None, "person": None, "platform_id": "", **times}


def counts(tx: Session) -> dict[str, int]:
    """How many deliveries there are in each state."""
    rows = tx.execute(select(t.delivery.c.state, func.count().label("total")).group_by(t.delivery.c.state))
    return {row.state: row.total for row in rows}


def doubts(tx: Session) -> int:
    """How often a message was sent again without knowing whether the platform had taken it."""
    return tx.scalar(select(func.coalesce(func.sum(t.delivery.c.doubts), 0))) or 0


def cancel_for(tx: Session, platform: str, reason: str, now: datetime) -> int:
    """Cancels what waits for a platform that is not served any more, and wipes it; says how many."""
    wiped = {"card": None, "place": None, "person": None, "conversation": None, "not_before": end_of_day(now)}
    waiting = update(t.delivery).where(t.delivery.c.platform == platform, _QUEUED)
    return changed(tx, waiting.values(state="cancelled", reason=reason, **wiped))


def forget(tx: Session, *, older_than: datetime, replies_older_than: datetime) -> int:
    """Deletes deliveries that are done, with their attempts."""
    c = t.delivery.c
    old = or_(c.created_at < older_than, and_(c.reply, c.created_at < replies_older_than))
    return changed(tx, delete(t.delivery).where(old, ~_QUEUED, ~_SENDING))
