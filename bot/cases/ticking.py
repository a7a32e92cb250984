"""What the clock brings to cases: digests, warnings, steps up, reminders, and a word to whoever waits.

Each step is decided by how the case stands, and changes that or is noted in the transaction that does it: so several
clocks, one that ends in the middle, or one that was away for days, do it once and not for each day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.cases import auditing, deciding, digest, reminding
from bot.cases.escalation import WEEK, Step, promise_step, steps
from bot.cases.looking import Look
from bot.playbook.model import Playbooks
from bot.store import Session, Store, StoreUnavailable, case_clocks, occurrences
from bot.store.case_clocks import Running

log = logging.getLogger(__name__)

AT_ONCE = 50
"""So many steps are taken in one transaction: others wait a quarter of a second for it at most."""
Part = Callable[[Store, Playbooks, datetime], int]


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Does what is due at `now` (aware); says how many posts were queued. Whatever fails, the audit comes after it."""
    open_ones = _Open()
    parts = (partial(_steps, open_ones), partial(_digests, open_ones), deciding.close_unobjected)
    queued = sum(_whatever_fails(part, store, playbooks, now) for part in parts)
    return queued + auditing.audited(store, playbooks, now)


class _Open:
    """What runs, read once for all parts, and again after one of them has done something."""

    def __init__(self) -> None:
        self._read: list[Running] | None = None

    def of(self, tx: Session) -> list[Running]:
        """All that runs."""
        if self._read is None:
            self._read = case_clocks.running(tx)
        return self._read

    def changed(self) -> None:
        """It is not as it was read any more."""
        self._read = None


def _whatever_fails(part: Part, store: Store, playbooks: Playbooks, now: datetime) -> int:
    try:
        return part(store, playbooks, now)
    except StoreUnavailable:
        raise
    except Exception:
        log.exception("what was due of cases could not be done")
        return 0


def _steps(open_ones: _Open, store: Store, playbooks: Playbooks, now: datetime) -> int:
    with store.read() as tx:
        look = Look(tx, playbooks, now)
        due_now = [(one, step) for one in open_ones.of(tx) for step in _due(look, one)]
        due_now += [
            (one, step) for one in case_clocks.promised(tx, (now + 2 * WEEK).date()) for step in _owed(look, one)
        ]
        done = case_clocks.noted(tx, [step.key for _, step in due_now if step.key])
    todo = [(one, step) for one, step in due_now if step.key not in done]
    if todo:
        open_ones.changed()
    return sum(_together(store, look, todo[at : at + AT_ONCE]) for at in range(0, len(todo), AT_ONCE))


def _digests(open_ones: _Open, store: Store, playbooks: Playbooks, now: datetime) -> int:
    with store.read() as tx:
        look = Look(tx, playbooks, now)
        wanted = digest.wanted(look, open_ones.of(tx))
    if not wanted:
        return 0
    with store.begin() as tx:
        return sum(digest.give(look.at(tx), one) for one in wanted)


def _due(look: Look, one: Running) -> list[Step]:
    return list(steps(one, look.sla(one), look.calendar(one.owner, one.unit), look.now))


def _owed(look: Look, one: Running) -> list[Step]:
    found = promise_step(one, look.calendar(one.owner, one.unit), look.now)
    return [found] if found else []


def _together(store: Store, look: Look, todo: Sequence[tuple[Running, Step]]) -> int:
    """Some steps in one transaction: one for each takes ten times as long where thousands are due."""
    with store.begin() as tx:
        case_clocks.hold(tx, [one.id for one, _ in todo])
        return sum(_guarded(look.at(tx), one, step) for one, step in todo)


def _guarded(look: Look, one: Running, step: Step) -> int:
    """One case that cannot be dealt with does not stop the others; the auditor finds it."""
    try:
        with look.tx.begin_nested():
            if step.key and not occurrences.first_time(look.tx, step.key, look.now):
                return 0
            return reminding.DOES[step.what](look, one)
    except StoreUnavailable:
        raise
    except Exception:
        log.exception("what was due of case %d could not be done", one.number)
        return 0
