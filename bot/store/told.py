"""Who was given which version of what, so that they hear when it changes. Nobody can read who that was.

A row holds what was given and in which version, the person sealed, and the week; its mark says only that this person
was given this before. What counts as a change is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.seal import SealBroken
from bot.store.sql import changed, put
from bot.store.times import monday


@dataclass(frozen=True, slots=True)
class Version:
    """One version of something that can be given: a passage by its id, a fact by its initiative and key."""

    initiative: str
    subject: str
    version: str


@dataclass(frozen=True, slots=True)
class Given:
    """That somebody (a person's key) was given a version. `mark` is where it is kept."""

    mark: str
    person: str
    what: Version


def remember(tx: Session, person: str, given: Iterable[Version], today: date) -> None:
    """Keeps that this person was given these versions; of each subject only the last counts."""
    for what in sorted(given, key=lambda one: one.subject):
        _put(tx, person, what, monday(today))


def _put(tx: Session, person: str, what: Version, week: date) -> None:
    values = {
        "initiative": what.initiative,
        "subject": what.subject,
        "version": what.version,
        "person": tx.seal.seal(person),
        "week": week,
    }
    put(tx, t.told, {"mark": _mark(tx, person, what.subject)}, values)


def _mark(tx: Session, person: str, subject: str) -> str:
    return tx.seal.mark("told", subject, person)


def versions(tx: Session) -> list[Version]:
    """Every version that somebody was given last."""
    c = t.told.c
    rows = tx.execute(select(c.initiative, c.subject, c.version).distinct().order_by(c.initiative, c.subject))
    return [Version(row.initiative, row.subject, row.version) for row in rows]


def given(tx: Session, what: Version) -> list[Given]:
    """Everybody who was given this version last, but for those whose seal no key at hand opens."""
    c = t.told.c
    found = []
    for row in tx.execute(select(t.told).where(c.subject == what.subject, c.version == what.version).order_by(c.mark)):
        with suppress(SealBroken):
            found.append(Given(row.mark, tx.seal.open(row.person), what))
    return found


def given_otherwise(tx: Session, subject: str, version: str) -> list[Given]:
    """Everybody who was given this last in another version than this one, but for those whose seal no key opens."""
    c = t.told.c
    found = []
    for row in tx.execute(select(t.told).where(c.subject == subject, c.version != version).order_by(c.mark)):
        with suppress(SealBroken):
            what = Version(row.initiative, row.subject, row.version)
            found.append(Given(row.mark, tx.seal.open(row.person), what))
    return found


def count(tx: Session, what: Iterable[Version]) -> int:
    """How many different people were given at least one of these versions last."""
    return len({one.person for version in what for one in given(tx, version)})


def move(tx: Session, one: Given, to: Version | None) -> bool:
    """From now on this person has the other version (None: nothing is kept any more). True for one transaction alone:
    that one may tell them. The week stays that of the asking.
    """
    c = t.told.c
    mine = (c.mark == one.mark, c.version == one.what.version)
    week = tx.scalar(select(c.week).where(*mine).with_for_update())
    if week is None or not changed(tx, delete(t.told).where(*mine)):
        return False
    if to is not None:
        _put(tx, one.person, to, week)
    return True


def forget(tx: Session, older_than: date) -> int:
    """Deletes what was given last in a week before this day."""
    return changed(tx, delete(t.told).where(t.told.c.week < older_than))


def forget_person(tx: Session, person: str) -> int:
    """Deletes everything that is kept of what this person was given."""
    marks = [_mark(tx, person, what) for what in tx.scalars(select(t.told.c.subject).distinct())]
    return sum(changed(tx, delete(t.told).where(t.told.c.mark == mark)) for mark in marks)


def of_person(tx: Session, person: str) -> list[Version]:
    """What is kept of what this person was given."""
    marks = {_mark(tx, person, what) for what in tx.scalars(select(t.told.c.subject).distinct())}
    c = t.told.c
    rows = tx.execute(select(c.initiative, c.subject, c.version).where(c.mark.in_(marks)).order_by(c.subject))
    return [Version(row.initiative, row.subject, row.version) for row in rows]


def stored_files(tx: Session, scope: str) -> Iterator[Mapping[str, str]]:
    """The files of all stored versions of a playbook, the newest first."""
    c = t.playbook_version.c
    yield from tx.scalars(select(c.files).where(c.scope == scope).order_by(c.stored_at.desc()))
