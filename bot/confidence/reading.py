"""What somebody who stands behind cases in confidence may see of them. It is opened in memory and noted nowhere."""

from __future__ import annotations

from bot.store import Session, cases, mailbox
from bot.store.cases import Case


def mine(tx: Session, person: str) -> list[Case]:
    """The cases that this person (by their key) raised in confidence, by number. What still waits for its slot has no
    number yet and is not among them.
    """
    return _of(tx, person, mailbox.AUTHOR)


def joined_by(tx: Session, person: str) -> list[Case]:
    """The cases that this person joined in confidence, by number."""
    return _of(tx, person, mailbox.JOINED)


def _of(tx: Session, person: str, role: str) -> list[Case]:
    ids = {one.case for one in mailbox.of_person(tx, person) if one.role == role}
    found = [case for id in ids if (case := cases.case(tx, id))]
    return sorted(found, key=lambda case: case.number)
