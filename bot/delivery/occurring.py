"""When what a playbook schedules comes due, and what of it is still done when nobody was there at the time.

Pure; it knows no database. Times are those of a clock on the wall in the schedule's zone: a time that is skipped when
clocks are put forward comes at the next minute that there is, one that comes twice is due the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.people.hours import clock_shows
from bot.playbook.schedule import WEEKDAYS, Cron, EveryWeeks, FromMilestone, Schedule

# A schedule from a milestone names no time of day: work begins then in most places.
USUAL_TIME = time(9)
# Nothing is caught up for longer, so nothing older is looked for.
LONGEST_ABSENCE = timedelta(days=8)
# "Every 2 weeks" without a first milestone to count from counts from a Monday long ago.
LONG_AGO = date(1970, 1, 5)

# How long after its time something is still done. The post of a milestone says "today" or "in a week", so it is done
# while its day lasts, and stands in no table. A summary a day late is still news; the next one comes soon enough. A
# survey's round can open some days late, since it is open for a week. What nobody has thought of: within a day.
CATCH_UP: Mapping[str, timedelta] = MappingProxyType({"digests": timedelta(hours=24), "surveys": timedelta(days=3)})
CATCH_UP_ELSE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which a schedule comes due: its unique key, the reading of the clock, and the moment in UTC."""

    key: str
    reading: datetime
    at: datetime


def due(
    schedule: Schedule,
    since: datetime,
    now: datetime,
    zone: str,
    key: str,
    *,
    start: date | None = None,
    milestones: Mapping[str, date] = MappingProxyType({}),
    at: time = USUAL_TIME,
) -> tuple[Occurrence, ...]:
    """What came due after `since` until `now` (both aware), in order; of readings that fall on one moment the last.

    Do each under its key with `occurrences.first_time`. `start` anchors "every N weeks"; `milestones` are the dates
    that hold now, of which the schedule's own may be missing; `at` is the time of day of a schedule from a milestone.
    """
    since = max(since, now - LONGEST_ABSENCE)
    found: dict[datetime, Occurrence] = {}
    for reading in _readings(schedule, _days(since, now, zone), start, milestones, at):
        moment = clock_shows(reading.date(), reading.time(), zone).astimezone(UTC)
        if since < moment <= now:
            found[moment] = Occurrence(f"{key}:{reading:%Y-%m-%dT%H:%M}", reading, moment)
    return tuple(found[moment] for moment in sorted(found))


def caught_up(
    kind: str, occurrences: Iterable[Occurrence], now: datetime, zone: str, past: datetime | None = None
) -> Occurrence | None:
    """What of these is to be done now: the last one that is not too late, since several at once would say the same.

    `past` is when the thing itself is over (aware): a reminder of it is not sent any more.
    """
    if past is not None and past <= now:
        return None
    return max((o for o in occurrences if _in_time(kind, o, now, zone)), key=lambda o: o.at, default=None)


def _in_time(kind: str, occurrence: Occurrence, now: datetime, zone: str) -> bool:
    if kind == "milestones":
        here = ZoneInfo(zone)
        return now.astimezone(here).date() == occurrence.at.astimezone(here).date()
    return now - occurrence.at <= CATCH_UP.get(kind, CATCH_UP_ELSE)


def _days(since: datetime, now: datetime, zone: str) -> list[date]:
    """The days on which a reading may fall between the two. A clock can skip a whole day, so there are two more."""
    here = ZoneInfo(zone)
    first, last = since.astimezone(here).date() - timedelta(days=2), now.astimezone(here).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _readings(
    schedule: Schedule, days: list[date], start: date | None, milestones: Mapping[str, date], at: time
) -> Iterator[datetime]:
    match schedule:
        case Cron(minutes, hours):
            times = [time(hour, minute) for hour in hours for minute in minutes]
            yield from (datetime.combine(day, one) for day in days if _of_cron(schedule, day) for one in times)
        case EveryWeeks(weeks, weekday, moment):
            first = start or LONG_AGO
            first += timedelta(days=(WEEKDAYS.index(weekday) - first.weekday()) % 7)
            yield from (
                datetime.combine(day, moment) for day in days if day >= first and (day - first).days % (7 * weeks) == 0
            )
        case FromMilestone(distance, milestone):
            if milestone in milestones:
                yield datetime.combine(milestones[milestone] + timedelta(days=distance), at)


def _of_cron(cron: Cron, day: date) -> bool:
    dated, named = day.day in cron.days, WEEKDAYS[day.weekday()] in cron.weekdays
    return day.month in cron.months and (dated or named if cron.either else dated and named)
