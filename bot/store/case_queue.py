"""Many cases at once, for those who answer for them: what of them somebody may see, in which order, page by page.

Who may see what is decided elsewhere and said in a `Sight`; that nothing beyond it is found is promised here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select

from bot.store import tables as t
from bot.store.case_news import PUBLISHED
from bot.store.cases import OPEN
from bot.store.engine import Session
from bot.store.themes import RAISED

_C, _S, _M = t.case.c, t.case_supporter.c, t.case_meaning.c
SPONSOR = 2
"""How far up (`Case.escalated`) a case is before the sponsor."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Of which cases somebody may see what their author wrote. `address` is theirs; `leads` are the initiatives they
    lead, `sponsors` those they are the last to decide in; `stands_in` are owners they are deputy of, each with the
    units; `own_units` the units they answer for themselves: cases whose authors left that out are not theirs. `key` is
    theirs as a person: what they raised themselves is not theirs to decide.
    """

    address: str
    leads: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    stands_in: tuple[tuple[str, tuple[str, ...]], ...] = ()
    own_units: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the cases is wanted. `state`: open, waiting (for its author), closed, or '' for all; `soon`: whose word
    is needed by this moment; `theme` the id of one, `number` that of one case.
    """

    state: str = "open"
    mine: bool = False
    soon: datetime | None = None
    initiative: str = ""
    kind: str = ""
    unit: str = ""
    driver: str = ""
    theme: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Queued:
    """A case as it stands in the queue. `asker` is a person's key, '' without a name; `next_by` is when the next word
    is needed, `joined` and `unnamed` how many stand behind it besides its author, by name and in confidence.
    """

    number: int
    kind: str
    initiative: str
    unit: str
    text: str
    asker: str
    confidential: bool
    driver: str
    severity: int
    owner: str
    handler: str
    state: str
    paused: bool
    created_at: datetime
    next_by: datetime
    decision: str
    decided_on: date | None
    theme: str
    joined: int
    unnamed: int


def _next() -> ColumnElement[datetime]:
    """When the next word is needed: by the first of the clocks that run."""
    earlier = and_(_C.respond_until.is_not(None), _C.respond_until < _C.due_at)
    return case((earlier, _C.respond_until), else_=_C.due_at)


def _may_see(sight: Sight) -> ColumnElement[bool]:
    """The same as `bot.cases.accountable.may_answer`, for all cases at once; a test compares the two."""
    me = sight.address
    left_out = and_(_C.avoid_owner, _C.unit.in_(sight.own_units), _C.owner != me)
    deputy = [and_(_C.owner == owner, _C.unit.in_(units)) for owner, units in sight.stands_in]
    up = and_(_C.initiative.in_(sight.sponsors), _C.escalated >= SPONSOR)
    given = or_(_C.owner == me, _C.handler == me)
    own = and_(func.coalesce(_C.asker, "") == sight.key, ~_C.for_colleague) if sight.key else false()
    seen = or_(given, and_(or_(_C.initiative.in_(sight.leads), up, *deputy), ~own))
    return and_(_C.kind.in_(RAISED), seen, ~left_out) if me else false()


def _filtered(wanted: Wanted, sight: Sight) -> list[ColumnElement[bool]]:
    exactly = {"initiative": _C.initiative, "kind": _C.kind, "unit": _C.unit, "driver": _C.driver, "number": _C.number}
    found = [column == value for name, column in exactly.items() if (value := getattr(wanted, name))]
    is_open, paused = _C.state.in_(OPEN), _C.paused_since.is_not(None)
    by_state = {"open": is_open, "waiting": and_(is_open, paused), "closed": ~is_open}
    found += [by_state[wanted.state]] if wanted.state in by_state else []
    if wanted.mine:
        found.append(or_(_C.owner == sight.address, _C.handler == sight.address))
    if wanted.soon is not None:
        found += [is_open, ~paused, _next() <= wanted.soon]
    if wanted.theme:
        found.append(exists().where(_M.case == _C.id, _M.theme == wanted.theme))
    return found


def how_many(tx: Session, sight: Sight, wanted: Wanted) -> int:
    """How many cases of these this person may see."""
    return tx.scalar(select(func.count()).select_from(t.case).where(_may_see(sight), *_filtered(wanted, sight))) or 0


def page(tx: Session, sight: Sight, wanted: Wanted, offset: int, limit: int) -> list[Queued]:
    """So many of these cases: the open ones by when the next word is needed, then those that wait for their authors,
    then what was decided or closed, the newest first.
    """
    is_open = _C.state.in_(OPEN)
    rank = case((and_(is_open, _C.paused_since.is_(None)), 0), (is_open, 1), else_=2)
    order = (rank, case((is_open, _next()), else_=None), _C.decided_on.desc(), _C.created_at.desc(), _C.number)
    mine = (_may_see(sight), *_filtered(wanted, sight))
    ids = list(tx.scalars(select(_C.id).where(*mine).order_by(*order).offset(offset).limit(limit)))
    rows = {row.id: row for row in tx.execute(select(t.case, _next().label("next_by")).where(_C.id.in_(ids)))}
    joined, unnamed = _by_case(tx, _S.case, ids), _by_case(tx, t.mailbox.c.case, ids)
    themes = {row.case: row.theme for row in tx.execute(select(_M.case, _M.theme).where(_M.case.in_(ids)))}
    return [_queued(tx, rows[id], joined, unnamed, themes) for id in ids if id in rows]


def _by_case(tx: Session, column: ColumnElement[str], ids: list[str]) -> dict[str, int]:
    counted = tx.execute(select(column.label("id"), func.count().label("n")).where(column.in_(ids)).group_by(column))
    return {row.id: row.n for row in counted}


def _queued(
    tx: Session, row: Any, joined: Mapping[str, int], unnamed: Mapping[str, int], themes: Mapping[str, str | None]
) -> Queued:
    return Queued(
        number=row.number, kind=row.kind, initiative=row.initiative, unit=row.unit, text=tx.seal.open(row.text),
        asker=row.asker or "", confidential=row.confidential, driver=row.driver, severity=row.severity,
        owner=row.owner, handler=row.handler or "", state=row.state, paused=row.paused_since is not None,
        created_at=row.created_at, next_by=row.next_by, decision=row.decision or "", decided_on=row.decided_on,
        theme=themes.get(row.id) or "", joined=joined.get(row.id, 0),
        unnamed=max(unnamed.get(row.id, 0) - row.confidential, 0),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """A case that was decided: on which day, and the day it was raised on. What was told to everybody of it, where it
    was: what was said and what is done.
    """

    number: int
    kind: str
    unit: str
    driver: str
    theme: str
    decision: str
    raised_on: date
    decided_on: date
    promised_for: date | None
    told: tuple[str, str] = ("", "")


def decided(tx: Session, initiative: str, since: date, until: date) -> list[Decided]:
    """What was decided in an initiative from one day to another (both with), the newest first."""
    n = t.case_news.c
    query = select(t.case, _M.theme, n.said.label("told")).outerjoin_from(t.case, t.case_meaning, _M.case == _C.id)
    query = query.outerjoin(t.case_news, and_(n.case == _C.id, n.state == PUBLISHED))
    mine = (_C.initiative == initiative, _C.kind.in_(RAISED), _C.merged_into.is_(None), _C.decision.is_not(None))
    rows = tx.execute(query.where(*mine, _C.decided_on.between(since, until)).order_by(_C.decided_on.desc(), _C.number))
    return [
        Decided(
            row.number, row.kind, row.unit, row.driver, row.theme or "", row.decision, day_of(row), row.decided_on,
            row.promised_for, tuple(json.loads(tx.seal.open(row.told))) if row.told else ("", ""),
        )
        for row in rows
    ]  # fmt: skip


def day_of(row: Any) -> date:
    """The day (UTC) on which a case was raised: of one without a name the end of the day is kept."""
    raised: datetime = row.created_at if row.asker else row.created_at - timedelta(seconds=1)
    return raised.date()


@dataclass(frozen=True, slots=True)
class Standing:
    """How many cases of a unit are open, and of how many of these a word is overdue."""

    unit: str
    open: int
    overdue: int


def by_unit(tx: Session, initiative: str, now: datetime) -> list[Standing]:
    """The units with open cases, those with most of them first."""
    late = case((and_(_C.paused_since.is_(None), _next() < now), 1), else_=0)
    query = select(_C.unit, func.count().label("open"), func.sum(late).label("overdue"))
    mine = (_C.initiative == initiative, _C.kind.in_(RAISED), _C.state.in_(OPEN))
    rows = tx.execute(query.where(*mine).group_by(_C.unit).order_by(func.count().desc(), _C.unit))
    return [Standing(row.unit, row.open, row.overdue) for row in rows]


def offered(tx: Session, sight: Sight, wanted: Wanted) -> dict[str, list[str]]:
    """What the open cases that this person may see can be told apart by: their initiatives, units and drivers."""
    open_ones = replace(Wanted(), initiative=wanted.initiative)
    columns = {"initiative": _C.initiative, "unit": _C.unit, "driver": _C.driver}
    rows = tx.execute(select(*columns.values()).where(_may_see(sight), *_filtered(open_ones, sight)).distinct()).all()
    return {name: sorted({getattr(row, name) for row in rows} - {""}) for name in columns}
