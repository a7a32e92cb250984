"""Who did what, as a chain in which a line cannot be changed or taken out unnoticed.

Lines are written unchained by whoever decides something and chained in batches. They hold a person's random
key, never a name or a text, so that erasing a person leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import insert_new

BATCH = 1000
_BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line. `seq` counts from 1 along the chain and is None until the line is chained."""

    seq: int | None
    at: datetime
    actor: str
    action: str
    subject: str


def note(tx: Session, actor: str, action: str, subject: str, now: datetime) -> None:
    """Adds a line: who (a person's key) did what to what."""
    tx.execute(t.audit.insert().values(at=now, actor=actor, action=action, subject=subject))


def chain(tx: Session) -> int:
    """Chains the lines that are not yet, up to `BATCH` of them; says how many. One process at a time, others
    wait.
    """
    insert_new(tx, t.audit_head, {"only": 1})
    head = _head(tx, held=True)
    count, last = head.count, head.last
    unchained = select(t.audit).where(t.audit.c.seq.is_(None)).order_by(t.audit.c.id).limit(BATCH)
    rows = tx.execute(unchained).all()
    for seq, row in enumerate(rows, start=count + 1):
        link = _link(seq, row, last)
        here = t.audit.c.id == row.id
        tx.execute(update(t.audit).where(here).values(seq=seq, previous=last, hash=link))
        last = link
    if rows:
        # Sealed, so that whoever rebuilds the chain in the database alone cannot rebuild its end.
        _put_head(tx, replace(head, count=count + len(rows), last=last))
    return len(rows)


def forget(tx: Session, older_than: datetime) -> int:
    """Deletes the beginning of the chain up to its first line from this moment on; says how many lines. What is left
    still verifies: where it begins is sealed. Call it in a transaction in which nothing else holds the chain.
    """
    insert_new(tx, t.audit_head, {"only": 1})
    head, c = _head(tx, held=True), t.audit.c
    stays = tx.scalar(select(func.min(c.seq)).where(c.seq.is_not(None), c.at >= older_than))
    until = head.count if stays is None else stays - 1
    before = tx.scalar(select(c.hash).where(c.seq == until))
    if until <= head.gone or before is None:
        return 0
    tx.execute(delete(t.audit).where(c.seq <= until))
    _put_head(tx, replace(head, gone=until, before=before))
    return until - head.gone


@dataclass(frozen=True, slots=True)
class _Head:
    """What the chain should be: how many lines it had in all and the hash of the last; how many were deleted by age
    and the hash of the last of those.
    """

    count: int = 0
    last: str = _BEGINNING
    gone: int = 0
    before: str = _BEGINNING


def _head(tx: Session, held: bool) -> _Head:
    query = select(t.audit_head.c.head)
    sealed = tx.scalar(query.with_for_update() if held else query)
    return _Head(*json.loads(tx.seal.open(sealed))) if sealed else _Head()


def _put_head(tx: Session, head: _Head) -> None:
    tx.execute(update(t.audit_head).values(head=tx.seal.seal(json.dumps(astuple(head)))))


def _link(seq: int, row: Any, previous: str) -> str:
    at = row.at.astimezone(UTC).isoformat()
    line = json.dumps([seq, at, row.actor, row.action, row.subject, previous])
    return hashlib.sha256(line.encode()).hexdigest()


def verify(tx: Session) -> int | None:
    """The number of the first line that was changed, moved or is missing, or None if the chain is whole.

    A chain cut at its end is found as long as the sealed note of its length was not put back to an earlier
    one too: against that, keep the length that `length` gives elsewhere.
    """
    head = _head(tx, held=False)
    rows = tx.execute(select(t.audit).where(t.audit.c.seq.is_not(None)).order_by(t.audit.c.seq))
    expected, previous = head.gone + 1, head.before
    for row in rows.yield_per(BATCH):
        if row.seq != expected or row.previous != previous or row.hash != _link(expected, row, previous):
            return expected
        expected, previous = expected + 1, row.hash
    if expected - 1 != head.count:
        return min(expected, head.count + 1)
    return None if previous == head.last else head.count


def length(tx: Session) -> int:
    """How many lines the chain should have, those that were deleted by age included."""
    return _head(tx, held=False).count


def lines(tx: Session, since: datetime | None = None) -> list[AuditLine]:
    """All lines from this moment on, by time; those not yet chained too."""
    query = select(t.audit).order_by(t.audit.c.at, t.audit.c.id)
    if since is not None:
        query = query.where(t.audit.c.at >= since)
    return [AuditLine(row.seq, row.at, row.actor, row.action, row.subject) for row in tx.execute(query)]
