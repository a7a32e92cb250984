"""Following: the days on which somebody was here last, and the addresses under which their dates can be read.

Of an address only a fingerprint is kept. What is shown under one is decided elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, insert_new, put

TOKEN_BITS = 256
AWAY = timedelta(days=7)
"""Who was not here for so long has been away."""


@dataclass(frozen=True, slots=True)
class Visits:
    """On which day somebody was here for the first time and the last time; `away_from` is the last day before they
    were away for long, `back_on` the day they came back."""

    first: date
    latest: date
    away_from: date | None = None
    back_on: date | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """An address that somebody's dates can be read under: whose, in which language, since when. `token` is its
    fingerprint."""

    token: str
    person: str
    language: str
    made_on: date


@dataclass(frozen=True, slots=True)
class Kept:
    """A date as it was read last: `shown` is what it said, '' in `version` that it was cancelled."""

    shown: str
    version: str
    sequence: int
    changed_at: datetime


def note_visit(tx: Session, person: str, today: date) -> None:
    """Keeps that this person is here today: only the day, and only the last ones."""
    c = t.visit.c
    seen = visits(tx, person)
    if seen is None:
        insert_new(tx, t.visit, {"person": person, "first": today, "latest": today})
    elif today > seen.latest:
        away = {"away_from": seen.latest, "back_on": today} if today - seen.latest >= AWAY else {}
        tx.execute(update(t.visit).where(c.person == person).values(latest=today, **away))


def visits(tx: Session, person: str) -> Visits | None:
    """When this person was here; None where they never were."""
    row = tx.execute(select(t.visit).where(t.visit.c.person == person)).first()
    return Visits(row.first, row.latest, row.away_from, row.back_on) if row else None


def new_address(tx: Session, person: str, language: str, today: date, draw: Callable[[int], int]) -> str:
    """Makes an address for this person and returns its token, which cannot be shown again. An earlier one ends.
    `draw(n)` gives a random number below n."""
    stop_address(tx, person)
    token = f"{draw(1 << TOKEN_BITS):0{TOKEN_BITS // 4}x}"
    values = {"token": fingerprint(token), "language": language, "made_on": today}
    put(tx, t.calendar, {"person": person}, values)
    return token


def stop_address(tx: Session, person: str) -> bool:
    """Ends this person's address with all that is kept for it; False if there was none."""
    return changed(tx, delete(t.calendar).where(t.calendar.c.person == person)) > 0


def address_of(tx: Session, person: str) -> Address | None:
    """The address that this person has."""
    return _address(tx, t.calendar.c.person == person)


def address(tx: Session, token: str) -> Address | None:
    """Whose address this is; None for whatever `new_address` did not make or that has ended."""
    return _address(tx, t.calendar.c.token == fingerprint(token))


def kept(tx: Session, address: Address) -> dict[str, Kept]:
    """What was read under this address last, by uid. What no key opens any more counts as never read."""
    found = {}
    for row in tx.execute(select(t.calendar_date).where(t.calendar_date.c.token == address.token)):
        try:
            shown = tx.seal.open(row.shown)
        except SealBroken:
            continue
        found[row.uid] = Kept(shown, row.version, row.sequence, row.changed_at)
    return found


def keep(tx: Session, address: Address, dates: Mapping[str, Kept]) -> None:
    """Keeps what is read under this address from now on, instead of what these uids said before."""
    for uid in sorted(dates):
        one = dates[uid]
        values = {"shown": tx.seal.seal(one.shown), "version": one.version}
        more = {"sequence": one.sequence, "changed_at": one.changed_at}
        put(tx, t.calendar_date, {"token": address.token, "uid": uid}, {**values, **more})


def drop(tx: Session, address: Address, uids: set[str]) -> None:
    """These dates are shown no more, and nothing of them is kept."""
    c = t.calendar_date.c
    tx.execute(delete(t.calendar_date).where(c.token == address.token, c.uid.in_(sorted(uids))))


def forget(tx: Session) -> int:
    """Deletes the addresses and visits of everybody who has left."""
    left = select(t.person.c.key).where(t.person.c.left_on.is_not(None))
    gone = changed(tx, delete(t.calendar).where(t.calendar.c.person.in_(left)))
    return gone + changed(tx, delete(t.visit).where(t.visit.c.person.in_(left)))


def fingerprint(token: str) -> str:
    """What is kept of a token. It is long and random, so that a plain hash cannot be reversed by guessing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _address(tx: Session, condition: object) -> Address | None:
    row = tx.execute(select(t.calendar).where(condition)).first()  # type: ignore[arg-type]  # a condition of ours
    return Address(row.token, row.person, row.language, row.made_on) if row else None
