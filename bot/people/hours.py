"""Working time: which days and hours somebody works, and when a promise in working days falls due.

Pure; all moments are aware. It knows no database and no platform.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from bot.playbook.shared_files import WORKING_WEEK, Unit
from bot.playbook.values import Weekday

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_SEARCH = 366


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working time of a unit or a person in their own zone. `until` at or before `start` means over midnight.

    `assumed` says that nobody has named these hours: they are only the usual ones.
    """

    zone: str = "UTC"
    days: tuple[Weekday, ...] = WORKING_WEEK
    start: time = time(9)
    until: time = time(17)
    closed: frozenset[date] = frozenset()
    country: str = ""
    assumed: bool = False

    def works_on(self, day: date) -> bool:
        """Whether work begins on this day."""
        if WEEKDAYS[day.weekday()] not in self.days or day in self.closed:
            return False
        return day not in _public_holidays(self.country, day.year)

    def counts(self, day: date) -> bool:
        """Whether work that begins on this day counts for a promise: on working days, and on any day that no working
        day follows within a year, so that nothing is ever without a due time."""
        if self.works_on(day):
            return True
        return not any(self.works_on(day + timedelta(days=n)) for n in range(1, LONGEST_SEARCH))

    @property
    def shift(self) -> timedelta:
        """How long the work of one day is, where no clock is changed in it."""
        minutes = (self.until.hour - self.start.hour) * 60 + self.until.minute - self.start.minute
        return timedelta(minutes=minutes) if minutes > 0 else timedelta(days=1, minutes=minutes)

    def begin_of(self, day: date) -> datetime:
        """When the work of this day begins, aware, in the calendar's zone."""
        return clock_shows(day, self.start, self.zone)

    def end_of(self, day: date) -> datetime:
        """When the work that begins on this day ends, aware, in the calendar's zone."""
        over_midnight = self.until <= self.start
        return clock_shows(day + timedelta(days=over_midnight), self.until, self.zone)


@lru_cache(maxsize=4096)
def clock_shows(day: date, at: time, zone: str) -> datetime:
    """The first moment of which a clock in that zone says this or, where clocks are put forward over it, the next
    minute that there is. Of a time that comes twice it is the first."""
    here, reading = ZoneInfo(zone), datetime.combine(day, at)
    while reading.replace(tzinfo=here).astimezone(UTC).astimezone(here).replace(tzinfo=None) != reading:
        reading += timedelta(minutes=1)
    return reading.replace(tzinfo=here)


@lru_cache(maxsize=256)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    """Public holidays of a country code such as `PT` or `BR-SP`; an unknown code has none (the checker reports it)."""
    if not country:
        return frozenset()
    code, _, part = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(code, subdiv=part or None, years=year))
    except NotImplementedError:
        return frozenset()


def calendar_of(unit: Unit, extra: Iterable[date] = ()) -> Calendar:
    """The working time of a unit as `units.yaml` says."""
    return Calendar(
        zone=unit.timezone,
        days=unit.working_days,
        start=unit.working_hours.start,
        until=unit.working_hours.until,
        closed=frozenset(unit.holidays) | frozenset(extra),
        country=unit.country,
    )


def due_after(start: datetime, working_days: int, calendar: Calendar) -> datetime:
    """The end of work on the n-th working day after the day of `start`, in the calendar's zone.

    Which days are counted where there is no working day within a year, `Calendar.counts` says.
    """
    day = start.astimezone(ZoneInfo(calendar.zone)).date()
    left = max(working_days, 1)
    while left:
        day += timedelta(days=1)
        left -= calendar.counts(day)
    return calendar.end_of(day)


def shifts(start: datetime, calendar: Calendar, step: int = 1) -> Iterator[tuple[datetime, datetime]]:
    """Begin and end (UTC) of each shift from the one on, that may be under way at `start`; with `step` -1 backwards.

    A shift belongs to the day on which it begins, so that one over midnight runs on into a holiday.
    """
    day = start.astimezone(ZoneInfo(calendar.zone)).date() - timedelta(days=step)
    while True:
        if calendar.counts(day):
            yield calendar.begin_of(day).astimezone(UTC), calendar.end_of(day).astimezone(UTC)
        day += timedelta(days=step)


def after_work(start: datetime, work: timedelta, calendar: Calendar) -> datetime:
    """The first moment (UTC) by which so much working time has passed since `start`; of no time at all, the first
    working moment."""
    start = start.astimezone(UTC)
    for begin, end in shifts(start, calendar):
        left = end - max(begin, start)
        if left > timedelta() and left >= work:
            return max(begin, start) + work
        work -= max(left, timedelta())
    raise AssertionError("shifts never end")


def before_work(end: datetime, work: timedelta, calendar: Calendar) -> datetime:
    """The last moment (UTC) from which there is so much working time until `end`."""
    end = end.astimezone(UTC)
    for begin, until in shifts(end, calendar, step=-1):
        left = min(until, end) - begin
        if left > timedelta() and left >= work:
            return min(until, end) - work
        work -= max(left, timedelta())
    raise AssertionError("shifts never end")


def work_between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much working time there is between two moments; none where `end` is not after `start`."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    work = timedelta()
    for begin, until in shifts(start, calendar):
        if begin >= end:
            return work
        work += max(min(until, end) - max(begin, start), timedelta())
    raise AssertionError("shifts never end")
