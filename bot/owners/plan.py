"""Which questions an owner of an affected unit is asked on a day, and until when their word is needed. Pure.

The rules:
- Of an open decision and of a milestone the owners of the units it concerns are asked what speaks against it, ten of
  their working days before its date; a word is needed three working days before it. What becomes known later is asked
  at once, as long as there is a working day to answer in; a new date is a new question.
- Whoever is silent is reminded once, on the last day.
- Whether somebody answers for their units is asked once of each project and unit, of all of them in one message a day.
  What else they would be asked on that day waits for the next working day; where that is too late, it goes first.
- An owner is asked while they are at work.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.delivery.moment import right_moment
from bot.milestones.plan import next_working_day, working_days_before
from bot.milestones.standing import Standing, units_of
from bot.people.hours import Calendar
from bot.playbook.model import Initiative
from bot.store.milestones import DONE

ASKED_BEFORE, WORD_BEFORE = 10, 3
"""Working days before a date on which its question is asked, and by which the word is needed."""
SOONEST = timedelta(days=60)
"""No question is asked earlier before its date than this, however few working days there are."""


@dataclass(frozen=True, slots=True)
class Open:
    """Something that is decided or reached on a day and can still be objected to, with the units it concerns."""

    subject: str
    on: date
    units: tuple[str, ...]


def open_ones(initiative: Initiative, standings: Collection[Standing], today: date) -> tuple[Open, ...]:
    """The open decisions with a date, and the milestones that are not reached, which still lie ahead; by date."""
    decisions = [(f"decision:{one.id}", one.until) for one in initiative.written.decisions if one.status == "open"]
    reached = [(f"milestone:{one.id}", one.on) for one in standings if one.report.state != DONE]
    found = [Open(ref, on, units_concerned(initiative, ref)) for ref, on in (*decisions, *reached) if on]
    ahead = [one for one in found if today < one.on <= today + SOONEST]
    return tuple(sorted(ahead, key=lambda one: (one.on, one.subject)))


def units_concerned(initiative: Initiative, subject: str) -> tuple[str, ...]:
    """The affected units that something concerns: of a milestone those it names, else all."""
    kind, _, id = subject.partition(":")
    milestone = next((m for m in initiative.written.milestones if kind == "milestone" and m.id == id), None)
    return units_of(initiative, milestone) if milestone else tuple(unit.id for unit in initiative.written.units)


def word_until(on: date, calendar: Calendar, today: date) -> date | None:
    """By which day an owner's word is needed who is asked today; None where this is not the day to ask."""
    if not calendar.works_on(today) or today < working_days_before(on, ASKED_BEFORE, calendar):
        return None
    until = working_days_before(on, WORD_BEFORE, calendar)
    if until <= today:
        until = next_working_day(today, calendar)
    return until if until < on else None


def can_wait(on: date, calendar: Calendar, today: date) -> bool:
    """Whether an owner can still be asked of this date on their next working day."""
    return word_until(on, calendar, next_working_day(today, calendar)) is not None


def at_work(calendar: Calendar, now: datetime) -> bool:
    """Whether what is asked now is read now, on a working day."""
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    return calendar.works_on(today) and right_moment(now, calendar) <= now


def overdue(until: date, calendar: Calendar, today: date) -> bool:
    """Whether the day on which a word was needed is over and those who wait for it are at work."""
    return today > until and calendar.works_on(today)
