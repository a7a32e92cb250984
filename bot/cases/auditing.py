"""The auditor: proves at every tick that no open case is without somebody who answers for it and a running clock, nor
lost in any other way. It mends what can be mended, and tells the administrators the rest.

It trusts nothing that other parts are meant to do: it looks at what is stored, after everything else was done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.cases.cards import owner_card
from bot.cases.chasing import led
from bot.cases.clock import started
from bot.cases.digest import KINDS
from bot.cases.escalation import without_owner
from bot.cases.looking import Look
from bot.cases.losses import Loss, losses
from bot.cases.watch import SILENT, TICK
from bot.messages import Card
from bot.milestones import telling
from bot.playbook.model import Playbooks
from bot.roles.giving import administrators
from bot.store import Session, Store, StoreUnavailable, audit, case_clocks, cases, occurrences, ticks
from bot.store.case_clocks import HEALED, LOST, Running
from bot.words import Words

log = logging.getLogger(__name__)

SHOWN = 20


def audited(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Looks after all open cases; says how many posts were queued. That it could not is told once a day."""
    try:
        # Nobody waits while everything is looked at; what is lost is mended only where it is as it was read.
        with store.read() as tx:
            look = Look(tx, playbooks, now)
            found, without_mailbox = _found(look)
        with store.begin() as tx:
            ticks.since(tx, TICK, now)
            return _Audit(look.at(tx)).do(found, without_mailbox)
    except StoreUnavailable:
        raise
    except Exception:
        log.exception("the audit of open cases failed")
    with store.begin() as tx:
        return _tell_of_silence(Look(tx, playbooks, now))


Lost = tuple[Running, tuple[Loss, ...]]


def _found(look: Look) -> tuple[list[Lost], list[int]]:
    """The cases that are lost, and the numbers of those whose mailbox is gone. Only reads."""
    projects, running = look.playbooks.initiatives, case_clocks.running(look.tx)
    judged = ((one, losses(one, look.calendar(one.owner, one.unit), look.now, projects)) for one in running)
    found = [(one, how) for one, how in judged if how]
    astray = _astray(look.tx)
    merged = (Loss("merged", {"merged_into": None, "state": "reopened"}, anew=True),)
    found += [(one, merged) for one in (case_clocks.of_ids(look.tx, astray) if astray else ())]
    undone = {"state": "reopened", "decision": None, "decided_on": None, "promised_for": None}
    found += [(one, (Loss("reason", undone, anew=True),)) for one in case_clocks.unexplained(look.tx)]
    return found, case_clocks.without_mailbox(look.tx)


def _astray(tx: Session) -> list[str]:
    """The cases that go on in one that is not there, or in each other."""
    goes_on = case_clocks.merged(tx)
    there = case_clocks.going_on(tx, set(goes_on.values()))
    return [one for one in goes_on if not _ends(one, goes_on, there)]


class _Audit:
    """What comes of one audit, in one transaction."""

    def __init__(self, look: Look) -> None:
        self._look, self._tx, self._now = look, look.tx, look.now
        self._healed: list[tuple[int, str]] = []
        self._open: list[tuple[int, str]] = []
        self._queued = 0

    def do(self, found: Iterable[Lost], without_mailbox: Iterable[int]) -> int:
        for one, how in found:
            self._mend(one, how)
        self._open += [(number, "mailbox") for number in without_mailbox]
        self._note()
        return self._queued

    def _mend(self, one: Running, found: tuple[Loss, ...]) -> None:
        if not found:
            return
        mends: dict[str, Any] = {}
        for loss in found:
            mends |= loss.mends or {}
        heir = self._look.heir(one) if any(loss.why == "owner" for loss in found) and not one.owner_there else ""
        if heir:
            mends["owner"] = heir
        mends |= self._clocks(one, mends, anew=any(loss.anew for loss in found))
        beyond = {loss.why for loss in found if loss.mends is None}
        if "owner" not in mends and without_owner(one, self._now):
            beyond.add("owner")
        mended = [loss.why for loss in found if loss.why not in beyond]
        if mended and case_clocks.move(self._tx, one, "restored", self._now, **mends):
            audit.note(self._tx, "", "case.restored", f"case {one.number}: {', '.join(sorted(set(mended)))}", self._now)
            self._healed += [(one.number, why) for why in dict.fromkeys(mended)]
            self._show(one, heir)
        self._open += [(one.number, why) for why in sorted(beyond)]

    def _clocks(self, one: Running, mends: Mapping[str, Any], *, anew: bool) -> dict[str, Any]:
        owner = mends.get("owner", one.owner)
        calendar = self._look.calendar(owner, one.unit)
        if not anew:
            return {}
        severity = mends.get("severity", one.severity)
        clocks = started(self._look.sla(one), severity, self._now, calendar)
        responds = mends.get("state", one.state) in ("new", "reopened") and one.kind in KINDS
        return {"respond_until": clocks.respond_until if responds else None, "due_at": clocks.decide_until}

    def _show(self, one: Running, heir: str) -> None:
        whom, case = self._look.reader(heir), cases.case(self._tx, one.id) if heir else None
        if whom is None or case is None:
            return
        card = led(whom.words("case-late.given-nobody"), owner_card(self._tx, self._look.playbooks, case, whom))
        self._queued += self._look.tell(heir, f"case:{one.number}:restored:{self._now:%Y%m%dT%H%M}", card, one.severity)

    def _note(self) -> None:
        case_clocks.set_count(self._tx, LOST, len({number for number, _ in self._open}))
        if self._healed:
            healed = len({number for number, _ in self._healed})
            case_clocks.set_count(self._tx, HEALED, case_clocks.count(self._tx, HEALED) + healed)
        if self._healed or self._open:
            self._queued += _tell_administrators(
                self._look, "case-lost", lambda words: lost_card(words, self._healed, self._open)
            )


def _ends(id: str, goes_on: Mapping[str, str], there: set[str]) -> bool:
    seen = set[str]()
    while id in goes_on:
        if id in seen or goes_on[id] not in there:
            return False
        seen.add(id)
        id = goes_on[id]
    return True


def lost_card(words: Words, healed: list[tuple[int, str]], left: list[tuple[int, str]]) -> Card:
    """What was found, by number and reason; nothing of what was written in it."""
    rows = [("case-lost.row-open", *one) for one in left] + [("case-lost.row-healed", *one) for one in healed]
    lines = [f"- {words(key, number=number, why=words(f'case-lost.{why}'))}" for key, number, why in rows[:SHOWN]]
    more = words.count("case-digest.more", len(rows) - SHOWN) if len(rows) > SHOWN else ""
    body = "\n\n".join(part for part in (words("case-lost.lead"), "\n".join(lines), more) if part)
    return Card(title=words("case-lost.title"), body=body, locale=words.language)


def _tell_of_silence(look: Look) -> int:
    """The audit could not be done: where the last one is too old, administrators are told."""
    last = case_clocks.last_audit(look.tx, TICK)
    if last is not None and look.now - last < SILENT:
        return 0
    return _tell_administrators(look, "case-audit-silent", lambda words: silent_card(words, last))


def silent_card(words: Words, last: datetime | None) -> Card:
    """That nothing watches over open cases, and since when."""
    body = words("case-lost.silent", moment=words.moment(last)) if last else words("case-lost.silent-ever")
    return Card(title=words("case-lost.silent-title"), body=body, locale=words.language)


def _tell_administrators(look: Look, what: str, say: Callable[[Words], Card]) -> int:
    """Once a day."""
    if not occurrences.first_time(look.tx, f"{what}:{look.now.date()}", look.now):
        return 0
    readers = [whom for one in administrators(look.tx) if (whom := look.reader(one))]
    for whom in readers:
        telling.to_one(look.tx, f"{what}:{look.now.date()}:{whom.person.key}", whom, say(whom.words), look.now)
    return len(readers)
