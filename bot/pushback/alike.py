"""Whether somebody has raised the same already: the open case that comes nearest, and how many stand behind it.

What others wrote is never shown; it is told by what it is about.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.learning.counting import SHOWN_FROM
from bot.store import Session, case_supporters, mailbox, people
from bot.store.cases import Case
from bot.themes import alike
from bot.triage.verdict import DRIVERS, Driver

LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class Similar:
    """An open case that is similar, and the number of people behind it. `names_unit`: so many people are in its unit
    that the unit can be named without showing who they are."""

    case: Case
    people: int
    names_unit: bool

    @property
    def driver(self) -> Driver:
        """What it is about."""
        return next((driver for driver in DRIVERS if driver == self.case.driver), "none")


def similar_to(
    tx: Session, initiative: str, unit: str, text: str, person: str, answers_for: Collection[str] = ()
) -> Similar | None:
    """The open concern of this initiative that is most similar to the text, those of the unit first; None where there
    is none, or where this person stands behind it already under their name. `answers_for` are the units of which they
    are owner or deputy: that somebody there left them out is nothing they hear of."""
    found = sorted(alike(tx, initiative, "", text, LOOKED_AT), key=lambda one: one[0].unit != unit)
    for case, _ in found:
        if case.kind != "concern" or (case.avoid_owner and case.unit in answers_for):
            continue
        if person in (case.asker, *case_supporters.supporters(tx, case.id)):
            return None
        return Similar(case, behind(tx, case), _large(tx, case.unit))
    return None


def behind(tx: Session, case: Case) -> int:
    """How many people stand behind a case, under their name or in confidence, whoever raised it included."""
    return 1 + len(case_supporters.supporters(tx, case.id)) + mailbox.joined(tx, [case.id]).get(case.id, 0)


def _large(tx: Session, unit: str) -> bool:
    return bool(unit) and sum(one.unit == unit for one in people.directory(tx)) >= SHOWN_FROM
