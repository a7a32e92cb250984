"""What happens to a case, from when it is raised on: it comes into a state, and its history grows. Who may do what is
decided elsewhere.

A case without a name keeps nothing that leads to whoever raised it except the sealed place for the answer: no
person in its columns or history, its times are days, and its number says nothing about when it came.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import exists, select, update

from bot.messages import Place
from bot.store import tables as t
from bot.store.cases import OPEN, SEALED, Case, cases_where
from bot.store.engine import Session
from bot.store.sql import changed, put
from bot.store.times import end_of_day

# From which states a case may come into each state.
MAY_BECOME: dict[str, tuple[str, ...]] = {
    "acknowledged": ("new", "reopened"),
    "in-progress": ("new", "acknowledged", "reopened"),
    "answered": OPEN,
    "resolved": (*OPEN, "answered"),
    "reopened": ("answered", "resolved"),
    "withdrawn": (*OPEN, "answered"),
}
STATES = ("new", *MAY_BECOME)
# What only the owner's side does; of a case without a name no other actor is kept.
_BY_THE_OWNER = (
    *("acknowledged", "in-progress", "answered", "assigned", "asked-back", "workshop", "cause", "merged", "split"),
    *("decided", "published", "handed-over", "kept", "workshop-off", "offered"),
)
_MOMENTS = {"due_at", "respond_until", "paused_since"}
# Numbers of cases without a name are drawn from these, so that they do not tell in which order they came.
NUMBERS_WITHOUT_NAME = range(10_000, 100_000)
# Long enough for every platform's places, which then all look alike when sealed.
PADDED_PLACE = 512
# Bytes: what is said without a name is padded to one of these, so that its length tells nothing.
PADDED_TEXTS = (1_024, 4_096, 16_384)


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
    confidential: bool = False,
    locale: str = "en",
    at_stake: str = "",
    would_work: str = "",
    affects: str = "",
    avoid_owner: bool = False,
    respond_until: datetime | None = None,
    draw: Callable[[int], int] = secrets.randbelow,
) -> Case:
    """Opens a case; without `asker` it is one without a name. `owner` is an e-mail address.

    `draw(n)` gives a random number below n.
    """
    said = {"at_stake": at_stake, "would_work": would_work, "affects": affects}
    case_id = uuid4().hex
    values = {
        "number": _number(tx, asker is not None, draw),
        "kind": kind,
        "initiative": initiative,
        "unit": unit,
        "text": _sealed(tx, text, asker),
        "asker": asker,
        "reply_to": tx.seal.seal(reply_to.encode().ljust(PADDED_PLACE)),
        "driver": driver,
        "severity": severity,
        "for_colleague": for_colleague,
        "confidential": confidential,
        "locale": locale,
        **{name: _sealed(tx, text, asker) for name, text in said.items() if text or asker is None},
        "avoid_owner": avoid_owner,
        "respond_until": _as_exact_as_allowed(respond_until, asker) if respond_until else None,
        "owner": owner.lower(),
        "state": "new",
        "created_at": _as_exact_as_allowed(now, asker),
        "due_at": _as_exact_as_allowed(due_at, asker),
    }
    tx.execute(t.case.insert().values(id=case_id, **values))
    _add_event(tx, case_id, asker, "new", asker or "", "", now)
    return cases_where(tx, t.case.c.id == case_id)[0]


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


def change_state(
    tx: Session,
    case_id: str,
    to: str,
    *,
    actor: str,
    now: datetime,
    text: str = "",
    what: str = "",
    also: Mapping[str, Any] | None = None,
) -> bool:
    """Brings a case into this state if it may come there from where it is, and adds it to the history. False
    if not: somebody was quicker, or pressed twice. `text` is the answer or reason; `actor` a person's key, ''
    for nobody. The history says `what` where that is more than the state; `also` are columns that change with it.
    """
    first = {"state": to, "answer": text} if to == "answered" else {"state": to}
    return _changed(tx, case_id, MAY_BECOME[to], {**first, **(also or {})}, what or to, actor, text, now)


def step(
    tx: Session,
    case_id: str,
    what: str,
    *,
    actor: str,
    now: datetime,
    text: str = "",
    of: Collection[str] = OPEN,
    only: Collection[Any] = (),
    also: Mapping[str, Any] | None = None,
) -> bool:
    """Adds to the history of a case in one of these states what happened, with the columns that change by it; the state
    stays. False where it is in another state by now, or one of the conditions `only` does not hold."""
    return _changed(tx, case_id, of, also or {}, what, actor, text, now, only)


def hand_over(tx: Session, owner: str, to: str, initiative: str, *, actor: str, now: datetime) -> int:
    """Gives the open cases of an initiative from one address to another; says how many. `actor` is a person's key."""
    c = t.case.c
    mine = (c.owner == owner.lower(), c.initiative == initiative, c.state.in_(OPEN))
    found = tx.execute(select(c.id, c.asker).where(*mine)).all()
    for row in found:
        tx.execute(update(t.case).where(c.id == row.id).values(owner=to.lower()))
        _add_event(tx, row.id, row.asker, "handed-over", actor, "", now)
    return len(found)


def without_author(tx: Session, case_id: str, *, now: datetime) -> bool:
    """Whoever raised it has nothing to do with it any more; its words stay. False where it is not open any more."""
    nowhere = tx.seal.seal(Place("", "", "").encode().ljust(PADDED_PLACE))
    values = {"asker": None, "confidential": False, "reply_to": nowhere}
    if not changed(tx, update(t.case).where(t.case.c.id == case_id, t.case.c.state.in_(OPEN)).values(**values)):
        return False
    _add_event(tx, case_id, None, "left", "", "", now)
    return True


def history(tx: Session, case_id: str) -> list[CaseEvent]:
    """Everything that happened to this case, in order."""
    rows = tx.execute(select(t.case_event).where(t.case_event.c.case == case_id).order_by(t.case_event.c.id))
    return [CaseEvent(row.at, row.actor, row.what, tx.seal.open(row.text)) for row in rows]


def _changed(
    tx: Session,
    case_id: str,
    of: Collection[str],
    values: Mapping[str, Any],
    what: str,
    actor: str,
    text: str,
    now: datetime,
    only: Collection[Any] = (),
) -> bool:
    c = t.case.c
    asker = tx.scalar(select(c.asker).where(c.id == case_id))
    kept = {name: _kept(tx, name, value, asker) for name, value in values.items()}
    # Without a column to change the row is written all the same: whoever comes second waits, and then sees the state.
    query = update(t.case).where(c.id == case_id, c.state.in_(of), *only).values(**(kept or {"state": c.state}))
    if not changed(tx, query):
        return False
    _add_event(tx, case_id, asker, what, actor if asker or what in _BY_THE_OWNER else "", text, now)
    return True


def _kept(tx: Session, name: str, value: Any, asker: str | None) -> Any:
    if name in SEALED and isinstance(value, str):
        return _sealed(tx, value, asker)
    if name in _MOMENTS and isinstance(value, datetime) and asker is None:
        return end_of_day(value - timedelta(microseconds=1))  # so that what is a day's end already stays it
    return value


def _add_event(tx: Session, case_id: str, asker: str | None, what: str, actor: str, text: str, now: datetime) -> None:
    values = {"case": case_id, "at": _as_exact_as_allowed(now, asker), "actor": actor, "what": what}
    tx.execute(t.case_event.insert().values(text=_sealed(tx, text, asker), **values))


def _sealed(tx: Session, text: str, asker: str | None) -> str:
    return tx.seal.seal(text, () if asker else PADDED_TEXTS)


def _as_exact_as_allowed(moment: datetime, asker: str | None) -> datetime:
    return moment if asker else end_of_day(moment)
