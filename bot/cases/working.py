"""In whose working time the clocks of a case are counted: that of whoever answers for it."""

from __future__ import annotations

from bot.people import calendar as personal
from bot.people.hours import Calendar, calendar_of
from bot.playbook.model import Playbooks
from bot.store import Session, people


def calendar_for(tx: Session, playbooks: Playbooks, address: str, unit: str = "") -> Calendar:
    """The working time of whoever has this address; where the directory does not know them, that of the unit."""
    units = playbooks.organisation.units
    person = people.person_by_email(tx, address) if address else None
    if person is not None:
        return personal.calendar_for(person, people.settings(tx, person.key), units)
    return calendar_of(units[unit]) if unit in units else Calendar(assumed=True)
