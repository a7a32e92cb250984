"""How many people stand behind a case in confidence. It knows no name."""

from __future__ import annotations

from bot.store import Session, mailbox
from bot.store.cases import Case


def unnamed(tx: Session, case: Case) -> int:
    """How many stand behind it in confidence, its author among them where only the mailbox knows who that is."""
    return mailbox.joined(tx, [case.id]).get(case.id, 0) + int(case.confidential)
