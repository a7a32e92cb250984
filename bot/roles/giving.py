"""Handing something over: what somebody holds, whether it is still theirs, and that it is somebody else's from now on.

It reads and writes in the transaction it is given. Who may do what is decided in `rights`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.amending import amended, written_mark
from bot.playbook.model import Playbooks
from bot.roles.held import CASES, Held, held_by, holders
from bot.store import Session, accounts, amendments, audit, case_history, cases, people
from bot.store import milestones as kept
from bot.store.amendments import AGENT
from bot.store.people import PersonRecord


def in_force(tx: Session, playbooks: Playbooks) -> Playbooks:
    """The playbooks with what was accepted up to now, a moment ago included; what is found in them is not renewed."""
    return amended(playbooks, amendments.accepted(tx), tx.seal.mark)


def administrators(tx: Session) -> tuple[str, ...]:
    """The addresses of those in the directory who are administrators."""
    return tuple(one.email for one in people.directory(tx) if one.listed and "admin" in one.roles)


def inventory(tx: Session, playbooks: Playbooks, person: PersonRecord) -> tuple[tuple[Held, int], ...]:
    """All that this person holds: roles, milestones that are not done, and the open cases of each initiative with their
    number."""
    if not person.email:
        return ()
    roles = held_by(playbooks, person.email)
    concerned = sorted({one.initiative for one in roles if one.role == amendments.MILESTONE})
    done = {(id, name) for id in concerned for name, said in kept.reports(tx, id).items() if said.state == kept.DONE}
    open_ones = cases.open_of(tx, person.email)
    return (
        *((one, 0) for one in roles if one.role != amendments.MILESTONE or (one.initiative, one.subject) not in done),
        *((Held(CASES, initiative, person.key), count) for initiative, count in sorted(open_ones.items())),
    )


def count_of(tx: Session, held: Held) -> int:
    """How many open cases that is; 0 for a role."""
    owner = people.person(tx, held.subject) if held.role == CASES else None
    return cases.open_of(tx, owner.email).get(held.initiative, 0) if owner and owner.email else 0


def still_holds(tx: Session, playbooks: Playbooks, held: Held, holder: PersonRecord) -> bool:
    """Whether it is (still) this person's to give."""
    if held.role == CASES:
        return held.subject == holder.key and count_of(tx, held) > 0
    return bool(holder.email) and holder.email in holders(playbooks, held)


def hand_over(
    tx: Session, playbooks: Playbooks, held: Held, holder: PersonRecord | None, to: PersonRecord, by: str, now: datetime
) -> None:
    """From now on it is theirs, and no longer the holder's, if there is one. `by` is the key of who brought it about.
    The audit trail notes it."""
    if held.role == CASES:
        if holder is not None:
            case_history.hand_over(tx, holder.email, to.email, held.initiative, actor=by, now=now)
    else:
        if holder is not None and held.role == AGENT and holder.key != to.key:
            _amend(tx, playbooks, held, holder, now, removed=True)
        _amend(tx, playbooks, held, to, now, removed=False)
    before = f" from {holder.key}" if holder is not None else ""
    audit.note(tx, by, "role.taken", f"{held.ref}{before} to {to.key}", now)


def step_down(tx: Session, playbooks: Playbooks, held: Held, holder: PersonRecord, by: str, now: datetime) -> None:
    """From now on this person is a change agent there no longer. The audit trail notes it."""
    _amend(tx, playbooks, held, holder, now, removed=True)
    audit.note(tx, by, "role.left", f"{held.ref} from {holder.key}", now)


def _amend(
    tx: Session, playbooks: Playbooks, held: Held, person: PersonRecord, now: datetime, *, removed: bool
) -> None:
    written = written_mark(playbooks, (held.initiative, held.role, held.subject), tx.seal.mark)
    amendments.amend(tx, held.initiative, held.role, held.subject, person.key, written, now.date(), removed)


def first_there(tx: Session, steps: Iterable[tuple[str, ...]]) -> list[PersonRecord]:
    """Of people by whose turn it is, those of the first step in which somebody is there and can be written to."""
    for step in steps:
        found = (people.person_by_email(tx, address) for address in step)
        here = [one for one in found if one and one.left_on is None and accounts.of_person(tx, one.key)]
        if here:
            return here
    return []
