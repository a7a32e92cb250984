"""The themes that cases make: which case belongs to which, in what words, and who was told that one grows.

It decides nothing: what is alike, and what grows, is judged elsewhere.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import (
    CTE,
    Case,
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)

from bot.store import tables as t
from bot.store.cases import OPEN
from bot.store.engine import Session
from bot.store.sql import insert_new, one_of, put
from bot.store.themes import RAISED

_C, _M, _T, _S = t.case.c, t.case_meaning.c, t.theme.c, t.case_supporter.c
# The kinds of rows in the count of crowds, and what stands in the columns of cases where people are counted.
_CASES, _UNNAMED, _NAMED = "cases", "unnamed", "named"
_NO_CASES = (literal(""), literal(0), literal(0), literal(0), null())
TitleWords = Mapping[str, tuple[str, ...]]
"""Words of a theme by language."""


@dataclass(frozen=True, slots=True)
class Member:
    """What a case means, by the id of its vector, and the theme it belongs to, '' where that is not said yet."""

    vector: str
    theme: str


class Behind(NamedTuple):
    """How many people stand behind something by name, each counted once, and how many without one."""

    named: int
    unnamed: int


@dataclass
class Crowd:
    """The cases of a theme: how many, how many of them open, the number of the first and when it was raised, how often
    each driver is behind them, and who stands behind those of each period.
    """

    cases: int
    open: int
    first: int
    began: datetime
    drivers: Counter[str]
    behind: list[Behind]


Period = tuple[datetime, datetime]
"""What was raised after the one moment until the other."""


def hold(tx: Session) -> None:
    """Nobody else puts cases into themes until this transaction ends."""
    put(tx, t.counter, {"name": "themes"}, {"value": t.counter.c.value + 1}, first={"value": 1})


def _counted(initiative: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """What counts in themes: what is open, and what was raised since a moment and not taken back."""
    lately = (_C.created_at >= since) & (_C.state != "withdrawn")
    return (_C.initiative == initiative, _C.kind.in_(RAISED), _C.merged_into.is_(None), or_(_C.state.in_(OPEN), lately))


def without_theme(tx: Session, maker: str) -> list[str]:
    """The initiatives with cases that belong to no theme yet."""
    query = select(_C.initiative).join_from(t.case, t.case_meaning, _M.case == _C.id)
    return list(tx.scalars(query.where(_M.maker == maker, _M.theme.is_(None)).distinct().order_by(_C.initiative)))


def members(tx: Session, initiative: str, maker: str, since: datetime) -> list[Member]:
    """What counts in the themes of an initiative, in a fixed order."""
    query = select(_M.id, _M.theme).join_from(t.case, t.case_meaning, _M.case == _C.id)
    mine = (_M.maker == maker, *_counted(initiative, since))
    return [Member(row.id, row.theme or "") for row in tx.execute(query.where(*mine).order_by(_C.created_at, _C.id))]


def initiatives(tx: Session) -> set[str]:
    """The initiatives that have themes."""
    return set(tx.scalars(select(_T.initiative).distinct()))


def begin(tx: Session, initiative: str) -> str:
    """The id of a new theme."""
    id = uuid4().hex
    tx.execute(t.theme.insert().values(id=id, initiative=initiative, words=tx.seal.seal("{}")))
    return id


def belongs(tx: Session, vector: str, theme: str) -> None:
    """The case of this vector belongs to this theme from now on."""
    tx.execute(update(t.case_meaning).where(_M.id == vector).values(theme=theme))


def join(tx: Session, theme: str, into: str) -> None:
    """Two themes are one. Whoever was told of either is not told again."""
    told = t.theme_told.c
    for row in tx.execute(select(t.theme_told).where(told.theme == theme)).all():
        insert_new(tx, t.theme_told, {"theme": into, "unit": row.unit, "told_on": row.told_on})
    tx.execute(update(t.case_meaning).where(_M.theme == theme).values(theme=into))
    tx.execute(delete(t.theme).where(_T.id == theme))


def forget_empty(tx: Session) -> None:
    """Deletes themes to which no case belongs any more."""
    tx.execute(delete(t.theme).where(~exists().where(_M.theme == _T.id)))


def titles(tx: Session, themes: Collection[str]) -> dict[str, TitleWords]:
    """The words of these themes, by their ids."""
    rows = tx.execute(select(_T.id, _T.words).where(one_of(tx, _T.id, themes)))
    return {row.id: {k: tuple(v) for k, v in json.loads(tx.seal.open(row.words)).items()} for row in rows}


def title(tx: Session, theme: str, words: TitleWords) -> None:
    """Gives a theme its words."""
    tx.execute(update(t.theme).where(_T.id == theme).values(words=tx.seal.seal(json.dumps(words))))


def said_by_name(tx: Session, themes: Collection[str]) -> dict[str, list[tuple[str, str, str]]]:
    """Asker, locale and text of what was raised under a name, by theme."""
    query = select(_M.theme, _C.asker, _C.locale, _C.text).join_from(t.case, t.case_meaning, _M.case == _C.id)
    named = (_C.asker.is_not(None), _C.merged_into.is_(None), _C.state != "withdrawn")
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in tx.execute(query.where(*named, one_of(tx, _M.theme, themes)).order_by(_C.id)):
        found.setdefault(row.theme, []).append((row.asker, row.locale, tx.seal.open(row.text)))
    return found


def names_of_people(tx: Session) -> set[str]:
    """Every name that the database knows."""
    return set(tx.scalars(select(t.person.c.name).distinct()))


def crowds(
    tx: Session, initiative: str, since: datetime, periods: Sequence[Period], units: Collection[str] | None = None
) -> dict[str, Crowd]:
    """What counts in the themes of an initiative, by theme; with `units` of these alone."""
    mine = (_M.theme.is_not(None), *_counted(initiative, since))
    return _crowds(tx, _M.theme, mine if units is None else (*mine, one_of(tx, _C.unit, units)), periods)


def crowds_by_unit(tx: Session, initiative: str, theme: str, since: datetime, period: Period) -> dict[str, Crowd]:
    """The same of one theme and one period, by unit."""
    return _crowds(tx, _C.unit, (_M.theme == theme, *_counted(initiative, since)), [period])


def _crowds(
    tx: Session, key: ColumnElement[str], mine: Iterable[ColumnElement[bool]], periods: Sequence[Period]
) -> dict[str, Crowd]:
    columns = (key.label("key"), _C.id, _C.number, _C.driver, _C.state, _C.created_at, _C.asker)
    counted = select(*columns).join_from(t.case, t.case_meaning, _M.case == _C.id).where(*mine).cte("counted")
    found: dict[str, Crowd] = {}
    # All in one go: which cases count is looked up once.
    counts = union_all(_cases(counted, periods), _unnamed(counted, periods), _named(counted, periods))
    rows = sorted(tx.execute(counts), key=lambda row: bool(row[0] != _CASES))
    for what, by, driver, n, is_open, first, began, *people in rows:
        crowd = found.setdefault(by, Crowd(0, 0, first, began, Counter(), [Behind(0, 0)] * len(periods)))
        if what == _CASES:
            crowd.cases, crowd.open = crowd.cases + n, crowd.open + is_open
            crowd.first, crowd.began = min(crowd.first, first), min(crowd.began, began)
            crowd.drivers[driver] += n
        else:
            more = [Behind(n, 0) if what == _NAMED else Behind(0, n) for n in people]
            crowd.behind = [Behind(*map(sum, zip(*both, strict=True))) for both in zip(crowd.behind, more, strict=True)]
    return found


def _cases(counted: CTE, periods: Sequence[Period]) -> Select[Any]:
    """Cases by driver: how many, how many of them open, the first number and the first moment."""
    c = counted.c
    is_open = func.sum(case((c.state.in_(OPEN), 1), else_=0))
    columns = (c.key, c.driver, func.count(), is_open, func.min(c.number), func.min(c.created_at))
    return select(literal(_CASES), *columns, *(literal(0) for _ in periods)).group_by(c.key, c.driver)


def _unnamed(counted: CTE, periods: Sequence[Period]) -> Select[Any]:
    """How many stand behind them in confidence: a mailbox for each, the author among them, or the author alone where
    there is none any more. Who they are is sealed.
    """
    # Added to one another, and not joined as sums: that takes seconds wherever the database does not know yet how many
    # rows there are (after an import, or each time that the mailbox was written anew).
    c, box = counted.c, t.mailbox.c.case
    boxes = select(c.key, c.created_at).join_from(counted, t.mailbox, box == c.id)
    alone = select(c.key, c.created_at).where(c.asker.is_(None), ~exists().where(box == c.id))
    each = boxes.union_all(alone).subquery("each").c
    sums = (func.sum(one) for one in _in(each.created_at, periods))
    return select(literal(_UNNAMED), each.key, *_NO_CASES, *sums).group_by(each.key)


def _named(counted: CTE, periods: Sequence[Period]) -> Select[Any]:
    """How many raised them under their names, or joined."""
    c = counted.c
    askers = select(c.key, c.created_at, c.asker.label("person")).where(c.asker.is_not(None))
    joined = select(c.key, c.created_at, _S.person).join_from(counted, t.case_supporter, _S.case == c.id)
    people = askers.union_all(joined).subquery("people").c
    # Each person once, before they are counted: so all periods are counted in one go.
    once = select(
        people.key, *(func.max(one).label(f"in_{n}") for n, one in enumerate(_in(people.created_at, periods)))
    )
    each = once.group_by(people.key, people.person).subquery("persons").c
    sums = (func.sum(each[f"in_{n}"]) for n in range(len(periods)))
    return select(literal(_NAMED), each.key, *_NO_CASES, *sums).group_by(each.key)


def _in(moment: ColumnElement[datetime], periods: Sequence[Period]) -> list[Case[int]]:
    """For each period 1 where the moment lies within."""
    return [case((_within(moment, one), 1), else_=0) for one in periods]


def _within(moment: ColumnElement[datetime], period: Period) -> ColumnElement[bool]:
    after, until = period
    return and_(moment > after, moment <= until)


def told_before(tx: Session, theme: str, unit: str, today: date) -> bool:
    """Notes that the unit's change agents (with '' the project manager) are told of a theme; True if they were."""
    return not insert_new(tx, t.theme_told, {"theme": theme, "unit": unit, "told_on": today})
