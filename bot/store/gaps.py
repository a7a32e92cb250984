"""What people asked and the playbook did not answer. Askers are counted, never named; times are weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import delete, func, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new
from bot.store.times import monday


@dataclass(frozen=True, slots=True)
class Gap:
    """One unanswered question: as it was first worded, the week it was last asked in (its Monday), the id of
    the closest passage (or '') and how many different people asked.
    """

    id: str
    initiative: str
    locale: str
    text: str
    passage: str
    week: date
    askers: int


def record_gap(
    tx: Session, *, initiative: str, locale: str, text: str, words: str, passage: str, person: str, today: date
) -> None:
    """Counts this person among those who asked this. Questions with the same `words` (the normalised wording)
    in the same initiative and language are one.
    """
    mark = tx.seal.mark("gap", initiative, locale, words)
    values = {"initiative": initiative, "locale": locale, "text": tx.seal.seal(text), "passage": passage}
    insert_new(tx, t.gap, {"id": uuid4().hex, "words": mark, "week": monday(today), **values})
    gap = tx.scalars(select(t.gap.c.id).where(t.gap.c.words == mark)).one()
    insert_new(tx, t.gap_asker, {"gap": gap, "mark": tx.seal.mark("asked", gap, person)})
    tx.execute(t.gap.update().where(t.gap.c.id == gap, t.gap.c.week < monday(today)).values(week=monday(today)))


def gap(tx: Session, id: str) -> Gap | None:
    """The gap with this id."""
    return next((one for one in gaps(tx) if one.id == id), None)


def gaps(tx: Session, initiative: str | None = None) -> list[Gap]:
    """The gaps of one initiative or of all, those with most askers first."""
    askers = func.count(t.gap_asker.c.mark).label("askers")
    query = select(t.gap, askers).join_from(t.gap, t.gap_asker).group_by(t.gap.c.id)
    if initiative is not None:
        query = query.where(t.gap.c.initiative == initiative)
    rows = tx.execute(query.order_by(askers.desc(), t.gap.c.week.desc(), t.gap.c.id))
    return [Gap(r.id, r.initiative, r.locale, tx.seal.open(r.text), r.passage, r.week, r.askers) for r in rows]


def forget(tx: Session, older_than: date) -> int:
    """Deletes gaps that nobody asked about since this day."""
    return changed(tx, delete(t.gap).where(t.gap.c.week < older_than))
