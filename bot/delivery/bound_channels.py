"""Which channels an announcement goes to: those that somebody bound to its audience or to a unit of it.

The rules:
- A channel of a named audience gets what is for that whole audience; a channel of a unit what is for that unit, for one
  above it or, if one of these is affected, for all affected. What is only for some of their people goes to no channel.
- Before an initiative is live nothing of it goes to a channel. Where guests or partners read, no channel is bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.messages import Place
from bot.playbook.access import lineage
from bot.playbook.model import Initiative
from bot.playbook.shared_files import Unit
from bot.store import Session, channels
from bot.store.announcements import Audience

ALL_AFFECTED = "all-affected"


@dataclass(frozen=True, slots=True)
class Channel:
    """A place that is bound to an audience, and the unit it belongs to, if it belongs to one."""

    place: Place
    unit: str = ""


def bound(tx: Session, audience: Audience, initiative: Initiative, units: Mapping[str, Unit]) -> list[Channel]:
    """The channels of this audience, each once; one that the platform refuses is none."""
    if initiative.written.status != "live" or audience.roles or audience.locations:
        return []
    affected = {u.id for u in initiative.written.units} if audience.name == ALL_AFFECTED else set[str]()
    wanted = set(audience.units) or affected
    found: dict[Place, Channel] = {}
    for binding in channels.all_bindings(tx):
        named = (binding.initiative, binding.audience) == (initiative.id, audience.name) and not audience.units
        of_unit = binding.initiative == "" and wanted.intersection(lineage(binding.audience, units))
        if (named or of_unit) and not binding.refused:
            found.setdefault(binding.place, Channel(binding.place, binding.audience if of_unit else ""))
    return list(found.values())
