"""What owners of affected units were asked and what they said. Who is asked what and when is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new

ASKED, CONFIRMED, CLEAR, OBJECTS = "asked", "confirmed", "clear", "objects"
"""States: no word yet; "yes, I answer for it"; nothing speaks against it; something does, which became a case."""
ROLE = "role"
"""The subject of whether somebody answers for a unit; the others are `decision:<id>` and `milestone:<id>`."""


@dataclass(frozen=True, slots=True)
class Word:
    """A question to an owner (a person's key) and what came of it. `on` is the date that was asked about."""

    initiative: str
    unit: str
    subject: str
    on: date
    owner: str
    state: str
    asked_on: date
    word_until: date
    said_on: date | None = None
    case: int | None = None


def ask(
    tx: Session, initiative: str, unit: str, subject: str, on: date, *, owner: str, today: date, until: date
) -> bool:
    """Notes that the owner is asked; False where they were asked before."""
    key = {"initiative": initiative, "unit": unit, "subject": subject, "on": on, "owner": owner}
    return insert_new(tx, t.owner_word, {**key, "state": ASKED, "asked_on": today, "word_until": until})


def confirm(tx: Session, initiative: str, unit: str, owner: str, today: date) -> None:
    """Notes that they answer for the unit, whether they were asked or not."""
    key = {"initiative": initiative, "unit": unit, "subject": ROLE, "on": today, "owner": owner}
    said = {"state": CONFIRMED, "said_on": today}
    c = t.owner_word.c
    before = (c.initiative == initiative, c.unit == unit, c.subject == ROLE, c.owner == owner)
    if not changed(tx, update(t.owner_word).where(*before).values(**said)):
        insert_new(tx, t.owner_word, {**key, **said, "asked_on": today, "word_until": today})


def words(tx: Session, initiative: str) -> list[Word]:
    """Everything that owners were asked and said in an initiative."""
    return _read(tx, t.owner_word.c.initiative == initiative)


def waiting(tx: Session, owner: str) -> list[Word]:
    """What this person (a key) was asked and has not answered, the earliest first."""
    return _read(tx, t.owner_word.c.owner == owner, t.owner_word.c.state == ASKED)


def _read(tx: Session, *conditions: Any) -> list[Word]:
    c = t.owner_word.c
    rows = tx.execute(select(t.owner_word).where(*conditions).order_by(c.word_until, c.on, c.subject, c.unit))
    return [Word(*row) for row in rows]


def answer(tx: Session, word: Word, state: str, today: date, case: int | None = None) -> bool:
    """Notes what the owner said; False where they had said it before."""
    c = t.owner_word.c
    this = (
        c.initiative == word.initiative,
        c.unit == word.unit,
        c.subject == word.subject,
        c.on == word.on,
        c.owner == word.owner,
        c.state == ASKED,
    )
    said = {"state": state, "said_on": today, "case": case}
    return changed(tx, update(t.owner_word).where(*this).values(**said)) == 1


def forget(tx: Session, older_than: date) -> int:
    """Deletes what was asked about dates before this day; that somebody answers for a unit stays."""
    c = t.owner_word.c
    return changed(tx, delete(t.owner_word).where(c.subject != ROLE, c.on < older_than))
