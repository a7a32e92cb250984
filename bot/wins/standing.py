"""Who may say a win and for which unit, who decides about it, and who may read it. Pure.

The rules:
- There are wins only of an initiative that is live, and in a pilot only in its units. Of a draft there are none.
- A change agent says a win for the unit they are change agent of; project manager and sponsor for any affected unit.
- Anybody else suggests one for the affected unit they belong to. The change agents of that unit decide, or of the
  nearest unit above it that has some; where there are none, the project manager.
- What was told in a unit is read there, and by whoever decides about it; what was approved by everybody who may know
  of the initiative. Where others read along only what was approved is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.milestones.standing import decides
from bot.playbook.access import Viewer, affected_unit, lineage, may_know
from bot.playbook.model import Initiative, Playbooks
from bot.playbook.shared_files import Unit


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody can say a win: an initiative and a unit. Without `tells` it is a suggestion."""

    initiative: Initiative
    unit: str
    tells: bool


def is_live(initiative: Initiative, unit: str, units: Mapping[str, Unit]) -> bool:
    """Whether there can be wins of this initiative in this unit."""
    written = initiative.written
    if written.status == "pilot":
        return bool(set(lineage(unit, units)) & set(written.pilot.units))
    return written.status == "live"


def spots(viewer: Viewer, playbooks: Playbooks) -> tuple[Spot, ...]:
    """Where this viewer, written to directly, can say a win; nothing for guests."""
    units, found = playbooks.organisation.units, list[Spot]()
    for initiative in playbooks.initiatives.values():
        if viewer.outsider or not viewer.email or not may_know(viewer, initiative, units):
            continue
        own = _tells_for(viewer, initiative)
        mine = own or tuple(filter(None, [affected_unit(viewer, initiative, units)]))
        found += [Spot(initiative, unit, bool(own)) for unit in mine if is_live(initiative, unit, units)]
    return tuple(sorted(found, key=lambda one: (one.initiative.written.name, one.unit)))


def tells(email: str, initiative: Initiative, unit: str, units: Mapping[str, Unit]) -> bool:
    """Whether this person may tell this unit of a win by themselves, and decides about what is suggested in it."""
    there = initiative.written.change_agents
    agents = {agent for one in lineage(unit, units) for agent in there.get(one, ())}
    return bool(email) and (email in agents or decides(email, initiative))


def _tells_for(viewer: Viewer, initiative: Initiative) -> tuple[str, ...]:
    written = initiative.written
    mine = tuple(unit for unit, agents in written.change_agents.items() if viewer.email in agents)
    return mine or (tuple(unit.id for unit in written.units) if decides(viewer.email, initiative) else ())


def deciders(initiative: Initiative, unit: str, units: Mapping[str, Unit]) -> tuple[str, ...]:
    """The change agents (addresses) who decide about what is suggested in a unit; none where there are none."""
    there = initiative.written.change_agents
    return next((tuple(there[one]) for one in lineage(unit, units) if there.get(one)), ())


def beyond(unit: str, initiative: Initiative, units: Mapping[str, Unit]) -> tuple[str, ...]:
    """The affected units that have not heard of what was told in this one. Where it is a part of one of them, that
    one is among them."""
    return tuple(one.id for one in initiative.written.units if unit not in lineage(one.id, units))


@dataclass(frozen=True, slots=True)
class Readable:
    """Which wins somebody may read: the approved ones of the initiatives `everywhere`, of these what was told in their
    own `units`, and all that were told in the initiatives `led`."""

    everywhere: tuple[str, ...]
    units: tuple[str, ...] = ()
    led: tuple[str, ...] = ()


def readable(viewer: Viewer, initiatives: Iterable[Initiative], units: Mapping[str, Unit]) -> Readable:
    """What this viewer may read of these initiatives."""
    if viewer.outsider:
        return Readable(())
    there = [i for i in initiatives if i.written.status in ("live", "pilot") and may_know(viewer, i, units)]
    everywhere = tuple(one.id for one in there)
    if viewer.crowd:
        return Readable(everywhere)
    led = tuple(i.id for i in there if decides(viewer.email, i))
    return Readable(everywhere, (*lineage(viewer.unit, units), *_agent_of(viewer, there)), led)


def _agent_of(viewer: Viewer, there: Iterable[Initiative]) -> list[str]:
    return [unit for one in there for unit, agents in one.written.change_agents.items() if viewer.email in agents]
