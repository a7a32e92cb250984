"""Changes of facts about which the project manager is asked whether those who asked may be told. No person is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import delete, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new

WAITING, SENT, DROPPED = "waiting", "sent", "dropped"


@dataclass(frozen=True, slots=True)
class Release:
    """Facts of an initiative (their keys) in the versions about which is asked. `state` is waiting, sent or dropped."""

    id: str
    initiative: str
    facts: Mapping[str, str]
    state: str


def propose(tx: Session, initiative: str, facts: Mapping[str, str], today: date) -> str:
    """Keeps the question whether these versions may be told; its id, or '' if it has been put already."""
    parts = [part for key in sorted(facts) for part in (key, facts[key])]
    mark, id = tx.seal.mark("release", initiative, *parts), uuid4().hex
    values = {"initiative": initiative, "facts": dict(facts), "state": WAITING, "since": today}
    return id if insert_new(tx, t.release, {"id": id, "mark": mark, **values}) else ""


def release(tx: Session, id: str) -> Release | None:
    """The question with this id, which may be anything that somebody typed."""
    row = tx.execute(select(t.release).where(t.release.c.id == id)).first() if id.isalnum() else None
    return Release(row.id, row.initiative, row.facts, row.state) if row else None


def all_of(tx: Session) -> list[Release]:
    """Every question that is kept, by initiative."""
    c = t.release.c
    rows = tx.execute(select(t.release).order_by(c.initiative, c.id))
    return [Release(row.id, row.initiative, row.facts, row.state) for row in rows]


def answer(tx: Session, id: str, state: str, today: date) -> bool:
    """Notes that it is sent or dropped; False if somebody was quicker."""
    c = t.release.c
    return bool(changed(tx, update(t.release).where(c.id == id, c.state == WAITING).values(state=state, since=today)))


def drop(tx: Session, id: str) -> None:
    """Deletes a question about what has changed again since."""
    tx.execute(delete(t.release).where(t.release.c.id == id))


def forget(tx: Session, older_than: date) -> int:
    """Deletes questions that were put before this day."""
    return changed(tx, delete(t.release).where(t.release.c.since < older_than))
