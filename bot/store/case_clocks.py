"""The clocks of cases: which cases run, which stand still, which were promised for a day. It opens nothing sealed.

Whatever is changed here is changed only where nobody was quicker: what was read has to hold still.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update

from bot.store import case_history
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, one_of, put
from bot.store.times import end_of_day

ENDED = ("answered", "resolved", "withdrawn")
"""States in which no clock runs. A state that is none of ours is not among them, so that such a case is not lost."""
DECIDED = ("answered", "resolved")
LOST, HEALED = "cases-lost", "cases-healed"
"""The auditor's counts: how many are lost now, how many were brought back since the beginning."""


@dataclass(frozen=True, slots=True)
class Running:
    """A case that has not ended, or one that was promised for a day; without anything that was written in it.

    `owner_there` and `handler_there` say that these are known and have not left, `owner_left` on which day the owner
    did; `last_at` is when something happened last (None: its history is missing), `asked_back` that its author was
    asked or offered something.
    """

    id: str
    number: int
    kind: str
    initiative: str
    unit: str
    asker: str | None
    confidential: bool
    avoid_owner: bool
    severity: int
    state: str
    owner: str
    owner_there: bool
    owner_left: date | None
    handler: str
    handler_there: bool
    created_at: datetime
    due_at: datetime
    respond_until: datetime | None
    paused_since: datetime | None
    escalated: int
    promised_for: date | None
    merged_into: str
    last_at: datetime | None
    asked_back: bool


def running(tx: Session) -> list[Running]:
    """All cases that have not ended and were not merged into another one, the next due first."""
    return _read(tx, *_runs())


def promised(tx: Session, until: date) -> list[Running]:
    """The decided cases that were promised for a day up to this one, and of which nobody said that it is done."""
    return _read(tx, t.case.c.state.in_(DECIDED), t.case.c.promised_for <= until)


def unexplained(tx: Session) -> list[Running]:
    """The cases that are answered or decided without a word why."""
    c = t.case.c
    return _read(tx, or_(c.state == "answered", c.decision.is_not(None)), c.state.in_(DECIDED), c.answer.is_(None))


def merged(tx: Session) -> dict[str, str]:
    """Which case goes on in which other one, by id."""
    c = t.case.c
    return {row.id: row.merged_into for row in tx.execute(select(c.id, c.merged_into).where(c.merged_into != ""))}


def of_ids(tx: Session, ids: Collection[str]) -> list[Running]:
    """These cases, whatever their state."""
    return _read(tx, t.case.c.id.in_(list(ids)))


def going_on(tx: Session, ids: Collection[str]) -> set[str]:
    """Those of these ids that are cases in which something can go on: not one that was withdrawn."""
    c = t.case.c
    return set(tx.scalars(select(c.id).where(one_of(tx, c.id, ids), c.state != "withdrawn"))) if ids else set()


def without_mailbox(tx: Session) -> list[int]:
    """The numbers of the cases in confidence that run and behind which nobody stands any more."""
    c = t.case.c
    behind = exists().where(t.mailbox.c.case == c.id)
    return list(tx.scalars(select(c.number).where(c.confidential, *_runs(), ~behind).order_by(c.number)))


def how_many(tx: Session) -> int:
    """How many cases have not ended."""
    return tx.scalar(select(func.count()).where(*_runs())) or 0


def _runs() -> tuple[Any, ...]:
    c = t.case.c
    return (c.state.not_in(ENDED), or_(c.merged_into.is_(None), c.merged_into == ""))


def _read(tx: Session, *conditions: Any) -> list[Running]:
    c, e = t.case.c, t.case_event.c
    owner, handler = t.person.alias("owning"), t.person.alias("handling")
    last = select(e.case, func.max(e.at).label("at")).group_by(e.case).subquery()
    asked = exists().where(e.case == c.id, e.what.in_(("asked-back", "offered")))
    found: dict[str, Any] = {
        "owner_there": and_(owner.c.key.is_not(None), owner.c.left_on.is_(None)),
        "owner_left": owner.c.left_on,
        "handler": func.coalesce(c.handler, ""),
        "handler_there": and_(handler.c.key.is_not(None), handler.c.left_on.is_(None)),
        "merged_into": func.coalesce(c.merged_into, ""),
        "last_at": last.c.at,
        "asked_back": and_(c.paused_since.is_not(None), asked),
    }
    columns = [found[name] if name in found else c[name] for name in Running.__slots__]
    query = (
        select(*columns)
        .outerjoin_from(t.case, owner, owner.c.email == c.owner)
        .outerjoin(handler, handler.c.email == c.handler)
        .outerjoin(last, last.c.case == c.id)
        .where(*conditions)
        .order_by(c.due_at, c.number)
    )
    rows: Iterable[Any] = tx.execute(query)
    return [Running(*row) for row in rows]


def hold(tx: Session, ids: Collection[str]) -> None:
    """Nobody else changes these cases before this transaction ends. Always in the same order, so that two who want some
    of the same wait for each other."""
    tx.execute(select(t.case.c.id).where(one_of(tx, t.case.c.id, ids)).order_by(t.case.c.id).with_for_update()).all()


def move(tx: Session, one: Running, what: str, now: datetime, **columns: Any) -> bool:
    """Changes these columns of a case and notes in its history `what` the clock did; False where it is not as it was
    read any more. Of a case without a name times stay days."""
    return case_history.step(tx, one.id, what, actor="", now=now, of=[one.state], only=_as_it_was(one), also=columns)


def start(tx: Session, one: Running, respond_until: datetime, due_at: datetime) -> bool:
    """Starts the clocks of a case that was read in a digest; False where it is not as it was read any more."""
    moments = _exact(one, {"respond_until": respond_until, "due_at": due_at})
    query = update(t.case).where(t.case.c.id == one.id, t.case.c.state == one.state, *_as_it_was(one))
    return bool(changed(tx, query.values(**moments)))


def _exact(one: Running, columns: dict[str, Any]) -> dict[str, Any]:
    if one.asker:
        return columns
    # What is a day's end already stays it.
    exact = timedelta(microseconds=1)
    return {k: end_of_day(v - exact) if isinstance(v, datetime) else v for k, v in columns.items()}


def _as_it_was(one: Running) -> list[Any]:
    c = t.case.c
    names = ("owner", "escalated", "due_at", "respond_until", "paused_since", "merged_into")
    return [_is(c[name], getattr(one, name)) for name in names]


def _is(column: Any, value: Any) -> Any:
    if value is None:
        return column.is_(None)
    return or_(column.is_(None), column == "") if value == "" else column == value


def told_since(tx: Session, prefix: str, since: datetime, before: datetime) -> bool:
    """Whether an occurrence with a key that begins so was noted after the one moment and before the other."""
    o = t.occurrence.c
    between = (o.at > since, o.at < before)
    return bool(tx.scalar(select(exists().where(o.key.startswith(prefix, autoescape=True), *between))))


def noted(tx: Session, keys: Collection[str]) -> set[str]:
    """Those of these keys of occurrences that were noted."""
    return set(tx.scalars(select(t.occurrence.c.key).where(one_of(tx, t.occurrence.c.key, keys)))) if keys else set()


def last_audit(tx: Session, name: str) -> datetime | None:
    """When this was done last; None where it never was."""
    found: datetime | None = tx.scalar(select(t.tick_mark.c.at).where(t.tick_mark.c.name == name))
    return found


def count(tx: Session, name: str) -> int:
    """The value of one of the auditor's counts."""
    return tx.scalar(select(t.counter.c.value).where(t.counter.c.name == name)) or 0


def set_count(tx: Session, name: str, value: int) -> None:
    """Notes the value of one of the auditor's counts."""
    if count(tx, name) != value:
        put(tx, t.counter, {"name": name}, {"value": value})
