"""Roles that are offered to somebody, and what they said. What a role is and who may offer it is decided elsewhere.

Notes are sealed. A role is offered to the same person once at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, insert_new

WAITING, ACCEPTED, DECLINED, WITHDRAWN, EXPIRED, GONE = (
    "waiting",
    "accepted",
    "declined",
    "withdrawn",
    "expired",
    "gone",
)
"""States: without an answer yet; answered; taken back; without an answer for too long; and gone, where it was not to be
had any more when somebody said yes."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A role that is offered to `person`. People are keys: `holder` gives it up, '' where nobody does, and `by` asks;
    each is '' once they are erased. `initiative` and `subject` as of an amendment."""

    id: str
    initiative: str
    role: str
    subject: str
    holder: str
    by: str
    person: str
    note: str
    state: str
    since: date


def add(
    tx: Session, initiative: str, role: str, subject: str, *, holder: str, by: str, person: str, note: str, today: date
) -> str:
    """Offers it; the offer's id, or '' where the same is offered to this person already."""
    id = uuid4().hex
    what = {"initiative": initiative, "role": role, "subject": subject}
    who = {"holder": holder or None, "offered_by": by or None, "person": person}
    row = {"id": id, **what, **who, "note": tx.seal.seal(note), "state": WAITING, "since": today}
    return id if insert_new(tx, t.offer, row) else ""


def offer(tx: Session, id: str) -> Offer | None:
    """The offer with this id, which may be anything that somebody typed."""
    return next(iter(_read(tx, t.offer.c.id == id)), None) if id.isalnum() else None


def rivals(tx: Session, offer: Offer) -> list[Offer]:
    """The offers of the same thing by the same holder that wait, this one among them; held until the transaction ends,
    so that two people cannot say yes at once."""
    c = t.offer.c
    same = (c.initiative == offer.initiative, c.role == offer.role, c.subject == offer.subject, c.state == WAITING)
    whose = c.holder == offer.holder if offer.holder else c.id == offer.id
    tx.execute(select(c.id).where(*same, whose).order_by(c.id).with_for_update()).all()
    return _read(tx, *same, whose)


def waiting(tx: Session) -> list[Offer]:
    """All offers without an answer, the oldest first."""
    return _read(tx, t.offer.c.state == WAITING)


def _read(tx: Session, *conditions: Any) -> list[Offer]:
    c = t.offer.c
    rows = tx.execute(select(t.offer).where(*conditions).order_by(c.since, c.id))
    return [
        Offer(
            row.id,
            row.initiative,
            row.role,
            row.subject,
            row.holder or "",
            row.offered_by or "",
            row.person,
            _opened(tx, row.note),
            row.state,
            row.since,
        )
        for row in rows
    ]


def settle(tx: Session, id: str, state: str) -> bool:
    """Brings an offer that waits into this state; False if somebody was quicker."""
    c = t.offer.c
    return changed(tx, update(t.offer).where(c.id == id, c.state == WAITING).values(state=state)) == 1


def forget(tx: Session, older_than: date) -> int:
    """Deletes offers from before this day that do not wait any more; says how many."""
    c = t.offer.c
    return changed(tx, delete(t.offer).where(c.state != WAITING, c.since < older_than))


def _opened(tx: Session, sealed: str) -> str:
    """The text; nothing where the key it was sealed with is gone."""
    try:
        return tx.seal.open(sealed)
    except SealBroken:
        return ""
