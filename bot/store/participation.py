"""Who is asked in a round of a short survey, and whether they have answered: never when, and nothing of what.

It decides nothing about who is asked when.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, delete, func, or_, select, text, update

from bot.store import people
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.people import PersonRecord
from bot.store.sql import changed, one_of

DRAWN, ASKED, NOT_NOW, NEVER, ANSWERED = "drawn", "asked", "not-now", "never", "answered"
"""States of a participation: to be asked; asked; asked to wait; wants no survey of this kind; has answered."""
_OPEN = "open"
_R, _A, _D = t.survey_round.c, t.survey_asked.c, t.delivery.c
# Written as in its index.
_DRAWN: Any = text("state = 'drawn'")
# Every answer needs these two, so they are put together once.
_ANSWERS = (
    update(t.survey_asked)
    .where(_A.round == bindparam("of"), _A.person == bindparam("whose"), _A.state != ANSWERED)
    .values(state=ANSWERED, ask_at=None)
)
_WAITING = delete(t.delivery).where(
    _D.person == bindparam("whose"),
    _D.batch == bindparam("of"),
    _D.state == "queued",
    _D.action == "post",
    _D.unsure_since.is_(None),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """That a person is asked in a round. `unit` is where they were when they were drawn; `ask_at` when they are asked
    once more, unless they answer before."""

    round: int
    person: str
    unit: str
    state: str
    reminded: int = 0
    ask_at: datetime | None = None


def asked(tx: Session, id: int) -> list[Asked]:
    """Everybody who is asked in a round, by key."""
    return [read_asked(row) for row in tx.execute(select(t.survey_asked).where(_A.round == id).order_by(_A.person))]


def asked_of(tx: Session, id: int, person: str) -> Asked | None:
    """How this person stands in a round; None if they are not asked in it. Held until the end of the transaction."""
    row = tx.execute(select(t.survey_asked).where(*_mine(id, person)).with_for_update()).first()
    return read_asked(row) if row else None


def answered(tx: Session, id: int, person: str) -> bool:
    """Notes that this person has answered, without when; False if they have before, or are not asked in this round.

    What waits to be written to them about it is deleted without a trace, so that no time of an answer is kept.
    """
    done = cast(CursorResult[Any], tx.execute(_ANSWERS, {"of": id, "whose": person}))
    if not done.rowcount:
        return False
    _unqueue(tx, id, person)
    return True


def turn(tx: Session, id: int, person: str, state: str, ask_at: datetime | None = None, reminded: int = -1) -> bool:
    """From now on this person stands so in the round; False if they have answered, or are not asked in it."""
    values: dict[str, Any] = {"state": state, "ask_at": ask_at, **({"reminded": reminded} if reminded >= 0 else {})}
    here = update(t.survey_asked).where(*_mine(id, person), _A.state != ANSWERED)
    if not changed(tx, here.values(values)):
        return False
    if state in (NOT_NOW, NEVER):
        _unqueue(tx, id, person)
    return True


def drawn(tx: Session, id: int, limit: int) -> list[Asked]:
    """The next of those who are to be asked, held until the end of the transaction."""
    query = select(t.survey_asked).where(_DRAWN, _A.round == id).order_by(_A.person).limit(limit)
    return [read_asked(row) for row in tx.execute(query.with_for_update(skip_locked=True))]


def to_ask_again(tx: Session, now: datetime, limit: int) -> list[Asked]:
    """Those who are to be asked once more by now, in rounds that are open; held until the end of the transaction."""
    open_ones = select(_R.id).where(_R.state == _OPEN, _R.closes_at > now)
    due = select(t.survey_asked).where(_A.ask_at.is_not(None), _A.ask_at <= now, _A.round.in_(open_ones))
    query = due.order_by(_A.ask_at, _A.round, _A.person).limit(limit)
    return [read_asked(row) for row in tx.execute(query.with_for_update(skip_locked=True))]


def asked_now(tx: Session, id: int, moments: Mapping[str, datetime | None]) -> None:
    """These who were drawn are asked; the moments are when each is asked once more."""
    values = [{"who": person, "moment": moment} for person, moment in moments.items()]
    here = update(t.survey_asked).where(_A.round == id, _A.person == bindparam("who"), _A.state == DRAWN)
    if values:
        tx.connection().execute(here.values(state=ASKED, ask_at=bindparam("moment")), values)


def asked_again(tx: Session, one: Asked, ask_at: datetime | None) -> None:
    """They are asked once more now; `ask_at` is when again."""
    here = update(t.survey_asked).where(*_mine(one.round, one.person), _A.state.in_((ASKED, NOT_NOW)))
    tx.execute(here.values(reminded=one.reminded + 1, ask_at=ask_at))


def still_waits(tx: Session, id: int, person: str) -> bool:
    """Whether something about this round is on its way to them that they have not got yet."""
    mine = (_D.person == person, _D.batch == f"survey:{id}", _D.state.in_(("queued", "sending")))
    return tx.scalar(select(_D.id).where(*mine).limit(1)) is not None


def people_by_key(tx: Session, keys: Collection[str]) -> dict[str, PersonRecord]:
    """These persons, those who have left too; who is erased is missing."""
    rows = tx.execute(select(t.person).where(one_of(tx, t.person.c.key, keys)))
    return {row.key: people.record(row, True) for row in rows}


def _unqueue(tx: Session, id: int, person: str) -> None:
    tx.execute(_WAITING, {"whose": person, "of": f"survey:{id}"})


def _mine(id: int, person: str) -> tuple[Any, ...]:
    return (_A.round == id, _A.person == person)


def read_asked(row: Any) -> Asked:
    """What a row with its columns says."""
    return Asked(row.round, row.person, row.unit, row.state, row.reminded, row.ask_at)


def of_round(tx: Session, id: int) -> tuple[int, int]:
    """How many have answered, and how many were asked."""
    total = tx.scalar(select(_R.asked).where(_R.id == id)) or 0
    mine = (_A.round == id, _A.state == ANSWERED)
    return tx.scalar(select(func.count()).select_from(t.survey_asked).where(*mine)) or 0, total


def asked_since(tx: Session, since: datetime, initiative: str, template: str) -> set[str]:
    """Who is asked in a round opened after this moment, other than one of this template in this initiative."""
    another = or_(_R.initiative != initiative, _R.template != template)
    query = select(_A.person).distinct().join(t.survey_round, _R.id == _A.round)
    return set(tx.scalars(query.where(_R.opened_at > since, another)))


def last_cycles(tx: Session, initiative: str, template: str, audience: str) -> dict[str, int]:
    """In which time through this audience each person was asked last."""
    series = (_R.initiative == initiative, _R.template == template, _R.audience == audience)
    query = select(_A.person, func.max(_R.cycle).label("last")).join(t.survey_round, _R.id == _A.round)
    return {row.person: row.last for row in tx.execute(query.where(*series).group_by(_A.person))}
