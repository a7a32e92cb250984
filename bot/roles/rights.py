"""Who may offer what somebody holds, who decides where a holder has left, and who may nominate. Pure.

It knows addresses and playbooks; who is there and who has left is handed in.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.playbook.access import lineage
from bot.playbook.model import Initiative, Playbooks
from bot.roles.held import Held
from bot.store.amendments import AGENT, LEADER, UNIT

Step = tuple[str, ...]


def deciders(playbooks: Playbooks, held: Held, holder: str, admins: Collection[str]) -> tuple[Step, ...]:
    """Who decides about what somebody held who has left, by whose turn it is (addresses, without the holder's).

    Of an initiative: the project manager, then the sponsor, then the administrators. Of a unit: the administrators,
    then whoever answers for the units above it, then the project managers of what affects it.
    """
    everyone = tuple(sorted(admins))
    if held.role == UNIT:
        units = playbooks.organisation.units
        above = [(units[id].owner,) for id in lineage(held.subject, units)[1:]]
        affecting = [one.written for one in playbooks.initiatives.values()]
        leaders = tuple(one.project_manager for one in affecting if held.subject in {unit.id for unit in one.units})
        steps: list[Step] = [everyone, *above, leaders]
    else:
        initiative = playbooks.initiatives.get(held.initiative)
        written = initiative.written if initiative else None
        steps = [(written.project_manager,), (written.sponsor,), everyone] if written else [everyone]
    found = (tuple(dict.fromkeys(address for address in step if address != holder)) for step in steps)
    return tuple(step for step in found if step)


def may_decide(playbooks: Playbooks, held: Held, holder: str, address: str, admins: Collection[str]) -> bool:
    """Whether this person may hand over what somebody held who has left."""
    return any(address in step for step in deciders(playbooks, held, holder, admins))


def may_nominate(playbooks: Playbooks, initiative: Initiative, unit: str, address: str) -> bool:
    """Whether this person may nominate change agents for a unit: the project manager, whoever answers for the unit, and
    its change agents, who name a successor of their own."""
    if not address or unit not in {one.id for one in initiative.written.units}:
        return False
    owner = playbooks.organisation.units[unit].owner if unit in playbooks.organisation.units else ""
    return address in (initiative.written.project_manager, owner) or succeeds(initiative, unit, address)


def succeeds(initiative: Initiative, unit: str, address: str) -> bool:
    """Whether this person is a change agent of the unit."""
    return address in initiative.written.change_agents.get(unit, ())


def nominates_a_successor(playbooks: Playbooks, initiative: Initiative, unit: str, address: str) -> bool:
    """Whether whom this person nominates takes their own place: change agents who have no other say in it."""
    owner = playbooks.organisation.units[unit].owner if unit in playbooks.organisation.units else ""
    return address not in (initiative.written.project_manager, owner)


TELLS_OF_IT = frozenset({LEADER, "sponsor"})
"""Roles that let somebody know of an initiative which is not open to them yet; for others it has to be."""
SEVERAL = frozenset({AGENT})
"""Roles that several people can have side by side."""
