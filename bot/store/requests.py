"""Requests: the cases of that kind with what they are weighed by. In which order they stand is decided elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from bot.store import cases
from bot.store import tables as t
from bot.store.cases import OPEN, Case
from bot.store.engine import Session


@dataclass(frozen=True, slots=True)
class Request:
    """A request. `value`, `effort` and `fit` are what its author picked; `offered` is what would be done instead and
    waits for the author's word, '' for nothing.
    """

    case: Case
    value: str
    effort: str
    fit: str
    offered: str = ""


def weigh(tx: Session, case_id: str, value: str, effort: str, fit: str) -> None:
    """Keeps what a new request is weighed by."""
    tx.execute(insert(t.request).values(case=case_id, value=value, effort=effort, fit=fit))


def request(tx: Session, case: Case) -> Request | None:
    """What is kept of this case as a request; None where it is none."""
    return next(iter(_read(tx, [case])), None)


def waiting(tx: Session, initiative: str) -> list[Request]:
    """The requests of an initiative that are not decided, in no order."""
    c = t.case.c
    return _of(tx, c.initiative == initiative, c.state.in_(OPEN), c.merged_into.is_(None))


def decided(tx: Session, initiative: str, since: date) -> list[Request]:
    """The requests of an initiative that were decided on this day or later, the last first."""
    c = t.case.c
    found = _of(tx, c.initiative == initiative, c.decision.is_not(None), c.decided_on >= since)
    return sorted(found, key=lambda one: (one.case.decided_on or since, one.case.number), reverse=True)


def _of(tx: Session, *conditions: Any) -> list[Request]:
    ids = list(tx.scalars(select(t.case.c.id).where(t.case.c.kind == "request", *conditions)))
    return _read(tx, [one for one in (cases.case(tx, id) for id in ids) if one])


def _read(tx: Session, found: Collection[Case]) -> list[Request]:
    kept = {row.case: row for row in tx.execute(select(t.request).where(t.request.c.case.in_([c.id for c in found])))}
    return [
        Request(
            one,
            kept[one.id].value,
            kept[one.id].effort,
            kept[one.id].fit,
            tx.seal.open(kept[one.id].offered) if kept[one.id].offered else "",
        )
        for one in found
        if one.id in kept
    ]


def offer(tx: Session, case_id: str, instead: str) -> None:
    """What would be done instead waits for the author's word; with '' nothing does any more."""
    sealed = tx.seal.seal(instead) if instead else None
    tx.execute(update(t.request).where(t.request.c.case == case_id).values(offered=sealed))
