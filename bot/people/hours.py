"""Working time: which days and hours somebody works, and when a promise in working days falls due.

Pure; all moments are aware. It knows no database and no platform.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from bot.playbook.model import WORKING_WEEK, Unit, Weekday

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

    A calendar without any working day within a year counts every day, so that nothing is ever without a due time.
    """
    day = start.astimezone(ZoneInfo(calendar.zone)).date()
    left = working_days
    for _ in range(LONGEST_SEARCH):
        day += timedelta(days=1)
        if calendar.works_on(day):
            left -= 1
        if left <= 0:
            return calendar.end_of(day)
    return start + timedelta(days=working_days)
