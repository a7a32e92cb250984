"""One look at the clock: who is there, in whose working time, by which promises. What was looked up once is kept for
this look only, because anybody may leave before the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.cases.accountable import author_of, chain, is_there, left_out, manager
from bot.cases.working import calendar_for
from bot.messages import Card, Post
from bot.milestones import telling
from bot.milestones.telling import Reader
from bot.people.hours import Calendar
from bot.playbook.initiative_file import Sla
from bot.playbook.model import Playbooks
from bot.roles.giving import administrators
from bot.store import Session, deliveries
from bot.store.case_clocks import Running

AT_ONCE = 3
"""The severity from which nobody's right moment is waited for: work stops, or a rule is broken."""


@dataclass
class Look:
    """What is known at `now` (aware), within one transaction at a time (`at`)."""

    tx: Session
    playbooks: Playbooks
    now: datetime
    _calendars: dict[tuple[str, str], Calendar] = field(default_factory=dict)
    _readers: dict[str, Reader | None] = field(default_factory=dict)
    _authors: dict[str, str] = field(default_factory=dict)

    def at(self, tx: Session) -> Look:
        """The same look, in another transaction."""
        return Look(tx, self.playbooks, self.now, self._calendars, self._readers, self._authors)

    def sla(self, one: Running) -> Sla:
        """What its project promises."""
        initiative = self.playbooks.initiatives.get(one.initiative)
        return initiative.written.sla if initiative else Sla()

    def calendar(self, address: str, unit: str) -> Calendar:
        """The working time of whoever has this address, else of the unit."""
        key = (address, unit)
        if key not in self._calendars:
            self._calendars[key] = calendar_for(self.tx, self.playbooks, address, unit)
        return self._calendars[key]

    def reader(self, address: str) -> Reader | None:
        """Whoever has this address, if they are there."""
        if address not in self._readers:
            self._readers[address] = telling.reader(self.tx, address, self.playbooks) if address else None
        return self._readers[address]

    def name(self, address: str) -> str:
        """The name of whoever has this address, else the address."""
        return telling.names(self.tx)(address)

    def heir(self, one: Running) -> str:
        """The address of whoever answers for it instead of an owner who is gone; '' where nobody is there."""
        initiative = self.playbooks.initiatives.get(one.initiative)
        near = chain(self.playbooks, initiative, one.unit, one.avoid_owner, self._author(one)) if initiative else ()
        return next((who for who in (*near, *administrators(self.tx)) if is_there(self.tx, who)), "")

    def ladder(self, one: Running) -> tuple[tuple[int, str], ...]:
        """Who is above it and there: how far up, and the address. Neither its author nor whom they left out."""
        initiative = self.playbooks.initiatives.get(one.initiative)
        if initiative is None:
            return ()
        above = ((1, manager(initiative)), (2, initiative.written.sponsor))
        return tuple((level, who) for level, who in above if not self.apart(one, who) and is_there(self.tx, who))

    def apart(self, one: Running, address: str) -> bool:
        """Whether whoever has this address has no say in it: they raised it, or its author left them out."""
        out = left_out(self.playbooks, one.unit) if one.avoid_owner else frozenset[str]()
        return address in out or address == self._author(one)

    def _author(self, one: Running) -> str:
        key = one.asker or ""
        if key not in self._authors:
            self._authors[key] = author_of(self.tx, key)
        return self._authors[key]

    def tell(self, address: str, key: str, card: Card, severity: int) -> int:
        """Writes to one person about what they answer for, in their working time, or at once where it cannot wait."""
        whom = self.reader(address)
        if whom is None:
            return 0
        if severity >= AT_ONCE:
            return deliveries.enqueue(self.tx, [Post(key=key, card=card, person=whom.person.key)], self.now)
        telling.to_one(self.tx, key, whom, card, self.now)
        return 1
