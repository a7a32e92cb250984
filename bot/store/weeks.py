"""What happened around an initiative since a moment, in numbers: what was raised, and whom messages reached.

It names nobody, and decides nothing about which numbers may be shown to whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from bot.store import tables as t
from bot.store.cases import OPEN
from bot.store.engine import Session


@dataclass(frozen=True, slots=True)
class Raised:
    """Questions and concerns: raised since, answered since, open now, and open beyond the day that was promised."""

    asked: int = 0
    answered: int = 0
    open: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """People to whom something was to be sent since, and to how many of them something was sent."""

    meant: int = 0
    reached: int = 0


def raised(tx: Session, initiative: str, since: datetime, now: datetime) -> Raised:
    """What was raised about this initiative since this moment, and what is open now."""
    c, e = t.case.c, t.case_event.c
    mine, is_open = c.initiative == initiative, c.state.in_(OPEN)
    answered = select(func.count(e.case.distinct())).join(t.case, c.id == e.case)
    return Raised(
        asked=_count(tx, mine, c.created_at >= since),
        answered=tx.scalar(answered.where(mine, e.what.in_(("answered", "decided")), e.at >= since)) or 0,
        open=_count(tx, mine, is_open),
        late=_count(tx, mine, is_open, or_(c.due_at < now, c.escalated > 0)),
    )


def reach(tx: Session, initiative: str, since: datetime) -> Reach:
    """Whom what was announced of this initiative since this moment was for, and whom it reached."""
    c, a = t.delivery.c, t.announcement.c
    announced = select(a.key).where(a.initiative == initiative, a.due_at >= since)
    mine: tuple[Any, ...] = (c.batch != "", c.batch.in_(announced), c.person.is_not(None), c.action == "post")
    people = select(func.count(c.person.distinct())).where(*mine)
    return Reach(tx.scalar(people) or 0, tx.scalar(people.where(c.state == "sent")) or 0)


def _count(tx: Session, *conditions: ColumnElement[bool]) -> int:
    return tx.scalar(select(func.count()).select_from(t.case).where(*conditions)) or 0
