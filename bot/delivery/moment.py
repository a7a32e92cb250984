"""The right moment: when what the bot writes of its own accord may reach somebody. Within their working time.

Pure: it knows no database, no clock and no platform.

The rules, in their order:
1. The first moment from `earliest` on that lies in working time. A shift belongs to the day on which it begins, so
   that one over midnight runs on into a holiday. Nothing begins in a shift's last minutes (`LAST_MINUTES`).
2. Quiet hours do not apply inside somebody's own working hours. Hours that nobody has named are only assumed: there
   quiet hours apply.
3. Somebody without any working time within a year is written to on any day, in the hours of their calendar outside
   quiet hours; where quiet hours leave nothing of them, in those hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.people.hours import LONGEST_SEARCH, Calendar, clock_shows
from bot.playbook.values import Hours

# What is let go in the last minutes of a shift would arrive after it: platforms take many messages slowly.
LAST_MINUTES = timedelta(minutes=10)
# Any day counts here, so the hours come round within two days; a change of the clock may take one of them away.
DAYS_TO_FIND_AN_HOUR = 4

Span = tuple[datetime, datetime]


def right_moment(earliest: datetime, calendar: Calendar, quiet: Iterable[Hours] = ()) -> datetime:
    """The right moment at or after `earliest` (aware), in UTC. It is always found; that it is `earliest` itself
    means: now. `quiet` are the quiet hours of all initiatives that concern the person, in the person's zone."""
    earliest, hours = earliest.astimezone(UTC), tuple(quiet)
    nowhere: tuple[Hours, ...] = ()
    return (
        _first(earliest, calendar, LONGEST_SEARCH, hours if calendar.assumed else nowhere, any_day=False)
        or _first(earliest, calendar, DAYS_TO_FIND_AN_HOUR, hours, any_day=True)
        or _first(earliest, calendar, DAYS_TO_FIND_AN_HOUR, nowhere, any_day=True)
        or earliest
    )


def _first(
    earliest: datetime, calendar: Calendar, days: int, quiet: tuple[Hours, ...], *, any_day: bool
) -> datetime | None:
    today = earliest.astimezone(ZoneInfo(calendar.zone)).date()
    # Yesterday's shift may not be over yet.
    for day in (today + timedelta(days=n) for n in range(-1, days)):
        if not (any_day or calendar.works_on(day)):
            continue
        work = (calendar.begin_of(day).astimezone(UTC), calendar.end_of(day).astimezone(UTC))
        for start, end in _without(work, _quiet_spans(day, calendar.zone, quiet)):
            moment = max(earliest, start)
            if moment <= max(start, end - LAST_MINUTES):
                return moment
    return None


def _quiet_spans(day: date, zone: str, quiet: tuple[Hours, ...]) -> Iterator[Span]:
    """The quiet hours that touch a shift of this day. Hours from and to the same time are none."""
    for hours in quiet:
        if hours.start == hours.until:
            continue
        for first in (day + timedelta(days=n) for n in (-1, 0, 1)):
            last = first + timedelta(days=hours.until < hours.start)
            yield (
                clock_shows(first, hours.start, zone).astimezone(UTC),
                clock_shows(last, hours.until, zone).astimezone(UTC),
            )


def _without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """What is left of a span, in order."""
    left = [span]
    for start, end in taken:
        pieces = [piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b))]
        left = sorted({(a, b) for a, b in pieces if a < b})
    return [(a, b) for a, b in left if a < b]
