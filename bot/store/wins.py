"""Wins: what has become better, as people said it, and how far it may be told.

What people wrote is sealed; a name is never in it: who is thanked is a person's key. It decides nothing about who may
say, approve or read what.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed

SUGGESTED, WAITING, TOLD, ASKED, APPROVED = "suggested", "waiting", "told", "asked", "approved"
DECLINED, WITHDRAWN = "declined", "withdrawn"
"""States: suggested to the change agents; waiting for the word of whoever is thanked; told to the own unit; told there,
with the project manager asked about more; approved for everybody affected; not taken; taken back."""
OUT = (TOLD, ASKED, APPROVED)
OPEN = (SUGGESTED, WAITING, *OUT)

THANKS_ASKED, THANKS_OWN_WORDS, THANKS_YES, THANKS_NO = "asked", "words", "yes", "no"
"""What whoever is thanked said: nothing yet; yes with words of their own, which the author has not seen; yes; no."""

_C = t.win.c


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote of it. `thanks` is the sentence of whoever is thanked, where they chose their own."""

    what: str
    whom: str = ""
    evidence: str = ""
    link: str = ""
    thanks: str = ""


@dataclass(frozen=True, slots=True)
class Win:
    """A win. `author` and `suggested_by` are keys of persons, '' where they are unknown or erased; `thanked` too.
    `driver` is the kind of worry that it answers, or ''. `waits_until` is for the word of whoever is thanked."""

    id: str
    initiative: str
    unit: str
    state: str
    said: Said
    said_at: datetime
    driver: str = ""
    author: str = ""
    suggested_by: str = ""
    thanked: str = ""
    thanks: str = ""
    waits_until: datetime | None = None
    told_at: datetime | None = None
    approved_at: datetime | None = None
    quoted_in: str = ""


def add(tx: Session, win: Win) -> str:
    """Keeps a new win (whatever its `id` says); its id."""
    id = uuid4().hex
    people = {"author": win.author or None, "suggested_by": win.suggested_by or None, "thanked": win.thanked or None}
    values = asdict(replace(win, id=id)) | people | {"said": _sealed(tx, win.said)}
    tx.execute(t.win.insert().values(**values))
    return id


def win(tx: Session, id: str) -> Win | None:
    """The win with this id; None too where the key it was sealed with is gone."""
    row = tx.execute(select(t.win).where(_C.id == id)).first()
    return next(iter(_opened(tx, [row])), None) if row else None


def turn(tx: Session, id: str, state: str, of: Sequence[str], **more: Any) -> bool:
    """Gives a win this state, and other columns what `more` says, if it has one `of` these; False if somebody was
    quicker. A person in `more` is a key or None."""
    here = update(t.win).where(_C.id == id, _C.state.in_(of))
    return changed(tx, here.values(state=state, **more)) == 1


def say(tx: Session, id: str, said: Said) -> None:
    """From now on this is what it says."""
    tx.execute(update(t.win).where(_C.id == id).values(said=_sealed(tx, said)))


def answer_thanks(tx: Session, id: str, answer: str, of: Sequence[str]) -> bool:
    """Notes what whoever is thanked said, if that was one `of` these until now."""
    return changed(tx, update(t.win).where(_C.id == id, _C.thanks.in_(of)).values(thanks=answer)) == 1


def waited_long_enough(tx: Session, now: datetime) -> list[Win]:
    """The wins for which nobody waits for a word any more."""
    due = (_C.state == WAITING, _C.waits_until <= now)
    return _opened(tx, tx.execute(select(t.win).where(*due).order_by(_C.waits_until, _C.id)))


def newest(
    tx: Session,
    *,
    everywhere: Collection[str],
    units: Collection[str] = (),
    led: Collection[str] = (),
    driver: str = "",
    limit: int = 1,
) -> list[Win]:
    """The newest wins, the last told first: the approved ones of the initiatives `everywhere`; of these also what was
    told in one of the `units` alone; and whatever was told in the initiatives `led`. With `driver` only what answers
    this kind of worry."""
    readable: list[ColumnElement[bool]] = [_C.state == APPROVED]
    readable += [and_(_C.state.in_(OUT), _C.unit.in_(list(units)))] if units else []
    readable += [and_(_C.state.in_(OUT), _C.initiative.in_(list(led)))] if led else []
    query = select(t.win).where(_C.initiative.in_(list(everywhere)), or_(*readable))
    query = query.where(_C.driver == driver) if driver else query
    last = func.coalesce(_C.approved_at, _C.told_at)
    return _opened(tx, tx.execute(query.order_by(last.desc(), _C.id).limit(limit)))


def drivers(tx: Session, initiative: str) -> frozenset[str]:
    """The kinds of worry that something told of this initiative answers."""
    there = select(_C.driver).where(_C.initiative == initiative, _C.state.in_(OUT), _C.driver != "")
    return frozenset(tx.scalars(there.distinct()))


def quote(tx: Session, id: str, post: str) -> bool:
    """Notes in which post it is quoted; False if that was another one."""
    free = _C.quoted_in.in_(("", post))
    return changed(tx, update(t.win).where(_C.id == id, free).values(quoted_in=post)) == 1


def unquoted(tx: Session, initiative: str, post: str) -> list[Win]:
    """The approved wins of an initiative that were quoted in no post but this one, the newest first."""
    mine = (_C.initiative == initiative, _C.state == APPROVED, _C.quoted_in.in_(("", post)))
    return _opened(tx, tx.execute(select(t.win).where(*mine).order_by(_C.approved_at.desc(), _C.id)))


def forget(tx: Session, older_than: datetime, told_older_than: datetime) -> int:
    """Deletes what was never told, or taken back, and is older than the first; what was told and is older than the
    second; says how many."""
    old = and_(_C.state.not_in(OUT), _C.said_at < older_than)
    return changed(tx, delete(t.win).where(or_(old, _C.said_at < told_older_than)))


def _sealed(tx: Session, said: Said) -> str:
    return tx.seal.seal(json.dumps(asdict(said), ensure_ascii=False))


def _opened(tx: Session, rows: Iterable[Any]) -> list[Win]:
    """The wins in these rows; one that cannot be opened with the keys at hand is left out."""
    found = []
    for row in rows:
        with suppress(SealBroken):
            people = {name: getattr(row, name) or "" for name in ("author", "suggested_by", "thanked")}
            values = dict(row._mapping) | people | {"said": Said(**json.loads(tx.seal.open(row.said)))}
            found.append(Win(**values))
    return found
