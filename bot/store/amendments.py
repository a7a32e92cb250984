"""What was accepted in chat and holds over the playbooks until the file's own value is edited: roles, and new dates.

Kept by person, with a mark of what the file said then. Who may accept what is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import changed, put

SPONSOR, LEADER, AGENT, MILESTONE, UNIT, AFTER = (
    "sponsor",
    "project-manager",
    "change-agent",
    "milestone",
    "unit",
    "after",
)
"""Roles: in an initiative sponsor, project manager, change agent of a unit, owner of a milestone, and who answers for
it afterwards; in the organisation the owner of a unit."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """Somebody (an address) who took on a role, or with `removed` gave it up. `subject` is the unit or the milestone;
    `initiative` is '' for the owner of a unit. `written` is the mark of what the file said then."""

    initiative: str
    role: str
    subject: str
    address: str
    removed: bool
    written: str


@dataclass(frozen=True, slots=True)
class NewDate:
    """The date of a milestone that was released in chat when the file said `written`."""

    initiative: str
    milestone: str
    to: date
    written: date


@dataclass(frozen=True, slots=True)
class Accepted:
    """All that was accepted in chat, in a fixed order."""

    roles: tuple[Amendment, ...] = ()
    dates: tuple[NewDate, ...] = ()


def accepted(tx: Session) -> Accepted:
    """All that was accepted in chat, whether the files say something else by now or not. Of somebody without an address
    nothing."""
    c, m = t.amendment.c, t.milestone.c
    roles = select(t.amendment, t.person.c.email).join_from(t.amendment, t.person, c.person == t.person.c.key)
    rows = tx.execute(roles.where(t.person.c.email.is_not(None)).order_by(c.initiative, c.role, c.subject, c.slot))
    dates = select(m.initiative, m.milestone, m.moved_to, m.written).where(m.moved_to.is_not(None))
    moved = tx.execute(dates.order_by(m.initiative, m.milestone))
    return Accepted(
        tuple(Amendment(r.initiative, r.role, r.subject, r.email, r.removed, r.written) for r in rows),
        tuple(NewDate(r.initiative, r.milestone, r.moved_to, r.written) for r in moved),
    )


def amend(
    tx: Session,
    initiative: str,
    role: str,
    subject: str,
    person: str,
    written: str,
    today: date,
    removed: bool = False,
) -> None:
    """From now on this person (a key) has this role, or with `removed` has it no longer. A role that one person alone
    can have goes over from whoever had it in chat."""
    slot = person if role == AGENT else ""
    key = {"initiative": initiative, "role": role, "subject": subject, "slot": slot}
    put(tx, t.amendment, key, {"person": person, "removed": removed, "written": written, "since": today})


def forget(tx: Session, older_than: date) -> int:
    """Deletes what was accepted before this day in initiatives that are in force no longer; says how many."""
    c, in_force = t.amendment.c, select(t.playbook_in_force.c.scope)
    old = (c.initiative != "", c.since < older_than, c.initiative.not_in(in_force))
    return changed(tx, delete(t.amendment).where(*old))
