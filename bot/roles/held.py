"""What somebody can hold: a role in an initiative or a unit, or what people raised and is not answered. Pure.

It knows the playbooks that hold, and nothing of how something is offered or accepted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.amending import named
from bot.playbook.model import Initiative, Playbooks
from bot.store.amendments import AFTER, AGENT, LEADER, MILESTONE, SPONSOR, UNIT

CASES = "cases"
"""The open questions and concerns of an initiative that somebody answers for."""
ROLES = (SPONSOR, LEADER, AGENT, MILESTONE, UNIT, AFTER, CASES)
NOTHING = "-"
"""Stands where a reference has no initiative or subject."""


@dataclass(frozen=True, slots=True)
class Held:
    """Something that can be held. `subject` is the unit, the milestone, or of cases the key of whoever has them;
    `initiative` is '' for the owner of a unit."""

    role: str
    initiative: str
    subject: str = ""

    @property
    def ref(self) -> str:
        """How a button names it: one word."""
        return "/".join((self.role, self.initiative or NOTHING, self.subject or NOTHING))


def held_from(ref: str) -> Held | None:
    """What a button named; None for anything else that somebody may have typed."""
    parts = ["" if part == NOTHING else part for part in ref.split("/")]
    if len(parts) != len(Held.__slots__) or parts[0] not in ROLES:
        return None
    return Held(*parts)


def holders(playbooks: Playbooks, held: Held) -> tuple[str, ...]:
    """The addresses of those who hold it; none where there is no such thing, and for cases."""
    if held.role == UNIT:
        unit = playbooks.organisation.units.get(held.subject)
        return (unit.owner,) if unit else ()
    initiative = playbooks.initiatives.get(held.initiative)
    return (named(initiative.written, held.role, held.subject) or ()) if initiative else ()


def held_by(playbooks: Playbooks, address: str, done: Collection[tuple[str, str]] = ()) -> tuple[Held, ...]:
    """The roles that whoever has this address holds, units first; without the milestones (initiative and id) that are
    `done`. Cases are not among them."""
    units = playbooks.organisation.units.values()
    found = [Held(UNIT, "", unit.id) for unit in units if address and unit.owner == address]
    for initiative in sorted(playbooks.initiatives.values(), key=lambda one: one.written.name):
        found += [one for one in _within(initiative, address) if (one.initiative, one.subject) not in done]
    return tuple(found)


def _within(initiative: Initiative, address: str) -> Iterator[Held]:
    written, id = initiative.written, initiative.id
    for role in (SPONSOR, LEADER):
        if address and address in (named(written, role, "") or ()):
            yield Held(role, id)
    for unit, agents in written.change_agents.items():
        if address and address in agents:
            yield Held(AGENT, id, unit)
    for milestone in sorted(written.milestones, key=lambda one: (one.date, one.id)):
        if address and milestone.owner == address:
            yield Held(MILESTONE, id, milestone.id)
    if address and written.after and written.after.owner == address:
        yield Held(AFTER, id)


def everybody(playbooks: Playbooks) -> frozenset[str]:
    """The addresses of all who hold any role."""
    found = {unit.owner for unit in playbooks.organisation.units.values()}
    for initiative in playbooks.initiatives.values():
        written = initiative.written
        found |= {written.sponsor, written.project_manager, *(one.owner for one in written.milestones)}
        found |= {agent for agents in written.change_agents.values() for agent in agents}
        found |= {written.after.owner} if written.after else set()
    return frozenset(found)
