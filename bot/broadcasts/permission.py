"""Who may compose a broadcast for whom, who decides about one, and who may stop it. Pure.

The rules:
- `messaging.author_limit` says for a role how far it writes: `all`, to everybody whom the initiative affects;
  `own-unit`, to the units that one is change agent of, else to one's own, with those below them; `none`, to nobody. A
  word that is none of these counts as `own-unit`. Of several roles the widest counts.
- Where it says nothing the project manager, the sponsor and administrators write to everybody, change agents to their
  own unit.
- These three stop or take back any broadcast of the initiative.
- A second person decides: the sponsor, the project manager or an administrator, never the author.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.people.audience import viewer_of
from bot.playbook.access import affected_unit, lineage, roles
from bot.playbook.model import Initiative, Playbooks
from bot.playbook.shared_files import Switch
from bot.store.broadcasts import Broadcast, Written
from bot.store.people import PersonRecord

LEADING = frozenset({"project-manager", "sponsor", "admin"})
OWN_UNIT, ALL, NONE = "own-unit", "all", "none"


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom somebody may compose: for everybody, or for these units and those below them; for nobody if neither."""

    everybody: bool = False
    units: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.everybody or bool(self.units)

    def holds(self, written: Written) -> bool:
        """Whether what was written stays within it."""
        return self.everybody or (bool(written.units) and not written.group and set(written.units) <= set(self.units))


def scope(person: PersonRecord, initiative: Initiative, playbooks: Playbooks) -> Scope:
    """For whom this person may compose in this initiative."""
    if not (person.member and person.email) or person.left_on is not None:
        return Scope()
    viewer, units = viewer_of(person), playbooks.organisation.units
    limits = initiative.written.messaging.author_limit
    held = [limits.get(role, ALL) for role in roles(viewer, initiative) & LEADING]
    held += [limits.get("change-agent", OWN_UNIT)] * ("change-agent" in roles(viewer, initiative))
    if ALL in held:
        return Scope(everybody=True)
    if not any(limit != NONE for limit in held):
        return Scope()
    agent_of = [unit for unit, agents in initiative.written.change_agents.items() if viewer.email in agents]
    own = agent_of or [affected_unit(viewer, initiative, units)]
    return Scope(units=tuple(id for id in units if set(lineage(id, units)) & set(own)))


def leads(person: PersonRecord, initiative: Initiative) -> bool:
    """Whether this person decides about what others have composed, and may stop it."""
    if not (person.member and person.email) or person.left_on is not None:
        return False
    return bool(roles(viewer_of(person), initiative) & LEADING)


def may_decide(person: PersonRecord, broadcast: Broadcast, initiative: Initiative) -> bool:
    """Whether this person is a second person for this broadcast."""
    return leads(person, initiative) and person.key != broadcast.author


def may_steer(person: PersonRecord, broadcast: Broadcast, initiative: Initiative, playbooks: Playbooks) -> bool:
    """Whether this person may see how far it is, stop it and take it back."""
    own = person.key == broadcast.author and scope(person, initiative, playbooks).holds(broadcast.written)
    return own or leads(person, initiative)


def allowed(switch: Switch, unit: str, playbooks: Playbooks) -> bool:
    """Whether `policy.yaml` allows this among the people of a unit ('' for the organisation as a whole)."""
    policy, units = playbooks.organisation.policy, playbooks.organisation.units
    off: Iterable[Switch] = (*policy.off, *(s for one in lineage(unit, units) for s in policy.off_in.get(one, ())))
    return switch not in off
