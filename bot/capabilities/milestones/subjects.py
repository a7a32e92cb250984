"""Which milestones there are, and of which of them somebody may say how they stand."""

from __future__ import annotations

from datetime import date

from bot.milestones.standing import reports_on, standings
from bot.milestones.words import Subject
from bot.playbook.model import Initiative
from bot.store import milestones as kept
from bot.turn import Turn


def subjects_of(turn: Turn, initiative: Initiative) -> list[Subject]:
    """The milestones of an initiative by date, with what was said of them."""
    found = standings(initiative, kept.reports(turn.tx, initiative.id))
    organisation = turn.reader.playbooks.organisation
    return [Subject(initiative, one, organisation, turn.reader.names) for one in found]


def milestones_of(turn: Turn) -> list[Subject]:
    """The milestones of which this person may say how they stand."""
    if not (turn.person.member and turn.person.email):
        return []
    there = (subject for one in turn.reader.initiatives() for subject in subjects_of(turn, one))
    return [s for s in there if reports_on(turn.person.email, s.initiative, s.standing.milestone)]


def day_in(text: str) -> date | None:
    """The date that a text is, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
