"""The milestones of an initiative, ready to be put in words."""

from __future__ import annotations

from bot.milestones.standing import standings
from bot.milestones.words import Subject
from bot.playbook.model import Initiative
from bot.store import milestones
from bot.store.engine import Session
from bot.turn import Reader


def subjects_of(tx: Session, reader: Reader, initiative: Initiative) -> list[Subject]:
    """The milestones of an initiative by date, with what was said of them."""
    found = standings(initiative, milestones.reports(tx, initiative.id))
    return [Subject(initiative, one, reader.playbooks.organisation, reader.names) for one in found]
