"""The mailbox: who is behind a case, and what waits for its slot, both sealed. It knows no slot and sends nothing.

Nothing here keeps an order: rows are written anew, shuffled and under other keys, together with those that were there
before, so that neither their place, nor a transaction, nor a file says which of them came last.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import SystemRandom
from typing import Any
from uuid import uuid4

from sqlalchemy import Table, bindparam, delete, exists, func, insert, select, update

from bot.store import erasing, themes
from bot.store import tables as t
from bot.store.engine import Session, Store
from bot.store.seal import SealBroken
from bot.store.sql import insert_new

# Bytes. Nearly everything that people write fits into the first size of what waits.
WAITING_SIZES = (8_192, 65_536)
BEHIND_SIZES = (128,)
TEXT_SIZES = (1_024, 4_096, 16_384)
# What of a case's history holds words of its author.
_BY_AUTHOR = ("new", "replied", "added", "corrected", "reopened", "withdrawn", "left")
AUTHOR, JOINED = "author", "joined"

# Any number that nobody else in this database locks.
_ADVISORY_LOCK = 731_905_266
_WRITTEN = "something was put away in confidence"
_shuffle = SystemRandom().shuffle
_W = t.mailbox_waiting.c
# Asked in every lane at every turn: put together once.
_ANY = select(exists(select(_W.key)))
_ANY_DUE = select(exists().where(_W.due_at <= bindparam("until"), _W.sending_since.is_(None)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for its slot: `what` it is (concern, joined, said, mail), whose, and the rest of it."""

    key: str
    due_at: datetime
    what: str
    person: str
    rest: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Behind:
    """Somebody who stands behind a case in confidence: a person's key ('' where they are erased), as what. `came_with`
    is the case whose author or supporter they are, where that was merged into this one.
    """

    case: str
    person: str
    role: str
    came_with: str = ""


def one_at_a_time(tx: Session) -> None:
    """Until this transaction ends no other one that calls this goes on: whoever looks what waits before they put
    something away sees all of it. No row notes that it was held.
    """
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))


def put(tx: Session, due_at: datetime, what: str, person: str, rest: Mapping[str, Any]) -> None:
    """Lets something wait until a slot. `stir` behind it hides that it came last."""
    _write(tx, [_row(tx, due_at, what, person, rest)])
    tx.info[_WRITTEN] = True


def was_written(tx: Session) -> bool:
    """Whether something was put away in this transaction."""
    return _WRITTEN in tx.info


def _row(tx: Session, due_at: datetime, what: str, person: str, rest: Mapping[str, Any]) -> dict[str, Any]:
    content = json.dumps({"what": what, "person": person, "rest": dict(rest)}, ensure_ascii=False)
    return {"due_at": due_at, "content": tx.seal.seal(content, WAITING_SIZES)}


def _taken(tx: Session) -> list[dict[str, Any]]:
    """Everything that waits and is not on its way, taken out."""
    c = t.mailbox_waiting.c
    rows = tx.execute(select(t.mailbox_waiting).where(c.sending_since.is_(None)).with_for_update()).all()
    tx.execute(delete(t.mailbox_waiting).where(c.key.in_([row.key for row in rows])))
    return [{"due_at": row.due_at, "content": row.content} for row in rows]


def _write(tx: Session, rows: list[dict[str, Any]], table: Table = t.mailbox_waiting) -> None:
    _shuffle(rows)
    if rows:
        tx.connection().execute(insert(table), [{"key": uuid4().hex, **row} for row in rows])


def stir(tx: Session) -> int:
    """Writes anew what waits, so that nothing says when it came; says how much that is."""
    rows = _taken(tx)
    _write(tx, rows)
    return len(rows)


def is_waiting(tx: Session, until: datetime | None = None) -> bool:
    """Whether anything waits at all, or is due at this moment."""
    return bool(tx.scalar(_ANY) if until is None else tx.scalar(_ANY_DUE, {"until": until}))


def waiting(tx: Session, until: datetime | None = None, lock: bool = False) -> list[Waiting]:
    """What waits and is not on its way, in no order; what is due at this moment alone. What no key opens is left out.
    `lock` holds it for this transaction, and leaves out what another one holds."""
    c = t.mailbox_waiting.c
    query = select(t.mailbox_waiting).where(c.sending_since.is_(None))
    if until is not None:
        query = query.where(c.due_at <= until)
    rows = list(tx.execute(query.with_for_update(skip_locked=True) if lock else query))
    _shuffle(rows)
    return [found for row in rows if (found := opened(tx, row))]


def opened(tx: Session, row: Any) -> Waiting | None:
    """What a row of the table holds; None where no key opens it."""
    with suppress(SealBroken, LookupError, TypeError, ValueError):
        content = json.loads(tx.seal.open(row.content))
        return Waiting(row.key, row.due_at, content["what"], content["person"], content["rest"])
    return None


def take(tx: Session, keys: Collection[str]) -> None:
    """These wait no longer."""
    tx.execute(delete(t.mailbox_waiting).where(t.mailbox_waiting.c.key.in_(list(keys))))


def admit(tx: Session, new: Iterable[Behind] = (), without: Callable[[Behind], bool] = lambda _: False) -> None:
    """From now on these stand behind their cases too, and those that `without` names do not any more. Everybody else's
    row is written anew with theirs; of whoever is not known any more only that there was somebody.
    """
    rows = tx.execute(select(t.mailbox).with_for_update()).all()
    opened = [(row, _one(tx, row)) for row in rows]
    kept = [{"case": row.case, "content": row.content} for row, one in opened if one is None]
    there = set(tx.scalars(select(t.person.c.key)))
    staying = (one for _, one in opened if one and not without(one))
    every = dict.fromkeys([*staying, *new])
    kept += [{"case": one.case, "content": _sealed(tx, one, one.person in there)} for one in every]
    tx.execute(delete(t.mailbox).where(t.mailbox.c.key.in_([row.key for row in rows])))
    _write(tx, kept, t.mailbox)


def _sealed(tx: Session, one: Behind, there: bool) -> str:
    return tx.seal.seal(json.dumps([one.person if there else "", one.role, one.came_with]), BEHIND_SIZES)


def _behind(tx: Session, case: str | None = None) -> list[Behind]:
    query = select(t.mailbox) if case is None else select(t.mailbox).where(t.mailbox.c.case == case)
    return [found for row in tx.execute(query) if (found := _one(tx, row))]


def _one(tx: Session, row: Any) -> Behind | None:
    with suppress(SealBroken, TypeError, ValueError):
        return Behind(row.case, *json.loads(tx.seal.open(row.content)))
    return None


def behind(tx: Session, case: str) -> list[Behind]:
    """Everybody who stands behind this case in confidence: its author, and who joined."""
    return sorted(_behind(tx, case), key=lambda one: (one.role, one.person, one.came_with))


def everybody(tx: Session) -> list[Behind]:
    """Everybody who stands behind any case in confidence, in no order."""
    return _behind(tx)


def of_person(tx: Session, person: str) -> list[Behind]:
    """The cases that this person stands behind in confidence."""
    return sorted((one for one in _behind(tx) if one.person == person), key=lambda one: one.case)


def leave(tx: Session, case: str) -> None:
    """The author of this case stands behind it no longer; whoever joined does."""
    admit(tx, without=lambda one: (one.case, one.role) == (case, AUTHOR))


def merge(tx: Session, case: str, into: str) -> None:
    """Whoever stands behind the first case in confidence has joined the second one too."""
    admit(tx, [Behind(into, one.person, JOINED, case) for one in behind(tx, case)])


def split(tx: Session, case: str, into: str) -> None:
    """Takes `merge` back."""
    admit(tx, without=lambda one: (one.case, one.came_with) == (into, case))


def joined(tx: Session, cases: Collection[str]) -> dict[str, int]:
    """How many joined each of these cases in confidence, its author not counted; only cases that somebody joined."""
    query = select(t.mailbox).where(t.mailbox.c.case.in_(list(cases)))
    found = [_one(tx, row) for row in tx.execute(query)] if cases else []
    return dict(Counter(one.case for one in found if one and one.role == JOINED))


def has_mailbox(tx: Session, cases: Collection[str]) -> set[str]:
    """Those of these cases behind which somebody stands in confidence."""
    c = t.mailbox.c
    return set(tx.scalars(select(c.case).where(c.case.in_(list(cases))).distinct())) if cases else set()


def close(tx: Session, case: str) -> bool:
    """The author can write no more to this case; False if that is so already."""
    return insert_new(tx, t.mailbox_closed, {"case": case})


def is_closed(tx: Session, case: str) -> bool:
    """Whether the author can write no more to this case."""
    return bool(tx.scalar(select(exists().where(t.mailbox_closed.c.case == case))))


def hide_words(tx: Session, case: str, instead: str) -> None:
    """What the author wrote is gone from this case and its history; `instead` stands in its place."""
    said = dict.fromkeys(("at_stake", "would_work", "affects"))
    text_instead = tx.seal.seal(instead, TEXT_SIZES)
    tx.execute(update(t.case).where(t.case.c.id == case).values(text=text_instead, **said))
    by_author = (t.case_event.c.case == case, t.case_event.c.what.in_(_BY_AUTHOR))
    tx.execute(update(t.case_event).where(*by_author).values(text=text_instead))
    themes.worded_anew(tx, case)


def leave_no_order(store: Store) -> None:
    """What deleted rows leave behind goes: call it outside of transactions, after rows were written anew.

    SQLite: its log goes into the database, where `secure_delete` has overwritten what was deleted, and is emptied;
    PostgreSQL: VACUUM. Where somebody reads at that moment, it is done the next time.
    """
    erasing.sweep(store, (t.mailbox, t.mailbox_waiting))
