"""Links to the pages and the sessions they open. Only fingerprints of the tokens are kept.

It decides nothing about who may have one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, insert_new


@dataclass(frozen=True, slots=True)
class Visit:
    """An open session: whose it is, and the mark of the roles that were held when it began."""

    person: str
    roles: str


def give_link(tx: Session, person: str, token: str, until: datetime) -> None:
    """Keeps a link of this person until this moment; an earlier one that was not used opens nothing any more."""
    tx.execute(delete(t.board_link).where(t.board_link.c.person == person))
    insert_new(tx, t.board_link, {"hash": _fingerprint(token), "person": person, "until": until})


def link(tx: Session, token: str, now: datetime) -> str:
    """The key of the person whose link this is, '' where it opens nothing (any more). It stays as it is."""
    c = t.board_link.c
    return tx.scalar(select(c.person).where(c.hash == _fingerprint(token), c.until > now)) or ""


def use_link(tx: Session, token: str, now: datetime) -> str:
    """As `link`, and the link opens nothing from now on: of several who try at once one has it."""
    person = link(tx, token, now)
    used = changed(tx, delete(t.board_link).where(t.board_link.c.hash == _fingerprint(token)))
    return person if used else ""


def begin_visit(tx: Session, token: str, visit: Visit, until: datetime) -> None:
    """Keeps a session until this moment."""
    values = {"hash": _fingerprint(token), "person": visit.person, "roles": visit.roles, "until": until}
    insert_new(tx, t.board_session, values)


def visit(tx: Session, token: str, now: datetime) -> Visit | None:
    """The session that this token belongs to, while it lasts."""
    c = t.board_session.c
    row = tx.execute(select(c.person, c.roles).where(c.hash == _fingerprint(token), c.until > now)).first()
    return Visit(row.person, row.roles) if row else None


def end_visit(tx: Session, token: str) -> bool:
    """Ends a session; False if there was none."""
    return changed(tx, delete(t.board_session).where(t.board_session.c.hash == _fingerprint(token))) == 1


def forget(tx: Session, now: datetime) -> int:
    """Deletes links and sessions whose time is over; says how many."""
    links = changed(tx, delete(t.board_link).where(t.board_link.c.until <= now))
    return links + changed(tx, delete(t.board_session).where(t.board_session.c.until <= now))


def _fingerprint(token: str) -> str:
    # The token is long and random, so that a plain hash cannot be reversed by guessing.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
