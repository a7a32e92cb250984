"""What was heard and not yet handled. It holds no more of it than the handling needs, and that sealed.

Who handles calls, in one transaction: `conversations.hold`, then `next_waiting`, the work, and `handled`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, update

from bot.messages import Said
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, insert_new, is_now
from bot.store.times import end_of_day

# An event is normally handled by the process that heard it; only after this time does another one look after
# it.
HANDLED_WITHIN = timedelta(seconds=15)
# A failed event is tried again after these times, and given up when they are used up.
TRY_AGAIN_AFTER: tuple[timedelta, ...] = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)

log = logging.getLogger(__name__)
_WAITING = is_now(t.heard.c.state, "waiting")
_WIPED: dict[str, Any] = {"payload": None, "conversation": None, "try_at": None, "picked_until": None}


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that waits to be handled, and the key of the conversation it belongs to.

    `given_up`: it failed too often, is not handled any more, and only waits for whoever said it to be told.
    """

    id: int
    said: Said
    conversation: str
    given_up: bool = False


def accept(tx: Session, said: Said, conversation: str, now: datetime) -> bool:
    """Records the event for handling. False if this event was heard before, in the last 24 hours at least."""
    payload = json.dumps({"conversation": conversation, "said": said.to_json()})
    return _record(
        tx,
        said.place.platform,
        said.event,
        received_at=now,
        state="waiting",
        try_at=now + HANDLED_WITHIN,
        conversation=_mark(tx, conversation),
        payload=tx.seal.seal(payload),
    )


def heard_first(tx: Session, platform: str, event: str, now: datetime) -> bool:
    """Records only that the event was heard: for what is decided in this very transaction, and for what is
    said in confidence. Neither person, text nor time of day is kept. False if it was heard before.
    """
    return _record(tx, platform, event, received_at=end_of_day(now), state="handled")


def unheard(tx: Session, platform: str, event: str) -> None:
    """Forgets that this event was heard: nothing was done about it, and it may come again."""
    tx.execute(delete(t.heard).where(t.heard.c.event == tx.seal.mark("event", platform, event)))


def _record(tx: Session, platform: str, event: str, **values: Any) -> bool:
    mark = tx.seal.mark("event", platform, event)
    return insert_new(tx, t.heard, {"event": mark, "attempts": 0, **values})


def _mark(tx: Session, conversation: str) -> str:
    return tx.seal.mark("conversation", conversation)


def next_waiting(tx: Session, conversation: str, now: datetime, picked: Collection[int] = ()) -> Heard | None:
    """The oldest event of this conversation that is to be handled now. Hold the conversation first.

    Only what failed and waits for its next try is overtaken. None where an earlier event has been picked up and is
    about to be handled: whoever did that goes on with the later ones. `picked` are the events the caller picked up.
    """
    query = select(t.heard).where(_WAITING, t.heard.c.conversation == _mark(tx, conversation))
    for row in tx.execute(query.order_by(t.heard.c.seq)).all():
        in_hand = row.picked_until is not None and row.seq in picked
        if not in_hand and row.picked_until and row.picked_until > now:
            return None
        if not in_hand and row.attempts and row.try_at > now:
            continue
        if event := _open(tx, row):
            return event
        _try_again(tx, row, now)
    return None


def waiting(tx: Session, before: datetime, limit: int) -> list[Heard]:
    """Picks up events whose handling broke off or failed and is due again, oldest first. Call it until it gives none.

    Being picked up counts as an attempt, so that an event which kills its process is given up in the end; it is
    given out once more then, as `given_up`. Of those that were tried before only one is given out at a time: the
    others are not to pay for it. `before` is now; at the start of the only process, now + `HANDLED_WITHIN`.
    """
    c, first = t.heard.c, t.heard.alias("first").c
    in_hand = exists().where(
        is_now(first.state, "waiting"),
        first.conversation == c.conversation,
        first.seq <= c.seq,
        first.picked_until > before,
    )
    query = select(t.heard).where(_WAITING, c.try_at <= before, ~in_hand).order_by(c.seq).limit(limit)
    rows = tx.execute(query.with_for_update(skip_locked=True, of=t.heard)).all()
    lost = [row for row in rows if row.attempts >= len(TRY_AGAIN_AFTER)]
    told = [replace(event, given_up=True) for row in lost if (event := _open(tx, row))]
    for row in lost:
        _finish(tx, row.seq, "failed", before)
    events = [(row, _open(tx, row)) for row in rows if row not in lost]
    given = _one_suspect([row for row, event in events if event])
    for row, event in events:
        if event is None or row in given:
            _try_again(tx, row, before, picked_until=before + HANDLED_WITHIN if event else None)
    return told + [event for row, event in events if event and row in given]


def _one_suspect(rows: Sequence[Any]) -> list[Any]:
    """The rows without those that were tried before, except the first of these; and without what comes after
    a left-out one in its conversation.
    """
    left_out: dict[str, int] = {}
    for row in [row for row in rows if row.attempts][1:]:
        left_out.setdefault(row.conversation, row.seq)
    return [row for row in rows if row.seq < left_out.get(row.conversation, row.seq + 1)]


def _open(tx: Session, row: Any) -> Heard | None:
    """The event, or None if it cannot be read: sealed with a lost key, or written by another version."""
    try:
        payload = json.loads(tx.seal.open(row.payload))
        return Heard(row.seq, Said.from_json(payload["said"]), payload["conversation"])
    except (SealBroken, LookupError, TypeError, ValueError):
        log.error("event %s cannot be read; it is tried again later", row.seq)
        return None


def handled(tx: Session, event: int, now: datetime) -> bool:
    """The event is done: of what was said, by whom and when, nothing stays but the day. False if it was done
    already.
    """
    return _finish(tx, event, "handled", now)


def failed(tx: Session, event: int, now: datetime) -> bool:
    """The handling failed. It is tried again later, a bounded number of times; then the event is marked
    failed and its content deleted. True if it is given up. Call it in a transaction of its own.
    """
    row = tx.execute(select(t.heard).where(t.heard.c.seq == event, _WAITING).with_for_update()).first()
    if row is None:
        return False
    if row.picked_until is None:
        return not _try_again(tx, row, now)
    # Picking it up has counted this attempt, and set the time of the next.
    tx.execute(update(t.heard).where(t.heard.c.seq == event).values(picked_until=None))
    return False


def _try_again(tx: Session, row: Any, now: datetime, picked_until: datetime | None = None) -> bool:
    if row.attempts >= len(TRY_AGAIN_AFTER):
        _finish(tx, row.seq, "failed", now)
        return False
    values = {"attempts": row.attempts + 1, "try_at": now + TRY_AGAIN_AFTER[row.attempts], "picked_until": picked_until}
    tx.execute(update(t.heard).where(t.heard.c.seq == row.seq).values(**values))
    return True


def _finish(tx: Session, event: int, state: str, now: datetime) -> bool:
    done = update(t.heard).where(t.heard.c.seq == event, _WAITING)
    return changed(tx, done.values(state=state, received_at=end_of_day(now), **_WIPED)) == 1


def counts(tx: Session) -> dict[str, int]:
    """How many events there are in each state."""
    rows = tx.execute(select(t.heard.c.state, func.count().label("total")).group_by(t.heard.c.state))
    return {row.state: row.total for row in rows}


def forget(tx: Session, older_than: datetime) -> int:
    """Deletes what is left of events done before this moment; a repetition would be news after that."""
    return changed(tx, delete(t.heard).where(~_WAITING, t.heard.c.received_at < older_than))
