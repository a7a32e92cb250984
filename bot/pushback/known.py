"""Which facts meet which worry: a table, and how much of it is said. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.playbook.model import Initiative
from bot.pushback import facts
from bot.pushback.facts import Asked
from bot.triage.verdict import Driver
from bot.turn import Reader

Fact = Callable[[Asked], str]
MOST = 2

FACTS: Mapping[Driver, tuple[Fact, ...]] = {
    "conflicting-priorities": (facts.people_and_time, facts.steps, facts.open_decisions),
    "role-threatened": (facts.jobs, facts.stays, facts.losses),
    "fear-of-change": (facts.stays, facts.steps, facts.help_there),
    "benefit-unclear": (facts.gains, facts.measures, facts.otherwise),
    "workload": (facts.people_and_time, facts.gains, facts.losses),
    "skills-support": (facts.training, facts.help_there),
    "data-security": (facts.page, facts.risk),
    "technical": (facts.page, facts.risk, facts.help_there),
    "cost": (facts.budget, facts.measures, facts.otherwise),
    "not-consulted": (facts.open_decisions, facts.people_and_time),
    "timing": (facts.steps, facts.open_decisions),
    "past-failures": (facts.history, facts.steps),
    "none": (facts.page, facts.changes),
}
"""What may settle a worry of each kind, the best first."""


def known_for(reader: Reader, initiative: Initiative, driver: Driver, text: str) -> tuple[str, ...]:
    """At most two lines of what the initiative says that this reader may read and that meets the worry; () where
    nothing does."""
    asked = Asked(reader, initiative, reader.unit_in(initiative), text)
    return tuple(dict.fromkeys(line for fact in FACTS[driver] if (line := fact(asked))))[:MOST]
