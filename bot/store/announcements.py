"""Announcements: what is to be told to an audience, and how far it has been told. It decides nothing about who that is.

Cards and audience are sealed. The checkpoint moves in the transaction that queued the posts, so that a process that
ends at any point loses nobody and tells nobody twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from bot.messages import Card
from bot.store import people
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.people import PersonRecord
from bot.store.seal import SealBroken
from bot.store.sql import changed, insert_new

# Somewhere on earth a day begins so long before it does in UTC.
EARLIEST_ZONE = timedelta(hours=14)
# One that cannot be opened stays, perhaps until a forgotten key is back, and must not stand in the others' way.
LOOKED_AT = 5
_UNDER_WAY = t.announcement.c.state.in_(("waiting", "expanding"))


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant, within one initiative. All that is given must match: a `name` of its playbook, `units` with those
    below them, `roles`, `locations`, and `platforms`, those on which they are written to. `people` (addresses) are
    added, `without` (addresses) are never meant. `to` is 'people' or 'channels' where only these are told.

    With an empty `name` and nothing else but `people` only they are meant.
    """

    name: str = "all-affected"
    units: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    to: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """One card of an announcement: in a language, for a unit and those below it, or with '' for everybody."""

    locale: str
    card: Card
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something that the bot tells an audience of its own accord, from `due_at` (aware) on, once under its `key`.

    `kind` is what people can switch off; an `urgent` one is sent at once and to all. With `own_time` the clock
    reading of `due_at` counts, in each recipient's zone: "on 1 February" begins in Auckland before it does in Lisbon.
    The key is the batch of all its posts.
    """

    key: str
    kind: str
    initiative: str
    audience: Audience
    wordings: tuple[Wording, ...]
    due_at: datetime
    urgent: bool = False
    own_time: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an announcement is. `state` is waiting, expanding, done or cancelled; the others count what was queued;
    `reached` is the person after whom it goes on."""

    state: str
    people: int
    channels: int
    reached: str


def add(tx: Session, announcement: Announcement, now: datetime) -> bool:
    """Keeps an announcement until it is due; False if there was one with this key before, whatever became of it."""
    values = {
        "key": announcement.key,
        "kind": announcement.kind,
        "initiative": announcement.initiative,
        "audience": tx.seal.seal(_meant(announcement.audience)),
        "wordings": tx.seal.seal(_written(announcement.wordings)),
        "urgent": announcement.urgent,
        "own_time": announcement.own_time,
        "due_at": announcement.due_at.replace(tzinfo=UTC) if announcement.own_time else announcement.due_at,
        "state": "waiting",
        "reached": "",
        "people": 0,
        "channels": 0,
        "made_at": now,
    }
    return insert_new(tx, t.announcement, values)


def hold_due(tx: Session, now: datetime) -> tuple[Announcement, Progress] | None:
    """The announcement to go on with, held until the end of the transaction. One that another process holds is passed
    over, as is one that cannot be opened with the keys at hand. None if nothing is due. With `own_time` it is due as
    soon as the day has come somewhere on earth."""
    c = t.announcement.c
    soon = now + EARLIEST_ZONE
    query = select(t.announcement).where(_UNDER_WAY, c.due_at <= soon, or_(c.due_at <= now, c.own_time))
    for row in tx.execute(query.order_by(c.due_at, c.key).limit(LOOKED_AT).with_for_update(skip_locked=True)):
        with suppress(SealBroken):
            return _read(tx, row), _progress(row)
    return None


def advance(tx: Session, key: str, *, reached: str, people: int, channels: int, done: bool) -> None:
    """Moves the checkpoint of an announcement that is held, and adds to what it has queued."""
    c = t.announcement.c
    counted = {"people": c.people + people, "channels": c.channels + channels}
    state = "done" if done else "expanding"
    tx.execute(update(t.announcement).where(c.key == key).values(state=state, reached=reached, **counted))


def cancel(tx: Session, key: str) -> bool:
    """Nobody else is told from now on; False if it was done, cancelled or never there. What is queued already is
    another matter. Waits for the process that holds it."""
    stopped = update(t.announcement).where(t.announcement.c.key == key, _UNDER_WAY)
    return changed(tx, stopped.values(state="cancelled")) == 1


def reword(tx: Session, key: str, wordings: Iterable[Wording]) -> None:
    """From now on it is told in these words. What is queued already is another matter."""
    sealed = tx.seal.seal(_written(wordings))
    tx.execute(update(t.announcement).where(t.announcement.c.key == key).values(wordings=sealed))


def progress(tx: Session, key: str) -> Progress | None:
    """How far it is; None if it was never there or is forgotten."""
    row = tx.execute(select(t.announcement).where(t.announcement.c.key == key)).first()
    return _progress(row) if row else None


def get(tx: Session, key: str) -> Announcement | None:
    """The announcement as it was added."""
    row = tx.execute(select(t.announcement).where(t.announcement.c.key == key)).first()
    return _read(tx, row) if row else None


def forget(tx: Session, older_than: datetime) -> int:
    """Deletes announcements that are done or cancelled and were due before this."""
    return changed(tx, delete(t.announcement).where(~_UNDER_WAY, t.announcement.c.due_at < older_than))


def due_between(tx: Session, since: datetime, until: datetime) -> list[Announcement]:
    """What is due, or was, from `since` to before `until`, in its order, unless it was cancelled; what cannot be
    opened is left out. With `own_time` the clock reading counts, as if it were UTC."""
    c = t.announcement.c
    query = select(t.announcement).where(c.state != "cancelled", c.due_at >= since, c.due_at < until)
    found = []
    for row in tx.execute(query.order_by(c.due_at, c.key)):
        with suppress(SealBroken):
            found.append(_read(tx, row))
    return found


def candidates(tx: Session, after: str, limit: int, *, left: bool = False) -> list[PersonRecord]:
    """The people who can be meant, in the order of their keys, after this key; with `left` those who have left too.

    They are the directory, and full members who wrote first: nobody without an address is one.
    """
    c = t.person.c
    query = select(t.person).where(c.key > after, c.email.is_not(None))
    query = query if left else query.where(c.left_on.is_(None))
    return [people.record(row, True) for row in tx.execute(query.order_by(c.key).limit(limit))]


def _meant(audience: Audience) -> str:
    # Without what says nothing, so that a process of an earlier version reads what it knows.
    said = {name: value for name, value in asdict(audience).items() if value or name == "name"}
    return json.dumps(said, ensure_ascii=False)


def _written(wordings: Iterable[Wording]) -> str:
    return json.dumps([[w.locale, w.unit, w.card.to_json()] for w in wordings], ensure_ascii=False)


def _read(tx: Session, row: Any) -> Announcement:
    audience: dict[str, Any] = json.loads(tx.seal.open(row.audience), object_hook=_with_tuples)
    wordings = json.loads(tx.seal.open(row.wordings))
    return Announcement(
        key=row.key,
        kind=row.kind,
        initiative=row.initiative,
        audience=Audience(**audience),
        wordings=tuple(Wording(locale, Card.from_json(card), unit) for locale, unit, card in wordings),
        due_at=row.due_at,
        urgent=row.urgent,
        own_time=row.own_time,
    )


def _with_tuples(found: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def _progress(row: Any) -> Progress:
    return Progress(row.state, row.people, row.channels, row.reached)
