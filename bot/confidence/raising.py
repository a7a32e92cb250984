"""What people say in confidence, put away sealed until the next slot. It is called where nothing else is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.cases.raised import Raised
from bot.cases.slots import next_slot, zone_of
from bot.playbook.model import Playbooks
from bot.store import Session, mailbox
from bot.store.cases import Case

CONCERN, JOIN, SAY = "concern", "join", "say"
AT_ONCE: Mapping[str, int] = {CONCERN: 3, JOIN: 10, SAY: 10}
"""So much of one person may wait for a slot. It is counted in what waits, so that nothing is kept of who wrote how
often."""


def submit(tx: Session, playbooks: Playbooks, author: str, raised: Raised, now: datetime) -> bool:
    """Puts a worry or a request of this person (by their key) away; at the next slot it becomes a case without a name.
    The same twice is one. False if too many of theirs wait already.
    """
    due = next_slot(now, raised.severity, zone_of(playbooks.organisation.units))
    return _put(tx, due, CONCERN, author, asdict(raised))


def join(tx: Session, playbooks: Playbooks, case: Case, person: str, now: datetime) -> bool:
    """From the next slot on this person stands behind the case too, in confidence. As `submit`."""
    due = next_slot(now, case.severity, zone_of(playbooks.organisation.units))
    return _put(tx, due, JOIN, person, {"case": case.id})


def say(tx: Session, playbooks: Playbooks, case: Case, person: str, step: str, text: str, now: datetime) -> bool:
    """What the author in confidence says to their case (one of `STEPS`) reaches those who answer at the next slot. As
    `submit`.
    """
    due = next_slot(now, case.severity, zone_of(playbooks.organisation.units))
    return _put(tx, due, SAY, person, {"case": case.id, "step": step, "text": text})


def _put(tx: Session, due: datetime, what: str, person: str, rest: Mapping[str, Any]) -> bool:
    # Else two taps on one button are two worries.
    mailbox.one_at_a_time(tx)
    theirs = [one for one in mailbox.waiting(tx) if (one.what, one.person) == (what, person)]
    if any(dict(one.rest) == dict(rest) for one in theirs):
        return True
    if len(theirs) >= AT_ONCE[what]:
        return False
    mailbox.put(tx, due, what, person, rest)
    mailbox.stir(tx)
    return True
