"""Which posts the date of a milestone brings and on which days, and when its owner is asked. Pure.

The rules:
- The audience's channels get four posts: two weeks and one week before, on the day before, and on the day. The people
  concerned get two of them: one week before and on the day.
- A post goes out on a day on which the project manager works, so that there is somebody to ask: else on the working
  day before. Of posts that fall on one day only the later one goes out, to everybody that either was for.
- Change agents hear of a date one working day before everybody else, once.
- What would have gone out before a milestone or its new date was known is not made up for.
- The project manager sees each post two working days before anybody gets it, or up to two more, so that what is to be
  seen on neighbouring days comes in one message. Where it is too late for that by a whole working day, silence does not
  mean yes.
- The owner is asked two working days before the date, then on every working day while they are silent; on the last of
  these the project manager hears of it. On the working day after a date that was not reported as reached the owner is
  asked whether it was, and one working day later the project manager hears of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bot.milestones.standing import Standing
from bot.people.hours import LONGEST_SEARCH, Calendar
from bot.store.milestones import DONE

Stage = Literal["early", "week", "eve", "day", "agents"]
DAYS_BEFORE: tuple[tuple[Stage, int], ...] = (("early", 14), ("week", 7), ("eve", 1), ("day", 0))
TO_PEOPLE: frozenset[Stage] = frozenset({"week", "day"})
AGENTS: Stage = "agents"
WEEK: Stage = "week"
AFTER_WEEK: frozenset[Stage] = frozenset({"eve", "day"})
SEEN_BEFORE = 2
"""Working days before a post on which the project manager sees it, and before a date on which its owner is asked."""
TOGETHER = 2
"""What would be shown so many working days later is shown along with what is shown today."""
ASKED_AFTER = 2
"""Working days after a date for which is asked whether it was reached."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A post on its day; `to_people` says that people get it besides channels. `heads_up` is the day on which change
    agents get theirs, on the first post of a date."""

    stage: Stage
    day: date
    to_people: bool
    heads_up: date | None = None

    @property
    def begins(self) -> date:
        """The first day on which anybody gets anything of it."""
        return self.heads_up or self.day


def posts(
    on: date,
    calendar: Calendar,
    today: date,
    agents_told: bool = False,
    stopped: Collection[str] = (),
    channels: bool = True,
) -> tuple[Planned, ...]:
    """The posts of a milestone on this date, by day, those of the past too; the calendar is the project manager's.
    `stopped` are those that may never go out: change agents are not told ahead of these. Without `channels` there are
    none that go to channels alone."""
    found: dict[date, Planned] = {}
    for stage, days in DAYS_BEFORE:
        day = working_day(on - timedelta(days=days), calendar)
        people = stage in TO_PEOPLE or (day in found and found[day].to_people)
        if not (people or channels):
            continue
        found[day] = Planned(stage, day, people)
    first = next((day for day, one in found.items() if day >= today and one.stage not in stopped), None)
    if first is not None and not agents_told:
        found[first] = replace(found[first], heads_up=working_days_before(first, 1, calendar))
    return tuple(found.values())


def shown_from(planned: Planned, calendar: Calendar) -> date:
    """The day on which the project manager is shown it."""
    return working_days_before(planned.begins, SEEN_BEFORE, calendar)


def shown_until(planned: Iterable[Planned], calendar: Calendar, today: date) -> date:
    """What is to be shown up to this day is shown today: where something is, what follows soon comes along. `planned`
    is what was not shown yet."""
    if not any(shown_from(one, calendar) <= today <= one.day for one in planned):
        return today
    until = today
    for _ in range(TOGETHER):
        until = next_working_day(until, calendar)
    return until


def silence_is_yes(planned: Planned, shown_on: date, calendar: Calendar) -> bool:
    """Whether it goes out unless held: whoever was shown it on this day had a working day before it begins."""
    return shown_on <= working_days_before(planned.begins, 1, calendar)


@dataclass(frozen=True, slots=True)
class Question:
    """That an owner is asked how a milestone stands. `number` counts from 1; `again` says that they were asked before
    and are silent; `passed` that the date is over; `tell_leader` that the project manager hears of the silence."""

    number: int
    again: bool = False
    passed: bool = False
    tell_leader: bool = False


def question(standing: Standing, calendar: Calendar, today: date) -> Question | None:
    """What the owner is asked on this day, in the owner's calendar; None where nothing, or where it was answered."""
    on, report = standing.on, standing.report
    if report.state == DONE or not calendar.works_on(today):
        return None
    if today <= on:
        since = working_days_before(on, SEEN_BEFORE, calendar)
        number = _working_days(since, today, calendar)
        last = next_working_day(today, calendar) > on
        asked = Question(number, again=number > 1, tell_leader=last)
    else:
        since = on + timedelta(days=1)
        number = _working_days(since, today, calendar)
        asked = Question(SEEN_BEFORE + 1 + number, again=number > 1, passed=True, tell_leader=number > 1)
        if number > ASKED_AFTER:
            return None
    answered = report.said_on is not None and report.said_on >= since
    return None if number < 1 or answered else asked


def working_day(day: date, calendar: Calendar) -> date:
    """This day if it is a working day, else the last one before; the day itself where there is none in a year."""
    days = (day - timedelta(days=n) for n in range(LONGEST_SEARCH))
    return next((one for one in days if calendar.works_on(one)), day)


def working_days_before(day: date, count: int, calendar: Calendar) -> date:
    """The count-th working day before a day, which need not be one itself."""
    for _ in range(count):
        day = working_day(day - timedelta(days=1), calendar)
    return day


def next_working_day(day: date, calendar: Calendar) -> date:
    """The first working day after a day; the next day where there is none in a year."""
    days = (day + timedelta(days=n) for n in range(1, LONGEST_SEARCH))
    return next((one for one in days if calendar.works_on(one)), day + timedelta(days=1))


def _working_days(first: date, last: date, calendar: Calendar) -> int:
    """How many working days there are from the first to the last of these days."""
    return sum(calendar.works_on(first + timedelta(days=n)) for n in range((last - first).days + 1))
