"""What cases mean, sealed, to find alike ones. It compares nothing and decides nothing.

A vector is kept sealed because what somebody wrote can be guessed from it.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, and_, delete, func, select

from bot.store import tables as t
from bot.store.cases import OPEN
from bot.store.engine import Session
from bot.store.sql import insert_new, one_of

RAISED = ("concern", "request")
"""The kinds of case that are compared: a question has its own way of finding alike ones."""
ID_LENGTH = 32
_C, _M = t.case.c, t.case_meaning.c


def open_vectors(tx: Session, initiative: str, maker: str) -> list[str]:
    """The ids of what this maker made of the open cases of an initiative. What was merged into another case is not
    among them.
    """
    # One row for all: so many rows would take longer than finding them.
    every = select(func.aggregate_strings(_M.id, "")).join_from(t.case, t.case_meaning, _M.case == _C.id)
    together: str = tx.scalar(every.where(_M.maker == maker, *_open(initiative))) or ""
    return [together[at : at + ID_LENGTH] for at in range(0, len(together), ID_LENGTH)]


def open_among(tx: Session, vectors: Collection[str], unit: str) -> dict[str, str]:
    """The cases that these vectors are of, by the vector; with `unit` of that very unit alone."""
    query = select(_M.id, _M.case).join_from(t.case, t.case_meaning, _M.case == _C.id)
    there = (_C.unit == unit,) if unit else ()
    rows = tx.execute(query.where(one_of(tx, _M.id, vectors), _C.state.in_(OPEN), _C.merged_into.is_(None), *there))
    return {row.id: row.case for row in rows}


def newest_without_vector(tx: Session, initiative: str, unit: str, maker: str, limit: int) -> dict[str, str]:
    """Texts of open cases of which this maker made no vector yet, by id: the newest; with `unit` of that unit alone."""
    there = (_C.unit == unit,) if unit else ()
    lacking = (_M.id.is_(None), *_open(initiative), *there)
    ids = _with_or_without(select(_C.id), maker).where(*lacking).order_by(_C.created_at.desc(), _C.id).limit(limit)
    return texts(tx, list(tx.scalars(ids)))


def _open(initiative: str) -> tuple[ColumnElement[bool], ...]:
    return (_C.initiative == initiative, _C.kind.in_(RAISED), _C.state.in_(OPEN), _C.merged_into.is_(None))


def _with_or_without(query: Select[Any], maker: str) -> Select[Any]:
    return query.select_from(t.case).outerjoin(t.case_meaning, and_(_M.case == _C.id, _M.maker == maker))


def vectors(tx: Session, ids: Collection[str]) -> dict[str, bytes]:
    """Vectors by their ids."""
    if not ids:
        return {}
    rows = tx.execute(select(_M.id, _M.vector).where(one_of(tx, _M.id, ids)))
    return {row.id: base64.b64decode(tx.seal.open(row.vector)) for row in rows}


def without_vector(tx: Session, maker: str, limit: int) -> list[tuple[str, str]]:
    """Id and text of open cases of which this maker made no vector yet, at most so many."""
    lacking = (_C.kind.in_(RAISED), _C.state.in_(OPEN), _M.id.is_(None))
    ids = _with_or_without(select(_C.id), maker).where(*lacking).order_by(_C.id).limit(limit)
    return sorted(texts(tx, list(tx.scalars(ids))).items())


def texts(tx: Session, cases: Collection[str]) -> dict[str, str]:
    """The texts of cases, by their ids."""
    rows = tx.execute(select(_C.id, _C.text).where(one_of(tx, _C.id, cases))) if cases else ()
    return {row.id: tx.seal.open(row.text) for row in rows}


def keep_vectors(tx: Session, maker: str, made: Mapping[str, tuple[str, bytes]]) -> int:
    """Keeps the vectors by case, each with the text it was made of; says how many are new. Of a case that is gone, or
    that says something else meanwhile, none is kept.
    """
    now_says, kept = texts(tx, list(made)), 0
    for case, (text, vector) in sorted(made.items()):
        if now_says.get(case) == text:
            sealed = tx.seal.seal(base64.b64encode(vector).decode())
            kept += insert_new(tx, t.case_meaning, {"id": uuid4().hex, "case": case, "maker": maker, "vector": sealed})
    return kept


def worded_anew(tx: Session, case: str) -> None:
    """The case says something else now: what it meant is forgotten, and made again at the next tick."""
    tx.execute(delete(t.case_meaning).where(_M.case == case))


def forget_other_makers(tx: Session, maker: str) -> None:
    """Deletes what another encoder, or another release of it, has made."""
    tx.execute(delete(t.case_meaning).where(_M.maker != maker))
