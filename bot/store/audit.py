"""Who did what, as a chain in which a line cannot be changed or taken out unnoticed.

Lines are written unchained by whoever decides something and chained in batches. They hold a person's random
key, never a name or a text, so that erasing a person leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

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
    count, last = _head(tx, held=True)
    unchained = select(t.audit).where(t.audit.c.seq.is_(None)).order_by(t.audit.c.id).limit(BATCH)
    rows = tx.execute(unchained).all()
    for seq, row in enumerate(rows, start=count + 1):
        link = _link(seq, row, last)
        here = t.audit.c.id == row.id
        tx.execute(update(t.audit).where(here).values(seq=seq, previous=last, hash=link))
        last = link
    if rows:
        # Sealed, so that whoever rebuilds the chain in the database alone cannot rebuild its end.
        head = tx.seal.seal(json.dumps([count + len(rows), last]))
        tx.execute(update(t.audit_head).values(head=head))
    return len(rows)


def _head(tx: Session, held: bool) -> tuple[int, str]:
    query = select(t.audit_head.c.head)
    sealed = tx.scalar(query.with_for_update() if held else query)
    count, last = json.loads(tx.seal.open(sealed)) if sealed else (0, _BEGINNING)
    return count, last


def _link(seq: int, row: Any, previous: str) -> str:
    at = row.at.astimezone(UTC).isoformat()
    line = json.dumps([seq, at, row.actor, row.action, row.subject, previous])
    return hashlib.sha256(line.encode()).hexdigest()


def verify(tx: Session) -> int | None:
    """The number of the first line that was changed, moved or is missing, or None if the chain is whole.

    A chain cut at its end is found as long as the sealed note of its length was not put back to an earlier
    one too: against that, keep the length that `length` gives elsewhere.
    """
    count, last = _head(tx, held=False)
    rows = tx.execute(select(t.audit).where(t.audit.c.seq.is_not(None)).order_by(t.audit.c.seq))
    expected, previous = 1, _BEGINNING
    for row in rows.yield_per(BATCH):
        if row.seq != expected or row.previous != previous or row.hash != _link(expected, row, previous):
            return expected
        expected, previous = expected + 1, row.hash
    if expected - 1 != count:
        return min(expected, count + 1)
    return None if previous == last else count


def length(tx: Session) -> int:
    """How many lines the chain should have."""
    return _head(tx, held=False)[0]


def lines(tx: Session, since: datetime | None = None) -> list[AuditLine]:
    """All lines from this moment on, by time; those not yet chained too."""
    query = select(t.audit).order_by(t.audit.c.at, t.audit.c.id)
    if since is not None:
        query = query.where(t.audit.c.at >= since)
    return [AuditLine(row.seq, row.at, row.actor, row.action, row.subject) for row in tx.execute(query)]
