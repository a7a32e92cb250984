"""Whose word is asked for: the owners of the units that an initiative affects, and what they were asked so far.

It reads in the transaction it is given and queues nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.milestones import telling
from bot.milestones.telling import Reader
from bot.owners.words import About
from bot.people.audience import viewer_of
from bot.playbook.access import may_know
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, people
from bot.store.owners import ASKED, ROLE, Word


def owners_of(tx: Session, initiative: Initiative, playbooks: Playbooks) -> Mapping[str, Reader | None]:
    """For each affected unit whoever answers for it: the owner or, where that one has left, the deputy; None where
    nobody is there who may know of the initiative."""
    units = playbooks.organisation.units
    found: dict[str, Reader | None] = {}
    for unit in initiative.written.units:
        there = units.get(unit.id)
        readers = (telling.reader(tx, one, playbooks) for one in (there.owner, there.deputy) if one) if there else ()
        known = (one for one in readers if one and may_know(viewer_of(one.person), initiative, units))
        found[unit.id] = next(known, None)
    return found


def unconfirmed(initiative: Initiative, words: Iterable[Word]) -> list[str]:
    """The units of which an owner was asked whether they answer for them and has not said so; `words` are theirs."""
    silent = {
        one.unit for one in words if one.initiative == initiative.id and one.subject == ROLE and one.state == ASKED
    }
    return [unit.id for unit in initiative.written.units if unit.id in silent]


def about(tx: Session, initiative: Initiative, playbooks: Playbooks) -> About:
    """What the texts need."""
    return About(initiative, playbooks.organisation, lambda key: _name(tx, key))


def _name(tx: Session, key: str) -> str:
    found = people.person(tx, key)
    return (found.name or found.email) if found else "–"
