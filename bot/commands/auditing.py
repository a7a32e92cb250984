"""`throughline audit`: verifies the audit chain and prints who did what. Persons are named where they still exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from bot.commands.terminal import count
from bot.store import audit, people
from bot.store.engine import Session


def lines(tx: Session, since: date | None) -> Iterator[str]:
    """The audit lines from this day on (UTC), the oldest first."""
    start = datetime.combine(since, time(), UTC) if since else None
    for line in audit.lines(tx, start):
        number = f"{line.seq:6d}" if line.seq is not None else "     -"
        who = _who(tx, line.actor)
        yield f"{number}  {line.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z  {who}  {line.action}  {line.subject}"


def _who(tx: Session, key: str) -> str:
    if not key:
        return "(the system)"
    found = people.person(tx, key)
    return (found.email or found.name or key) if found else f"(erased {key[:8]})"


def verdict(tx: Session) -> tuple[bool, str]:
    """Whether the chain is whole, in words."""
    broken = audit.verify(tx)
    if broken is None:
        waiting = sum(1 for line in audit.lines(tx) if line.seq is None)
        more = f", {waiting} more waiting for the clock to chain them" if waiting else ""
        return True, f"The audit trail is whole: {count(audit.length(tx), 'line')} chained{more}."
    return False, (
        f"The audit trail is broken at line {broken}: a line was changed, moved or taken out."
        " Compare it with a backup of the database."
    )
