"""Which of the things a playbook says are decisions that people count on, and what they say. Pure.

Of a milestone only its date is one, with a date accepted in chat before the file's; of a target only its figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.learning import facts
from bot.learning.facts import GOALS, LEADER, SPONSOR
from bot.milestones.standing import Standing
from bot.playbook.model import Initiative

SCOPE = "scope"
_WHOLE = (SCOPE, GOALS, SPONSOR, LEADER)
_DATE, _TARGET = "milestones.", "kpis."
_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def fact_of(milestone: str) -> str:
    """Under which name the date of a milestone is kept."""
    return _DATE + milestone


def milestone_of(fact: str) -> str:
    """The milestone whose date this fact is, or ''."""
    return fact.removeprefix(_DATE) if fact.startswith(_DATE) else ""


def target_of(fact: str) -> str:
    """The measure whose target this fact is, or ''."""
    return fact.removeprefix(_TARGET) if fact.startswith(_TARGET) else ""


def values(initiative: Initiative, standings: Iterable[Standing]) -> dict[str, str]:
    """What holds now, by fact: dates as they are written in computers, goals and people by id and address."""
    said = facts.values(initiative.written)
    found = {fact: said[fact] for fact in _WHOLE if fact in said}
    for kpi in initiative.written.kpis:
        found[_TARGET + kpi.id] = said.get(_TARGET + kpi.id, "").removeprefix(kpi.name).removeprefix(": ")
    return found | {fact_of(one.id): one.on.isoformat() for one in standings}


def decisive(fact: str, before: str | None, after: str) -> bool:
    """Whether a decision differs between two wordings of a fact as answers give it; of one that nobody can read any
    more that is taken to be so."""
    if fact in _WHOLE or before is None:
        return fact in _WHOLE or fact.startswith((_DATE, _TARGET))
    if fact.startswith(_DATE):
        return _dates(before) != _dates(after)
    return fact.startswith(_TARGET) and before.rpartition(": ")[2] != after.rpartition(": ")[2]


def _dates(wording: str) -> list[str]:
    return _ISO_DATE.findall(wording.partition("\n")[0])[-1:]
