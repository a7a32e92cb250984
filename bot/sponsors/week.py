"""The week of an initiative: which dates are worth a sponsor's time, and whether there is anything to say. Pure.

The rules:
- A date is listed if it was done, moved, reported at risk or passed in the week, or if it lies within the next four
  weeks. What is at risk or has passed unconfirmed for longer stays in the review, by name.
- Measures stand there in the first week of a month: their targets do not change from Monday to Monday.
- Nothing is said where there is no such date, nothing was raised or answered, nothing was asked that is not written and
  nothing was announced: a message that says what the last one said costs attention.
- How many people did something is said from five on; what is open is work, and is counted exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.milestones.roadmap import stands
from bot.milestones.standing import Standing
from bot.milestones.words import Subject
from bot.pictures.signs import State
from bot.store.milestones import Slip
from bot.store.weeks import Raised, Reach

AHEAD = timedelta(days=28)
LEAST_PEOPLE = 5
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """What is known of an initiative's week, which began on the day `since`. `subjects` are all its milestones by date;
    `unwritten` is how many questions were asked to which nothing is written; `moved` are new dates of the week."""

    since: date
    today: date
    subjects: tuple[Subject, ...] = ()
    moved: tuple[Slip, ...] = ()
    raised: Raised = field(default_factory=Raised)
    unwritten: int = 0
    reach: Reach = field(default_factory=Reach)

    @property
    def shown(self) -> tuple[Subject, ...]:
        """The milestones that are worth showing."""
        moved = {slip.milestone for slip in self.moved}
        return tuple(one for one in self.subjects if one.standing.id in moved or self._worth(one.standing))

    @property
    def anything(self) -> bool:
        """Whether there is anything to say."""
        raised = self.raised.asked or self.raised.answered
        return bool(self.shown or raised or self.unwritten or self.reach.meant)

    @property
    def with_measures(self) -> bool:
        """Whether the measures are shown."""
        return self.today.day <= WEEK_DAYS

    def those(self, state: State) -> tuple[Subject, ...]:
        """The milestones that stand like this, of all."""
        return tuple(one for one in self.subjects if stands(one.standing, self.today) == state)

    def those_moved(self) -> tuple[Subject, ...]:
        """The milestones that moved in the week."""
        moved = {slip.milestone for slip in self.moved}
        return tuple(one for one in self.subjects if one.standing.id in moved)

    def _worth(self, standing: Standing) -> bool:
        how, said = stands(standing, self.today), standing.report.said_on
        if how == "done":
            return (said or standing.on) >= self.since
        if how == "passed":
            return standing.on >= self.since
        return standing.on <= self.today + AHEAD or (how == "at-risk" and said is not None and said >= self.since)


def moved_since(slips: Iterable[Slip], since: date) -> tuple[Slip, ...]:
    """The new dates that were said from this day on, the last of each milestone."""
    return tuple({slip.milestone: slip for slip in slips if slip.since >= since}.values())
