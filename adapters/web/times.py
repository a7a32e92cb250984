"""Moments as the local page shows them, in somebody's zone, and where its clock can be moved to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OPENS = 9


def zone_of(name: str) -> ZoneInfo:
    """The zone of this name; UTC if there is none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment with its day: Tue 24 Nov, 09:00."""
    return f"{at.astimezone(zone):%a %-d %b, %H:%M}"


def full(at: datetime, zone: ZoneInfo) -> str:
    """A moment with everything: Tuesday, 24 November 2026, 09:00."""
    return f"{at.astimezone(zone):%A, %-d %B %Y, %H:%M}"


def city(zone: ZoneInfo) -> str:
    """How a zone is called where no place is known: its city."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """The next Monday at nine there, always later than now."""
    local = now.astimezone(zone)
    day = local.replace(hour=OPENS, minute=0, second=0, microsecond=0, tzinfo=None)
    day += timedelta(days=-local.weekday() % 7)
    if day <= local.replace(tzinfo=None):
        day += timedelta(days=7)
    return day.replace(tzinfo=zone)


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Nine in the morning there on the following day."""
    local = now.astimezone(zone) + timedelta(days=1)
    return local.replace(hour=OPENS, minute=0, second=0, microsecond=0)


Move = Callable[[datetime, ZoneInfo], datetime]
MOVES: Mapping[str, tuple[str, Move]] = MappingProxyType(
    {
        "hour": ("1 hour", lambda now, _: now + timedelta(hours=1)),
        "morning": ("Tomorrow 09:00", next_morning),
        "monday": ("Next Monday 09:00", next_monday),
        "week": ("7 days", lambda now, _: now + timedelta(days=7)),
    }
)
