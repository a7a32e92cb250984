"""Cases: whatever somebody raised, with one owner, as they stand now. How they came there is in their history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, or_, select

from bot.messages import Place
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed

OPEN = ("new", "acknowledged", "in-progress", "reopened")
SEALED = ("text", "answer", "at_stake", "would_work", "affects", "cause")


@dataclass(frozen=True, slots=True)
class Case:
    """A case. `asker` is a person's key, None where it was raised without a name; the answer goes to
    `reply_to`. `for_colleague`: the asker raised it for somebody without an account. `confidential`: only the mailbox
    knows the author. `owner` is the address of whoever is accountable, `handler` of whom it was assigned to.
    `respond_until` and `due_at` are the two clocks (the first runs while it is not None), which stand still from
    `paused_since` on. `escalated` is how far up it went: 0 owner, 1 project manager, 2 sponsor.
    """

    id: str
    number: int
    kind: str
    initiative: str
    unit: str
    text: str
    asker: str | None
    reply_to: Place
    driver: str
    severity: int
    owner: str
    state: str
    created_at: datetime
    due_at: datetime
    answer: str
    for_colleague: bool = False
    confidential: bool = False
    locale: str = "en"
    at_stake: str = ""
    would_work: str = ""
    affects: str = ""
    cause: str = ""
    avoid_owner: bool = False
    handler: str = ""
    respond_until: datetime | None = None
    paused_since: datetime | None = None
    escalated: int = 0
    decision: str = ""
    decided_on: date | None = None
    decided_by: str = ""
    promised_for: date | None = None
    reopened: int = 0
    merged_into: str = ""


def case(tx: Session, case_id: str) -> Case | None:
    """The case with this id."""
    return next(iter(cases_where(tx, t.case.c.id == case_id)), None)


def case_by_number(tx: Session, number: int) -> Case | None:
    """The case that people know by this number."""
    return next(iter(cases_where(tx, t.case.c.number == number)), None)


def cases_of(tx: Session, owner: str, states: Collection[str] = OPEN) -> list[Case]:
    """The cases that this address answers for, the next due first."""
    return cases_where(tx, t.case.c.owner == owner.lower(), t.case.c.state.in_(states))


def answering(tx: Session, address: str) -> list[Case]:
    """The open cases that this address is accountable for or was given to take care of, the next due first."""
    c, mine = t.case.c, address.lower()
    return cases_where(tx, or_(c.owner == mine, c.handler == mine), c.state.in_(OPEN))


def open_of(tx: Session, owner: str) -> dict[str, int]:
    """How many open cases this address answers for, by initiative."""
    c = t.case.c
    mine = (c.owner == owner.lower(), c.state.in_(OPEN))
    return {
        r.initiative: r.n
        for r in tx.execute(select(c.initiative, func.count().label("n")).where(*mine).group_by(c.initiative))
    }


def owners_who_left(tx: Session) -> list[str]:
    """The addresses of those who answer for open cases and are no longer in the directory."""
    c, p = t.case.c, t.person.c
    query = select(c.owner).distinct().join_from(t.case, t.person, c.owner == p.email)
    return list(tx.scalars(query.where(c.state.in_(OPEN), p.left_on.is_not(None)).order_by(c.owner)))


def cases_asked_by(tx: Session, person: str) -> list[Case]:
    """What this person has raised under their name, the next due first."""
    return cases_where(tx, t.case.c.asker == person)


def answered_before(tx: Session, day: date, limit: int) -> list[Case]:
    """Cases that were answered or decided by the end of this day and are not closed, what is promised for later not."""
    c = t.case.c
    lying = (c.state == "answered", c.decided_on <= day, or_(c.promised_for.is_(None), c.promised_for <= day))
    rows = tx.execute(select(t.case).where(*lying).order_by(c.decided_on, c.number).limit(limit))
    return [_case(tx, row) for row in rows]


def merged_into(tx: Session, case_id: str) -> list[Case]:
    """The cases that go on in this one."""
    return cases_where(tx, t.case.c.merged_into == case_id)


def cases_where(tx: Session, *conditions: Any) -> list[Case]:
    """The cases of which all this holds, the next due first."""
    rows = tx.execute(select(t.case).where(*conditions).order_by(t.case.c.due_at, t.case.c.number))
    return [_case(tx, row) for row in rows]


def _case(tx: Session, row: Any) -> Case:
    opened = {name: tx.seal.open(value) if (value := getattr(row, name)) else "" for name in SEALED}
    place = Place.decode(tx.seal.open(row.reply_to))
    nothing = {name: "" for name in ("handler", "decision", "decided_by", "merged_into") if getattr(row, name) is None}
    return Case(**{**row._mapping, **nothing, **opened, "reply_to": place})


def forget(tx: Session, kind: str, older_than: datetime) -> int:
    """Deletes cases of this kind that were raised before this moment and are not open, with their history."""
    c = t.case.c
    return changed(tx, delete(t.case).where(c.kind == kind, c.created_at < older_than, c.state.not_in(OPEN)))
