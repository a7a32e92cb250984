"""Answers that their owners added to what is written. What may be added, and who may read it, is not its matter.

An answer waits until its author has looked at it again where that was asked for; then it is in force, until a file
says the same (retired), another takes its place (replaced), or it is taken back: then it is deleted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed

WAITING, IN_FORCE, RETIRED, REPLACED = "waiting", "in-force", "retired", "replaced"
LONGEST_ID = 12


@dataclass(frozen=True, slots=True)
class Learned:
    """One answer with its question. `author` is an address, empty where the person is erased; `owner` is the address
    of whoever the question was put to, empty for a gap, whose id `gap` is; `since` is the day of the last change.
    """

    id: str
    initiative: str
    locale: str
    audience: str
    heading: str
    body: str
    author: str
    owner: str
    gap: str
    state: str
    since: date


def add(
    tx: Session,
    *,
    initiative: str,
    locale: str,
    heading: str,
    body: str,
    author: str,
    today: date,
    audience: str = "",
    owner: str = "",
    gap: str = "",
    waiting: bool = False,
) -> Learned:
    """Keeps an answer; in force unless it is `waiting`. `author` is a person's key."""
    id = uuid4().hex[:LONGEST_ID]
    values = {
        "initiative": initiative,
        "locale": locale,
        "audience": audience,
        "heading": heading,
        "body": body,
        "author": author,
        "owner": owner.lower(),
        "gap": gap,
        "state": WAITING if waiting else IN_FORCE,
        "since": today,
    }
    tx.execute(t.learned.insert().values(id=id, **values))
    return _read(tx, t.learned.c.id == id)[0]


def learned(tx: Session, id: str) -> Learned | None:
    """The answer with this id, whatever its state. The id may be anything that somebody typed."""
    return next(iter(_read(tx, t.learned.c.id == id)), None) if id.isalnum() else None


def in_force(tx: Session) -> list[Learned]:
    """All that is in force, by initiative and question."""
    return _read(tx, t.learned.c.state == IN_FORCE)


def of(tx: Session, initiative: str | None = None) -> list[Learned]:
    """All answers of an initiative, or of all, that are or were in force."""
    conditions = [t.learned.c.state != WAITING]
    if initiative is not None:
        conditions.append(t.learned.c.initiative == initiative)
    return _read(tx, *conditions)


def _read(tx: Session, *conditions: Any) -> list[Learned]:
    c = t.learned.c
    query = select(t.learned, t.person.c.email).join_from(t.learned, t.person, c.author == t.person.c.key, isouter=True)
    rows = tx.execute(query.where(*conditions).order_by(c.initiative, c.locale, c.heading, c.id))
    return [
        Learned(
            id=row.id,
            initiative=row.initiative,
            locale=row.locale,
            audience=row.audience,
            heading=row.heading,
            body=row.body,
            author=row.email or "",
            owner=row.owner,
            gap=row.gap,
            state=row.state,
            since=row.since,
        )
        for row in rows
    ]


def change(tx: Session, id: str, to: str, today: date) -> bool:
    """Brings an answer into another state: a waiting one into force, one in force out of it. False if somebody was
    quicker.
    """
    before = WAITING if to == IN_FORCE else IN_FORCE
    c = t.learned.c
    return bool(changed(tx, update(t.learned).where(c.id == id, c.state == before).values(state=to, since=today)))


def take_back(tx: Session, id: str) -> bool:
    """Deletes an answer, as if it had never been added. False if it is gone already."""
    return bool(changed(tx, delete(t.learned).where(t.learned.c.id == id, t.learned.c.state.in_((WAITING, IN_FORCE)))))


def forget(tx: Session, older_than: date) -> int:
    """Deletes what has been out of force, or has waited for its author, since before this day."""
    c = t.learned.c
    return changed(tx, delete(t.learned).where(c.state != IN_FORCE, c.since < older_than))


def people_named(tx: Session, names: Collection[str]) -> list[str]:
    """Those of these names that somebody in the directory has."""
    if not names:
        return []
    return list(
        tx.scalars(select(t.person.c.name).where(t.person.c.name.in_(names)).distinct().order_by(t.person.c.name))
    )
