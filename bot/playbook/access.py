"""Who may know of an initiative and who may read a passage. Pure, deny by default, and asked before anything is ranked.

It knows no database and no platform: a `Viewer` is put together by whoever knows the person and the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.playbook.initiative_file import Audience
from bot.playbook.model import Initiative, Passage, Playbooks
from bot.playbook.shared_files import Unit


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads an answer, as far as permission goes.

    `outsider`: a guest, partner or stranger is the reader, or reads along. `crowd`: the answer stands where
    others read it, so it holds only what everybody there may read. `everywhere`: taken to be in every affected
    unit (`throughline ask`).
    """

    email: str = ""
    unit: str = ""
    location: str = ""
    admin: bool = False
    outsider: bool = False
    crowd: bool = False
    everywhere: bool = False


def lineage(unit: str, units: Mapping[str, Unit]) -> tuple[str, ...]:
    """The unit and all above it, nearest first. Stops at a circle or an unknown parent."""
    found: list[str] = []
    while unit and unit in units and unit not in found:
        found.append(unit)
        unit = units[unit].parent or ""
    return tuple(found)


def affected_unit(viewer: Viewer, initiative: Initiative, units: Mapping[str, Unit]) -> str:
    """The affected unit that speaks for this viewer: the own one or the nearest above it, else ''."""
    affected = {u.id for u in initiative.written.units}
    return next((u for u in lineage(viewer.unit, units) if u in affected), "")


def roles(viewer: Viewer, initiative: Initiative) -> frozenset[str]:
    """The roles a viewer has in this initiative. A unit owner is no role: see `owns_unit`."""
    if viewer.outsider:
        return frozenset()
    written = initiative.written
    held = {"employee"}
    if viewer.admin:
        held.add("admin")
    if viewer.email:
        if viewer.email == written.sponsor:
            held.add("sponsor")
        if viewer.email == written.project_manager:
            held.add("project-manager")
        if any(viewer.email in agents for agents in written.change_agents.values()):
            held.add("change-agent")
    return frozenset(held)


def leads(viewer: Viewer, playbooks: Playbooks) -> bool:
    """Whether the viewer holds any role beyond that of an employee, in an initiative or for a unit."""
    if viewer.outsider or not viewer.email:
        return False
    owns = any(unit.owner == viewer.email for unit in playbooks.organisation.units.values())
    return owns or any(roles(viewer, one) != {"employee"} for one in playbooks.initiatives.values())


def may_know(viewer: Viewer, initiative: Initiative, units: Mapping[str, Unit]) -> bool:
    """Whether this viewer may learn that the initiative exists.

    Before `live` only sponsor, project manager and admins may, and in `pilot` whom it names there; nobody
    learns of it where others read along.
    """
    written = initiative.written
    if viewer.outsider:
        return written.status == "live" and any(p.audience == "public" for p in initiative.passages)
    if written.status == "live":
        return True
    if viewer.crowd:
        return False
    if roles(viewer, initiative) & {"sponsor", "project-manager", "admin"}:
        return True
    if written.status != "pilot":
        return False
    return viewer.email in written.pilot.people or bool(set(lineage(viewer.unit, units)) & set(written.pilot.units))


def known(viewer: Viewer, playbooks: Playbooks) -> tuple[Initiative, ...]:
    """The initiatives this viewer may know of, by name."""
    units = playbooks.organisation.units
    found = (i for i in playbooks.initiatives.values() if may_know(viewer, i, units))
    return tuple(sorted(found, key=lambda i: i.written.name))


def in_audience(viewer: Viewer, name: str, initiative: Initiative, units: Mapping[str, Unit]) -> bool:
    """Whether the viewer belongs to the audience of this name in this initiative.

    A name that only `channels` knows means all affected, as playbook-format says of a page's permission.
    """
    if viewer.outsider:
        return False
    if name == "change-agents":
        return "change-agent" in roles(viewer, initiative)
    defined = initiative.written.audiences.get(name)
    if defined is None:
        return viewer.everywhere or bool(affected_unit(viewer, initiative, units))
    return _matches(viewer, defined, initiative, units)


def _matches(
    viewer: Viewer,
    audience: Audience,
    initiative: Initiative,
    units: Mapping[str, Unit],
) -> bool:
    if viewer.email and viewer.email in audience.people:
        return True
    if not (audience.units or audience.roles or audience.locations):
        return False
    if audience.units:
        above = set(lineage(viewer.unit, units))
        affected = {u.id for u in initiative.written.units}
        inside = affected & set(audience.units) if viewer.everywhere else above & set(audience.units)
        if not inside:
            return False
    if audience.roles and not roles(viewer, initiative) & set(audience.roles):
        return False
    return not audience.locations or viewer.location in audience.locations


def may_read(viewer: Viewer, passage: Passage, initiative: Initiative, units: Mapping[str, Unit]) -> bool:
    """Whether this passage may be quoted to this viewer. Does not ask `may_know`: the caller has."""
    if passage.audience == "public":
        return True
    if viewer.outsider:
        return False
    if not passage.audience:
        return True
    return not viewer.crowd and in_audience(viewer, passage.audience, initiative, units)
