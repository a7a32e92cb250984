"""Cases: whatever somebody raised, with one owner and one history. Who may do what is decided elsewhere.

A case without a name keeps nothing that leads to whoever raised it except the sealed place for the answer: no
person in its columns or history, its times are days, and its number says nothing about when it came.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, exists, func, select, update

from bot.messages import Place
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, put
from bot.store.times import end_of_day

OPEN = ("new", "acknowledged", "in-progress", "reopened")
# From which states a case may come into each state.
MAY_BECOME: dict[str, tuple[str, ...]] = {
    "acknowledged": ("new", "reopened"),
    "in-progress": ("new", "acknowledged", "reopened"),
    "answered": OPEN,
    "resolved": (*OPEN, "answered"),
    "reopened": ("answered", "resolved"),
    "withdrawn": (*OPEN, "answered"),
}
# What only the owner's side does; of a case without a name no other actor is kept.
_BY_THE_OWNER = ("acknowledged", "in-progress", "answered")
# Numbers of cases without a name are drawn from these, so that they do not tell in which order they came.
NUMBERS_WITHOUT_NAME = range(10_000, 100_000)
# Long enough for every platform's places, which then all look alike when sealed.
PADDED_PLACE = 512


@dataclass(frozen=True, slots=True)
class Case:
    """A case. `asker` is a person's key, None where it was raised without a name; the answer goes to
    `reply_to`. `for_colleague`: the asker raised it for somebody without an account.
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


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's history: the state it came into, and what was said with it."""

    at: datetime
    actor: str
    what: str
    text: str


def open_case(
    tx: Session,
    *,
    kind: str,
    initiative: str,
    unit: str,
    text: str,
    asker: str | None,
    reply_to: Place,
    owner: str,
    due_at: datetime,
    now: datetime,
    driver: str = "none",
    severity: int = 1,
    for_colleague: bool = False,
    draw: Callable[[int], int] = secrets.randbelow,
) -> Case:
    """Opens a case; without `asker` it is one without a name. `owner` is an e-mail address.

    `draw(n)` gives a random number below n.
    """
    case_id = uuid4().hex
    values = {
        "number": _number(tx, asker is not None, draw),
        "kind": kind,
        "initiative": initiative,
        "unit": unit,
        "text": tx.seal.seal(text),
        "asker": asker,
        "reply_to": tx.seal.seal(reply_to.encode().ljust(PADDED_PLACE)),
        "driver": driver,
        "severity": severity,
        "for_colleague": for_colleague,
        "owner": owner.lower(),
        "state": "new",
        "created_at": _as_exact_as_allowed(now, asker),
        "due_at": _as_exact_as_allowed(due_at, asker),
    }
    tx.execute(t.case.insert().values(id=case_id, **values))
    _add_event(tx, case_id, asker, "new", asker or "", "", now)
    return _cases(tx, t.case.c.id == case_id)[0]


def _number(tx: Session, named: bool, draw: Callable[[int], int]) -> int:
    while True:
        number = _next(tx) if named else NUMBERS_WITHOUT_NAME[draw(len(NUMBERS_WITHOUT_NAME))]
        if not tx.scalar(select(exists().where(t.case.c.number == number))):
            return number


def _next(tx: Session) -> int:
    # The row stays locked until the transaction ends: two cases at once get two numbers, and none is left
    # out.
    put(tx, t.counter, {"name": "case"}, {"value": t.counter.c.value + 1}, first={"value": 1})
    return int(tx.scalars(select(t.counter.c.value).where(t.counter.c.name == "case")).one())


def _as_exact_as_allowed(moment: datetime, asker: str | None) -> datetime:
    return moment if asker else end_of_day(moment)


def case(tx: Session, case_id: str) -> Case | None:
    """The case with this id."""
    return next(iter(_cases(tx, t.case.c.id == case_id)), None)


def case_by_number(tx: Session, number: int) -> Case | None:
    """The case that people know by this number."""
    return next(iter(_cases(tx, t.case.c.number == number)), None)


def cases_of(tx: Session, owner: str, states: Collection[str] = OPEN) -> list[Case]:
    """The cases that this address answers for, the next due first."""
    return _cases(tx, t.case.c.owner == owner.lower(), t.case.c.state.in_(states))


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


def hand_over(tx: Session, owner: str, to: str, initiative: str, *, actor: str, now: datetime) -> int:
    """Gives the open cases of an initiative from one address to another; says how many. `actor` is a person's key."""
    c = t.case.c
    mine = (c.owner == owner.lower(), c.initiative == initiative, c.state.in_(OPEN))
    found = tx.execute(select(c.id, c.asker).where(*mine)).all()
    for row in found:
        tx.execute(update(t.case).where(c.id == row.id).values(owner=to.lower()))
        _add_event(tx, row.id, row.asker, "handed-over", actor, "", now)
    return len(found)


def cases_asked_by(tx: Session, person: str) -> list[Case]:
    """What this person has raised under their name, the next due first."""
    return _cases(tx, t.case.c.asker == person)


def _cases(tx: Session, *conditions: Any) -> list[Case]:
    rows = tx.execute(select(t.case).where(*conditions).order_by(t.case.c.due_at, t.case.c.number))
    return [_case(tx, row) for row in rows]


def _case(tx: Session, row: Any) -> Case:
    opened = {
        "text": tx.seal.open(row.text),
        "reply_to": Place.decode(tx.seal.open(row.reply_to)),
        "answer": tx.seal.open(row.answer) if row.answer else "",
    }
    return Case(**{**row._mapping, **opened})


def change_state(tx: Session, case_id: str, to: str, *, actor: str, now: datetime, text: str = "") -> bool:
    """Brings a case into this state if it may come there from where it is, and adds it to the history. False
    if not: somebody was quicker, or pressed twice. `text` is the answer or reason; `actor` a person's key, ''
    for nobody.
    """
    c = t.case.c
    values: dict[str, Any] = {"state": to}
    if to == "answered":
        values["answer"] = tx.seal.seal(text)
    if not changed(tx, update(t.case).where(c.id == case_id, c.state.in_(MAY_BECOME[to])).values(**values)):
        return False
    asker = tx.scalar(select(c.asker).where(c.id == case_id))
    _add_event(tx, case_id, asker, to, actor if asker or to in _BY_THE_OWNER else "", text, now)
    return True


def _add_event(tx: Session, case_id: str, asker: str | None, what: str, actor: str, text: str, now: datetime) -> None:
    values = {"case": case_id, "at": _as_exact_as_allowed(now, asker), "actor": actor, "what": what}
    tx.execute(t.case_event.insert().values(text=tx.seal.seal(text), **values))


def forget(tx: Session, kind: str, older_than: datetime) -> int:
    """Deletes cases of this kind that were raised before this moment and are not open, with their history."""
    c = t.case.c
    return changed(tx, delete(t.case).where(c.kind == kind, c.created_at < older_than, c.state.not_in(OPEN)))


def history(tx: Session, case_id: str) -> list[CaseEvent]:
    """Everything that happened to this case, in order."""
    rows = tx.execute(select(t.case_event).where(t.case_event.c.case == case_id).order_by(t.case_event.c.id))
    return [CaseEvent(row.at, row.actor, row.what, tx.seal.open(row.text)) for row in rows]
