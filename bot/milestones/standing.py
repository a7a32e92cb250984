"""Which date of a milestone holds and how it stands: the playbook, and what was said in chat. Who may say it. Pure.

A date that was accepted in chat holds until the file says another one than it said then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.playbook.access import lineage
from bot.playbook.initiative_file import InitiativeFile, Milestone
from bot.playbook.model import Initiative
from bot.playbook.shared_files import Unit
from bot.store.milestones import Report

NOTHING_SAID = Report()


@dataclass(frozen=True, slots=True)
class Standing:
    """A milestone with the date that holds (`on`) and what was last said of it. Its own date is the file's, which is
    `before` where another one was accepted in chat."""

    milestone: Milestone
    on: date
    report: Report = NOTHING_SAID
    before: date | None = None

    @property
    def id(self) -> str:
        """The milestone's id."""
        return self.milestone.id


def standings(initiative: Initiative, reports: Mapping[str, Report]) -> tuple[Standing, ...]:
    """The milestones of an initiative by date."""
    filed = {m.id: m.date for m in initiative.in_file.milestones}
    found = [
        standing(m.model_copy(update={"date": filed.get(m.id, m.date)}), reports.get(m.id, NOTHING_SAID))
        for m in initiative.written.milestones
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.id)))


def standing(milestone: Milestone, report: Report) -> Standing:
    """One milestone, as the file dates it, with what was said of it."""
    if report.moved_to is None or report.written != milestone.date:
        return Standing(milestone, milestone.date, report)
    return Standing(milestone, report.moved_to, report, milestone.date)


def said(initiative: Initiative, milestone: Milestone, locale: str) -> tuple[InitiativeFile, Milestone]:
    """The initiative's and the milestone's texts in this language, else as written."""
    text = initiative.text(locale)
    return text, next((m for m in text.milestones if m.id == milestone.id), milestone)


def units_of(initiative: Initiative, milestone: Milestone) -> tuple[str, ...]:
    """The units that a milestone concerns personally: all that are affected unless it names some."""
    return milestone.units or tuple(unit.id for unit in initiative.written.units)


def agents_of(initiative: Initiative, milestone: Milestone, units: Mapping[str, Unit]) -> tuple[str, ...]:
    """The change agents (addresses) of the units that a milestone concerns and of those below them."""
    found = agents_by_unit(initiative, milestone, units)
    return tuple(dict.fromkeys(agent for agents in found.values() for agent in agents))


def agents_by_unit(
    initiative: Initiative, milestone: Milestone, units: Mapping[str, Unit]
) -> Mapping[str, tuple[str, ...]]:
    """For each unit that a milestone concerns, and each below one, its change agents (addresses)."""
    concerned = set(units_of(initiative, milestone))
    there = initiative.written.change_agents.items()
    return {unit: tuple(agents) for unit, agents in there if concerned & {unit, *lineage(unit, units)}}


def decides(email: str, initiative: Initiative) -> bool:
    """Whether this person decides what is told and when: the project manager and the sponsor."""
    return bool(email) and email in (initiative.written.project_manager, initiative.written.sponsor)


def reports_on(email: str, initiative: Initiative, milestone: Milestone) -> bool:
    """Whether this person may say how a milestone stands: its owner, the project manager and the sponsor."""
    return decides(email, initiative) or (bool(email) and email == milestone.owner)
