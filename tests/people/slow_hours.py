"""Working time, slow and obvious: minute by minute, as somebody with a clock on the wall and a list of days does it.

What the program computes is compared with this. It shares no code with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = (
    "Pacific/Auckland",
    "Asia/Kolkata",
    "Europe/Lisbon",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Atlantic/Reykjavik",
    "Australia/Lord_Howe",
)


@dataclass
class Wall:
    """A clock on the wall in a zone, looked at every minute. `latest` is the latest reading that it has shown: where it
    is put back, what is over stays over."""

    zone: str
    moment: datetime
    latest: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.latest = self._reading()

    def _reading(self) -> datetime:
        return self.moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def tick(self) -> None:
        """A minute passes."""
        self.moment += MINUTE
        self.latest = max(self.latest, self._reading())


@dataclass(frozen=True)
class Worker:
    """Whose time it is: which days somebody works, and their hours."""

    zone: str
    works: Callable[[date], bool]
    start: time
    until: time
    quiet: tuple[tuple[time, time], ...] = ()

    def shift(self, reading: datetime) -> date | None:
        """The day whose shift is on while the clock shows this, outside quiet hours; None if there is none."""
        if any(_within(reading, first, *hours) for hours in self.quiet for first in _two_days(reading)):
            return None
        on = (d for d in _two_days(reading) if self.works(d) and _within(reading, d, self.start, self.until))
        return next(iter(on), None)


def _two_days(reading: datetime) -> tuple[date, date]:
    return reading.date() - DAY, reading.date()


def _within(reading: datetime, day: date, start: time, until: time) -> bool:
    begin = datetime.combine(day, start)
    end = datetime.combine(day if until > start else day + DAY, until)
    return begin <= reading < end


def shifts(worker: Worker, since: datetime, days: int) -> Iterator[tuple[datetime, date | None]]:
    """Every minute, with the day whose shift is on."""
    wall = Wall(worker.zone, since - 3 * DAY)
    while wall.moment < since + days * DAY:
        if wall.moment >= since - MINUTE:
            yield wall.moment, worker.shift(wall.latest)
        wall.tick()


def first_right_minute(worker: Worker, since: datetime, days: int, last_minutes: int) -> datetime | None:
    """The first minute from `since` (a whole minute, UTC) on at which a shift is on, and is just beginning or still on
    for so many minutes."""
    ahead = deque[tuple[datetime, date | None]](maxlen=last_minutes + 1)
    for minute in shifts(worker, since, days):
        ahead.append(minute)
        if len(ahead) == ahead.maxlen:
            (_, before), (moment, day), *_ = ahead
            if day is not None and (before != day or all(on == day for _, on in list(ahead)[1:])):
                return moment
    return None


@cache
def transitions(zone: str, years: tuple[int, ...]) -> list[datetime]:
    """The hours (UTC) after which a clock there is put forward or back."""
    found = []
    for year in years:
        hour, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        while hour < end:
            following = hour + timedelta(hours=1)
            if hour.astimezone(ZoneInfo(zone)).utcoffset() != following.astimezone(ZoneInfo(zone)).utcoffset():
                found.append(hour)
            hour = following
    return found
