"""Which units have somebody who is asked first, and how many people have nobody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.people.audience import viewer_of
from bot.playbook.access import affected_unit
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, people


@dataclass(frozen=True, slots=True)
class Coverage:
    """An affected unit: its change agents who are here, those who are `gone` (addresses), and how many people it has,
    with those of the units below it that are not affected by themselves."""

    unit: str
    agents: tuple[str, ...]
    gone: tuple[str, ...]
    people: int

    @property
    def without(self) -> bool:
        """Whether nobody is asked first there."""
        return not self.agents


def coverage(tx: Session, initiative: Initiative, playbooks: Playbooks) -> tuple[Coverage, ...]:
    """Every affected unit, in the playbook's order. Somebody is here who is known to the database and has not left."""
    units, here = playbooks.organisation.units, [one for one in people.directory(tx) if one.listed]
    counts = Counter(affected_unit(viewer_of(one), initiative, units) for one in here)
    found = []
    for unit in initiative.written.units:
        named = initiative.written.change_agents.get(unit.id, ())
        there = tuple(address for address in named if _is_here(tx, address))
        gone = tuple(address for address in named if address not in there)
        found.append(Coverage(unit.id, there, gone, counts[unit.id]))
    return tuple(found)


def _is_here(tx: Session, address: str) -> bool:
    found = people.person_by_email(tx, address)
    return found is not None and found.left_on is None
